/* SPDX-License-Identifier: MIT */
/* fuzz_policy.c - a policy text, and each of its patterns against itself. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mtasts/match.h"
#include "mtasts/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold of every text. */
static void demand(bool holds)
{
    if (!holds)
        abort();
}

/* Whatever the text, what is told of it is one line of UTF-8 with every place filled in. */
static void check_sentence(const struct sts_issue *issue, const char *text, size_t size)
{
    const char *sentence = sts_issue_sentence(issue->code, issue->reason);
    char told[STS_ISSUE_TEXT_SIZE];

    demand(*sentence && sts_issue_text(issue, sentence, text, size, told, sizeof(told)) == STS_OK);
    demand(text_is_utf8(told, strlen(told)) && !strpbrk(told, "\n\r\x1b"));
}

static void check_issues(const struct sts_policy *policy, const char *text, size_t size)
{
    size_t count;
    const struct sts_issue *issues = sts_policy_issues(policy, &count);

    demand(count <= STS_POLICY_ISSUES_MAX);
    demand(sts_policy_valid(policy) || count > 0);
    for (size_t i = 0; i < count; i++) {
        demand(issues[i].offset <= size && issues[i].length <= size - issues[i].offset);
        demand(issues[i].line >= 1 && issues[i].column >= 1 &&
               issues[i].column <= issues[i].offset + 1);
        if (i < 32)
            check_sentence(&issues[i], text, size);
        demand(issues[i].code != STS_ISSUE_POLICY_BARE_CR || text[issues[i].offset] == '\r');
    }
}

/* A host that the pattern stands for must be covered. */
static void check_patterns(const struct sts_policy *policy)
{
    size_t count;
    const char *const *mx = sts_policy_mx(policy, &count);

    for (size_t i = 0; i < count && i < 8; i++) {
        char host[STS_NAME_SIZE + 2];

        snprintf(host, sizeof(host), "%s", mx[i]);
        if (host[0] == '*')
            host[0] = 'a';
        demand(strlen(mx[i]) > 253 || sts_policy_covers(policy, host, NULL));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sts_policy *policy;

    if (sts_policy_parse((const char *)data, size, &policy) != STS_OK)
        return 0;
    check_issues(policy, (const char *)data, size);
    check_patterns(policy);
    if (sts_policy_usable(policy))
        demand(sts_policy_mode(policy) != STS_MODE_INVALID && sts_policy_max_age(policy) >= 0);
    demand(!sts_policy_valid(policy) || sts_policy_usable(policy));
    sts_policy_free(policy);
    return 0;
}
