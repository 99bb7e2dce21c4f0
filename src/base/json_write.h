/* SPDX-License-Identifier: MIT */
/* json_write.h - JSON (RFC 8259) written into memory, member by member, without blanks.
 *
 * For libmtasts, which has no json-c.  The caller keeps the order: names inside objects, none
 * inside lists, an end for each begin.  Commas come of themselves. */
#ifndef BASE_JSON_WRITE_H
#define BASE_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

struct json_writer {
    TALLOC_CTX *ctx; /* owns the text */
    char *text;      /* not terminated */
    size_t length, size;
    bool no_memory; /* sticky: what follows is lost */
};

/* name: of the member; NULL: an element of a list, or the whole.  bracket: '{' or '['. */
void json_write_begin(struct json_writer *json, const char *name, char bracket);
/* bracket: '}' or ']' */
void json_write_end(struct json_writer *json, char bracket);
/* text: UTF-8 */
void json_write_string(struct json_writer *json, const char *name, const char *text);
void json_write_null(struct json_writer *json, const char *name);
void json_write_bool(struct json_writer *json, const char *name, bool yes);
void json_write_integer(struct json_writer *json, const char *name, int64_t number);
/* RFC 3339 in UTC. */
void json_write_time(struct json_writer *json, const char *name, int64_t when);
/* The same of a time that may be 0, for none: then there is no such member, or it is null. */
void json_write_time_if(struct json_writer *json, const char *name, int64_t when);
void json_write_time_or_null(struct json_writer *json, const char *name, int64_t when);

#endif
