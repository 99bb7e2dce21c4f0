/* SPDX-License-Identifier: MIT */
/* cause_count.h - causes while they are counted; private to history/. */
#ifndef HISTORY_CAUSE_COUNT_H
#define HISTORY_CAUSE_COUNT_H

#include <talloc.h>

#include "base/table.h"
#include "history/cause_model.h"

struct code_count {
    enum finding_code code;
    enum severity severity;
    int64_t domains;
    const char *example; /* the first domain that has it so badly */
};

/* A cause while it is counted. */
struct counting {
    struct cause cause;
    struct code_count *codes;
    size_t code_count;
    size_t last; /* the domain that was counted last, and one */
};

struct cause_counts {
    struct causes *causes; /* owns the keys */
    struct counting *list;
    size_t count;
    struct table by_key;
};

/* NULL: no memory. */
struct cause_counts *cause_counts_new(TALLOC_CTX *ctx, struct causes *causes);
/* NULL: there is none. */
struct counting *cause_counts_find(const struct cause_counts *counts, const char *key);
/* One that is not there yet is added; NULL: no memory.  The list may move. */
struct counting *cause_counts_get(struct cause_counts *counts, const char *key);
/* False: no memory, as below. */
bool cause_count_code(struct cause_counts *counts, struct counting *counting,
                      const struct code_count *found);
/* When all are counted: the list of the causes. */
bool cause_counts_list(struct cause_counts *counts);

#endif
