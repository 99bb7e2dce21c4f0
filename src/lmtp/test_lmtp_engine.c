/* SPDX-License-Identifier: MIT */
/* test_lmtp_engine.c - dialogues, in one piece, byte by byte and in random pieces.
 *
 * "~" stands for CR LF.  A message that is complete is told as "[text]" and answered with 250. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "lmtp/engine.h"

#define HELLO                                                                                      \
    "220 me LMTP mtasts~250-me~250-PIPELINING~250-8BITMIME~250-SMTPUTF8~"                          \
    "250-ENHANCEDSTATUSCODES~250 SIZE 33554432~"
#define OK1 "250 2.1.0 ok~"
#define OK2 "250 2.1.5 ok~"
#define GO  "354 end with <CR><LF>.<CR><LF>~"

static const struct {
    const char *title;
    const char *turns[6]; /* the client waits behind each */
    const char *expected;
} dialogues[] = {
    {"a message for two",
     {"LHLO mx~MAIL FROM:<a@b>~RCPT TO:<c@d>~RCPT TO:<e@f>~DATA~", "Subject: x~~text~.~", "QUIT~"},
     HELLO OK1 OK2 OK2 GO "[Subject: x~~text~]250 2.0.0 stored~250 2.0.0 stored~221 2.0.0 bye~"},
    {"two messages, dots taken away",
     {"lhlo mx~mail from:<> SIZE=100 BODY=8BITMIME SMTPUTF8~rcpt to:<c@d>~data~",
      "..~...~.x~~.~MAIL FROM:<a@b>~RCPT TO:<c@d>~DATA~", ".~"},
     HELLO OK1 OK2 GO "[.~..~x~~]250 2.0.0 stored~" OK1 OK2 GO "[]250 2.0.0 stored~"},
    {"a bare LF ends nothing, and spoils all",
     {"LHLO mx~MAIL FROM:<a@b>~RCPT TO:<c@d>~DATA~", "x\n.\nMAIL FROM:<evil@x>\r\n.\nRCPT~\n.~.~",
      "QUIT~"},
     HELLO OK1 OK2 GO "550 5.6.0 a CR or LF stands alone~221 2.0.0 bye~"},
    {"a bare CR too",
     {"LHLO mx~MAIL FROM:<a@b>~RCPT TO:<c@d>~DATA~", "x\r.\r\r\n.\rx~.~"},
     HELLO OK1 OK2 GO "550 5.6.0 a CR or LF stands alone~"},
    {"CR CR LF",
     {"LHLO mx~MAIL FROM:<a@b>~RCPT TO:<c@d>~DATA~", "x\r~.~"},
     HELLO OK1 OK2 GO "550 5.6.0 a CR or LF stands alone~"},
    {"a dot and CR, but no LF",
     {"LHLO mx~MAIL FROM:<a@b>~RCPT TO:<c@d>~DATA~", ".\rx~.~"},
     HELLO OK1 OK2 GO "550 5.6.0 a CR or LF stands alone~"},
    {"a command with a bare LF",
     {"LHLO mx\nMAIL FROM:<a@b>~"},
     "220 me LMTP mtasts~521 5.5.2 lines end with CR LF~"},
    {"a command with a bare CR",
     {"LHLO mx\rMAIL FROM:<a@b>~"},
     "220 me LMTP mtasts~521 5.5.2 lines end with CR LF~"},
    {"behind DATA without waiting",
     {"LHLO mx~MAIL FROM:<a@b>~RCPT TO:<c@d>~DATA~x~.~"},
     HELLO OK1 OK2 GO "521 5.5.0 something was sent behind DATA~"},
    {"out of order",
     {"MAIL FROM:<a@b>~LHLO~LHLO mx~RCPT TO:<a@b>~DATA~MAIL FROM:<a@b>~",
      "MAIL FROM:<a@b>~DATA~RSET~RCPT TO:<a@b>~NOOP x~"},
     "220 me LMTP mtasts~503 5.5.1 not now~501 5.5.4 a name is required~250-me~250-PIPELINING~"
     "250-8BITMIME~250-SMTPUTF8~250-ENHANCEDSTATUSCODES~250 SIZE 33554432~"
     "503 5.5.1 MAIL comes first~503 5.5.1 no valid recipients~" OK1
     "503 5.5.1 not now~503 5.5.1 no valid recipients~250 2.0.0 ok~503 5.5.1 MAIL comes first~"
     "250 2.0.0 ok~"},
    {"another protocol",
     {"EHLO mx~HELO mx~VRFY a~GET / HTTP/1.1~LHLOx~~"},
     "220 me LMTP mtasts~500 5.5.1 this is LMTP: LHLO~500 5.5.1 this is LMTP: LHLO~"
     "252 2.5.2 try to deliver it~500 5.5.2 unknown command~500 5.5.2 unknown command~"
     "500 5.5.2 unknown command~"},
    {"addresses",
     {"LHLO mx~MAIL FROM:a@b~MAIL FROM:<a b>~MAIL FROM:<a@b~MAIL FROM:<a@b>x~",
      "MAIL FROM:<\"a> \\\"b\"@c>~RCPT TO:<>~RCPT TO:<ä@b>~RCPT TO:<a@b> NOTIFY=NEVER~"},
     HELLO "501 5.1.7 expected MAIL FROM:<address>~501 5.1.7 expected MAIL FROM:<address>~"
           "501 5.1.7 expected MAIL FROM:<address>~501 5.5.4 syntax error in the parameters~" OK1
           "501 5.1.3 expected RCPT TO:<address>~" OK2 "555 5.5.4 unknown parameter~"},
    {"sizes and parameters",
     {"LHLO mx~MAIL FROM:<a@b> SIZE=33554433~MAIL FROM:<a@b> SIZE=x~MAIL FROM:<a@b> SIZE=~",
      "MAIL FROM:<a@b> BODY=BINARYMIME~MAIL FROM:<a@b>  SIZE=1~MAIL FROM:<a@b> SIZE=33554432~"},
     HELLO
     "552 5.3.4 the message is too large~501 5.5.4 SIZE is a number~"
     "501 5.5.4 SIZE is a number~555 5.5.4 unknown parameter~555 5.5.4 unknown parameter~" OK1},
};

