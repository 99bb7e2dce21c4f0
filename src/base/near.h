/* SPDX-License-Identifier: MIT */
/* near.h - how far is one word from another? */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include <stdbool.h>
#include <stddef.h>

#define NEAR_LENGTH 63 /* longer words are near nothing */

/* Letters put in, left out, replaced or swapped with the next one; SIZE_MAX where a word is too
 * long. */
size_t near_distance(const char *a, const char *b);
/* Near enough to be what was meant: at most three changes, and one for each three letters. */
bool near_enough(const char *a, const char *b);

#endif
