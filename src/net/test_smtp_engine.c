/* SPDX-License-Identifier: MIT */
/* test_smtp_engine.c - dialogues as tables: what the peer says, what we answer, what is learnt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "net/limits.h"
#include "net/smtp_engine.h"

#define SECURED "<TLS>" /* in a script: the handshake is over */
#define EOF_    "<EOF>"

struct dialogue {
    const char *title;
    const char *script[10]; /* the peer's turns */
    const char *said;       /* everything we sent */
    int outcome, phase;
    int greeting, ehlo, starttls;
    int injected;
    bool offered;
};

static const struct dialogue dialogues[] = {
    {"the whole way",
     {"220 mx ESMTP\r\n", "250-mx\r\n250-SIZE 10\r\n250 STARTTLS\r\n", "220 go\r\n", SECURED,
      "250-mx\r\n250 SIZE 10\r\n", "221 bye\r\n"},
     "EHLO me\r\nSTARTTLS\r\nEHLO me\r\nQUIT\r\n",
     NET_OK,
     PHASE_QUIT,
     220,
     250,
     220,
     0,
     true},
    {"bytes one at a time and LF alone",
     {"2", "2", "0", " ", "m", "\n", "250 STARTTLS\n"},
     "EHLO me\r\nQUIT\r\n",
     NET_UNKNOWN,
     PHASE_QUIT,
     220,
     250,
     0,
     0,
     false},
    {"a greeting of several lines",
     {"220-wait\r\n", "220 mx\r\n", "250-mx\r\n250-starttls\r\n250 X\r\n", "454 not now\r\n",
      "221\r\n"},
     "EHLO me\r\nSTARTTLS\r\nQUIT\r\n",
     NET_OK,
     PHASE_QUIT,
     220,
     250,
     454,
     0,
     true},
    {"no STARTTLS",
     {"220 mx\r\n", "250-mx\r\n250 STARTTLSX\r\n", "221 bye\r\n"},
     "EHLO me\r\nQUIT\r\n",
     NET_OK,
     PHASE_QUIT,
     220,
     250,
     0,
     0,
     false},
    {"refused at the door",
     {"554 no\r\n", EOF_},
     "QUIT\r\n",
     NET_OK,
     PHASE_QUIT,
     554,
     0,
     0,
     0,
     false},
    {"told to come later",
     {"421 busy\r\n", "221\r\n"},
     "QUIT\r\n",
     NET_OK,
     PHASE_QUIT,
     421,
     0,
     0,
     0,
     false},
    {"EHLO refused",
     {"220 mx\r\n", "550 your name\r\n", "550 your name\r\n", "221\r\n"},
     "EHLO me\r\nHELO me\r\nQUIT\r\n",
     NET_OK,
     PHASE_QUIT,
     220,
     550,
     0,
     0,
     false},
    {"EHLO unknown, HELO known",
     {"220 mx\r\n", "500 what\r\n", "250-mx\r\n250 STARTTLS\r\n", "221\r\n"},
     "EHLO me\r\nHELO me\r\nQUIT\r\n",
     NET_OK,
     PHASE_QUIT,
     220,
     500,
     0,
     0,
     false},
    {"EHLO put off",
     {"220 mx\r\n", "421 busy\r\n", "221\r\n"},
     "EHLO me\r\nQUIT\r\n",
     NET_OK,
     PHASE_QUIT,
     220,
     421,
     0,
     0,
     false},
    {"text behind the 220 is an injection",
     {"220 mx\r\n", "250-mx\r\n250 STARTTLS\r\n", "220 go\r\n250 evil\r\n", SECURED, "250 mx\r\n",
      "221\r\n"},
     "EHLO me\r\nSTARTTLS\r\nEHLO me\r\nQUIT\r\n",
     NET_OK,
     PHASE_QUIT,
     220,
     250,
     220,
     10,
     true},
    {"hangs up in the greeting",
     {"220-mx\r\n", EOF_},
     "",
     NET_CLOSED,
     PHASE_GREETING,
     0,
     0,
     0,
     0,
     false},
    {"hangs up after STARTTLS",
     {"220 mx\r\n", "250-mx\r\n250 STARTTLS\r\n", EOF_},
     "EHLO me\r\nSTARTTLS\r\n",
     NET_CLOSED,
     PHASE_STARTTLS,
     220,
     250,
     0,
     0,
     true},
    {"another protocol",
     {"SSH-2.0-OpenSSH_9.2\r\n"},
     "",
     NET_PROTOCOL,
     PHASE_GREETING,
     0,
     0,
     0,
     0,
     false},
    {"a code of two digits", {"22 mx\r\n"}, "", NET_PROTOCOL, PHASE_GREETING, 0, 0, 0, 0, false},
    {"a code of four digits", {"2200 mx\r\n"}, "", NET_PROTOCOL, PHASE_GREETING, 0, 0, 0, 0, false},
    {"an empty line", {"\r\n"}, "", NET_PROTOCOL, PHASE_GREETING, 0, 0, 0, 0, false},
    {"a greeting that ends in a refusal",
     {"220-wait\r\n", "521 5.7.1 blocked\r\n", EOF_},
     "QUIT\r\n",
     NET_OK,
     PHASE_QUIT,
     521,
     0,
     0,
     0,
     false},
    {"a refusal whose last line takes it back",
     {"421-busy\r\n220 mx\r\n", "250 mx\r\n", "221\r\n"},
     "EHLO me\r\nQUIT\r\n",
     NET_OK,
     PHASE_QUIT,
     220,
     250,
     0,
     0,
     false},
    {"an offer of STARTTLS that ends in a refusal",
     {"220 mx\r\n", "250-mx\r\n250-STARTTLS\r\n421 busy\r\n", "221\r\n"},
     "EHLO me\r\nQUIT\r\n",
     NET_OK,
     PHASE_QUIT,
     220,
     421,
     0,
     0,
     false},
    {"turned away after TLS",
     {"220 mx\r\n", "250-mx\r\n250 STARTTLS\r\n", "220 go\r\n", SECURED,
      "421 4.7.0 too many errors\r\n", EOF_},
     "EHLO me\r\nSTARTTLS\r\nEHLO me\r\nQUIT\r\n",
     NET_OK,
     PHASE_QUIT,
     220,
     250,
     220,
     0,
     true},
    {"codes that change within a greeting, none of them a refusal",
     {"220-mx\r\n250 mx\r\n"},
     "QUIT\r\n",
     NET_UNKNOWN,
     PHASE_QUIT,
     250,
     0,
     0,
     0,
     false},
    {"a code alone",
     {"220\r\n", "250\r\n", "221\r\n"},
     "EHLO me\r\nQUIT\r\n",
     NET_OK,
     PHASE_QUIT,
     220,
     250,
     0,
     0,
     false},
};

