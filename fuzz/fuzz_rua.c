/* SPDX-License-Identifier: MIT */
/* fuzz_rua.c - any text as a reporting URI: what is sent to a server is one line and no other. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/rua_uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *text = talloc_strndup(ctx, (const char *)data, size);
    struct rua_uri uri;

    if (rua_uri_read(ctx, text, &uri)) {
        demand(*uri.host && !strpbrk(uri.host, "/:?#@ "));
        demand(uri.port >= 0 && uri.port <= 65535);
        demand(*uri.path == '/' && !strchr(uri.path, '#') && strlen(uri.path) < size);
        for (const char *c = uri.path; *c; c++)
            demand(*c > ' ' && *c < 0x7f);
    }
    talloc_free(ctx);
    return 0;
}
