/* SPDX-License-Identifier: MIT */
/* record.c - the TXT record at _mta-sts (RFC 8461 section 3.1). */
#include "mtasts/record.h"

#include <string.h>

#include "base/ascii.h"
#include "base/hidden.h"
#include "base/text.h"
#include "sts/fields.h"
#include "sts/select.h"

#define ID_MAX       32
#define FIELDS_KNOWN 32 /* names remembered to find a repeated one */

struct sts_record {
    struct issues issues;
    char *id;
};

/* What was seen while the fields went by. */
struct record_seen {
    struct record_field fields[FIELDS_KNOWN];
    size_t count;
    bool id;                      /* also where it is wrong */
    struct record_field miscased; /* "ID" */
};

static const struct fields_kind kind = {
    .version = "STSv1",
    .field = "id",
    .version_invalid = STS_ISSUE_RECORD_VERSION_INVALID,
    .version_spacing = STS_ISSUE_RECORD_VERSION_SPACING,
    .syntax_invalid = STS_ISSUE_RECORD_SYNTAX_INVALID,
    .quoted = STS_ISSUE_RECORD_QUOTED,
    .trailing_space = STS_ISSUE_RECORD_TRAILING_SPACE,
    .policy_pasted = true,
    .is_meant = sts_looks_like_record,
};

static void judge_id(struct sts_record *record, struct fields *fields,
                     const struct record_field *field)
{
    struct bytes id = field->value;
    bool wrong = false;

    for (size_t i = 0; i < id.length && !wrong; i++) {
        unsigned char c = (unsigned char)id.data[i];

        wrong = !ascii_is_alnum(c);
        if (wrong)
            fields_issue(fields, STS_ISSUE_RECORD_ID_INVALID,
                         ascii_is_blank(c)              ? STS_REASON_WHITE_SPACE
                         : hidden_at(bytes_from(id, i)) ? STS_REASON_HIDDEN_CHARACTER
                                                        : STS_REASON_BAD_CHARACTER,
                         field->value_at + i, text_character(id.data + i, id.length - i));
    }
    if (!id.length || id.length > ID_MAX) {
        wrong = true;
        fields_issue(fields, STS_ISSUE_RECORD_ID_INVALID,
                     id.length ? STS_REASON_TOO_LONG : STS_REASON_EMPTY_VALUE, field->value_at,
                     id.length);
    }
    if (wrong || !fields_verbatim(fields, field->value_at, id.length))
        return;
    record->id = talloc_strndup(record, id.data, id.length);
    if (!record->id)
        record->issues.no_memory = true;
}

static bool same(struct bytes a, struct bytes b)
{
    return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

/* A repeated field is reported and not looked at any more. */
static bool is_repeated(struct record_seen *seen, struct fields *fields,
                        const struct record_field *field)
{
    for (size_t i = 0; i < seen->count; i++)
        if (same(seen->fields[i].name, field->name)) {
            fields_issue(fields, STS_ISSUE_RECORD_DUPLICATE_FIELD,
                         same(seen->fields[i].value, field->value) ? STS_REASON_NONE
                                                                   : STS_REASON_DIFFERENT,
                         field->name_at, field->value_at - field->name_at + field->value.length);
            return true;
        }
    if (seen->count < FIELDS_KNOWN)
        seen->fields[seen->count++] = *field;
    return false;
}

/* "id" behind characters that no name has, a no-break space for instance: wrong, not missing. */
static bool is_garbled_id(struct bytes name)
{
    size_t at = 0;

    while (at < name.length && !ascii_is_alnum((unsigned char)name.data[at]))
        at++;
    return at && bytes_equal_nocase(bytes_from(name, at), "id");
}

static void take_field(struct sts_record *record, struct record_seen *seen, struct fields *fields,
                       const struct record_field *field)
{
    struct bytes name = bytes_trim(field->name);

    if (is_repeated(seen, fields, field))
        return;
    if (bytes_equal(field->name, "id")) {
        seen->id = true;
        judge_id(record, fields, field);
    } else if (bytes_equal_nocase(name, "id") && name.length < field->name.length) {
        seen->id = true;
        if (!fields->spaced)
            fields_issue(fields, STS_ISSUE_RECORD_SYNTAX_INVALID, STS_REASON_WHITE_SPACE,
                         field->name_at + name.length, field->name.length - name.length);
    } else {
        if (bytes_equal_nocase(name, "id"))
            seen->miscased = *field;
        seen->id = seen->id || is_garbled_id(name);
        fields_judge_extension(fields, field);
    }
}

static void parse(struct sts_record *record, struct bytes text)
{
    struct record_seen seen = {0};
    struct fields fields;
    struct record_field field;

    fields_open(&fields, &kind, &record->issues, text);
    while (fields_next(&fields, &field))
        take_field(record, &seen, &fields, &field);
    if (seen.id || fields.hinted || fields.stop)
        return;
    if (seen.miscased.name.length)
        fields_issue(&fields, STS_ISSUE_RECORD_ID_MISSING, STS_REASON_LETTER_CASE,
                     seen.miscased.name_at, seen.miscased.name.length);
    else
        fields_issue(&fields, STS_ISSUE_RECORD_ID_MISSING, STS_REASON_NONE, fields.text.length, 0);
}

enum sts_status sts_record_parse(const char *text, size_t length, struct sts_record **ret)
{
    struct sts_record *record;

    if (length > STS_RECORD_MAX)
        return STS_E_LIMIT;
    record = talloc_zero(NULL, struct sts_record);
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

bool sts_record_valid(const struct sts_record *record)
{
    return !record->issues.invalid;
}

bool sts_record_usable(const struct sts_record *record)
{
    return !record->issues.unusable;
}

const char *sts_record_id(const struct sts_record *record)
{
    return record->id;
}

const struct sts_issue *sts_record_issues(const struct sts_record *record, size_t *ret_count)
{
    *ret_count = record->issues.count;
    return record->issues.list;
}

void sts_record_free(struct sts_record *record)
{
    talloc_free(record);
}

enum sts_selection sts_record_select(const struct sts_text *texts, size_t count, size_t *ret_index)
{
    return select_record(texts, count, kind.version, ret_index);
}
