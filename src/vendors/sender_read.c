/* SPDX-License-Identifier: MIT */
/* sender_read.c - a policy as read with the habits of one sending implementation. */
#include "vendors/senders.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/bytes.h"
#include "base/hidden.h"
#include "base/text.h"
#include "sts/extension.h"
#include "sts/mx_pattern.h"

#define UTF8_BOM        "\xef\xbb\xbf"
#define DEFAULT_MAX_AGE 86400
#define NUMBER_BYTES    32 /* longer ones are no time that anybody means */

enum field { FIELD_VERSION, FIELD_MODE, FIELD_MAX_AGE, FIELD_MX, FIELD_OTHER };
static const char *const field_names[] = {"version", "mode", "max_age", "mx"};

struct sender_reader {
    const struct sender *sender;
    struct bytes value[FIELD_MX]; /* of the occurrence that counts */
    unsigned line[FIELD_OTHER];   /* where it stands; 0: nowhere */
    bool repeated[FIELD_MX];      /* with another value that counts more */
    unsigned number;              /* of the present line */
    bool joined;                  /* a line without a colon has become part of its key */
    struct reading reading;
};

/* ---- numbers --------------------------------------------------------------------------------- */

static size_t digits_at(const char *text)
{
    return strspn(text, "0123456789");
}

/* int() of Python: underscores between digits. */
static bool python_number(const char *text, char *digits)
{
    size_t count = 0;

    text += *text == '+';
    for (; *text; text++) {
        if (*text == '_' && count && ascii_is_digit((unsigned char)text[1]))
            continue;
        if (!ascii_is_digit((unsigned char)*text))
            return false;
        digits[count++] = *text;
    }
    digits[count] = '\0';
    return count > 0;
}

/* Number() of JavaScript, as far as people write such things. */
static bool script_number(const char *text, int64_t *ret)
{
    char *end;
    double number;

    if (!*text) {
        *ret = 0;
        return true;
    }
    if (strpbrk(text, "nNpP")) /* strtod() knows nan, infinity and hexadecimal exponents */
        return false;
    number = strtod(text, &end);
    if (*end || number < 0 || number > 1e12)
        return false;
    *ret = (int64_t)number;
    return true;
}

static bool plain_number(enum number_form form, const char *text, int64_t *ret)
{
    const char *digits = text;
    size_t count;

    if ((form == NUMBER_PLUS || form == NUMBER_SIGN) && *digits == '+')
        digits++;
    if (form == NUMBER_SIGN && *digits == '-')
        digits++;
    count = digits_at(digits);
    if (!count || digits[count] || (form == NUMBER_DIGITS_10 && count > 10))
        return false;
    *ret = strtoll(text, NULL, 10);
    return true;
}

