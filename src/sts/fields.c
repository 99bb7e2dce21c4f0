/* SPDX-License-Identifier: MIT */
/* fields.c - records of the shape "v=NAME; a=b; c=d". */
#include "sts/fields.h"

#include <stdint.h>
#include <string.h>

#include "base/ascii.h"
#include "sts/extension.h"

struct sts_issue fields_place(const struct fields *fields, enum sts_issue_code code,
                              enum sts_issue_reason reason, size_t at, size_t length)
{
    size_t offset = fields->origin ? fields->origin[at] : at;

    if (fields->origin && length)
        length = fields->origin[at + length - 1] + 1 - offset;
    return (struct sts_issue){.code = code,
                              .reason = reason,
                              .offset = offset,
                              .length = length,
                              .line = 1,
                              .column = (unsigned)offset + 1};
}

void fields_issue(struct fields *fields, enum sts_issue_code code, enum sts_issue_reason reason,
                  size_t at, size_t length)
{
    issues_add(fields->issues, fields_place(fields, code, reason, at, length));
}

bool fields_verbatim(const struct fields *fields, size_t at, size_t length)
{
    if (!fields->origin || !length)
        return true;
    return fields->origin[at + length - 1] - fields->origin[at] == length - 1 &&
           (at == 0 || fields->origin[at] - fields->origin[at - 1] == 1);
}

bool fields_begin(struct bytes text, const char *version)
{
    struct scanner scanner = scanner_begin(text);

    if (!scanner_try_text(&scanner, "v=") || !scanner_try_text(&scanner, version))
        return false;
    scanner_while(&scanner, ascii_is_blank);
    return scanner_try(&scanner, ';');
}

/* Quotation marks of editors and web pages, in UTF-8. */
static const char *const curly[] = {"\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x9e", "\xe2\x80\x98",
                                    "\xe2\x80\x99", "\xe2\x80\x9a", "\xc2\xab",     "\xc2\xbb"};

/* The bytes of a mark that does not belong into the data; 0: none.  A single quotation mark is
 * legal in a value: it counts around the whole text. */
static size_t mark_at(struct bytes text, size_t at)
{
    struct bytes rest = bytes_from(text, at);

    if (rest.data[0] == '"' || rest.data[0] == '\\')
        return 1;
    if (rest.data[0] == '\'' && text.data[0] == '\'')
        return at == 0 || rest.length == 1;
    for (size_t i = 0; i < sizeof(curly) / sizeof(curly[0]); i++)
        if (bytes_begin(rest, curly[i]))
            return strlen(curly[i]);
    return 0;
}

/* Does an extension begin here?  Its value has room for quotation marks and backslashes. */
static bool begins_extension(const struct fields *fields, size_t at)
{
    struct scanner scanner = scanner_begin(bytes_from(fields->text, at)), parts;
    struct bytes name;

    parts = scanner_begin(scanner_until(&scanner, ';'));
    name = bytes_trim(scanner_until(&parts, '='));
    return scanner_try(&parts, '=') && !bytes_equal_nocase(name, fields->kind->field) &&
           !extension_name_fault(name).reason;
}

/* The mark at one byte after the other; in_extension is the state between two.  Only in a record
 * that begins as it must: a panel that quotes or escapes does so from the start on. */
static size_t next_mark(const struct fields *fields, size_t at, bool *in_extension)
{
    size_t mark = mark_at(fields->text, at);

    if (fields->text.data[at] == ';')
        *in_extension = fields->well_begun && begins_extension(fields, at + 1);
    return mark == 1 && *in_extension ? 0 : mark;
}

/* Take literal quotation marks and backslashes out and remember where all else stood. */
static void unquote(struct fields *fields)
{
    struct bytes text = fields->text;
    size_t first = 0, kept = 0, mark;
    bool in_extension = false;
    char *copy;

    while (first < text.length && !next_mark(fields, first, &in_extension))
        first++;
    if (first == text.length)
        return;
    fields_issue(fields, fields->kind->quoted, STS_REASON_QUOTED, first, mark_at(text, first));
    copy = talloc_array(fields->issues->ctx, char, text.length);
    fields->origin = talloc_array(fields->issues->ctx, size_t, text.length + 1);
    if (!copy || !fields->origin) {
        fields->issues->no_memory = true;
        fields->stop = true;
        return;
    }
    in_extension = false;
    for (size_t i = 0; i < text.length; i += mark ? mark : 1) {
        mark = next_mark(fields, i, &in_extension);
        if (mark)
            continue;
        fields->origin[kept] = i;
        copy[kept++] = text.data[i];
    }
    fields->origin[kept] = text.length;
    fields->text = (struct bytes){copy, kept};
}

