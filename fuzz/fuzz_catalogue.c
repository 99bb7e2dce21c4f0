/* SPDX-License-Identifier: MIT */
/* fuzz_catalogue.c - a msgid (its line first) looked up in any bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/catalogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = {(const char *)data, size}, file;
    long line = bytes_find_char(text, '\n');
    struct catalogue catalogue;
    char msgid[64];

    if (line < 0 || (size_t)line >= sizeof(msgid))
        return 0;
    memcpy(msgid, data, (size_t)line);
    msgid[line] = '\0';
    file = bytes_from(text, (size_t)line + 1);
    for (unsigned form = 0; catalogue_read(file, &catalogue) && form < 3; form++) {
        const char *found = catalogue_find(&catalogue, msgid, form);

        if (found && (found < file.data || found + strlen(found) >= file.data + file.length))
            abort();
    }
    return 0;
}
