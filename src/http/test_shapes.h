/* SPDX-License-Identifier: MIT */
/* test_shapes.h - reads shapes.tsv, and writes down what an engine makes of bytes. */
#ifndef HTTP_TEST_SHAPES_H
#define HTTP_TEST_SHAPES_H

#include <stddef.h>

#include <talloc.h>

#include "base/bytes.h"
#include "http/engine.h"

struct shape {
    const char *name;
    const char *answers;
    struct bytes text;
};

/* The rows of src/http/shapes.tsv. */
struct shape *shapes_read(TALLOC_CTX *ctx, size_t *ret_count);

/* So many bytes come next; what is left is not 0. */
typedef size_t shape_piece(void *arg, size_t left);
/* All events as text: a line for a head, the body with its pieces put together, "end", a fault.
 * Bodies may have 1,000 bytes. */
char *shape_events(TALLOC_CTX *ctx, struct bytes text, shape_piece *piece, void *arg);

#endif