static char *wire(TALLOC_CTX *ctx, const char *text)
{
    char *out = talloc_strdup(ctx, "");

    for (; *text; text++)
        out = talloc_asprintf_append(out, *text == '~' ? "\r\n" : "%c", *text);
    return out;
}

static char *hear(struct lmtp_engine *engine, char *said)
{
    size_t length;
    const char *text = lmtp_engine_output(engine, &length);

    return text ? talloc_strndup_append(said, text, length) : said;
}

static char *take_message(struct lmtp_engine *engine, char *said)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct bytes text = lmtp_engine_take_message(engine, ctx);

    said = talloc_asprintf_append(hear(engine, said), "[%.*s]", (int)text.length, text.data);
    assert_int_equal(lmtp_engine_answer(engine, LMTP_STORED), STS_OK);
    talloc_free(ctx);
    return said;
}

static char *feed(struct lmtp_engine *engine, char *said, const char *text, size_t pieces)
{
    size_t length = strlen(text), used;

    while (length && lmtp_engine_state(engine) != LMTP_OVER) {
        size_t piece = pieces ? 1 + (size_t)random() % pieces : length;

        piece = piece < length ? piece : length;
        assert_int_equal(lmtp_engine_feed(engine, text, piece, &used), STS_OK);
        if (lmtp_engine_state(engine) == LMTP_MESSAGE)
            said = take_message(engine, said);
        said = hear(engine, said);
        text += used;
        length -= used;
    }
    return said;
}

static void play(size_t i, size_t pieces)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *said = talloc_strdup(ctx, "");
    struct lmtp_engine *engine;

    assert_int_equal(lmtp_engine_new(ctx, "me", &engine), STS_OK);
    for (size_t turn = 0; turn < 6 && dialogues[i].turns[turn]; turn++)
        said = feed(engine, said, wire(ctx, dialogues[i].turns[turn]), pieces);
    said = hear(engine, said);
    assert_string_equal(said, wire(ctx, dialogues[i].expected));
    talloc_free(ctx);
}

/* Behind DATA a client has to wait, which shows only where both come in one piece. */
static void dialogues_go_as_they_are_written(void **state)
{
    (void)state;
    srandom(1);
    for (size_t i = 0; i < sizeof(dialogues) / sizeof(*dialogues); i++) {
        print_message("%s\n", dialogues[i].title);
        play(i, 0);
        if (strstr(dialogues[i].title, "without waiting"))
            continue;
        play(i, 1);
        for (int again = 0; again < 20; again++)
            play(i, 30);
    }
}

