/* SPDX-License-Identifier: MIT */
/* issues.h - the list of issues a parser makes, and the verdicts that follow from it. */
#ifndef STS_ISSUES_H
#define STS_ISSUES_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "mtasts/issue.h"

/* Above this many nothing more is listed; the verdicts still count it.  What spoils nothing stops
 * earlier, so that a flood of it cannot hide what does. */
#define ISSUES_MAX       1024
#define ISSUES_MAX_MINOR 768

enum issue_effect {
    EFFECT_NOTE,      /* within the grammar */
    EFFECT_TOLERATED, /* outside it; nearly all senders forgive it */
    EFFECT_FATAL,
};

struct issues {
    TALLOC_CTX *ctx; /* owns the list */
    struct sts_issue *list;
    size_t count;
    bool invalid;   /* something is outside the grammar */
    bool unusable;  /* something is fatal */
    bool no_memory; /* sticky */
};

/* The effect is that of the code; issues_add_as() where it depends on more. */
void issues_add(struct issues *issues, struct sts_issue issue);
void issues_add_as(struct issues *issues, struct sts_issue issue, enum issue_effect effect);
/* An issue that is listed already turns out to be one of this code. */
void issues_count(struct issues *issues, enum sts_issue_code code);

#endif
