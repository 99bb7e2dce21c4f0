/* SPDX-License-Identifier: MIT */
/* new_id.c - an id that no sender has seen, greater than all that were. */
#include "rollout/generate.h"

#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"

#define ID_MAX 32 /* RFC 8461 section 3.1 */

static bool is_number(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

/* Numbers by their value, anything else as text: the orders in which people count ids up. */
static int compare(const char *a, const char *b)
{
    if (is_number(a) && is_number(b)) {
        a += strspn(a, "0");
        b += strspn(b, "0");
        if (strlen(a) != strlen(b))
            return strlen(a) < strlen(b) ? -1 : 1;
    }
    return strcmp(a, b);
}

/* The next number.  False: it would be too long. */
static bool count_up(char id[ID_MAX + 2])
{
    size_t at = strlen(id);

    while (at && id[at - 1] == '9')
        id[--at] = '0';
    if (at) {
        id[at - 1]++;
        return true;
    }
    if (strlen(id) >= ID_MAX)
        return false;
    memmove(id + 1, id, strlen(id) + 1);
    id[0] = '1';
    return true;
}

static void id_of_time(int64_t now, char id[ID_MAX + 2])
{
    char text[CLOCK_TEXT_SIZE];
    size_t length = 0;

    clock_format(now, text);
    for (const char *c = text; *c && length < ID_MAX; c++) {
        if (ascii_is_digit((unsigned char)*c))
            id[length++] = *c;
    }
    id[length] = '\0';
}

char *new_id(TALLOC_CTX *ctx, int64_t now, const char *const *seen, size_t count)
{
    char id[ID_MAX + 2];

    id_of_time(now, id);
    for (size_t i = 0; i < count; i++) {
        /* Greater than this number, if it is one; what is no number can only be avoided. */
        if (!seen[i] || strlen(seen[i]) > ID_MAX || !is_number(seen[i]) || compare(seen[i], id) < 0)
            continue;
        memcpy(id, seen[i], strlen(seen[i]) + 1);
        if (!count_up(id))
            id_of_time(now, id);
    }
    return talloc_strdup(ctx, id);
}