static void drain(struct smtp_engine *engine, char *said)
{
    size_t length;
    const char *text;

    while ((text = smtp_engine_output(engine, &length)))
        strncat(said, text, length);
}

static void play(TALLOC_CTX *ctx, const struct dialogue *dialogue, struct smtp_session *session,
                 char *said)
{
    struct smtp_engine *engine;

    assert_int_equal(smtp_engine_new(ctx, session, "me", &engine), STS_OK);
    for (size_t i = 0; i < 10 && dialogue->script[i]; i++) {
        const char *turn = dialogue->script[i];

        if (strcmp(turn, SECURED) == 0) {
            assert_int_equal(smtp_engine_state(engine), SMTP_START_TLS);
            assert_int_equal(smtp_engine_secured(engine), STS_OK);
        } else if (strcmp(turn, EOF_) == 0) {
            smtp_engine_eof(engine);
        } else {
            assert_int_equal(smtp_engine_feed(engine, turn, strlen(turn)), STS_OK);
        }
        drain(engine, said);
    }
}

static void dialogues_go_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof dialogues / sizeof dialogues[0]; i++) {
        const struct dialogue *dialogue = &dialogues[i];
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct smtp_session *session = talloc_zero(ctx, struct smtp_session);
        char said[256] = "";

        print_message("%s\n", dialogue->title);
        play(ctx, dialogue, session, said);
        assert_string_equal(said, dialogue->said);
        assert_int_equal(session->outcome, dialogue->outcome);
        assert_int_equal(session->phase, dialogue->phase);
        assert_int_equal(session->greeting_code, dialogue->greeting);
        assert_int_equal(session->ehlo_code, dialogue->ehlo);
        assert_int_equal(session->starttls_code, dialogue->starttls);
        assert_int_equal(session->injected, dialogue->injected);
        assert_int_equal(session->starttls_offered, dialogue->offered);
        talloc_free(ctx);
    }
}

