/* SPDX-License-Identifier: MIT */
/* select.c - which of several TXT records counts (RFC 8461 section 3.1, RFC 8460 section 3). */
#include "sts/select.h"

#include "sts/fields.h"

enum sts_selection select_record(const struct sts_text *texts, size_t count, const char *version,
                                 size_t *ret_index)
{
    size_t found = 0, index = 0;

    for (size_t i = 0; i < count; i++)
        if (fields_begin((struct bytes){texts[i].bytes, texts[i].length}, version)) {
            index = i;
            found++;
        }
    if (found > 1)
        return STS_SELECTION_MULTIPLE;
    if (!found)
        return STS_SELECTION_NONE;
    *ret_index = index;
    return STS_SELECTION_ONE;
}
