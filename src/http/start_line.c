/* SPDX-License-Identifier: MIT */
/* start_line.c - METHOD TARGET VERSION with one blank between them. */
#include "http/start_line.h"

#include "base/scanner.h"
#include "http/grammar.h"
#include "http/target.h"

static struct http_fault bad(const char *why)
{
    return (struct http_fault){400, why};
}

static enum http_method method_of(struct bytes name)
{
    static const char *const names[HTTP_OTHER] = {
        [HTTP_GET] = "GET",         [HTTP_HEAD] = "HEAD",   [HTTP_POST] = "POST",
        [HTTP_PUT] = "PUT",         [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
        [HTTP_OPTIONS] = "OPTIONS",
    };
    size_t method = 0;

    while (method < HTTP_OTHER && !bytes_equal(name, names[method]))
        method++;
    return (enum http_method)method;
}

static struct http_fault take_version(struct http_request *request, struct scanner *scanner)
{
    long long major = -1, minor = -1;

    if (scanner_try_text(scanner, "HTTP/")) {
        major = scanner_number(scanner, 1, 1);
        scanner_expect(scanner, '.');
        minor = scanner_number(scanner, 1, 1);
    }
    if (major < 0 || !scanner_finished(scanner))
        return bad("the request line does not end with a version");
    if (major != 1 || minor > 1)
        return (struct http_fault){505, "the version is neither 1.0 nor 1.1"};
    request->minor = (int)minor;
    return (struct http_fault){0};
}

struct http_fault http_start_line(struct http_request *request, struct bytes line)
{
    struct scanner scanner = scanner_begin(line);
    struct bytes method = scanner_while(&scanner, http_is_token), target;
    struct http_fault fault;

    scanner_expect(&scanner, ' ');
    target = scanner_while(&scanner, http_is_target);
    scanner_expect(&scanner, ' ');
    if (scanner.failed || !method.length)
        return bad("the request line is not METHOD TARGET VERSION");
    fault = take_version(request, &scanner);
    if (fault.status)
        return fault;
    request->method = method_of(method);
    request->path = http_target_path(request, target);
    request->query = http_target_query(request, target);
    return request->path && request->query ? fault : bad("the target is no path");
}
