/* SPDX-License-Identifier: MIT */
/* fuzz_imap.c - anything an IMAP server may say.  An 0x01 in the input ends a packet; then the
 * owner does the next thing that it can. */
#include <stdint.h>
#include <string.h>

#include "net/imap_engine.h"
#include "net/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_body(void *arg, const char *data, size_t length)
{
    size_t *bytes = arg;

    for (size_t i = 0; i < length; i++)
        *bytes += data[i] != 0;
}

static void on_mail(void *arg, const struct imap_mail *mail)
{
    size_t *bytes = arg;

    *bytes += mail->uid != 0;
}

/* A command each time that one may be given, another each time. */
static void act(struct imap_engine *engine, unsigned *turn)
{
    static const uint32_t uids[] = {1, 5, UINT32_MAX};
    enum imap_state state = imap_engine_state(engine);
    enum sts_status status = STS_OK;

    if (state == IMAP_START_TLS)
        status = imap_engine_secured(engine);
    else if (state == IMAP_IDLING)
        status = imap_engine_end_idle(engine);
    else if (state == IMAP_READY && *turn % 5 == 0)
        status = imap_engine_select(engine, "Reports/read \xc3\xa4", false);
    else if (state == IMAP_READY && *turn % 5 == 1)
        status = imap_engine_sizes(engine, 1, UINT32_MAX);
    else if (state == IMAP_READY && *turn % 5 == 2)
        status = imap_engine_bodies(engine, uids, 3);
    else if (state == IMAP_READY && *turn % 5 == 3)
        status = imap_engine_move(engine, uids, 3, "Done");
    else if (state == IMAP_READY)
        status = imap_engine_idle(engine);
    *turn += state == IMAP_READY;
    if (status != STS_OK)
        __builtin_trap();
}

/* Lines of ours hold no line end but their own, and literals are counted. */
static void check_output(struct imap_engine *engine)
{
    size_t length;
    const char *text = imap_engine_output(engine, &length);

    if (text &&
        (length < 2 || memcmp(text + length - 2, "\r\n", 2) != 0 || memchr(text, '\n', length - 1)))
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t bytes = 0, start = 0;
    const struct imap_sink sink = {on_body, on_mail, &bytes};
    struct imap_login login = {"me", "secret", NULL, "h", 993, IMAP_TLS_IMPLICIT};
    struct imap_engine *engine;
    unsigned turn = 0;

    if (size && data[0] == 'T') {
        login.tls = IMAP_TLS_STARTTLS;
        login.password = NULL;
        login.token = "token";
    }
    if (imap_engine_new(ctx, &login, &sink, &engine) != STS_OK)
        __builtin_trap();
    for (size_t i = 0; i < size; i++) {
        if (data[i] != 1 && i + 1 < size)
            continue;
        if (imap_engine_feed(engine, data + start, i - start) != STS_OK)
            __builtin_trap();
        check_output(engine);
        act(engine, &turn);
        check_output(engine);
        start = i + 1;
    }
    imap_engine_eof(engine);
    if (imap_engine_state(engine) != IMAP_ENDED)
        __builtin_trap();
    talloc_free(ctx);
    return 0;
}
