/* SPDX-License-Identifier: MIT */
/* report_json_value.c - the values of a report's members, whatever JSON type a sender gave them. */
#include "sts/report_json.h"

#include <math.h>
#include <string.h>

#include "base/ascii.h"
#include "base/hname.h"
#include "base/scanner.h"
#include "base/text.h"

#define NOTHING ((struct bytes){0})

/* ---- texts ----------------------------------------------------------------------------------- */

static struct bytes string_of(const struct json *value)
{
    return value->text;
}

static bool has_control(struct bytes text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.data[i] < ' ' && text.data[i] != '\t')
            return true;
    return false;
}

/* Without blanks around it; a number stands for its digits, a list for its only element. */
static bool plain_text(struct json_reader *reader, const struct json_place *here,
                       const struct json *value, struct bytes *ret)
{
    struct bytes whole;

    if (json_is(value, JSON_ARRAY) && value->count == 1) {
        json_note(reader, here, STS_DEVIATION_MEMBER_TYPE, NOTHING);
        value = json_item(value, 0);
    }
    if (json_is(value, JSON_STRING)) {
        whole = string_of(value);
    } else {
        json_note_value(reader, here, STS_DEVIATION_MEMBER_TYPE, value);
        if (!json_is(value, JSON_INTEGER) && !json_is(value, JSON_DOUBLE))
            return false;
        whole = value->source;
    }
    *ret = bytes_trim(whole);
    if (!ret->length)
        json_note(reader, here, STS_DEVIATION_MEMBER_EMPTY, NOTHING);
    else if (ret->length < whole.length)
        json_note(reader, here, STS_DEVIATION_TEXT_BLANKS, whole);
    return ret->length > 0;
}

static const char *keep(struct json_reader *reader, const struct json_place *here,
                        struct bytes text)
{
    if (!text_is_utf8(text.data, text.length) || memchr(text.data, 0, text.length))
        json_note(reader, here, STS_DEVIATION_JSON_NOT_UTF8, text);
    return report_text(reader->report, text);
}

void take_text(struct json_reader *reader, const struct json_place *here, const struct json *value,
               void *at)
{
    struct bytes text;

    if (!plain_text(reader, here, value, &text))
        return;
    if (has_control(text))
        json_note(reader, here, STS_DEVIATION_TEXT_CONTROL, text);
    *(const char **)at = keep(reader, here, text);
}

/* A copy in lower case: the copy is this report's own, so it is changed where it lies. */
static const char *keep_lower(struct json_reader *reader, const struct json_place *here,
                              struct bytes text)
{
    const char *copy = keep(reader, here, text);

    for (char *c = (char *)(uintptr_t)copy; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = ascii_lower(*c);
    return copy;
}

static bool has_capital(struct bytes text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] >= 'A' && text.data[i] <= 'Z')
            return true;
    return false;
}

void take_keyword(struct json_reader *reader, const struct json_place *here,
                  const struct json *value, void *at)
{
    struct bytes text;

    if (!plain_text(reader, here, value, &text))
        return;
    if (has_capital(text))
        json_note(reader, here, STS_DEVIATION_LETTER_CASE, text);
    *(const char **)at = keep_lower(reader, here, text);
}

void take_host(struct json_reader *reader, const struct json_place *here, const struct json *value,
               void *at)
{
    struct bytes text;

    if (!plain_text(reader, here, value, &text))
        return;
    if (text.length > 1 && text.data[text.length - 1] == '.')
        text.length--;
    if (!hname_valid(text))
        json_note(reader, here, STS_DEVIATION_HOST_INVALID, text);
    *(const char **)at = keep_lower(reader, here, text);
}

void take_address(struct json_reader *reader, const struct json_place *here,
                  const struct json *value, void *at)
{
    struct bytes text;

    if (!plain_text(reader, here, value, &text))
        return;
    if (!hname_is_address(text))
        json_note(reader, here, STS_DEVIATION_ADDRESS_INVALID, text);
    *(const char **)at = keep(reader, here, text);
}

void take_domain(struct json_reader *reader, const struct json_place *here,
                 const struct json *value, void *at)
{
    struct bytes text;

    if (plain_text(reader, here, value, &text))
        *(const char **)at = report_domain(reader->report, "policy-domain", text);
}

/* ---- counts ---------------------------------------------------------------------------------- */

