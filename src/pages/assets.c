/* SPDX-License-Identifier: MIT */
/* assets.c - finding one of the files that pages refer to. */
#include "pages/assets.h"

#include <string.h>

const struct asset *asset_named(const char *name)
{
    for (const struct asset *asset = assets; asset->name; asset++)
        if (strcmp(asset->name, name) == 0)
            return asset;
    return NULL;
}

const struct asset *asset_filed(const char *file)
{
    for (const struct asset *asset = assets; asset->name; asset++)
        if (strcmp(asset->file, file) == 0)
            return asset;
    return NULL;
}
