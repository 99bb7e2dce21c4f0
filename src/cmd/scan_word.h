/* SPDX-License-Identifier: MIT */
/* scan_word.h - the words of scan that are no list. */
#ifndef CMD_SCAN_WORD_H
#define CMD_SCAN_WORD_H

#include <stddef.h>

enum scan_word {
    SCAN_SUBMIT,
    SCAN_WORK,
    SCAN_STATUS,
    SCAN_CANCEL,
    SCAN_RESUME,
    SCAN_RESULTS,
    SCAN_WORDS /* a list, or nothing */
};

const char *scan_word_name(enum scan_word word);
/* The first operand. */
enum scan_word scan_word_of(const char *const *operands, size_t count);

#endif