long fields_find_pasted(struct bytes text, size_t *ret_length)
{
    static const char *const keys[] = {"version", "mode", "mx", "max_age"};

    for (size_t at = 0; at < text.length; at++) {
        /* "x=mode:1" is a legal extension: a key stands at a beginning. */
        if (at > 0 && !ascii_is_space((unsigned char)text.data[at - 1]) &&
            !strchr(";,", text.data[at - 1]))
            continue;
        for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
            struct scanner scanner = scanner_begin(bytes_from(text, at));

            if (!bytes_begin_nocase(scanner.text, keys[k]))
                continue;
            scanner.at = strlen(keys[k]);
            scanner_while(&scanner, ascii_is_blank);
            if (scanner_try(&scanner, ':')) {
                *ret_length = scanner.at;
                return (long)at;
            }
        }
    }
    return -1;
}

static bool is_version_char(unsigned char c)
{
    return c > ' ' && c < 0x7f && !strchr(";,:=", c);
}

static bool is_filler(unsigned char c)
{
    return !ascii_is_alnum(c);
}

/* "STSv1id=1": the word behind "v=" is the version and the first field's name. */
static bool is_glued(const struct fields_kind *kind, struct bytes word, int next)
{
    return next == '=' && bytes_begin(word, kind->version) &&
           bytes_equal(bytes_from(word, strlen(kind->version)), kind->field);
}

/* What is wrong where the version should be, "v=" in either case having been found. */
static void judge_version_word(struct fields *fields, struct scanner *scanner, bool spaced,
                               size_t from)
{
    const struct fields_kind *kind = fields->kind;
    bool lower = fields->text.data[from] == 'v';
    struct bytes word = scanner_while(scanner, is_version_char);
    size_t end = scanner->at, blanks;
    enum sts_issue_reason reason = STS_REASON_VERSION_TYPO;

    if (is_glued(kind, word, scanner_peek(scanner))) {
        scanner->at = end = end - strlen(kind->field);
        fields_issue(fields, kind->version_invalid, STS_REASON_VERSION_NO_DELIMITER, end, 0);
        return;
    }
    blanks = scanner_while(scanner, ascii_is_blank).length;
    if (lower && bytes_equal(word, kind->version)) {
        bool delimited = scanner_peek(scanner) == ';';

        if (!spaced && delimited) {
            if (blanks)
                fields_issue(fields, kind->version_spacing, STS_REASON_WHITE_SPACE, end, blanks);
            if (from)
                fields_issue(fields, kind->version_invalid, STS_REASON_WHITE_SPACE, 0, from);
            return;
        }
        if (!spaced && !delimited) {
            fields_issue(fields, kind->version_invalid, STS_REASON_VERSION_NO_DELIMITER, end, 0);
            scanner_while(scanner, is_filler);
            return;
        }
        reason = STS_REASON_VERSION_SPACED;
        fields->spaced = spaced;
    }
    fields_issue(fields, kind->version_invalid, reason, from, end - from);
    if (scanner_peek(scanner) != ';')
        scanner_while(scanner, is_filler);
}

/* "id=1; v=STSv1", "STSv1; id=1", and all that has no version. */
static void judge_no_version(struct fields *fields, struct scanner *scanner)
{
    const struct fields_kind *kind = fields->kind;
    struct bytes head;
    size_t from = scanner->at;
    long found = bytes_find_nocase(fields->text, kind->version);

    if (found >= 2 && bytes_begin_nocase(bytes_from(fields->text, (size_t)found - 2), "v=")) {
        fields->skip_at = (size_t)found - 2;
        fields_issue(fields, kind->version_invalid, STS_REASON_VERSION_NOT_FIRST, fields->skip_at,
                     strlen(kind->version) + 2);
        return;
    }
    if (fields->pasted) {
        fields->stop = true;
        return;
    }
    head = bytes_trim(scanner_until(scanner, ';'));
    fields_issue(fields, kind->version_invalid, STS_REASON_VERSION_TYPO, from, head.length);
}

