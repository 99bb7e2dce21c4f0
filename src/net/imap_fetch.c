/* SPDX-License-Identifier: MIT */
/* imap_fetch.c - items by name; the values of those that nobody asked for are passed over. */
#include "net/imap_fetch.h"

#include "base/ascii.h"
#include "base/scanner.h"

static bool is_name(unsigned char c)
{
    return c > ' ' && c != '[' && c != '(' && c != ')' && c != '"' && c != '{';
}

static bool is_atom(unsigned char c)
{
    return c > ' ' && c != '(' && c != ')' && c != '"' && c != '{';
}

static bool is_section(unsigned char c)
{
    return c != ']';
}

/* Behind its first quotation mark, which is taken. */
static struct bytes quoted(struct scanner *s)
{
    size_t from;

    scanner_expect(s, '"');
    from = s->at;
    while (!s->failed && !scanner_at_end(s) && scanner_peek(s) != '"') {
        scanner_try(s, '\\');
        if (!scanner_at_end(s))
            s->at++;
    }
    scanner_expect(s, '"');
    return s->failed ? (struct bytes){0} : (struct bytes){s->text.data + from, s->at - 1 - from};
}

static void pass_literal(struct scanner *s)
{
    long long length;

    scanner_expect(s, '{');
    length = scanner_number(s, 1, 10);
    scanner_expect(s, '}');
    scanner_try(s, '\r');
    scanner_expect(s, '\n');
    if (!s->failed && (size_t)length > s->text.length - s->at)
        s->failed = true;
    if (!s->failed)
        s->at += (size_t)length;
}

/* A value that is no list. */
static void pass_word(struct scanner *s)
{
    int c = scanner_peek(s);

    if (c == '"')
        (void)quoted(s);
    else if (c == '{')
        pass_literal(s);
    else if (!scanner_while(s, is_atom).length)
        s->failed = true;
}

/* However deep the lists are, one inside the other: a number is enough to find the end. */
static void pass_value(struct scanner *s)
{
    size_t depth = 0;

    do {
        if (scanner_try(s, '('))
            depth++;
        else if (depth && scanner_try(s, ')'))
            depth--;
        else if (!depth || !scanner_try(s, ' '))
            pass_word(s);
    } while (depth && !s->failed && !scanner_at_end(s));
    s->failed |= depth > 0;
}

static struct bytes item_name(struct scanner *s)
{
    size_t from = s->at;

    scanner_while(s, is_name);
    if (scanner_try(s, '[')) {
        scanner_while(s, is_section);
        scanner_expect(s, ']');
        scanner_while(s, is_name); /* "<0>" */
    }
    if (s->at == from)
        s->failed = true;
    return (struct bytes){s->text.data + from, s->at - from};
}

static void read_body(struct scanner *s, struct imap_mail *ret, struct bytes *ret_quoted)
{
    ret->body = true;
    if (scanner_peek(s) == '"')
        *ret_quoted = quoted(s);
    else
        pass_value(s); /* NIL, where the literal stood */
}

static void read_item(struct scanner *s, struct imap_mail *ret, struct bytes *ret_quoted)
{
    struct bytes name = item_name(s);

    scanner_expect(s, ' ');
    if (bytes_equal_nocase(name, "UID")) {
        long long uid = scanner_number(s, 1, 10);

        s->failed |= uid > UINT32_MAX;
        ret->uid = s->failed ? 0 : (uint32_t)uid;
    } else if (bytes_equal_nocase(name, "RFC822.SIZE")) {
        ret->size = scanner_number(s, 1, 18);
    } else if (bytes_equal_nocase(name, "BODY[]")) {
        read_body(s, ret, ret_quoted);
    } else {
        pass_value(s);
    }
}

bool imap_fetch_read(struct bytes items, struct imap_mail *ret, struct bytes *ret_quoted)
{
    struct scanner s = scanner_begin(items);

    *ret = (struct imap_mail){.size = -1};
    *ret_quoted = (struct bytes){0};
    scanner_expect(&s, '(');
    while (!s.failed && !scanner_at_end(&s) && !scanner_try(&s, ')')) {
        read_item(&s, ret, ret_quoted);
        if (scanner_peek(&s) != ')')
            scanner_expect(&s, ' ');
    }
    return scanner_finished(&s) && items.length && items.data[items.length - 1] == ')';
}
