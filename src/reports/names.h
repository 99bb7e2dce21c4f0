/* SPDX-License-Identifier: MIT */
/* names.h - a list of named things, each name once, found without walking the list.
 *
 * The things are structs of one size whose first member is `const char *name`.  Their addresses
 * change when one is added: keep indexes. */
#ifndef REPORTS_NAMES_H
#define REPORTS_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "base/table.h"

struct names {
    TALLOC_CTX *ctx;
    size_t size; /* of one thing */
    void *list;
    size_t count;
    struct table table; /* its words are indexes and 1 */
    char *block;        /* of the texts of names: they never move */
    size_t block_left, block_size;
    bool no_memory;
};

void names_begin(struct names *names, TALLOC_CTX *ctx, size_t size);
/* The thing of that name; a new one is zeroed but for its name, which is copied.  NULL: no memory.
 */
void *names_get(struct names *names, const char *name);
/* NULL: there is none. */
void *names_find(const struct names *names, const char *name);
void *names_at(const struct names *names, size_t index);

#endif
