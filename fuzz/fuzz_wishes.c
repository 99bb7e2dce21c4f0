/* SPDX-License-Identifier: MIT */
/* fuzz_wishes.c - the values of Cookie, Accept and their like, whatever they hold. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/accept.h"
#include "http/answer.h"
#include "http/cookie.h"
#include "http/parameters.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const words[] = {"en", "de"};
    static const char *const types[] = {"text/html", "application/json"};
    char *value = talloc_strndup(NULL, (const char *)data, size), *text;
    struct http_field fields[] = {{"cookie", value}, {"if-none-match", value}};
    struct http_request request = {.fields = fields, .field_count = 2};

    must(http_accept_language(value, words, 2) < 2);
    must(http_accept_type(value, types, 2) <= 2);
    (void)http_accept_gzip(value);
    (void)http_not_modified(&request, "W/\"a\"");
    text = http_cookie(value, &request, "a");
    must(!text || strlen(text) <= size);
    if (text) /* what is read can be set */
        must(
            http_set_cookie(value, &(struct http_cookie){.name = "a", .value = text, .path = "/"}));
    must(http_parameter(value, bytes_of(value), "a", &text));
    must(!text || strlen(text) <= size);
    talloc_free(value);
    return 0;
}
