/* SPDX-License-Identifier: MIT */
/* reading.h - what a verb of the store hands on lives until its callback returns; here it is copied
 * into a model. */
#ifndef HISTORY_READING_H
#define HISTORY_READING_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include <mtasts/status.h>

struct history_reading {
    TALLOC_CTX *model; /* owns all that is copied */
    bool no_memory;    /* it ran out: the callback returns false */
};

/* Room for one more in a list of the model, as array_grow() has it. */
void *reading_grow(struct history_reading *reading, void *list, size_t *count, size_t size);
/* NULL stays NULL. */
const char *reading_copy(struct history_reading *reading, const char *text);
/* What the verb returned, or that memory ran out in the callback. */
STS_MUST_USE enum sts_status reading_status(const struct history_reading *reading,
                                            enum sts_status status);

#endif
