/* SPDX-License-Identifier: MIT */
/* fuzz_reply.c - anything an MX host may say; an 0x01 in the input ends a packet, an 0x02 TLS. */
#include <stdint.h>
#include <string.h>

#include "net/limits.h"
#include "net/smtp_engine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct smtp_session *session = talloc_zero(ctx, struct smtp_session);
    struct smtp_engine *engine;
    size_t start = 0, length;

    if (smtp_engine_new(ctx, session, "fuzz.example", &engine) != STS_OK)
        __builtin_trap();
    for (size_t i = 0; i < size; i++) {
        if (data[i] > 2 || data[i] == 0)
            continue;
        if (smtp_engine_feed(engine, data + start, i - start) != STS_OK)
            __builtin_trap();
        if (smtp_engine_state(engine) == SMTP_START_TLS && smtp_engine_secured(engine) != STS_OK)
            __builtin_trap();
        (void)smtp_engine_output(engine, &length);
        start = i + 1;
    }
    smtp_engine_eof(engine);
    if (smtp_engine_state(engine) != SMTP_DONE || session->line_count > LIMIT_TRANSCRIPT_LINES)
        __builtin_trap();
    talloc_free(ctx);
    return 0;
}
