/* SPDX-License-Identifier: MIT */
/* fuzz_lmtp.c - anything a client may say; an 0x01 in the input ends a packet. */
#include <stdint.h>
#include <string.h>

#include "lmtp/engine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No CR or LF stands alone in what is taken. */
static void check_message(struct bytes text)
{
    for (size_t i = 0; i < text.length; i++) {
        bool lf = text.data[i] == '\n', after_cr = i && text.data[i - 1] == '\r';

        if (lf != after_cr)
            __builtin_trap();
    }
    if (text.length && text.data[text.length - 1] != '\n')
        __builtin_trap();
}

static void feed(struct lmtp_engine *engine, const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t used, length, count;

    while (size && lmtp_engine_state(engine) != LMTP_OVER) {
        if (lmtp_engine_feed(engine, data, size, &used) != STS_OK)
            __builtin_trap();
        data += used;
        size -= used;
        if (lmtp_engine_state(engine) != LMTP_MESSAGE)
            continue;
        check_message(lmtp_engine_take_message(engine, ctx));
        (void)lmtp_engine_recipients(engine, &count);
        if (!count || count > LMTP_RECIPIENTS_MAX ||
            lmtp_engine_answer(engine, count % 2 ? LMTP_STORED : LMTP_LATER) != STS_OK)
            __builtin_trap();
        (void)lmtp_engine_output(engine, &length);
    }
    (void)lmtp_engine_output(engine, &length);
    talloc_free(ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lmtp_engine *engine;
    size_t start = 0;

    if (lmtp_engine_new(NULL, "fuzz.example", &engine) != STS_OK)
        __builtin_trap();
    for (size_t i = 0; i <= size; i++) {
        if (i < size && data[i] != 1)
            continue;
        feed(engine, data + start, i - start);
        start = i + 1;
    }
    talloc_free(engine);
    return 0;
}
