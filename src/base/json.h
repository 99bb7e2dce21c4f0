/* SPDX-License-Identifier: MIT */
/* json.h - read JSON (RFC 8259) into a tree.
 *
 * Strangers' JSON is read by this and not by json-c, whose parser loses members without a word and
 * crashes where an allocation fails; here that is a status.  Nesting is bounded, and the work is
 * that of reading the text once (of sorting the names of an object, where many).
 *
 * Lenient: besides JSON itself what json-c takes too, and senders of reports write: text in single
 * quotes, control characters in texts, comments, a comma before the end of a list, literals in any
 * case, NaN and Infinity, zeros before a number, and anything behind the value. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "base/bytes.h"

enum json_kind {
    JSON_NULL,
    JSON_BOOL,
    JSON_INTEGER, /* beyond 64 bits the nearest one */
    JSON_DOUBLE,  /* written with a fraction or an exponent; or too large, or NaN */
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
};

struct json {
    enum json_kind kind;
    struct bytes name;   /* of a member of an object, with a NUL behind it */
    struct bytes source; /* as it is written in the text, which must live as long */
    union {
        bool boolean;
        int64_t integer;
        double number;
        struct bytes text; /* decoded, with a NUL behind it; a lone surrogate is U+FFFD */
        struct {           /* ARRAY, OBJECT; of members with the same name there is one, the last */
            struct json *items;
            size_t count;
        };
    };
};

enum json_fault {
    JSON_OK,
    JSON_NO_MEMORY,
    JSON_ENDS_EARLY,
    JSON_TOO_DEEP,
    JSON_SYNTAX,
};

/* depth: of the innermost value at most; the outermost has 0.  Owned by ctx, in one piece.  *ret
 * and *ret_at are set in any case: the value, or NULL; and where reading ended, or the fault is. */
enum json_fault json_read(TALLOC_CTX *ctx, struct bytes text, bool lenient, int depth,
                          struct json **ret, size_t *ret_at);

/* value may be NULL, which is of no kind but JSON_NULL. */
static inline bool json_is(const struct json *value, enum json_kind kind)
{
    return value ? value->kind == kind : kind == JSON_NULL;
}

/* The element, NULL where it is null. */
const struct json *json_item(const struct json *array, size_t index);
/* The member, NULL where there is none or it is null. */
const struct json *json_member(const struct json *object, const char *name);

#endif
