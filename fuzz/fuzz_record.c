/* SPDX-License-Identifier: MIT */
/* fuzz_record.c - a TXT value as both kinds of record. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mtasts/record.h"

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

static void check_issues(const struct sts_issue *issues, size_t count, const char *text,
                         size_t size)
{
    for (size_t i = 0; i < count; i++) {
        if (i < 32)
            check_sentence(&issues[i], text, size);
        demand(issues[i].offset <= size && issues[i].length <= size - issues[i].offset &&
               issues[i].column == issues[i].offset + 1);
    }
}

static void check_sts(const char *text, size_t size)
{
    struct sts_record *record;
    const struct sts_issue *issues;
    size_t count;

    if (sts_record_parse(text, size, &record) != STS_OK)
        return;
    issues = sts_record_issues(record, &count);
    check_issues(issues, count, text, size);
    demand(sts_record_usable(record) || (!sts_record_valid(record) && count > 0));
    if (sts_record_usable(record)) {
        struct sts_text one = {text, size};
        size_t index;

        demand(sts_record_id(record) && strlen(sts_record_id(record)) <= 32);
        demand(sts_record_select(&one, 1, &index) == STS_SELECTION_ONE && index == 0);
        demand(sts_looks_like_record(text, size));
    }
    sts_record_free(record);
}

static void check_tlsrpt(const char *text, size_t size)
{
    struct sts_tlsrpt_record *record;
    const struct sts_issue *issues;
    size_t count;

    if (sts_tlsrpt_record_parse(text, size, &record) != STS_OK)
        return;
    issues = sts_tlsrpt_record_issues(record, &count);
    check_issues(issues, count, text, size);
    sts_tlsrpt_record_rua(record, &count);
    demand(!sts_tlsrpt_record_usable(record) || count > 0);
    demand(!sts_tlsrpt_record_usable(record) || sts_looks_like_tlsrpt_record(text, size));
    sts_tlsrpt_record_free(record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_sts((const char *)data, size);
    check_tlsrpt((const char *)data, size);
    return 0;
}
