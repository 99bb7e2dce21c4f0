/* SPDX-License-Identifier: MIT */
/* head.c - bytes to lines, lines to fields.
 *
 * The bytes are collected in one text, which grows up to its ceiling.  A field is remembered by
 * where its name and its value begin there, since the text moves while it grows; at the end these
 * become pointers, and the text goes along with the request. */
#include "http/head.h"

#include <stdint.h>
#include <string.h>

#include "base/ascii.h"
#include "base/scanner.h"
#include "http/framing.h"
#include "http/grammar.h"
#include "http/limits.h"
#include "http/start_line.h"

#define FIRST_ROOM 1024 /* as much as most heads are long */

struct request_head {
    char *text;
    size_t length, room;
    size_t line; /* where the line that is being read begins */
    bool has_start_line, after_cr;
    uint16_t names[LIMIT_REQUEST_FIELDS], values[LIMIT_REQUEST_FIELDS]; /* into the text */
    struct framing framing;
    struct http_request *request;
};

static const struct http_fault fine = {0, NULL};
static const struct http_fault no_memory = {503, "no memory"};
static const struct http_fault too_long = {431, "the head is too long"};

static struct http_fault bad(const char *why)
{
    return (struct http_fault){400, why};
}

struct request_head *request_head_new(TALLOC_CTX *ctx)
{
    struct request_head *head = talloc_zero(ctx, struct request_head);

    if (!head)
        return NULL;
    head->request = talloc_zero(head, struct http_request);
    head->text = talloc_size(head, FIRST_ROOM);
    head->room = FIRST_ROOM;
    if (head->request && head->text)
        return head;
    talloc_free(head);
    return NULL;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* NUL takes the place of the colon, and that of what follows the value. */
static void remember(struct request_head *head, struct bytes name, struct bytes value)
{
    size_t name_at = head->line, value_at = (size_t)(value.data - head->text);

    for (size_t i = name_at; i < name_at + name.length; i++)
        head->text[i] = ascii_lower(head->text[i]);
    head->text[name_at + name.length] = '\0';
    head->text[value_at + value.length] = '\0';
    head->names[head->request->field_count] = (uint16_t)name_at;
    head->values[head->request->field_count] = (uint16_t)value_at;
    head->request->field_count++;
}

static struct http_fault take_field(struct request_head *head, struct bytes line)
{
    struct scanner scanner = scanner_begin(line);
    struct bytes name = scanner_while(&scanner, http_is_token), value;

    if (!name.length || !scanner_try(&scanner, ':'))
        return bad("a line of the head is not NAME: VALUE");
    if (head->request->field_count == LIMIT_REQUEST_FIELDS)
        return (struct http_fault){431, "there are too many fields"};
    value = bytes_trim(bytes_from(line, scanner.at));
    remember(head, name, value);
    return framing_field(&head->framing, head->request, name, value);
}

/* The line is all from head->line on. */
static struct http_fault take_line(struct request_head *head, bool *ret_ended)
{
    struct bytes line = {head->text + head->line, head->length - head->line};

    if (!head->has_start_line) {
        head->has_start_line = true;
        return http_start_line(head->request, line);
    }
    if (line.length)
        return take_field(head, line);
    *ret_ended = true;
    return fine;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

/* Room for so many more and the end of a line. */
static bool make_room(struct request_head *head, size_t more)
{
    size_t room = head->room;
    char *text;

    while (room < head->length + more + 2)
        room *= 2;
    if (room == head->room)
        return true;
    text = talloc_realloc_size(head, head->text, room);
    if (!text)
        return false;
    head->text = text;
    head->room = room;
    return true;
}

static bool is_plain(unsigned char c)
{
    return !http_is_control(c) || c == '\t';
}

/* What the input has of the line before its end. */
static struct http_fault take_plain(struct request_head *head, struct bytes *input)
{
    struct scanner scanner = scanner_begin(*input);
    size_t length = scanner_while(&scanner, is_plain).length;

    if (!head->has_start_line && head->length + length > LIMIT_REQUEST_LINE)
        return (struct http_fault){414, "the request line is too long"};
    if (head->length + length + 2 > LIMIT_REQUEST_HEAD)
        return too_long;
    if (!make_room(head, length))
        return no_memory;
    memcpy(head->text + head->length, input->data, length);
    head->length += length;
    *input = bytes_from(*input, length);
    return fine;
}

/* Both bytes of the line's end count, and leave room for the NUL behind the last value. */
static struct http_fault end_line(struct request_head *head, bool *ret_ended)
{
    struct http_fault fault = take_line(head, ret_ended);

    head->length += 2;
    head->line = head->length;
    head->after_cr = false;
    if (fault.status)
        return fault;
    return head->length > LIMIT_REQUEST_HEAD ? too_long : make_room(head, 0) ? fine : no_memory;
}

/* RFC 9112 section 2.2 lets a recipient take LF alone for the end of a line; proxies differ there,
 * so we do not. */
static struct http_fault take_control(struct request_head *head, struct bytes *input,
                                      bool *ret_ended)
{
    char c = input->data[0];

    *input = bytes_from(*input, 1);
    if (head->after_cr)
        return c == '\n' ? end_line(head, ret_ended) : bad("CR stands without LF");
    head->after_cr = c == '\r';
    if (head->after_cr)
        return fine;
    return bad(c == '\n' ? "LF stands without CR" : "there is a control character");
}

struct http_fault request_head_take(struct request_head *head, struct bytes *input, bool *ret_ended)
{
    struct http_fault fault = fine;

    while (input->length && !fault.status && !*ret_ended) {
        if (head->after_cr || !is_plain((unsigned char)input->data[0]))
            fault = take_control(head, input, ret_ended);
        else
            fault = take_plain(head, input);
    }
    return fault;
}

struct http_fault request_head_finish(struct request_head *head, TALLOC_CTX *ctx,
                                      struct http_request **ret)
{
    struct http_request *request = head->request;
    struct http_field *fields = talloc_array(request, struct http_field, request->field_count + 1);
    struct http_fault fault = framing_finish(&head->framing, request);

    if (fault.status)
        return fault;
    if (!fields)
        return no_memory;
    for (size_t i = 0; i < request->field_count; i++)
        fields[i] = (struct http_field){head->text + head->names[i], head->text + head->values[i]};
    request->fields = fields;
    talloc_steal(request, head->text);
    *ret = talloc_steal(ctx, request);
    return fine;
}
