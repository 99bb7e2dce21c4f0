/* SPDX-License-Identifier: MIT */
/* fuzz_overrides.c - any file of overrides: what is taken is found again under its domain, and
 * Postfix takes each reply. */
#include <stdint.h>
#include <string.h>

#include "policyd/limits.h"
#include "policyd/overrides.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct overrides *overrides, const struct override *override)
{
    char domain[STS_NAME_SIZE] = "";
    struct bytes key = bytes_of(override->domain);
    enum policy_key_kind kind = policy_key_read(key, domain);

    if (kind != POLICY_KEY_UNUSABLE && kind != POLICY_KEY_ADDRESS &&
        overrides_find(overrides, key, kind, domain, INT64_MIN) != override)
        __builtin_trap();
    if (strlen(override->reason) > LIMIT_OVERRIDE_REASON ||
        (override->payload &&
         postfix_read(POSTFIX_3_4, bytes_of(override->payload)).outcome == POSTFIX_REFUSES))
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct overrides *overrides = NULL;
    size_t line = 0;

    if (overrides_read(ctx, (struct bytes){(const char *)data, size}, &overrides, &line) ==
        OVERRIDE_OK)
        for (size_t i = 0; i < overrides->count; i++)
            check(overrides, &overrides->list[i]);
    talloc_free(ctx);
    return 0;
}
