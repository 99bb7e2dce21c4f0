/* SPDX-License-Identifier: MIT */
/* fields.h - "v=NAME; a=b; c=d": the shape that the records of RFC 8461 and RFC 8460 share.
 *
 * Literal quotation marks and backslashes (a DNS panel quoted twice) are one issue and are then
 * read over, so that the record within is judged too; places are those of the whole text.  In the
 * value of an extension they are legal. */
#ifndef STS_FIELDS_H
#define STS_FIELDS_H

#include "base/bytes.h"
#include "base/scanner.h"
#include "sts/issues.h"

struct fields_kind {
    const char *version; /* "STSv1" */
    const char *field;   /* the field every record has: "id" */
    enum sts_issue_code version_invalid, version_spacing, syntax_invalid, quoted, trailing_space;
    bool policy_pasted; /* look for fields of a policy */
    bool (*is_meant)(const char *text, size_t length);
};

struct fields {
    const struct fields_kind *kind;
    struct issues *issues;
    struct bytes text; /* without quotation marks */
    size_t *origin;    /* where each byte of it stood, and the end; NULL: no difference */
    struct scanner scanner;
    bool well_begun; /* with the version, as it must */
    bool stop;       /* not such a record at all: its fields tell nothing */
    bool pasted;     /* a policy's fields were found */
    bool spaced;     /* blanks around the '=' of the version were reported: so are all others */
    bool hinted;     /* a field without '=' was plainly meant as the one every record has */
    size_t skip_at;  /* where a version stands that is not first: no field */
};

struct record_field {
    struct bytes name, value;
    size_t name_at, value_at; /* in fields.text */
};

/* Judges the version and stands before the first field.  No memory: issues->no_memory. */
void fields_open(struct fields *fields, const struct fields_kind *kind, struct issues *issues,
                 struct bytes text);
/* The next field that has a name and a value; what has not is an issue. */
bool fields_next(struct fields *fields, struct record_field *ret_field);
void fields_judge_extension(struct fields *fields, const struct record_field *field);
/* at, length: in fields.text */
struct sts_issue fields_place(const struct fields *fields, enum sts_issue_code code,
                              enum sts_issue_reason reason, size_t at, size_t length);
void fields_issue(struct fields *fields, enum sts_issue_code code, enum sts_issue_reason reason,
                  size_t at, size_t length);
/* Nothing but the bytes of `part` stood there: no quotation mark before or within. */
bool fields_verbatim(const struct fields *fields, size_t at, size_t length);

/* Does the text begin with "v=", the version and ';'?  The grammar of both RFCs allows blanks
 * before the ';', their text on the choice among records does not: such a record is noted, and
 * counts. */
bool fields_begin(struct bytes text, const char *version);
/* Where the first field of a policy ("mode:") stands on its own; -1: nowhere. */
long fields_find_pasted(struct bytes text, size_t *ret_length);

#endif
