/* SPDX-License-Identifier: MIT */
/* fuzz_senders.c - a policy text as every known sender reads it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "vendors/senders.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < sender_count; i++) {
        struct reading reading = sender_read(&senders[i], (const char *)data, size);

        if (reading.mode == STS_MODE_INVALID && (!reading.cause || reading.max_age != -1))
            abort();
        if (reading.cause >= CAUSE_COUNT || (reading.cause && !sender_cause_text(reading.cause)))
            abort();
    }
    return 0;
}
