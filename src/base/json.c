/* SPDX-License-Identifier: MIT */
/* json.c - a parser by recursive descent.
 *
 * The values of a list or object that is open lie on one stack, the inner ones above the outer; at
 * its end they are moved to where they stay. */
#include "base/json.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"

#define STACK_FIRST 64
#define EXPONENT    400 /* beyond it every double is zero or infinite */

struct json_parser {
    TALLOC_CTX *ctx;
    struct bytes text;
    size_t at;
    bool lenient;
    int deepest;
    enum json_fault fault;
    char *texts; /* room for those to come: none is longer than what is written, with its marks */
    struct json *stack;
    size_t height, room;
};

static bool read_value(struct json_parser *r, int depth, struct json *value);

/* Always false. */
static bool fail(struct json_parser *r, enum json_fault fault)
{
    r->fault = fault;
    return false;
}

/* The next byte; -1 at the end. */
static int peek(const struct json_parser *r)
{
    return r->at < r->text.length ? (unsigned char)r->text.data[r->at] : -1;
}

static bool wrong(struct json_parser *r)
{
    return fail(r, peek(r) < 0 ? JSON_ENDS_EARLY : JSON_SYNTAX);
}

static bool take(struct json_parser *r, char c)
{
    bool there = peek(r) == (unsigned char)c;

    r->at += there;
    return there;
}

static bool take_text(struct json_parser *r, const char *text)
{
    size_t length = strlen(text);
    bool there = r->text.length - r->at >= length &&
                 !(r->lenient ? strncasecmp : strncmp)(r->text.data + r->at, text, length);

    r->at += there ? length : 0;
    return there;
}

/* Behind the slash of a comment. */
static void skip_comment(struct json_parser *r)
{
    struct bytes rest = bytes_from(r->text, r->at);
    bool line = take(r, '/');
    const char *end = line
                          ? memchr(rest.data, '\n', rest.length)
                          : (take(r, '*') ? memmem(rest.data + 1, rest.length - 1, "*/", 2) : NULL);

    r->at = end ? (size_t)(end - r->text.data) + (line ? 1 : 2) : r->text.length;
}

static void skip_blanks(struct json_parser *r)
{
    for (;;) {
        while (r->at < r->text.length && ascii_is_space((unsigned char)r->text.data[r->at]))
            r->at++;
        if (!r->lenient || !take(r, '/'))
            return;
        skip_comment(r);
    }
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* Decoded into one block that was allocated for all texts at the start.  Decoding never makes a
 * text longer: an escape of two bytes becomes one, of six at most three, a pair of them at most
 * four.  And where the marks around a text stood there is room for the NUL behind it.  So no length
 * is checked while writing. */

static bool read_hex(struct json_parser *r, unsigned *ret)
{
    *ret = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        int c = peek(r);

        if (c >= '0' && c <= '9')
            *ret = *ret << 4 | (unsigned)(c - '0');
        else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
            *ret = *ret << 4 | (unsigned)((c | 0x20) - 'a' + 10);
        else
            return wrong(r);
    }
    return true;
}

static char *put_point(char *out, unsigned point)
{
    if (point < 0x80) {
        *out++ = (char)point;
        return out;
    }
    if (point < 0x800) {
        *out++ = (char)(0xC0 | point >> 6);
    } else {
        if (point < 0x10000) {
            *out++ = (char)(0xE0 | point >> 12);
        } else {
            *out++ = (char)(0xF0 | point >> 18);
            *out++ = (char)(0x80 | (point >> 12 & 0x3F));
        }
        *out++ = (char)(0x80 | (point >> 6 & 0x3F));
    }
    *out++ = (char)(0x80 | (point & 0x3F));
    return out;
}

