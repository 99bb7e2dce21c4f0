/* SPDX-License-Identifier: MIT */
/* result_type.h - the result types of TLS reports (RFC 8460 section 4.3), explained. */
#ifndef RENDER_RESULT_TYPE_H
#define RENDER_RESULT_TYPE_H

#include <stdbool.h>
#include <stddef.h>

#include "rules/rules.h"

struct result_type {
    const char *name;  /* "certificate-expired" */
    const char *title; /* these are msgids */
    const char *meaning;
    const char *command;       /* the first to try, with the places of finding_text_example() */
    enum finding_code finding; /* what a report of it yields */
    const char *const *see;    /* names of topics to read next; ends with NULL */
};

extern const struct result_type result_types[];
extern const size_t result_type_count;

/* NULL where RFC 8460 names no such type. */
const struct result_type *result_type_by_name(const char *name);
/* Would a sender report this finding under that type? */
bool result_type_of(const struct finding_info *info, const char *name);

#endif