/* The seconds as the sender understands them; false: it does not. */
static bool read_number(enum number_form form, struct bytes value, int64_t *ret)
{
    char text[NUMBER_BYTES], digits[NUMBER_BYTES];

    const char *data = value.length && value.data ? value.data : "";

    *ret = DEFAULT_MAX_AGE;
    if (value.length >= sizeof(text) || memchr(data, 0, value.length))
        return form == NUMBER_ANY;
    memcpy(text, data, value.length);
    text[value.length] = '\0';
    if (form == NUMBER_SCRIPT)
        return script_number(text, ret);
    if (form == NUMBER_PYTHON)
        return python_number(text, digits) && plain_number(NUMBER_DIGITS, digits, ret);
    if (form == NUMBER_ANY)
        return plain_number(NUMBER_PLUS, text, ret) || true;
    return plain_number(form, text, ret);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static bool reject(struct sender_reader *reader, enum sender_cause cause, unsigned line)
{
    reader->reading =
        (struct reading){.mode = STS_MODE_INVALID, .max_age = -1, .cause = cause, .line = line};
    return false;
}

static enum field field_of(const struct sender *sender, struct bytes key)
{
    enum field field = FIELD_VERSION;

    while (field < FIELD_OTHER &&
           !(sender->any_key_case ? bytes_equal_nocase(key, field_names[field])
                                  : bytes_equal(key, field_names[field])))
        field++;
    return field;
}

static bool version_fits(const struct sender *sender, struct bytes value)
{
    return sender->any_version_case ? bytes_equal_nocase(value, "STSv1")
                                    : bytes_equal(value, "STSv1");
}

static bool same(struct bytes a, struct bytes b)
{
    return a.length == b.length && !memcmp(a.data, b.data, a.length);
}

static enum sts_mode mode_of(const struct sender *sender, struct bytes value)
{
    for (enum sts_mode mode = STS_MODE_NONE; mode <= STS_MODE_ENFORCE; mode++)
        if (sender->any_mode_case ? bytes_equal_nocase(value, sts_mode_name(mode))
                                  : bytes_equal(value, sts_mode_name(mode)))
            return mode;
    return STS_MODE_INVALID;
}

static bool single_fits(const struct sender *sender, enum field field, struct bytes value)
{
    int64_t seconds;

    if (field == FIELD_VERSION)
        return version_fits(sender, value);
    if (field == FIELD_MODE)
        return mode_of(sender, value) != STS_MODE_INVALID;
    return read_number(sender->number, value, &seconds) &&
           (!sender->most_seconds || seconds <= sender->most_seconds);
}

/* version, mode, max_age */
static bool take_single(struct sender_reader *reader, enum field field, struct bytes value)
{
    const struct sender *sender = reader->sender;

    if (reader->line[field] && sender->every_valid && !single_fits(sender, field, value))
        return reject(reader, CAUSE_REPEATED, reader->number);
    if (reader->line[field] && sender->repeats == REPEATS_REJECT)
        return reject(reader, CAUSE_REPEATED, reader->number);
    if (reader->line[field] && sender->repeats == REPEATS_FIRST)
        return true;
    /* The value that this one displaces had to be valid too. */
    if (reader->line[field] && sender->every_valid &&
        !single_fits(sender, field, reader->value[field]))
        return reject(reader, CAUSE_REPEATED, reader->line[field]);
    reader->repeated[field] = reader->line[field] && !same(reader->value[field], value);
    reader->line[field] = reader->number;
    reader->value[field] = value;
    return true;
}

static bool mx_fits(const struct sender *sender, struct bytes value)
{
    enum mx_values wanted = sender->mx_values;
    enum sts_issue_reason fault;

    if (wanted == MX_VALUES_ANY || wanted == MX_VALUES_SKIP_EMPTY)
        return true;
    if (sender->cuts_pattern_dot && value.length > 1 && value.data[value.length - 1] == '.')
        value.length--;
    fault = mx_pattern_fault(value);
    if (fault == STS_REASON_MX_ADDRESS || fault == STS_REASON_MX_UNDERSCORE)
        return wanted == MX_VALUES_LOOSE;
    return fault == STS_REASON_NONE;
}

static bool take_mx(struct sender_reader *reader, struct bytes value)
{
    if (!value.length && reader->sender->mx_values == MX_VALUES_SKIP_EMPTY)
        return true;
    reader->line[FIELD_MX] = reader->number;
    if (mx_fits(reader->sender, value))
        return true;
    return reject(reader, CAUSE_MX_VALUE, reader->number);
}

static bool take_other(struct sender_reader *reader, struct bytes key, struct bytes value)
{
    if (!reader->sender->strict_extensions)
        return true;
    if (!extension_name_fault(key).reason && !extension_policy_value_fault(value).reason)
        return true;
    return reject(reader, CAUSE_EXTENSION, reader->number);
}

static struct bytes trimmed_end(struct bytes value)
{
    for (size_t size = 1; size <= 3 && size <= value.length; size++) {
        struct bytes last = bytes_from(value, value.length - size);
        const struct hidden *hidden = hidden_at(last);

        if (!hidden || strlen(hidden->bytes) != size || size == 1 || !*hidden->plain ||
            !strchr(" \n", *hidden->plain))
            continue;
        value.length -= size;
        value = bytes_trim(value);
        size = 0;
    }
    return value;
}

/* What the sender's library calls white space goes from both ends. */
static struct bytes trimmed(const struct sender *sender, struct bytes value)
{
    const struct hidden *hidden;

    value = bytes_trim(value);
    while (sender->unicode_blanks && (hidden = hidden_at(value)) && *hidden->plain &&
           strchr(" \n", *hidden->plain) && hidden->bytes[1])
        value = bytes_trim(bytes_from(value, strlen(hidden->bytes)));
    return sender->unicode_blanks ? trimmed_end(value) : value;
}

static bool take_pair(struct sender_reader *reader, struct bytes line, size_t colon)
{
    struct bytes key = {line.data, colon},
                 value = trimmed(reader->sender, bytes_from(line, colon + 1));
    struct bytes bare = bytes_trim(key);
    enum field field;

    if (reader->sender->one_colon && bytes_find_char(bytes_from(line, colon + 1), ':') >= 0)
        return reject(reader, CAUSE_SECOND_COLON, reader->number);
    if (bare.length != key.length && reader->sender->key_blanks == KEY_BLANKS_REJECT)
        return reject(reader, CAUSE_KEY_BLANKS, reader->number);
    if (reader->sender->key_blanks == KEY_BLANKS_TRIM)
        key = bare;
    field = reader->joined ? FIELD_OTHER : field_of(reader->sender, key);
    reader->joined = false;
    if (field < FIELD_MX)
        return take_single(reader, field, value);
    return field == FIELD_MX ? take_mx(reader, value) : take_other(reader, key, value);
}

static bool take_line(struct sender_reader *reader, struct bytes line)
{
    const struct sender *sender = reader->sender;
    long colon = bytes_find_char(line, ':');

    if (!bytes_trim(line).length) {
        if (line.length ? sender->no_space_lines : sender->no_blank_lines)
            return reject(reader, CAUSE_BLANK_LINE, reader->number);
        return true;
    }
    if (colon >= 0)
        return take_pair(reader, line, (size_t)colon);
    reader->joined = sender->bare_lines_join;
    return sender->no_bare_lines ? reject(reader, CAUSE_BARE_LINE, reader->number) : true;
}

/* The next line without its end, which is LF, CR LF, or CR where the sender takes that for one. */
static struct bytes next_line(const struct sender *sender, struct bytes *rest)
{
    struct bytes line = *rest;
    size_t length = 0, end = 0;

    while (length < rest->length && rest->data[length] != '\n' &&
           !(sender->cr_ends_lines && rest->data[length] == '\r'))
        length++;
    if (length < rest->length)
        end = rest->data[length] == '\r' && length + 1 < rest->length &&
                      rest->data[length + 1] == '\n'
                  ? 2
                  : 1;
    line.length = length;
    if (length && line.data[length - 1] == '\r')
        line.length--;
    *rest = bytes_from(*rest, length + end);
    return line;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool judge_version(struct sender_reader *reader)
{
    unsigned line = reader->line[FIELD_VERSION];

    if (!line)
        return reader->sender->version_optional || reject(reader, CAUSE_VERSION, 0);
    return version_fits(reader->sender, reader->value[FIELD_VERSION]) ||
           reject(reader, reader->repeated[FIELD_VERSION] ? CAUSE_REPEATED_LAST : CAUSE_VERSION,
                  line);
}

static bool judge_mode(struct sender_reader *reader)
{
    struct bytes value = reader->value[FIELD_MODE];

    if (!reader->line[FIELD_MODE]) {
        reader->reading.mode = STS_MODE_NONE;
        return reader->sender->mode_optional || reject(reader, CAUSE_MODE, 0);
    }
    reader->reading.mode = mode_of(reader->sender, value);
    if (reader->reading.mode == STS_MODE_INVALID)
        return reject(reader, CAUSE_MODE, reader->line[FIELD_MODE]);
    return true;
}

static bool judge_max_age(struct sender_reader *reader)
{
    const struct sender *sender = reader->sender;
    unsigned line = reader->line[FIELD_MAX_AGE];
    int64_t seconds = DEFAULT_MAX_AGE;

    if (!line && !sender->max_age_optional)
        return reject(reader, CAUSE_MAX_AGE, 0);
    if (line && !read_number(sender->number, reader->value[FIELD_MAX_AGE], &seconds))
        return reject(reader, CAUSE_MAX_AGE, line);
    if (!seconds && sender->no_zero)
        return reject(reader, CAUSE_MAX_AGE_ZERO, line);
    if (sender->most_seconds && seconds > sender->most_seconds)
        return reject(reader, CAUSE_MAX_AGE, line);
    if (seconds > STS_MAX_AGE_MAX && sender->over_year == OVER_YEAR_REJECT)
        return reject(reader, CAUSE_OVER_YEAR, line);
    if (seconds > STS_MAX_AGE_MAX && sender->over_year == OVER_YEAR_CAP)
        seconds = STS_MAX_AGE_MAX;
    if (sender->usual_to && (seconds < sender->usual_from || seconds > sender->usual_to)) {
        seconds = DEFAULT_MAX_AGE;
        reader->reading.cause = CAUSE_UNUSUAL_AGE;
    }
    reader->reading.max_age = seconds;
    return true;
}

static bool judge_mx(struct sender_reader *reader)
{
    enum mx_needed needed = reader->sender->mx_needed;

    if (reader->line[FIELD_MX] || needed == MX_NEEDED_NEVER)
        return true;
    if (needed == MX_NEEDED_UNLESS_NONE && reader->reading.mode == STS_MODE_NONE)
        return true;
    return reject(reader, CAUSE_MX_MISSING, 0);
}

static struct bytes what_it_sees(const struct sender *sender, struct bytes text)
{
    if (sender->reads && text.length > sender->reads)
        text.length = sender->reads;
    return sender->skips_bom && bytes_begin(text, UTF8_BOM) ? bytes_from(text, 3) : text;
}

static bool read_lines(struct sender_reader *reader, struct bytes rest)
{
    while (rest.length) {
        reader->number++;
        if (!take_line(reader, next_line(reader->sender, &rest)))
            return false;
    }
    return true;
}

static unsigned line_beyond_ascii(struct bytes text)
{
    unsigned line = 1;

    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] >= 0x80)
            return line;
        line += text.data[i] == '\n';
    }
    return 0;
}

struct reading sender_read(const struct sender *sender, const char *text, size_t length)
{
    struct sender_reader reader = {.sender = sender};
    struct bytes seen = what_it_sees(sender, (struct bytes){text, length});
    bool cut = sender->reads && length > sender->reads;
    unsigned beyond = sender->ascii_only ? line_beyond_ascii(seen) : 0;

    if (beyond)
        reject(&reader, CAUSE_NOT_ASCII, beyond);
    else if (sender->utf8_only && !text_is_utf8(seen.data, seen.length))
        reject(&reader, CAUSE_NOT_UTF8, 0);
    else if (read_lines(&reader, seen) && judge_version(&reader) && judge_mode(&reader) &&
             judge_max_age(&reader) && judge_mx(&reader) &&
             (reader.repeated[FIELD_MODE] || reader.repeated[FIELD_MAX_AGE]))
        reader.reading.cause = CAUSE_REPEATED_LAST;
    if (cut)
        reader.reading.cause = CAUSE_CUT;
    return reader.reading;
}
