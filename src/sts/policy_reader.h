/* SPDX-License-Identifier: MIT */
/* policy_reader.h - a policy while it is read: lines (policy_read.c, policy_odd.c) and values
 * (policy_value.c); private to sts/. */
#ifndef STS_POLICY_READER_H
#define STS_POLICY_READER_H

#include "mtasts/policy.h"
#include "sts/policy_key.h"
#include "sts/policy_lines.h"

struct sts_policy {
    struct issues issues;
    enum sts_mode mode;
    long long max_age;
    const char **mx;
    size_t mx_count;
};

#define TYPOS_MAX 32 /* unknown keys remembered in case that a known one is missing */

/* An issue of an unknown field whose key looks like that of a known one. */
struct typo {
    size_t issue; /* in the list */
    enum policy_key key;
};

struct reader {
    struct sts_policy *policy;
    struct bytes first[KEY_MX]; /* the first value of each field that counts once */
    bool exact[KEY_UNKNOWN];    /* in small letters somewhere in the text */
    bool seen[KEY_UNKNOWN];
    struct typo typos[TYPOS_MAX];
    size_t typo_count;
    bool hinted[KEY_UNKNOWN]; /* written in a line that is none: wrong, but not missing */
    bool malformed;           /* there is such a line */
    bool mx_full;
    bool mode_none; /* also where it is misspelt */
};

/* A field of one line. */
struct policy_entry {
    const struct line *line;
    size_t key_at, value_at; /* in the line */
    struct bytes value;
    bool spoilt; /* reported already: counts as there, tells nothing */
};

void reader_add(struct reader *reader, const struct line *line, enum sts_issue_code code,
                enum sts_issue_reason reason, size_t at, size_t length);
/* A line that is no field as a whole: reports it, and what it hints at.  text: trimmed.  False: it
 * may be one.  (policy_odd.c) */
bool policy_odd_line(struct reader *reader, const struct line *line, struct bytes text);
void policy_odd_note_keys(struct reader *reader, struct bytes text);
bool policy_odd_quoted(struct bytes value);
/* All lines, then what is missing.  No memory: policy->issues.no_memory. */
void policy_read(struct sts_policy *policy, struct bytes text);
/* Judge the value of a known field and keep it. */
void policy_value_judge(struct reader *reader, enum policy_key key,
                        const struct policy_entry *entry);

#endif