/* Behind "\u": at most 3 bytes for 6 of the text, 4 for 12. */
static bool read_unit(struct json_parser *r, char **out)
{
    unsigned first, second;
    size_t before;

    if (!read_hex(r, &first))
        return false;
    before = r->at;
    if (first >= 0xD800 && first < 0xDC00 && take(r, '\\') && take(r, 'u')) {
        if (!read_hex(r, &second))
            return false;
        if (second >= 0xDC00 && second < 0xE000) {
            *out = put_point(*out, 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
            return true;
        }
    }
    r->at = before;
    *out = put_point(*out, first >= 0xD800 && first < 0xE000 ? 0xFFFD : first);
    return true;
}

static bool read_escape(struct json_parser *r, char **out)
{
    static const char letters[] = "\"\\/bfnrt'", meant[] = "\"\\/\b\f\n\r\t'";
    int c = peek(r);
    const char *letter = c > 0 ? strchr(letters, c) : NULL;

    if (take(r, 'u'))
        return read_unit(r, out);
    if (!letter || (*letter == '\'' && !r->lenient))
        return wrong(r);
    r->at++;
    *(*out)++ = meant[letter - letters];
    return true;
}

/* Behind the quotation mark. */
static bool read_text(struct json_parser *r, char quote, struct bytes *ret)
{
    char *text = r->texts, *out = text;

    while (!take(r, quote)) {
        int c = peek(r);

        if (take(r, '\\')) {
            if (!read_escape(r, &out))
                return false;
            continue;
        }
        if (c < 0 || (c < ' ' && !r->lenient))
            return wrong(r);
        *out++ = (char)c;
        r->at++;
    }
    *ret = (struct bytes){text, (size_t)(out - text)};
    *out++ = '\0';
    r->texts = out;
    return true;
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* What is written without a point or an exponent is whole, and the nearest that an int64_t holds
 * where it is larger; all else is a double. */

static size_t take_digits(struct json_parser *r)
{
    size_t begin = r->at;

    while (r->at < r->text.length && ascii_is_digit((unsigned char)r->text.data[r->at]))
        r->at++;
    return r->at - begin;
}

/* Good to some 15 digits, and of any locale: what counts here is whether it is a small whole
 * number. */
static double double_of(struct bytes digits, struct bytes fraction, long exponent)
{
    double number = 0;

    for (size_t i = 0; i < digits.length; i++)
        number = number * 10 + (digits.data[i] - '0');
    for (size_t i = 0; i < fraction.length; i++, exponent--)
        number = number * 10 + (fraction.data[i] - '0');
    for (; exponent > 0 && number > 0 && number < HUGE_VAL; exponent--)
        number *= 10;
    if (exponent < 0 && number < HUGE_VAL) {
        double divisor = 1;

        for (; exponent < 0; exponent++)
            divisor *= 10;
        number /= divisor;
    }
    return number;
}

static int64_t integer_of(struct bytes digits, bool minus)
{
    int64_t number = 0;

    for (size_t i = 0; i < digits.length; i++) {
        int digit = digits.data[i] - '0';

        if (number > (INT64_MAX - digit) / 10)
            return minus ? INT64_MIN : INT64_MAX;
        number = number * 10 + digit;
    }
    return minus ? -number : number;
}

static bool read_exponent(struct json_parser *r, long *ret)
{
    bool minus;
    struct bytes digits;

    *ret = 0;
    if (!take(r, 'e') && !take(r, 'E'))
        return true;
    minus = take(r, '-');
    if (!minus)
        take(r, '+');
    digits.data = r->text.data + r->at;
    digits.length = take_digits(r);
    if (!digits.length)
        return wrong(r);
    *ret = (long)integer_of(digits, minus);
    *ret = *ret > EXPONENT ? EXPONENT : *ret < -EXPONENT ? -EXPONENT : *ret;
    return true;
}

static bool read_special(struct json_parser *r, bool minus, struct json *value)
{
    if (take_text(r, "NaN"))
        value->number = NAN;
    else if (take_text(r, "Infinity"))
        value->number = minus ? -HUGE_VAL : HUGE_VAL;
    else
        return wrong(r);
    value->kind = JSON_DOUBLE;
    return true;
}

static bool read_number(struct json_parser *r, struct json *value)
{
    bool minus = take(r, '-'), fractional = false;
    struct bytes digits = {r->text.data + r->at, 0}, fraction = {NULL, 0};
    long exponent;

    digits.length = take_digits(r);
    if (!digits.length)
        return r->lenient ? read_special(r, minus, value) : wrong(r);
    if (digits.length > 1 && *digits.data == '0' && !r->lenient)
        return fail(r, JSON_SYNTAX);
    if (take(r, '.')) {
        fractional = true;
        fraction.data = r->text.data + r->at;
        fraction.length = take_digits(r);
        if (!fraction.length && !r->lenient)
            return wrong(r);
    }
    fractional = fractional || peek(r) == 'e' || peek(r) == 'E';
    if (!read_exponent(r, &exponent))
        return false;
    value->kind = fractional ? JSON_DOUBLE : JSON_INTEGER;
    if (fractional)
        value->number = (minus ? -1 : 1) * double_of(digits, fraction, exponent);
    else
        value->integer = integer_of(digits, minus);
    return true;
}

/* ---- lists and objects ----------------------------------------------------------------------- */

/* Recursion is as deep as the caller allows, so a text of brackets alone cannot use up the C stack.
 * Members of the same name are found by sorting, not by comparing each with all: an object of a
 * million members takes hardly longer than a list of as many. */

static bool push(struct json_parser *r, const struct json *value)
{
    if (r->height == r->room) {
        size_t room = r->room ? 2 * r->room : STACK_FIRST;
        struct json *stack = talloc_realloc(NULL, r->stack, struct json, room);

        if (!stack)
            return fail(r, JSON_NO_MEMORY);
        r->stack = stack;
        r->room = room;
    }
    r->stack[r->height++] = *value;
    return true;
}

static int by_name(const void *left, const void *right)
{
    const struct json *a = *(const struct json *const *)left,
                      *b = *(const struct json *const *)right;
    size_t shorter = a->name.length < b->name.length ? a->name.length : b->name.length;
    int order = memcmp(a->name.data, b->name.data, shorter);

    if (order || a->name.length != b->name.length)
        return order ? order : a->name.length < b->name.length ? -1 : 1;
    return a < b ? -1 : a > b;
}

static bool same_name(const struct json *a, const struct json *b)
{
    return a->name.length == b->name.length && !memcmp(a->name.data, b->name.data, a->name.length);
}

/* Of members with the same name the last takes the place of the first. */
static bool drop_repeated(struct json_parser *r, struct json *object)
{
    const struct json **order = talloc_array(NULL, const struct json *, object->count);
    size_t kept = 0;

    if (!order)
        return fail(r, JSON_NO_MEMORY);
    for (size_t i = 0; i < object->count; i++)
        order[i] = &object->items[i];
    qsort(order, object->count, sizeof(*order), by_name);
    for (size_t i = 0, last; i < object->count; i = last + 1) {
        struct json *first = &object->items[order[i] - object->items];
        struct bytes name = first->name;

        for (last = i; last + 1 < object->count && same_name(first, order[last + 1]); last++)
            ;
        *first = *order[last];
        first->name = name;
        for (size_t j = i + 1; j <= last; j++)
            object->items[order[j] - object->items].name.data = NULL;
    }
    talloc_free(order);
    for (size_t i = 0; i < object->count; i++)
        if (object->items[i].name.data)
            object->items[kept++] = object->items[i];
    object->count = kept;
    return true;
}

/* What lies on the stack above `bottom` is the value's. */
static bool close_list(struct json_parser *r, struct json *value, size_t bottom)
{
    value->count = r->height - bottom;
    r->height = bottom;
    if (!value->count)
        return true;
    value->items = talloc_memdup(r->ctx, r->stack + bottom, value->count * sizeof(*value->items));
    if (!value->items)
        return fail(r, JSON_NO_MEMORY);
    return value->kind == JSON_ARRAY || value->count < 2 || drop_repeated(r, value);
}

static bool read_name(struct json_parser *r, struct bytes *ret)
{
    char quote = r->lenient && peek(r) == '\'' ? '\'' : '"';

    if (!take(r, quote))
        return wrong(r);
    if (!read_text(r, quote, ret))
        return false;
    skip_blanks(r);
    return take(r, ':') || wrong(r);
}

/* Behind the bracket. */
static bool read_list(struct json_parser *r, int depth, struct json *value)
{
    char end = value->kind == JSON_ARRAY ? ']' : '}';
    size_t bottom = r->height;

    skip_blanks(r);
    for (bool more = false; !take(r, end); more = true) {
        struct json item = {0};

        if (more) {
            if (!take(r, ','))
                return wrong(r);
            skip_blanks(r);
            if (r->lenient && take(r, end))
                break;
        }
        if (value->kind == JSON_OBJECT && !read_name(r, &item.name))
            return false;
        if (depth >= r->deepest)
            return fail(r, JSON_TOO_DEEP);
        if (!read_value(r, depth + 1, &item) || !push(r, &item))
            return false;
        skip_blanks(r);
    }
    return close_list(r, value, bottom);
}

/* ---- values ---------------------------------------------------------------------------------- */

/* What a value is its first byte tells; where that byte begins none, lenient reading knows a few
 * words more. */

static bool read_literal(struct json_parser *r, struct json *value)
{
    bool yes = take_text(r, "true");

    if (yes || take_text(r, "false"))
        *value = (struct json){.kind = JSON_BOOL, .name = value->name, .boolean = yes};
    else if (!take_text(r, "null"))
        return r->lenient ? read_special(r, false, value) : wrong(r);
    return true;
}

static bool read_any(struct json_parser *r, int depth, struct json *value)
{
    int c = peek(r);

    if (c == '"' || (c == '\'' && r->lenient)) {
        value->kind = JSON_STRING;
        r->at++;
        return read_text(r, (char)c, &value->text);
    }
    if (c == '[' || c == '{') {
        value->kind = c == '[' ? JSON_ARRAY : JSON_OBJECT;
        r->at++;
        return read_list(r, depth, value);
    }
    if (c == '-' || (c >= '0' && c <= '9'))
        return read_number(r, value);
    return read_literal(r, value);
}

static bool read_value(struct json_parser *r, int depth, struct json *value)
{
    size_t begin;

    skip_blanks(r);
    begin = r->at;
    if (!read_any(r, depth, value))
        return false;
    value->source = (struct bytes){r->text.data + begin, r->at - begin};
    return true;
}

enum json_fault json_read(TALLOC_CTX *ctx, struct bytes text, bool lenient, int depth,
                          struct json **ret, size_t *ret_at)
{
    struct json *value = talloc_zero(ctx, struct json);
    struct json_parser r = {.ctx = value, .text = text, .lenient = lenient, .deepest = depth};
    bool good;

    r.texts = value ? talloc_size(value, text.length + 1) : NULL;
    good = r.texts && read_value(&r, 0, value);
    if (good && !lenient) {
        skip_blanks(&r);
        good = r.at == text.length || fail(&r, JSON_SYNTAX);
    }
    talloc_free(r.stack);
    *ret_at = r.at;
    *ret = good ? value : NULL;
    if (good)
        return JSON_OK;
    talloc_free(value);
    return r.texts ? r.fault : JSON_NO_MEMORY;
}

/* ---- looking at it --------------------------------------------------------------------------- */

static const struct json *or_null(const struct json *value)
{
    return value->kind == JSON_NULL ? NULL : value;
}

const struct json *json_item(const struct json *array, size_t index)
{
    return or_null(&array->items[index]);
}

const struct json *json_member(const struct json *object, const char *name)
{
    for (size_t i = 0; i < object->count; i++)
        if (bytes_equal(object->items[i].name, name))
            return or_null(&object->items[i]);
    return NULL;
}
