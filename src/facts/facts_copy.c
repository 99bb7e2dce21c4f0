/* SPDX-License-Identifier: MIT */
/* facts_copy.c - facts copied by walking the tables of facts_tables.c.
 *
 * Facts are hundreds of small texts and lists.  A block for each would cost more than most of them
 * hold, so the same walk is made twice: first it measures, then it fills one block of that size. */
#include "facts/facts_copy.h"

#include <string.h>

#include "facts/facts_tables.h"

#define ALIGNMENT (_Alignof(max_align_t))

struct copier {
    char *block; /* NULL: it is only measured */
    size_t used;
};

static void copy_members(struct copier *copier, const struct facts_table *table, const char *from,
                         char *to);

/* Room in the block; NULL while it is measured. */
static char *take(struct copier *copier, size_t length, size_t alignment)
{
    size_t at = (copier->used + alignment - 1) / alignment * alignment;

    copier->used = at + length;
    return copier->block ? copier->block + at : NULL;
}

/* With a NUL behind it, which a text has and no reader of bytes minds. */
static const char *copy_text(struct copier *copier, const char *from, size_t length)
{
    char *to = take(copier, length + 1, 1);

    if (to) {
        memcpy(to, from, length);
        to[length] = '\0';
    }
    return to;
}

static char *copy_structs(struct copier *copier, const struct facts_table *table, const char *from,
                          size_t count)
{
    char *to = take(copier, count * table->size, ALIGNMENT);

    if (to)
        memcpy(to, from, count * table->size);
    for (size_t i = 0; i < count; i++)
        copy_members(copier, table, from + i * table->size, to ? to + i * table->size : NULL);
    return to;
}

static char *copy_texts(struct copier *copier, const char *const *from, size_t count)
{
    size_t size = count * sizeof(const char *);
    char *to = take(copier, size, ALIGNMENT);

    for (size_t i = 0; i < count; i++) {
        const char *text = copy_text(copier, from[i], strlen(from[i]));

        if (to)
            memcpy(to + i * sizeof(text), &text, sizeof(text));
    }
    return to;
}

static size_t number_at(const char *at)
{
    size_t number;

    memcpy(&number, at, sizeof(number));
    return number;
}

/* What a member points to. */
static const char *copy_target(struct copier *copier, const struct field *field, const char *from,
                               const void *target)
{
    switch (field->kind) {
    case FIELD_TEXT:
        return copy_text(copier, target, strlen(target));
    case FIELD_BYTES:
    case FIELD_BINARY:
        return copy_text(copier, target,
                         number_at(from + field->offset + offsetof(struct bytes, length)));
    case FIELD_TEXTS:
        return copy_texts(copier, target, number_at(from + field->count_offset));
    case FIELD_LIST:
        return copy_structs(copier, field->table, target, number_at(from + field->count_offset));
    case FIELD_LINK:
        return copy_structs(copier, field->table, target, 1);
    case FIELD_NUMBER:
    case FIELD_TIME:
    case FIELD_BOOL:
    case FIELD_ENUM:
    case FIELD_STRUCT:
        break;
    }
    return NULL;
}

static bool is_pointer(const struct field *field)
{
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_BYTES:
    case FIELD_BINARY:
    case FIELD_TEXTS:
    case FIELD_LIST:
    case FIELD_LINK:
        return true;
    case FIELD_NUMBER:
    case FIELD_TIME:
    case FIELD_BOOL:
    case FIELD_ENUM:
    case FIELD_STRUCT:
        break;
    }
    return false;
}

/* `to` holds what `from` holds already; its pointers are set. */
static void copy_members(struct copier *copier, const struct facts_table *table, const char *from,
                         char *to)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        const char *at = from + field->offset, *target;

        if (field->kind == FIELD_STRUCT)
            copy_members(copier, field->table, at, to ? to + field->offset : NULL);
        if (!is_pointer(field))
            continue;
        memcpy(&target, at, sizeof(target));
        if (target)
            target = copy_target(copier, field, from, target);
        if (to)
            memcpy(to + field->offset, &target, sizeof(target));
    }
}

enum sts_status facts_copy(TALLOC_CTX *ctx, const struct facts *facts, struct facts **ret)
{
    struct copier copier = {NULL, 0};

    (void)copy_structs(&copier, &facts_table, (const char *)facts, 1);
    copier = (struct copier){talloc_size(ctx, copier.used), 0};
    if (!copier.block)
        return STS_E_NOMEM;
    *ret = (struct facts *)(void *)copy_structs(&copier, &facts_table, (const char *)facts, 1);
    talloc_set_name_const(*ret, "struct facts");
    return STS_OK;
}
