/* SPDX-License-Identifier: MIT */
/* made.h - texts made by the choices that the bytes of an input are: what comes out has the shape
 * its reader expects, so that a fuzzer gets behind the reader's first question. */
#ifndef FUZZ_MADE_H
#define FUZZ_MADE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MADE_MAX (1u << 20)

struct made {
    const uint8_t *data; /* the choices that are left; none: always the first */
    size_t size;
    char *text;
    size_t length;
};

/* 0 to count - 1 */
static inline size_t made_choice(struct made *made, size_t count)
{
    if (!made->size)
        return 0;
    made->size--;
    return *made->data++ % count;
}

static inline void made_bytes(struct made *made, const void *bytes, size_t length)
{
    if (length > MADE_MAX - made->length)
        length = MADE_MAX - made->length;
    memcpy(made->text + made->length, bytes, length);
    made->length += length;
}

static inline void made_put(struct made *made, const char *text)
{
    made_bytes(made, text, strlen(text));
}

/* So many of the input's own bytes as its next one says. */
static inline void made_raw(struct made *made)
{
    size_t length = made_choice(made, 64);

    length = length < made->size ? length : made->size;
    made_bytes(made, made->data, length);
    made->data += length;
    made->size -= length;
}

/* One of a list that ends with NULL. */
static inline void made_one(struct made *made, const char *const *list)
{
    size_t count = 0;

    while (list[count])
        count++;
    made_put(made, list[made_choice(made, count)]);
}

#endif
