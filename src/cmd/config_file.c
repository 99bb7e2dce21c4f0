/* SPDX-License-Identifier: MIT */
/* config_file.c - the syntax of a configuration file, line by line through the scanner. */
#include "cmd/config_file.h"

#include <string.h>

#include "base/array.h"
#include "base/msgid.h"
#include "base/scanner.h"
#include "base/text.h"

struct reading {
    TALLOC_CTX *ctx;
    struct config_file *file;
    const char *section;
    size_t line;
    bool no_memory;
};

static bool is_blank(unsigned char c)
{
    return c == ' ' || c == '\t';
}

/* Capitals and underscores too, so that the unknown name can be said whole. */
static bool is_name(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

static void fault(struct reading *r, const char *what)
{
    if (r->file->fault)
        return;
    r->file->fault = what;
    r->file->fault_line = r->line;
}

static char *copy(struct reading *r, struct bytes text)
{
    char *own = talloc_strndup(r->ctx, text.data, text.length);

    r->no_memory |= !own;
    return own;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* Nothing but blanks and a comment may follow. */
static bool ends(struct scanner *s)
{
    scanner_while(s, is_blank);
    return scanner_at_end(s) || scanner_peek(s) == '#';
}

static char *quoted_value(struct reading *r, struct scanner *s)
{
    char *value = talloc_zero_array(r->ctx, char, s->text.length + 1);
    size_t length = 0;
    bool closed = false;

    r->no_memory |= !value;
    scanner_expect(s, '"');
    while (value && !scanner_at_end(s) && !(closed = scanner_try(s, '"'))) {
        if (scanner_try(s, '\\') && scanner_peek(s) != '"' && scanner_peek(s) != '\\')
            fault(r, N_("behind a backslash, only \" or another backslash may follow"));
        if (scanner_at_end(s))
            break;
        value[length++] = s->text.data[s->at++];
    }
    if (!closed)
        fault(r, N_("the closing quotation mark is missing"));
    else if (!ends(s))
        fault(r, N_("only a comment may follow the closing quotation mark"));
    return value;
}

static char *plain_value(struct reading *r, struct scanner *s)
{
    struct bytes value = {s->text.data + s->at, s->text.length - s->at};

    for (size_t i = 0; i < value.length; i++)
        if (value.data[i] == '#' && (!i || is_blank((unsigned char)value.data[i - 1])))
            value.length = i;
    while (value.length && is_blank((unsigned char)value.data[value.length - 1]))
        value.length--;
    if (!value.length)
        fault(r, N_("the value is missing"));
    return copy(r, value);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void add_line(struct reading *r, const char *key, const char *value)
{
    struct config_line *line = array_grow(r->ctx, &r->file->lines, &r->file->count, sizeof(*line));

    if (line)
        *line = (struct config_line){r->section, key, value, r->line};
    r->no_memory |= !line;
}

static void read_section(struct reading *r, struct scanner *s)
{
    struct bytes name;

    scanner_expect(s, '[');
    scanner_while(s, is_blank);
    name = scanner_while(s, is_name);
    scanner_while(s, is_blank);
    if (!name.length || name.length > CONFIG_FILE_SECTION || !scanner_try(s, ']') || !ends(s))
        fault(r, N_("expected [SUBCOMMAND]"));
    r->section = copy(r, name);
    if (!r->file->fault)
        add_line(r, NULL, NULL);
}

static void read_setting(struct reading *r, struct scanner *s)
{
    struct bytes key = scanner_while(s, is_name);
    char *value;

    scanner_while(s, is_blank);
    if (!key.length || !scanner_try(s, '=')) {
        fault(r, N_("expected KEY = VALUE"));
        return;
    }
    scanner_while(s, is_blank);
    value = scanner_peek(s) == '"' ? quoted_value(r, s) : plain_value(r, s);
    if (r->file->fault || r->no_memory)
        return;
    add_line(r, copy(r, key), value);
}

static bool is_text(struct bytes line)
{
    for (size_t i = 0; i < line.length; i++)
        if ((unsigned char)line.data[i] < ' ' && line.data[i] != '\t')
            return false;
    return text_is_utf8(line.data, line.length) && !memchr(line.data, 0x7f, line.length);
}

static void read_line(struct reading *r, struct bytes line)
{
    struct scanner s;

    if (line.length && line.data[line.length - 1] == '\r')
        line.length--;
    s = scanner_begin(line);
    if (line.length > CONFIG_FILE_VALUE) {
        fault(r, N_("the line is too long"));
    } else if (!is_text(line)) {
        fault(r, N_("the line contains control characters or is not UTF-8"));
    } else if (!ends(&s)) {
        if (scanner_peek(&s) == '[')
            read_section(r, &s);
        else
            read_setting(r, &s);
    }
}

enum sts_status config_file_parse(TALLOC_CTX *ctx, struct bytes text, struct config_file *ret)
{
    struct reading r = {.ctx = ctx, .file = ret};
    struct scanner s = scanner_begin(text);

    *ret = (struct config_file){NULL, 0, NULL, 0};
    scanner_try_text(&s, "\357\273\277");
    while (!ret->fault && !r.no_memory && !scanner_at_end(&s)) {
        r.line++;
        read_line(&r, scanner_until(&s, '\n'));
        scanner_try(&s, '\n');
        if (r.line > CONFIG_FILE_LINES || s.at > CONFIG_FILE_MAX)
            fault(&r, N_("the file is too long"));
    }
    return r.no_memory ? STS_E_NOMEM : STS_OK;
}
