/* SPDX-License-Identifier: MIT */
/* facts_tables.h - the shape of each struct of facts.h as a table, for whoever walks facts.
 *
 * Private to facts/.  A new member of a struct is one new row, and then it is written, read and
 * compared by the tests. */
#ifndef FACTS_FACTS_TABLES_H
#define FACTS_FACTS_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_kind {
    FIELD_TEXT,   /* const char * */
    FIELD_BYTES,  /* struct bytes: text that may be anything */
    FIELD_BINARY, /* struct bytes: base64 always */
    FIELD_NUMBER, /* int64_t */
    FIELD_TIME,   /* int64_t, RFC 3339 in JSON */
    FIELD_BOOL,
    FIELD_ENUM,   /* enum, a name in JSON */
    FIELD_TEXTS,  /* const char **, with a count */
    FIELD_STRUCT, /* a struct inside the struct */
    FIELD_LINK,   /* a pointer to one struct, or NULL */
    FIELD_LIST,   /* a pointer to several, with a count */
};

/* An enum: its names in JSON by value, and a member of that type read and written. */
struct field_enum {
    const char *const *names;
    int count;
    int (*get)(const void *member);
    void (*set)(void *member, int value);
};

struct facts_table;
struct text_rule;

struct field {
    const char *name;
    enum field_kind kind;
    bool required; /* readers rely on it: a document without it is refused */
    size_t offset;
    int64_t absent;                  /* NUMBER, TIME: the value that is left out */
    int64_t least, most;             /* NUMBER */
    const struct text_rule *rule;    /* TEXT, TEXTS, BYTES; NULL: any text */
    size_t count_offset;             /* TEXTS, LIST */
    const struct field_enum *type;   /* ENUM */
    const struct facts_table *table; /* STRUCT, LINK, LIST */
};

struct facts_table {
    size_t size; /* of the struct */
    const struct field *fields;
    size_t count;
};

extern const struct facts_table facts_table;

#endif
