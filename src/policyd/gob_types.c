/* SPDX-License-Identifier: MIT */
/* gob_types.c - how a gob stream describes its types: structs of its own, whose fields are
 * numbered.
 *
 * Each description is a struct of which one field is set: how the type is made.  The first field of
 * that holds its name and number, which stand in front, too. */
#include "policyd/gob_work.h"

#include "base/array.h"
#include "policyd/limits.h"

enum { ARRAY = 1, SLICE, STRUCT, MAP, METHODS, WAYS = 7 }; /* three methods, which are opaque */

/* Two fields: a name and a number. */
static void read_pair(struct gob *gob, struct gob_member *ret)
{
    uint64_t field = 0;

    *ret = (struct gob_member){.type = 0};
    while (gob_next_number(gob, &field, 2)) {
        if (field == 1)
            ret->name = gob_bytes(gob);
        else
            ret->type = gob_int(gob);
    }
}

static void read_members(struct gob *gob, struct gob_type *type)
{
    uint64_t count = gob_count(gob);

    if (type->members || count > LIMIT_GOB_FIELDS) {
        gob_fail(gob, GOB_DAMAGED);
        return;
    }
    for (uint64_t i = 0; i < count && !gob->fault; i++) {
        struct gob_member *member =
            array_grow(gob, &type->members, &type->member_count, sizeof(*type->members));

        if (member)
            read_pair(gob, member);
        else
            gob_fail(gob, GOB_NO_MEMORY);
    }
}

static void read_way(struct gob *gob, uint64_t way, struct gob_type *type)
{
    struct gob_member common;
    uint64_t field = 0;

    while (gob_next_number(gob, &field, 3)) {
        if (field == 1)
            read_pair(gob, &common);
        else if (way == STRUCT && field == 2)
            read_members(gob, type);
        else if (way == MAP && field == 2)
            type->key = gob_int(gob);
        else if (way == MAP || field == 2)
            type->element = gob_int(gob);
        else
            (void)gob_int(gob); /* the length of an array stands before its elements, too */
    }
}

void gob_describe(struct gob *gob, int64_t id)
{
    static const enum gob_kind kinds[WAYS + 1] = {
        [ARRAY] = GOB_LIST,     [SLICE] = GOB_LIST,         [STRUCT] = GOB_STRUCT, [MAP] = GOB_MAP,
        [METHODS] = GOB_OPAQUE, [METHODS + 1] = GOB_OPAQUE, [WAYS] = GOB_OPAQUE};
    struct gob_type type = {.id = id}, *kept;
    uint64_t way = 0;

    if (gob->type_count == LIMIT_GOB_TYPES || gob_type_of(gob, id)) {
        gob_fail(gob, GOB_DAMAGED);
        return;
    }
    while (gob_next_number(gob, &way, WAYS)) {
        type.kind = kinds[way];
        read_way(gob, way, &type);
    }
    kept = gob->fault ? NULL : array_grow(gob, &gob->types, &gob->type_count, sizeof(*gob->types));
    if (kept)
        *kept = type;
    else
        gob_fail(gob, GOB_NO_MEMORY);
}