static int64_t count_of_number(struct json_reader *reader, const struct json_place *here,
                               const struct json *value, double number)
{
    if (isnan(number)) {
        json_note_value(reader, here, STS_DEVIATION_COUNT_UNREADABLE, value);
        return STS_REPORT_UNKNOWN;
    }
    if (number < 0) {
        json_note_value(reader, here, STS_DEVIATION_COUNT_NEGATIVE, value);
        return 0;
    }
    if (number > (double)REPORT_COUNT_MAX) {
        json_note_value(reader, here, STS_DEVIATION_COUNT_TOO_LARGE, value);
        return REPORT_COUNT_MAX;
    }
    return (int64_t)number;
}

static int64_t count_of_string(struct json_reader *reader, const struct json_place *here,
                               const struct json *value)
{
    struct bytes text = bytes_trim(string_of(value));
    struct scanner scanner = scanner_begin(text);
    bool minus = scanner_try(&scanner, '-');
    long long number = scanner_number(&scanner, 1, 15);

    json_note_value(reader, here, STS_DEVIATION_COUNT_STRING, value);
    if (scanner_try(&scanner, '.'))
        scanner_while(&scanner, ascii_is_digit);
    if (!scanner_finished(&scanner)) {
        json_note_value(reader, here, STS_DEVIATION_COUNT_UNREADABLE, value);
        return STS_REPORT_UNKNOWN;
    }
    return count_of_number(reader, here, value, (double)(minus ? -number : number));
}

/* Beyond 2^53 every double is.  Not by trunc(): libmtasts does without the library of mathematics.
 */
static bool is_whole(double number)
{
    const double exact = (double)((int64_t)1 << 53);

    return !(number > -exact && number < exact) || (double)(int64_t)number == number;
}

void take_count(struct json_reader *reader, const struct json_place *here, const struct json *value,
                void *at)
{
    int64_t *count = at;

    switch (value->kind) {
    case JSON_INTEGER:
        *count = value->integer;
        if (*count < 0 || *count > REPORT_COUNT_MAX)
            *count = count_of_number(reader, here, value, (double)*count);
        break;
    case JSON_DOUBLE: /* 1e1 and 10.0 are whole numbers too */
        if (!is_whole(value->number))
            json_note_value(reader, here, STS_DEVIATION_COUNT_FRACTION, value);
        *count = count_of_number(reader, here, value, value->number);
        break;
    case JSON_STRING:
        *count = count_of_string(reader, here, value);
        break;
    default:
        json_note_value(reader, here, STS_DEVIATION_COUNT_UNREADABLE, value);
    }
}

/* ---- times ----------------------------------------------------------------------------------- */

static bool take_time(struct json_reader *reader, const struct json_place *here,
                      const struct json *value, int64_t *ret)
{
    enum sts_deviation deviations[TIME_DEVIATIONS_MAX + 1];
    struct bytes text;

    if (!plain_text(reader, here, value, &text))
        return false;
    if (!report_time(text, ret, deviations)) {
        json_note(reader, here, STS_DEVIATION_TIME_UNREADABLE, text);
        return false;
    }
    for (size_t i = 0; deviations[i] != STS_DEVIATION_COUNT; i++)
        json_note(reader, here, deviations[i], text);
    return true;
}

void take_begin(struct json_reader *reader, const struct json_place *here, const struct json *value,
                void *at)
{
    struct sts_report *report = at;

    report->begin_known = take_time(reader, here, value, &report->begin);
}

void take_end(struct json_reader *reader, const struct json_place *here, const struct json *value,
              void *at)
{
    struct sts_report *report = at;

    report->end_known = take_time(reader, here, value, &report->end);
}

/* ---- lists of texts -------------------------------------------------------------------------- */

struct texts {
    const char **list;
    size_t count, room;
    bool cr; /* noted once: it is the line ends of the whole file */
};

static void add_text(struct json_reader *reader, struct texts *texts, const char *text)
{
    if (texts->count == texts->room) {
        size_t room = texts->room ? texts->room * 2 : 4;
        const char **list = talloc_realloc(reader->report, texts->list, const char *, room);

        if (!list) {
            reader->report->no_memory = true;
            return;
        }
        texts->list = list;
        texts->room = room;
    }
    texts->list[texts->count++] = text;
}

typedef void add_piece(struct json_reader *reader, const struct json_place *here, struct bytes text,
                       struct texts *texts);

static void add_element(struct json_reader *reader, const struct json_place *here,
                        const struct json *element, add_piece *add, struct texts *texts)
{
    if (json_is(element, JSON_STRING))
        add(reader, here, string_of(element), texts);
    else
        json_note_value(reader, here, STS_DEVIATION_ELEMENT_TYPE, element);
}

