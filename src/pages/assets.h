/* SPDX-License-Identifier: MIT */
/* assets.h - the files that pages refer to: style sheet, script, icon.  They are part of the
 * program (tools/embed-assets), and their names hold a hash of what is in them, so that whoever has
 * one may keep it for good. */
#ifndef PAGES_ASSETS_H
#define PAGES_ASSETS_H

#include "base/bytes.h"

#define ASSET_FOLDER "assets/" /* behind the base */

struct asset {
    const char *name; /* "style.css" */
    const char *file; /* "style.0123456789ab.css" */
    const char *type; /* "text/css; charset=utf-8" */
    struct bytes content;
};

/* Ends with a row without a name. */
extern const struct asset assets[];

/* By the name; by the name with the hash.  NULL: there is none. */
const struct asset *asset_named(const char *name);
const struct asset *asset_filed(const char *file);

#endif
