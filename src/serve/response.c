/* SPDX-License-Identifier: MIT */
/* response.c - status line and fields; what protects a page stands in a table. */
#include "serve/response.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/clock.h"

/* ---- the status line ------------------------------------------------------------------------- */

static const struct {
    unsigned status;
    const char *reason;
} reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
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
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

const char *response_reason(unsigned status)
{
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "";
}

/* ---- fields ---------------------------------------------------------------------------------- */

static const struct {
    const char *name, *value;
    unsigned kinds; /* of routes, a bit each */
} protections[] = {
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
     "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
     1u << ROUTE_PAGE},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox",
     1u << ROUTE_API | 1u << ROUTE_PLAIN},
    {"X-Content-Type-Options", "nosniff", ~0u},
    {"Referrer-Policy", "same-origin", ~0u},
    {"Cross-Origin-Opener-Policy", "same-origin", 1u << ROUTE_PAGE},
    {"Cross-Origin-Resource-Policy", "same-origin", 1u << ROUTE_PAGE | 1u << ROUTE_PLAIN},
};

static bool has_field(const struct response *response, const char *name)
{
    for (size_t i = 0; i < response->field_count; i++)
        if (strcasecmp(response->fields[i].name, name) == 0)
            return true;
    return false;
}

static char *add(char *head, const char *name, const char *value)
{
    return head ? talloc_asprintf_append_buffer(head, "%s: %s\r\n", name, value) : NULL;
}

static char *add_protections(char *head, const struct response *response)
{
    for (size_t i = 0; i < sizeof(protections) / sizeof(protections[0]); i++)
        if (protections[i].kinds & 1u << response->kind &&
            !has_field(response, protections[i].name))
            head = add(head, protections[i].name, protections[i].value);
    if (!has_field(response, "Cache-Control"))
        head = add(head, "Cache-Control", "no-store");
    return head;
}

static char *add_date(char *head)
{
    time_t now = (time_t)clock_now();
    struct tm parts;
    char text[40];

    if (!gmtime_r(&now, &parts) || !strftime(text, sizeof(text), "%a, %d %b %Y %T GMT", &parts))
        return head;
    return add(head, "Date", text);
}

static char *add_length(char *head, const struct response *response)
{
    if (response->length < 0)
        return response->chunked ? add(head, "Transfer-Encoding", "chunked") : head;
    if (response->status == 204 || response->status == 304)
        return head;
    return head ? talloc_asprintf_append_buffer(head, "Content-Length: %lld\r\n",
                                                (long long)response->length)
                : NULL;
}

char *response_head(TALLOC_CTX *ctx, const struct response *response)
{
    char *head = talloc_asprintf(ctx, "HTTP/1.1 %u %s\r\n", response->status,
                                 response_reason(response->status));

    head = add_date(head);
    if (response->type)
        head = add(head, "Content-Type", response->type);
    head = add_length(head, response);
    for (size_t i = 0; i < response->field_count; i++)
        head = add(head, response->fields[i].name, response->fields[i].value);
    head = add_protections(head, response);
    if (response->close)
        head = add(head, "Connection", "close");
    else if (response->keep_alive)
        head = add(head, "Connection", "keep-alive");
    return head ? talloc_strdup_append_buffer(head, "\r\n") : NULL;
}
