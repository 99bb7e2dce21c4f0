/* SPDX-License-Identifier: MIT */
/* scan_word.c - the words of scan that are no list. */
#include "cmd/scan_word.h"

#include <string.h>

static const char *const names[] = {
    [SCAN_SUBMIT] = "submit", [SCAN_WORK] = "work",     [SCAN_STATUS] = "status",
    [SCAN_CANCEL] = "cancel", [SCAN_RESUME] = "resume", [SCAN_RESULTS] = "results",
};

const char *scan_word_name(enum scan_word word)
{
    return names[word];
}

enum scan_word scan_word_of(const char *const *operands, size_t count)
{
    int i = 0;

    if (!count)
        return SCAN_WORDS;
    while (i < SCAN_WORDS && strcmp(names[i], operands[0]) != 0)
        i++;
    return (enum scan_word)i;
}
