/* SPDX-License-Identifier: MIT */
/* gob.h - values as encoding/gob of Go writes them, read within bounds: pure.
 *
 * A stream describes its types before the value, so fields are found by their names, whatever
 * others a version of the program has.  The first fault stays; what is read behind it is 0. */
#ifndef POLICYD_GOB_H
#define POLICYD_GOB_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include "base/bytes.h"

enum gob_fault {
    GOB_OK,
    GOB_NO_MEMORY,
    GOB_ENDS_EARLY,
    GOB_DAMAGED, /* or what no reader here needs: interfaces, more types than LIMIT_GOB_TYPES */
};

/* Types that need no description; others are found in the stream. */
enum {
    GOB_BOOL = 1,
    GOB_INT = 2,
    GOB_UINT = 3,
    GOB_FLOAT = 4,
    GOB_BYTES = 5,
    GOB_STRING = 6,
    GOB_COMPLEX = 7,
};

struct gob;
struct gob_type;

/* Borrows the bytes.  NULL: no memory. */
struct gob *gob_new(TALLOC_CTX *ctx, struct bytes bytes);
enum gob_fault gob_fault(const struct gob *gob);

/* The descriptions, up to the value; its type.  0: a fault. */
int64_t gob_begin(struct gob *gob);
/* The types of a map; false: it is none. */
bool gob_map_types(const struct gob *gob, int64_t type, int64_t *ret_key, int64_t *ret_element);
/* Is it written by a method of its own, as a time is? */
bool gob_is_opaque(const struct gob *gob, int64_t type);

/* The fields of a struct that are set, in turn; each is to be read or skipped. */
struct gob_fields {
    const struct gob_type *type;
    uint64_t last;
};
/* False: it is no struct. */
bool gob_fields_begin(const struct gob *gob, int64_t type, struct gob_fields *ret);
/* False: that was the last, or a fault. */
bool gob_field(struct gob *gob, struct gob_fields *fields, struct bytes *ret_name,
               int64_t *ret_type);
bool gob_has_field(const struct gob *gob, int64_t type, const char *name);

uint64_t gob_uint(struct gob *gob);
/* How many follow: never more than there are bytes. */
uint64_t gob_count(struct gob *gob);
/* BYTES, STRING, or what is opaque; borrowed. */
struct bytes gob_bytes(struct gob *gob);
void gob_skip(struct gob *gob, int64_t type);

#endif
