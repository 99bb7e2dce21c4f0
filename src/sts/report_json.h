/* SPDX-License-Identifier: MIT */
/* report_json.h - between the walk over a report (report_json.c) and the reading of its values
 * (report_json_value.c); private to sts/. */
#ifndef STS_REPORT_JSON_H
#define STS_REPORT_JSON_H

#include "base/json.h"
#include "sts/report.h"

/* Where we are: "policies[2].summary", from the inside out. */
struct json_place {
    const struct json_place *up;
    const char *name; /* NULL: an element of the list above */
    size_t index;
};

struct json_reader {
    struct sts_report *report;
    TALLOC_CTX *mem; /* of what is needed while reading */
};

/* Reads a value that is not null into what `at` points to. */
typedef void take_value(struct json_reader *reader, const struct json_place *here,
                        const struct json *value, void *at);

void json_note(struct json_reader *reader, const struct json_place *here, enum sts_deviation code,
               struct bytes found);
void json_note_value(struct json_reader *reader, const struct json_place *here,
                     enum sts_deviation code, const struct json *value);

take_value take_text;    /* const char * */
take_value take_keyword; /* const char *, in lower case */
take_value take_host;    /* const char *, in lower case, no final dot */
take_value take_address; /* const char * */
take_value take_domain;  /* const char * */
take_value take_count;   /* int64_t */
take_value take_begin;   /* struct sts_report */
take_value take_end;     /* struct sts_report */
take_value take_strings; /* struct sts_report_policy */
take_value take_mx;      /* struct sts_report_policy */

/* Parse; lenient: also what is not quite JSON.  NULL: not JSON. */
const struct json *json_parse(struct json_reader *reader, struct bytes text, bool lenient);

#endif