static void begin_text(struct lmtp_engine *engine)
{
    size_t used, length;
    const char begin[] = "LHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nRCPT TO:<a@c>\r\nDATA\r\n";

    assert_int_equal(lmtp_engine_feed(engine, begin, strlen(begin), &used), STS_OK);
    assert_int_equal(used, strlen(begin));
    (void)lmtp_engine_output(engine, &length);
}

static void a_message_has_a_ceiling(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char line[] = "0123456789012345678901234567890123456789012345678901234567890\r\n";
    struct lmtp_engine *engine;
    size_t used, length;
    const char *text;

    (void)state;
    assert_int_equal(lmtp_engine_new(ctx, "me", &engine), STS_OK);
    begin_text(engine);
    for (size_t fed = 0; fed <= LMTP_MESSAGE_MAX; fed += strlen(line))
        assert_int_equal(lmtp_engine_feed(engine, line, strlen(line), &used), STS_OK);
    assert_true(talloc_total_size(ctx) < LMTP_MESSAGE_MAX);
    assert_int_equal(lmtp_engine_feed(engine, ".\r\n", 3, &used), STS_OK);
    text = lmtp_engine_output(engine, &length);
    assert_memory_equal(
        text, "552 5.3.4 the message is too large\r\n552 5.3.4 the message is too large\r\n",
        length);
    assert_int_equal(lmtp_engine_state(engine), LMTP_TALK);
    talloc_free(ctx);
}

static void everything_else_has_one_too(void **state)
{
    static const char *const pieces[] = {"x", "NOOP\r\n", "HUH\r\n", "RSET\r\n"};

    (void)state;
    for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct lmtp_engine *engine;
        size_t used, fed = 0;

        assert_int_equal(lmtp_engine_new(ctx, "me", &engine), STS_OK);
        for (; lmtp_engine_state(engine) != LMTP_OVER; fed++) {
            assert_int_equal(lmtp_engine_feed(engine, pieces[i], strlen(pieces[i]), &used), STS_OK);
            assert_true(fed < LMTP_OUTPUT_MAX);
        }
        talloc_free(ctx);
    }
}

static void recipients_are_counted(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *line = "RCPT TO:<a@b>\r\n";
    struct lmtp_engine *engine;
    size_t used, count;

    (void)state;
    assert_int_equal(lmtp_engine_new(ctx, "me", &engine), STS_OK);
    assert_int_equal(lmtp_engine_feed(engine, "LHLO a\r\nMAIL FROM:<>\r\n", 22, &used), STS_OK);
    for (int i = 0; i < LMTP_RECIPIENTS_MAX + 5; i++)
        assert_int_equal(lmtp_engine_feed(engine, line, strlen(line), &used), STS_OK);
    assert_string_equal(lmtp_engine_recipients(engine, &count)[0], "a@b");
    assert_int_equal(count, LMTP_RECIPIENTS_MAX);
    talloc_free(ctx);
}

static void what_cannot_be_stored_now_comes_again(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct lmtp_engine *engine;
    size_t used, length;
    const char *text;

    (void)state;
    assert_int_equal(lmtp_engine_new(ctx, "me", &engine), STS_OK);
    begin_text(engine);
    assert_int_equal(lmtp_engine_feed(engine, "x\r\n.\r\nQUIT\r\n", 12, &used), STS_OK);
    assert_int_equal(used, 6); /* what follows waits for the answer */
    assert_int_equal(lmtp_engine_state(engine), LMTP_MESSAGE);
    assert_int_equal(lmtp_engine_answer(engine, LMTP_LATER), STS_OK);
    text = lmtp_engine_output(engine, &length);
    assert_memory_equal(text,
                        "451 4.3.0 not now, please try again later\r\n"
                        "451 4.3.0 not now, please try again later\r\n",
                        length);
    assert_int_equal(lmtp_engine_answer(engine, LMTP_LATER), STS_E_INVALID);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dialogues_go_as_they_are_written),
        cmocka_unit_test(a_message_has_a_ceiling),
        cmocka_unit_test(everything_else_has_one_too),
        cmocka_unit_test(recipients_are_counted),
        cmocka_unit_test(what_cannot_be_stored_now_comes_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
