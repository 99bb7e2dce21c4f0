/* SPDX-License-Identifier: MIT */
/* gob.c - numbers, texts and structs of a gob stream. */
#include "policyd/gob_work.h"

#include "policyd/limits.h"

struct gob *gob_new(TALLOC_CTX *ctx, struct bytes bytes)
{
    struct gob *gob = talloc_zero(ctx, struct gob);

    if (gob)
        gob->in = bytes;
    return gob;
}

enum gob_fault gob_fault(const struct gob *gob)
{
    return gob->fault;
}

void gob_fail(struct gob *gob, enum gob_fault fault)
{
    if (!gob->fault)
        gob->fault = fault;
    gob->in.length = 0;
}

/* ---- numbers and texts ----------------------------------------------------------------------- */

static struct bytes take(struct gob *gob, uint64_t length)
{
    struct bytes taken = {gob->in.data, 0};

    if (length > gob->in.length) {
        gob_fail(gob, GOB_ENDS_EARLY);
        return taken;
    }
    taken.length = (size_t)length;
    gob->in = bytes_from(gob->in, taken.length);
    return taken;
}

/* One byte below 128 is the number; another one is the negative count of the bytes behind it. */
uint64_t gob_uint(struct gob *gob)
{
    struct bytes first = take(gob, 1), rest;
    uint64_t number = 0;
    unsigned head;

    if (!first.length)
        return 0;
    head = (unsigned char)first.data[0];
    if (head < 128)
        return head;
    if (head < 256 - sizeof(number)) {
        gob_fail(gob, GOB_DAMAGED);
        return 0;
    }
    rest = take(gob, 256 - head);
    for (size_t i = 0; i < rest.length; i++)
        number = number << 8 | (unsigned char)rest.data[i];
    return number;
}

/* The sign is the lowest bit. */
int64_t gob_int(struct gob *gob)
{
    uint64_t number = gob_uint(gob);
    int64_t half = (int64_t)(number >> 1);

    return number & 1 ? -half - 1 : half;
}

uint64_t gob_count(struct gob *gob)
{
    uint64_t count = gob_uint(gob);

    if (count <= gob->in.length)
        return count;
    gob_fail(gob, GOB_ENDS_EARLY);
    return 0;
}

struct bytes gob_bytes(struct gob *gob)
{
    return take(gob, gob_uint(gob));
}

bool gob_next_number(struct gob *gob, uint64_t *last, uint64_t most)
{
    uint64_t step = gob_uint(gob);

    if (!step)
        return false;
    if (step > most - *last) {
        gob_fail(gob, GOB_DAMAGED);
        return false;
    }
    *last += step;
    return true;
}

/* ---- types ----------------------------------------------------------------------------------- */

const struct gob_type *gob_type_of(const struct gob *gob, int64_t id)
{
    for (size_t i = 0; i < gob->type_count; i++) {
        if (gob->types[i].id == id)
            return &gob->types[i];
    }
    return NULL;
}

static const struct gob_type *type_of_kind(const struct gob *gob, int64_t id, enum gob_kind kind)
{
    const struct gob_type *type = gob_type_of(gob, id);

    return type && type->kind == kind ? type : NULL;
}

int64_t gob_begin(struct gob *gob)
{
    while (!gob->fault) {
        uint64_t length = gob_uint(gob);
        int64_t id;

        if (length > gob->in.length)
            gob_fail(gob, GOB_ENDS_EARLY);
        id = gob_int(gob);
        if (id < 0 && id >= -INT32_MAX) {
            gob_describe(gob, -id);
            continue;
        }
        /* What is no struct has a zero in front. */
        if (!gob->fault && !type_of_kind(gob, id, GOB_STRUCT) && gob_uint(gob))
            gob_fail(gob, GOB_DAMAGED);
        if (id <= 0)
            gob_fail(gob, GOB_DAMAGED);
        return gob->fault ? 0 : id;
    }
    return 0;
}

bool gob_map_types(const struct gob *gob, int64_t type, int64_t *ret_key, int64_t *ret_element)
{
    const struct gob_type *map = type_of_kind(gob, type, GOB_MAP);

    *ret_key = map ? map->key : 0;
    *ret_element = map ? map->element : 0;
    return map != NULL;
}

bool gob_is_opaque(const struct gob *gob, int64_t type)
{
    return type_of_kind(gob, type, GOB_OPAQUE) != NULL;
}

bool gob_has_field(const struct gob *gob, int64_t type, const char *name)
{
    const struct gob_type *own = type_of_kind(gob, type, GOB_STRUCT);

    for (size_t i = 0; own && i < own->member_count; i++) {
        if (bytes_equal(own->members[i].name, name))
            return true;
    }
    return false;
}

bool gob_fields_begin(const struct gob *gob, int64_t type, struct gob_fields *ret)
{
    *ret = (struct gob_fields){.type = type_of_kind(gob, type, GOB_STRUCT)};
    return ret->type != NULL;
}

bool gob_field(struct gob *gob, struct gob_fields *fields, struct bytes *ret_name,
               int64_t *ret_type)
{
    if (!gob_next_number(gob, &fields->last, fields->type->member_count))
        return false;
    *ret_name = fields->type->members[fields->last - 1].name;
    *ret_type = fields->type->members[fields->last - 1].type;
    return true;
}

/* ---- what nobody wants ----------------------------------------------------------------------- */

static void skip(struct gob *gob, int64_t id, int depth);

static void skip_many(struct gob *gob, const struct gob_type *type, int depth)
{
    uint64_t count = gob_count(gob);

    for (uint64_t i = 0; i < count && !gob->fault; i++) {
        if (type->kind == GOB_MAP)
            skip(gob, type->key, depth + 1);
        skip(gob, type->element, depth + 1);
    }
}

static void skip_struct(struct gob *gob, const struct gob_type *type, int depth)
{
    struct gob_fields fields = {.type = type};
    struct bytes name;
    int64_t member;

    while (gob_field(gob, &fields, &name, &member))
        skip(gob, member, depth + 1);
}

static void skip_simple(struct gob *gob, int64_t id)
{
    if (id == GOB_BYTES || id == GOB_STRING)
        (void)gob_bytes(gob);
    else
        (void)gob_uint(gob);
    if (id == GOB_COMPLEX)
        (void)gob_uint(gob);
}

static void skip(struct gob *gob, int64_t id, int depth)
{
    const struct gob_type *type = gob_type_of(gob, id);

    if (id >= GOB_BOOL && id <= GOB_COMPLEX)
        skip_simple(gob, id);
    else if (!type || depth > LIMIT_GOB_DEPTH)
        gob_fail(gob, GOB_DAMAGED);
    else if (type->kind == GOB_OPAQUE)
        (void)gob_bytes(gob);
    else if (type->kind == GOB_STRUCT)
        skip_struct(gob, type, depth);
    else
        skip_many(gob, type, depth);
}

void gob_skip(struct gob *gob, int64_t type)
{
    skip(gob, type, 0);
}
