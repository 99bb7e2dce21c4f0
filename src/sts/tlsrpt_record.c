/* SPDX-License-Identifier: MIT */
/* tlsrpt_record.c - the TXT record at _smtp._tls (RFC 8460 section 3). */
#include "mtasts/record.h"

#include "base/ascii.h"
#include "sts/fields.h"
#include "sts/select.h"
#include "sts/uri.h"

#define RUA_MAX 256 /* addresses kept; senders promise one */

struct sts_tlsrpt_record {
    struct issues issues;
    const char **rua;
    size_t rua_count;
};

static const struct fields_kind kind = {
    .version = "TLSRPTv1",
    .field = "rua",
    .version_invalid = STS_ISSUE_TLSRPT_VERSION_INVALID,
    .version_spacing = STS_ISSUE_TLSRPT_VERSION_SPACING,
    .syntax_invalid = STS_ISSUE_TLSRPT_SYNTAX_INVALID,
    .quoted = STS_ISSUE_TLSRPT_SYNTAX_INVALID,
    .trailing_space = STS_ISSUE_TLSRPT_SYNTAX_INVALID,
    .is_meant = sts_looks_like_tlsrpt_record,
};

static void keep(struct sts_tlsrpt_record *record, struct bytes uri)
{
    if (record->rua_count >= RUA_MAX)
        return;
    if (!record->rua)
        record->rua = talloc_array(record, const char *, RUA_MAX);
    if (record->rua)
        record->rua[record->rua_count] = talloc_strndup(record->rua, uri.data, uri.length);
    if (!record->rua || !record->rua[record->rua_count])
        record->issues.no_memory = true;
    else
        record->rua_count++;
}

/* URIs with commas between them and blanks around the commas. */
static void judge_rua(struct sts_tlsrpt_record *record, struct fields *fields,
                      const struct record_field *field)
{
    struct scanner scanner = scanner_begin(field->value);
    bool first = true;

    do {
        size_t from = scanner.at, at;
        struct bytes uri;
        struct extension_fault fault;

        if (!first)
            scanner_while(&scanner, ascii_is_blank);
        at = scanner.at;
        uri = scanner_until(&scanner, ',');
        while (!scanner_at_end(&scanner) && uri.length &&
               ascii_is_blank((unsigned char)uri.data[uri.length - 1]))
            uri.length--;
        /* "rua= mailto:": the blank is the fault, the address behind it is not looked at */
        fault = first && uri.length && ascii_is_blank((unsigned char)uri.data[0])
                    ? (struct extension_fault){STS_REASON_URI_SPACE, 0, 1}
                    : uri_fault(uri);
        if (fault.reason == STS_REASON_EMPTY_VALUE)
            at = from;
        if (fault.reason)
            fields_issue(fields, STS_ISSUE_TLSRPT_RUA_INVALID, fault.reason,
                         field->value_at + at + fault.at, fault.length);
        else
            keep(record, uri);
        first = false;
    } while (scanner_try(&scanner, ','));
}

/* The state of one reading: where "rua" was seen, or something that looks like it. */
struct tlsrpt_seen {
    struct record_field rua, miscased;
};

static void take_field(struct sts_tlsrpt_record *record, struct tlsrpt_seen *seen,
                       struct fields *fields, const struct record_field *field)
{
    struct bytes name = bytes_trim(field->name);

    if (!bytes_equal_nocase(name, "rua")) {
        fields_judge_extension(fields, field);
    } else if (bytes_equal(field->name, "rua")) { /* the grammar allows several: all count */
        seen->rua = *field;
        judge_rua(record, fields, field);
    } else if (bytes_equal(name, "rua")) {
        seen->rua = *field;
        fields_issue(fields, STS_ISSUE_TLSRPT_SYNTAX_INVALID, STS_REASON_WHITE_SPACE,
                     field->name_at + name.length, field->name.length - name.length);
    } else {
        seen->miscased = *field;
    }
}

static void parse(struct sts_tlsrpt_record *record, struct bytes text)
{
    struct tlsrpt_seen seen = {0};
    struct fields fields;
    struct record_field field;

    fields_open(&fields, &kind, &record->issues, text);
    while (fields_next(&fields, &field))
        take_field(record, &seen, &fields, &field);
    if (seen.rua.name.length || fields.stop)
        return;
    if (seen.miscased.name.length)
        fields_issue(&fields, STS_ISSUE_TLSRPT_RUA_MISSING, STS_REASON_LETTER_CASE,
                     seen.miscased.name_at, seen.miscased.name.length);
    else
        fields_issue(&fields, STS_ISSUE_TLSRPT_RUA_MISSING, STS_REASON_NONE, fields.text.length, 0);
}

enum sts_status sts_tlsrpt_record_parse(const char *text, size_t length,
                                        struct sts_tlsrpt_record **ret)
{
    struct sts_tlsrpt_record *record;

    if (length > STS_RECORD_MAX)
        return STS_E_LIMIT;
    record = talloc_zero(NULL, struct sts_tlsrpt_record);
    if (!record)
        return STS_E_NOMEM;
    record->issues.ctx = record;
    parse(record, (struct bytes){text, length});
    if (record->issues.no_memory) {
        talloc_free(record);
        return STS_E_NOMEM;
    }
    *ret = record;
    return STS_OK;
}

bool sts_tlsrpt_record_valid(const struct sts_tlsrpt_record *record)
{
    return !record->issues.invalid;
}

bool sts_tlsrpt_record_usable(const struct sts_tlsrpt_record *record)
{
    return !record->issues.unusable && record->rua_count > 0;
}

const char *const *sts_tlsrpt_record_rua(const struct sts_tlsrpt_record *record, size_t *ret_count)
{
    *ret_count = record->rua_count;
    return record->rua;
}

const struct sts_issue *sts_tlsrpt_record_issues(const struct sts_tlsrpt_record *record,
                                                 size_t *ret_count)
{
    *ret_count = record->issues.count;
    return record->issues.list;
}

void sts_tlsrpt_record_free(struct sts_tlsrpt_record *record)
{
    talloc_free(record);
}

enum sts_selection sts_tlsrpt_record_select(const struct sts_text *texts, size_t count,
                                            size_t *ret_index)
{
    return select_record(texts, count, kind.version, ret_index);
}