/* Feed the same piece again and again: the engine must end by itself, within its ceiling. */
static void gives_up_on(const char *piece, size_t size, size_t ceiling)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct smtp_session *session = talloc_zero(ctx, struct smtp_session);
    struct smtp_engine *engine;
    size_t fed = 0;

    assert_int_equal(smtp_engine_new(ctx, session, "me", &engine), STS_OK);
    while (smtp_engine_state(engine) != SMTP_DONE) {
        assert_int_equal(smtp_engine_feed(engine, piece, size), STS_OK);
        fed += size;
        assert_true(fed <= ceiling + size);
    }
    assert_int_equal(session->outcome, NET_LIMIT);
    assert_non_null(session->error);
    assert_true(session->line_count <= LIMIT_TRANSCRIPT_LINES);
    talloc_free(ctx);
}

static void every_size_has_a_ceiling(void **state)
{
    (void)state;
    gives_up_on("x", 1, LIMIT_SMTP_LINE);
    gives_up_on("220-more\r\n", 10, 10 * LIMIT_SMTP_LINES);
}

static void a_nul_is_kept_and_breaks_nothing(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct smtp_session *session = talloc_zero(ctx, struct smtp_session);
    struct smtp_engine *engine;

    (void)state;
    assert_int_equal(smtp_engine_new(ctx, session, "me", &engine), STS_OK);
    assert_int_equal(smtp_engine_feed(engine, "220 a\0b\r\n", 9), STS_OK);
    assert_int_equal(session->greeting.length, 3);
    assert_memory_equal(session->greeting.data, "a\0b", 3);
    assert_int_equal(session->lines[0].text.length, 7);
    talloc_free(ctx);
}

static void the_reply_to_ehlo_after_tls_is_kept(void **state)
{
    static const struct dialogue dialogue = {.script = {"220 mx\r\n", "250-mx\r\n250 STARTTLS\r\n",
                                                        "220 go\r\n", SECURED,
                                                        "421 4.7.0 too many errors\r\n"}};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct smtp_session *session = talloc_zero(ctx, struct smtp_session);
    char said[256] = "";

    (void)state;
    play(ctx, &dialogue, session, said);
    assert_int_equal(session->tls_ehlo_code, 421);
    assert_string_equal(session->tls_ehlo.data, "4.7.0 too many errors");
    talloc_free(ctx);
}

static void a_helo_that_would_smuggle_is_refused(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct smtp_session *session = talloc_zero(ctx, struct smtp_session);
    struct smtp_engine *engine;

    (void)state;
    assert_int_equal(smtp_engine_new(ctx, session, "me\r\nMAIL", &engine), STS_E_INVALID);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dialogues_go_as_the_table_says),
        cmocka_unit_test(every_size_has_a_ceiling),
        cmocka_unit_test(a_nul_is_kept_and_breaks_nothing),
        cmocka_unit_test(the_reply_to_ehlo_after_tls_is_kept),
        cmocka_unit_test(a_helo_that_would_smuggle_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
