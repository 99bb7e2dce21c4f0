/* SPDX-License-Identifier: MIT */
/* shards.c - a list cut into shards. */
#include "scan/shards.h"

#include <stdlib.h>
#include <string.h>

/* A dot is below all other characters of a name, so that what is below a domain follows it. */
static int rank(char c)
{
    return c == '.' ? 1 : (unsigned char)c;
}

static int by_labels(const char *a, const char *b)
{
    size_t i = strlen(a), k = strlen(b);

    while (i && k) {
        int difference;

        i--;
        k--;
        difference = rank(a[i]) - rank(b[k]);
        if (difference)
            return difference;
    }
    return (i > 0) - (k > 0);
}

static int compare(const void *one, const void *other)
{
    const struct listed *a = one, *b = other;
    int difference = by_labels(a->name, b->name);

    return difference ? difference : (a->place > b->place) - (a->place < b->place);
}

size_t shards_order(struct listed *names, size_t count)
{
    size_t left = 0;

    if (count)
        qsort(names, count, sizeof(*names), compare);
    for (size_t i = 0; i < count; i++)
        if (!left || strcmp(names[left - 1].name, names[i].name) != 0)
            names[left++] = names[i];
    return left;
}

char *shards_text(TALLOC_CTX *ctx, const struct listed *names, size_t count, size_t from,
                  size_t size)
{
    size_t end = count - from < size ? count : from + size, length = 0;
    char *text, *at;

    for (size_t i = from; i < end; i++)
        length += strlen(names[i].given) + 1;
    at = text = talloc_array(ctx, char, length + 1);
    for (size_t i = from; text && i < end; i++) {
        at = stpcpy(at, names[i].given);
        *at++ = '\n';
    }
    if (text)
        *at = '\0';
    return text;
}
