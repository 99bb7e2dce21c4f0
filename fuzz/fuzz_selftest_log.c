/* SPDX-License-Identifier: MIT */
/* fuzz_selftest_log.c - any log: what became of a message is said with the line that says it. */
#include <stdint.h>
#include <string.h>

#include "policyd/selftest_bed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bed_seen seen[BED_CASES] = {0};
    TALLOC_CTX *ctx = talloc_new(NULL);

    if (bed_read_log(ctx, (struct bytes){(const char *)data, size}, seen) == STS_OK)
        for (size_t i = 0; i < BED_CASES; i++)
            if (!seen[i].log != !seen[i].outcome || (seen[i].log && strchr(seen[i].log, '\n')))
                __builtin_trap();
    talloc_free(ctx);
    return 0;
}
