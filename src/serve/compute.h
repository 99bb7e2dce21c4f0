/* SPDX-License-Identifier: MIT */
/* compute.h - answers that take long to make, made by jobs: so many at a time, so many that wait.
 *
 * What the route knows goes into a struct whose first member is a struct computed; what its
 * function makes there, on a thread of its own, is the answer. */
#ifndef SERVE_COMPUTE_H
#define SERVE_COMPUTE_H

#include <stddef.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "base/bytes.h"

struct compute_pool;
struct exchange;
struct loop;

struct computed {
    void (*work)(struct computed *computed); /* of the job; sets what follows */
    /* In the loop, in the visitor's language: answers with what the job made; NULL: the text below
     * is the answer. */
    void (*finish)(struct exchange *exchange, struct computed *computed);
    const char *type;
    struct bytes body;
    bool stable; /* the same for everybody until the program changes: it gets an ETag */
    /* Instead an error, as exchange_problem() has it. */
    unsigned problem; /* its status; 0: none */
    const char *code, *detail;
};

/* An error, as the answer; the sentence is translated. */
void computed_problem(struct computed *computed, unsigned status, const char *code,
                      const char *detail);
/* Text that talloc made, NULL: no memory. */
void computed_text(struct computed *computed, const char *type, const char *text);

STS_MUST_USE enum sts_status compute_pool_new(TALLOC_CTX *ctx, struct loop *loop, size_t workers,
                                              size_t waiting_max, struct compute_pool **ret);
/* Takes `computed` (NULL: no memory) and answers in any case, with 503 where too many wait. */
void compute_answer(struct exchange *exchange, struct compute_pool *pool,
                    struct computed *computed);

#endif
