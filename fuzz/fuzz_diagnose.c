/* SPDX-License-Identifier: MIT */
/* fuzz_diagnose.c - any observation is diagnosed; no sentence is left with an empty place. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "facts/facts_json.h"
#include "rules/rules.h"

#define JUDGED_AT INT64_C(1795446000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *value_of(const struct finding *finding, const char *name, size_t length)
{
    for (size_t i = 0; i < finding->param_count; i++)
        if (strlen(finding->params[i].name) == length &&
            strncmp(finding->params[i].name, name, length) == 0)
            return finding->params[i].value;
    return NULL;
}

static void check(const struct finding *finding)
{
    for (const char *open = finding->detail; (open = strchr(open, '{')); open++)
        if (!value_of(finding, open + 1, strcspn(open + 1, "|}")))
            abort();
    if (finding->severity == SEVERITY_NONE)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct diagnosis *diagnosis;
    struct facts *facts;
    char *why;

    if (facts_read(ctx, (const char *)data, size, &facts, &why) == STS_OK) {
        if (diagnose(ctx, facts, JUDGED_AT, &diagnosis) != STS_OK)
            abort();
        for (size_t i = 0; i < diagnosis->finding_count; i++)
            check(&diagnosis->findings[i]);
    }
    talloc_free(ctx);
    return 0;
}