static void judge_version(struct fields *fields)
{
    struct scanner *scanner = &fields->scanner;
    size_t from = scanner_while(scanner, ascii_is_blank).length;
    bool spaced = false;

    if (scanner_try(scanner, 'v') || scanner_try(scanner, 'V')) {
        spaced |= scanner_while(scanner, ascii_is_blank).length > 0;
        if (scanner_try(scanner, '=')) {
            spaced |= scanner_while(scanner, ascii_is_blank).length > 0;
            judge_version_word(fields, scanner, spaced, from);
            return;
        }
    }
    scanner->at = from;
    judge_no_version(fields, scanner);
}

void fields_open(struct fields *fields, const struct fields_kind *kind, struct issues *issues,
                 struct bytes text)
{
    long pasted;
    size_t length;

    *fields = (struct fields){.kind = kind, .issues = issues, .text = text, .skip_at = SIZE_MAX};
    fields->well_begun = fields_begin(text, kind->version);
    unquote(fields);
    fields->scanner = scanner_begin(fields->text);
    if (kind->policy_pasted && (pasted = fields_find_pasted(fields->text, &length)) >= 0) {
        fields->pasted = true;
        fields_issue(fields, STS_ISSUE_RECORD_POLICY_PASTED, STS_REASON_NONE, (size_t)pasted,
                     length);
    }
    judge_version(fields);
    /* Of an SPF record it is enough to say once that it is none of ours. */
    if (!kind->is_meant(text.data, text.length))
        fields->stop = true;
    scanner_try(&fields->scanner, ';');
}

/* One field without the blanks around it.  False: empty, which only the last may be. */
static bool take_segment(struct fields *fields, struct bytes *ret, size_t *ret_at)
{
    struct scanner *scanner = &fields->scanner;
    struct bytes segment;

    scanner_while(scanner, ascii_is_blank);
    *ret_at = scanner->at;
    segment = scanner_until(scanner, ';');
    *ret = segment;
    while (ret->length && ascii_is_blank((unsigned char)ret->data[ret->length - 1]))
        ret->length--;
    if (ret->length && ret->length < segment.length && scanner_at_end(scanner))
        issues_add_as(fields->issues,
                      fields_place(fields, fields->kind->trailing_space, STS_REASON_WHITE_SPACE,
                                   *ret_at + ret->length, segment.length - ret->length),
                      EFFECT_TOLERATED);
    if (!ret->length && !scanner_at_end(scanner))
        fields_issue(fields, fields->kind->syntax_invalid, STS_REASON_EMPTY_FIELD, scanner->at, 1);
    scanner_try(scanner, ';');
    return ret->length > 0;
}

/* "id:1", "id 1", "20261101": the field every record has, without its '='. */
static bool is_hint(const struct fields_kind *kind, struct bytes segment)
{
    size_t name = strlen(kind->field), digits = 0;

    if (bytes_begin_nocase(segment, kind->field))
        return segment.length == name || !ascii_is_alpha((unsigned char)segment.data[name]);
    while (digits < segment.length && ascii_is_digit((unsigned char)segment.data[digits]))
        digits++;
    return digits == segment.length;
}

bool fields_next(struct fields *fields, struct record_field *ret_field)
{
    while (!fields->stop && !scanner_at_end(&fields->scanner)) {
        struct bytes segment;
        size_t at, ignored;
        long equals;

        if (!take_segment(fields, &segment, &at) || at == fields->skip_at)
            continue;
        equals = bytes_find_char(segment, '=');
        if (equals < 0) {
            /* a pasted "mode: enforce" was reported once */
            if (!fields->pasted || fields_find_pasted(segment, &ignored) != 0)
                fields_issue(fields, fields->kind->syntax_invalid, STS_REASON_NO_EQUALS, at,
                             segment.length);
            fields->hinted = fields->hinted || is_hint(fields->kind, segment);
            continue;
        }
        *ret_field = (struct record_field){.name = {segment.data, (size_t)equals},
                                           .name_at = at,
                                           .value = bytes_from(segment, (size_t)equals + 1),
                                           .value_at = at + (size_t)equals + 1};
        return true;
    }
    return false;
}

void fields_judge_extension(struct fields *fields, const struct record_field *field)
{
    struct extension_fault name = extension_name_fault(field->name);
    struct extension_fault value = extension_record_value_fault(field->value);
    enum sts_issue_code code = fields->kind->syntax_invalid;

    if (name.reason)
        fields_issue(fields, code, name.reason, field->name_at + name.at, name.length);
    if (value.reason)
        fields_issue(fields, code, value.reason, field->value_at + value.at, value.length);
}
