/* SPDX-License-Identifier: MIT */
/* answer.c - status line, fields, framing. */
#include "http/answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/scanner.h"
#include "http/date.h"
#include "http/grammar.h"

const char *http_reason(unsigned status)
{
    static const struct {
        unsigned status;
        const char *reason;
    } reasons[] = {
        {100, "Continue"},
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {300, "Multiple Choices"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
    };

    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "";
}

/* ---- the form -------------------------------------------------------------------------------- */

static bool may_have_body(unsigned status)
{
    return status >= 200 && status != 204 && status != 304;
}

/* A client of 1.0 knows no chunks: there the end of the connection is that of the body. */
static struct http_answer_form form_of(const struct http_answer *answer)
{
    const struct http_request *request = answer->request;
    bool body = may_have_body(answer->status), new_enough = request && request->minor > 0;
    struct http_answer_form form = {
        .has_body = body && !(request && request->method == HTTP_HEAD),
        .chunked = body && answer->length < 0 && new_enough,
        .keep_alive = request && request->keep_alive && !answer->close,
    };

    if (body && answer->length < 0 && !new_enough)
        form.keep_alive = false;
    return form;
}

/* ---- the head -------------------------------------------------------------------------------- */

static bool is_value(unsigned char c)
{
    return !http_is_control(c) || c == '\t';
}

static bool all_are(const char *text, bool (*is)(unsigned char))
{
    struct scanner scanner = scanner_begin(bytes_of(text));

    (void)scanner_while(&scanner, is);
    return scanner_finished(&scanner);
}

static bool is_ours(const char *name)
{
    static const char *const ours[] = {"Date", "Content-Length", "Transfer-Encoding", "Connection"};

    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        if (strcasecmp(name, ours[i]) == 0)
            return true;
    return false;
}

static char *put_fields(char *to, const struct http_answer *answer)
{
    for (size_t i = 0; to && i < answer->field_count; i++) {
        const struct http_field *field = &answer->fields[i];

        if (*field->name && all_are(field->name, http_is_token) &&
            all_are(field->value, is_value) && !is_ours(field->name))
            to = talloc_asprintf_append_buffer(to, "%s: %s\r\n", field->name, field->value);
    }
    return to;
}

static const char *connection_of(const struct http_answer *answer, bool keep_alive)
{
    if (!keep_alive)
        return "Connection: close\r\n";
    return answer->request->minor > 0 ? "" : "Connection: keep-alive\r\n";
}

char *http_answer_head(TALLOC_CTX *ctx, const struct http_answer *answer,
                       struct http_answer_form *ret_form)
{
    struct http_answer_form form = form_of(answer);
    char date[HTTP_DATE_SIZE], *to;

    http_date(answer->now, date);
    to = put_fields(talloc_asprintf(ctx, "HTTP/1.1 %u %s\r\nDate: %s\r\n", answer->status,
                                    http_reason(answer->status), date),
                    answer);
    if (to && may_have_body(answer->status) && answer->length >= 0)
        to = talloc_asprintf_append_buffer(to, "Content-Length: %" PRId64 "\r\n", answer->length);
    if (to && form.chunked)
        to = talloc_strdup_append_buffer(to, "Transfer-Encoding: chunked\r\n");
    if (to)
        to = talloc_asprintf_append_buffer(to, "%s\r\n", connection_of(answer, form.keep_alive));
    *ret_form = form;
    return to;
}

size_t http_chunk_begin(size_t length, char text[HTTP_CHUNK_SIZE])
{
    return (size_t)snprintf(text, HTTP_CHUNK_SIZE, "%zx\r\n", length);
}

/* ---- what the client has already ------------------------------------------------------------- */

char *http_etag(TALLOC_CTX *ctx, struct bytes body)
{
    uint64_t sum = 14695981039346656037u; /* FNV-1a */

    for (size_t i = 0; i < body.length; i++)
        sum = (sum ^ (unsigned char)body.data[i]) * 1099511628211u;
    return talloc_asprintf(ctx, "W/\"%016" PRIx64 "\"", sum);
}

/* Compared as weak ones: what stands behind "W/" counts. */
static struct bytes opaque(struct bytes etag)
{
    return bytes_begin(etag, "W/") ? bytes_from(etag, 2) : etag;
}

bool http_not_modified(const struct http_request *request, const char *etag)
{
    const char *value = http_request_field(request, "if-none-match");
    struct bytes list = bytes_of(value ? value : ""), member;
    struct bytes ours = opaque(bytes_of(etag));

    if (request->method != HTTP_GET && request->method != HTTP_HEAD)
        return false;
    while (http_list_next(&list, &member))
        if (bytes_equal(member, "*") || bytes_equal(opaque(member), ours.data))
            return true;
    return false;
}