/* A list, or one string in place of it; text_legal: the RFC has it either way. */
static struct texts take_list(struct json_reader *reader, const struct json_place *here,
                              const struct json *value, add_piece *add, bool text_legal)
{
    struct texts texts = {0};

    if (!json_is(value, JSON_ARRAY)) {
        if (!text_legal)
            json_note(reader, here, STS_DEVIATION_NOT_A_LIST, NOTHING);
        add_element(reader, here, value, add, &texts);
        return texts;
    }
    for (size_t i = 0; i < value->count; i++)
        add_element(reader, &(struct json_place){here, NULL, i}, json_item(value, i), add, &texts);
    return texts;
}

static void add_lines(struct json_reader *reader, const struct json_place *here, struct bytes text,
                      struct texts *texts)
{
    struct scanner scanner = scanner_begin(text);
    size_t lines = 0;

    while (!scanner_at_end(&scanner)) {
        struct bytes line = scanner_until(&scanner, '\n');

        scanner_try(&scanner, '\n');
        lines += bytes_trim(line).length > 0;
        if (line.length && line.data[line.length - 1] == '\r') {
            if (!texts->cr)
                json_note(reader, here, STS_DEVIATION_POLICY_STRING_CR, text);
            texts->cr = true;
            line.length--;
        }
        if (bytes_trim(line).length)
            add_text(reader, texts, keep(reader, here, line));
    }
    if (lines > 1)
        json_note(reader, here, STS_DEVIATION_POLICY_STRING_LINES, text);
}

/* A line of the policy; or a JSON list of them in one string. */
static void add_policy_string(struct json_reader *reader, const struct json_place *here,
                              struct bytes text, struct texts *texts)
{
    struct bytes trimmed = bytes_trim(text);
    const struct json *list = NULL;

    if (trimmed.length > 1 && trimmed.data[0] == '[' && trimmed.data[trimmed.length - 1] == ']')
        list = json_parse(reader, trimmed, false);
    if (!json_is(list, JSON_ARRAY)) {
        add_lines(reader, here, text, texts);
    } else {
        json_note(reader, here, STS_DEVIATION_POLICY_STRING_JSON, text);
        for (size_t i = 0; i < list->count; i++)
            add_element(reader, here, json_item(list, i), add_lines, texts);
    }
}

void take_strings(struct json_reader *reader, const struct json_place *here,
                  const struct json *value, void *at)
{
    struct texts texts = take_list(reader, here, value, add_policy_string, false);
    struct sts_report_policy *policy = at;

    policy->strings = texts.list;
    policy->string_count = texts.count;
}

static bool is_mx_pattern(struct bytes text)
{
    return hname_valid(bytes_begin(text, "*.") ? bytes_from(text, 2) : text);
}

static void add_mx_pattern(struct json_reader *reader, const struct json_place *here,
                           struct bytes text, struct texts *texts)
{
    if (bytes_begin_nocase(text, "mx:")) {
        json_note(reader, here, STS_DEVIATION_MX_HOST_PREFIX, text);
        text = bytes_trim(bytes_from(text, 3));
    }
    if (text.length > 1 && text.data[text.length - 1] == '.')
        text.length--;
    if (!text.length)
        return;
    if (!is_mx_pattern(text))
        json_note(reader, here, STS_DEVIATION_MX_HOST_INVALID, text);
    add_text(reader, texts, keep_lower(reader, here, text));
}

/* One pattern, or several with commas between. */
static void add_mx(struct json_reader *reader, const struct json_place *here, struct bytes text,
                   struct texts *texts)
{
    struct scanner scanner = scanner_begin(text);

    if (!bytes_trim(text).length)
        json_note(reader, here, STS_DEVIATION_MEMBER_EMPTY, NOTHING);
    while (!scanner_at_end(&scanner)) {
        add_mx_pattern(reader, here, bytes_trim(scanner_until(&scanner, ',')), texts);
        scanner_try(&scanner, ',');
    }
}

void take_mx(struct json_reader *reader, const struct json_place *here, const struct json *value,
             void *at)
{
    /* a text in the RFC as it was published, a list by its erratum 6241 */
    struct texts texts = take_list(reader, here, value, add_mx, true);
    struct sts_report_policy *policy = at;

    policy->mx = texts.list;
    policy->mx_count = texts.count;
}
