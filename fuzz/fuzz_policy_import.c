/* SPDX-License-Identifier: MIT */
/* fuzz_policy_import.c - any file as another daemon's cache: what is taken from it is a domain in
 * its final form with a policy that senders would use, or DANE, and no later than now. */
#include <stdint.h>
#include <string.h>

#include "base/hname.h"
#include "policyd/policy_import.h"
#include "policyd/policy_text.h"

#define NOW 1800000100

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int good)
{
    if (!good)
        __builtin_trap();
}

static void judge(TALLOC_CTX *ctx, const struct store_cached_policy *row)
{
    struct live_policy *policy = NULL;

    demand(hname_valid(bytes_of(row->domain)));
    demand(row->policy || row->dane_at);
    demand(row->fetched_at <= NOW && row->dane_at <= NOW && row->used_at == NOW);
    if (!row->policy)
        return;
    demand(policy_text_read(ctx, bytes_of(row->policy), row->id, &policy) == STS_OK);
    demand(policy && row->fetched_at + policy->max_age > NOW);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct policy_import import;

    if (!policy_import_read(ctx, (struct bytes){(const char *)data, size}, NOW, &import)) {
        for (size_t i = 0; i < import.count; i++)
            judge(ctx, &import.list[i]);
    }
    talloc_free(ctx);
    return 0;
}
