/* SPDX-License-Identifier: MIT */
/* test_issues.h - a list of issues as one line of text, for the tables of the tests. */
#ifndef STS_TEST_ISSUES_H
#define STS_TEST_ISSUES_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#include <talloc.h>

#include "mtasts/issue.h"

/* "code reason line:column @offset+length; ..."  Owned by NULL. */
static inline char *issues_text(const struct sts_issue *issues, size_t count)
{
    char *text = talloc_strdup(NULL, "");

    for (size_t i = 0; i < count; i++)
        text = talloc_asprintf_append(text, "%s%s %s %u:%u @%zu+%zu", i ? "; " : "",
                                      sts_issue_name(issues[i].code),
                                      sts_reason_name(issues[i].reason), issues[i].line,
                                      issues[i].column, issues[i].offset, issues[i].length);
    return text;
}

/* Every place lies inside the text. */
static inline void issues_inside(const struct sts_issue *issues, size_t count, size_t length)
{
    for (size_t i = 0; i < count; i++) {
        assert_true(issues[i].offset <= length && issues[i].length <= length - issues[i].offset);
        assert_true(issues[i].line >= 1 && issues[i].column >= 1);
    }
}

#endif
