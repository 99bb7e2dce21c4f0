/* SPDX-License-Identifier: MIT */
/* fuzz_facts.c - a stored observation from anyone: what is read, is written the same twice. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "facts/facts_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *written(TALLOC_CTX *ctx, const char *text, size_t length)
{
    struct facts *facts;
    char *again = NULL, *why;

    if (facts_read(ctx, text, length, &facts, &why) == STS_OK &&
        facts_write(ctx, facts, &again) != STS_OK)
        abort();
    return again;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *once = written(ctx, (const char *)data, size);

    if (once) {
        char *twice = written(ctx, once, strlen(once));

        if (!twice || strcmp(once, twice) != 0)
            abort();
    }
    talloc_free(ctx);
    return 0;
}
