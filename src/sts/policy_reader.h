/* SPDX-License-Identifier: MIT */
/* policy_reader.h - a policy while it is read: lines (policy_read.c) and values (policy_value.c).
 */
#ifndef STS_POLICY_READER_H
#define STS_POLICY_READER_H

#include "mtasts/policy.h"
#include "sts/policy_lines.h"

struct sts_policy {
    struct issues issues;
    enum sts_mode mode;
    long long max_age;
    const char **mx;
    size_t mx_count;
};

/* The fields of RFC 8461; those before MX count once. */
enum policy_key { KEY_VERSION, KEY_MODE, KEY_MAX_AGE, KEY_MX, KEY_UNKNOWN };

struct reader {
    struct sts_policy *policy;
    struct bytes first[KEY_MX]; /* the first value of each field that counts once */
    bool seen[KEY_UNKNOWN];
    bool hinted[KEY_UNKNOWN]; /* written in a line that is none: wrong, but not missing */
    bool malformed;           /* there is such a line */
    bool mx_full;
    bool mode_none; /* also where it is misspelt */
};

/* A field of one line. */
struct entry {
    const struct line *line;
    size_t key_at, value_at; /* in the line */
    struct bytes value;
    bool spoilt; /* reported already: counts as there, tells nothing */
};

void reader_add(struct reader *reader, const struct line *line, enum sts_issue_code code,
                enum sts_issue_reason reason, size_t at, size_t length);
/* All lines, then what is missing.  No memory: policy->issues.no_memory. */
void policy_read(struct sts_policy *policy, struct bytes text);
/* Judge the value of a known field and keep it. */
void policy_value_judge(struct reader *reader, enum policy_key key, const struct entry *entry);

#endif
