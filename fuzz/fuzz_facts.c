/* SPDX-License-Identifier: MIT */
/* fuzz_facts.c - a stored observation from anyone: what is read is written the same twice, can be
 * judged, and leaves no control character in the text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "facts/facts_json.h"
#include "render/json.h"
#include "render/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void assert_clean(const char *text)
{
    for (; *text; text++) {
        if (((unsigned char)*text < ' ' && *text != '\n') || *text == 0x7f)
            abort();
    }
}

static void judge(TALLOC_CTX *ctx, const struct facts *facts)
{
    static const struct textout_options options = {.width = 60, .utf8 = true, .verbose = true};
    struct diagnosis *diagnosis;
    char *text, *json;

    if (diagnose(ctx, facts, facts->observed_at, &diagnosis) != STS_OK)
        abort();
    text = text_check(ctx, diagnosis, &options);
    json = json_check(ctx, diagnosis);
    if (!text || !json || strchr(json, '\n'))
        abort();
    assert_clean(text);
}

static char *written(TALLOC_CTX *ctx, const char *text, size_t length)
{
    struct facts *facts;
    char *again = NULL, *why;

    if (facts_read(ctx, text, length, &facts, &why) != STS_OK)
        return NULL;
    judge(ctx, facts);
    if (facts_write(ctx, facts, &again) != STS_OK)
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
