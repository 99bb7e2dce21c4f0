/* SPDX-License-Identifier: MIT */
/* near.c - the distance of two words: three rows of the customary table, the one before last for
 * letters that were swapped. */
#include "base/near.h"

#include <stdint.h>
#include <string.h>

#define CHANGES_MAX 3

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t near_distance(const char *a, const char *b)
{
    size_t rows[3][NEAR_LENGTH + 1] = {{0}}, wide = strlen(b), high = strlen(a);

    if (wide > NEAR_LENGTH || high > NEAR_LENGTH)
        return SIZE_MAX;
    for (size_t j = 0; j <= wide; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= high; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

        row[0] = i;
        for (size_t j = 1; j <= wide; j++) {
            row[j] = least(least(above[j] + 1, row[j - 1] + 1),
                           above[j - 1] + (size_t)(a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
    }
    return rows[high % 3][wide];
}

bool near_enough(const char *a, const char *b)
{
    size_t distance = near_distance(a, b), long_one = strlen(a) > strlen(b) ? strlen(a) : strlen(b);

    return distance <= CHANGES_MAX && distance * 3 <= long_one;
}
