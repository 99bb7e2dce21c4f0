/* SPDX-License-Identifier: MIT */
/* gob_work.h - the stream and the types described in it; private to policyd/. */
#ifndef POLICYD_GOB_WORK_H
#define POLICYD_GOB_WORK_H

#include "policyd/gob.h"

enum gob_kind { GOB_LIST, GOB_STRUCT, GOB_MAP, GOB_OPAQUE };

struct gob_member {
    struct bytes name;
    int64_t type;
};

struct gob_type {
    int64_t id;
    enum gob_kind kind;
    int64_t key, element;
    struct gob_member *members;
    size_t member_count;
};

struct gob {
    struct bytes in; /* what is left */
    enum gob_fault fault;
    struct gob_type *types;
    size_t type_count;
};

/* The first one stays. */
void gob_fail(struct gob *gob, enum gob_fault fault);
int64_t gob_int(struct gob *gob);
/* The number of the next field that is set, from 1; false: none is. */
bool gob_next_number(struct gob *gob, uint64_t *last, uint64_t most);
/* NULL: it is not described. */
const struct gob_type *gob_type_of(const struct gob *gob, int64_t id);

/* One description: what stands behind its number. */
void gob_describe(struct gob *gob, int64_t id);

#endif
