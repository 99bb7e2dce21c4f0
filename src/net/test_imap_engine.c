/* SPDX-License-Identifier: MIT */
/* test_imap_engine.c - recorded dialogues, in one piece, byte by byte and in random pieces.
 *
 * A line of a dialogue begins with "<": the server says it; ">": we said exactly that; "!": the
 * owner does; "=": so far the owner was told exactly that.  "~" stands for CR LF inside a line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/imap_engine.h"
#include "net/limits.h"

#define SIGN_IN                                                                                    \
    "<* OK ready\n"                                                                                \
    ">A1 CAPABILITY\n"                                                                             \
    "<* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\n<A1 OK done\n"                                    \
    ">A2 AUTHENTICATE PLAIN AG1lAHNlY3JldA==\n"                                                    \
    "<A2 OK [CAPABILITY IMAP4rev1] signed in\n"
#define SIGNED_IN(capabilities)                                                                    \
    SIGN_IN ">A3 CAPABILITY\n"                                                                     \
            "<* CAPABILITY IMAP4rev1 NAMESPACE " capabilities "\n<A3 OK done\n"                    \
            ">A4 NAMESPACE\n"                                                                      \
            "<* NAMESPACE ((\"\" \".\")) NIL NIL\n<A4 OK done\n"                                   \
            "=ready\n"

struct dialogue {
    const char *title;
    enum imap_tls tls;
    bool token;
    const char *password; /* NULL: "secret" */
    const char *script;
};

static const struct dialogue dialogues[] = {
    {"STARTTLS, and what was offered before it is forgotten", IMAP_TLS_STARTTLS, false, NULL,
     "<* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] Dovecot ready.\n"
     ">A1 CAPABILITY\n"
     "<* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\n<A1 OK done\n"
     ">A2 STARTTLS\n"
     "<A2 OK begin\n"
     "!tls\n"
     ">A3 CAPABILITY\n"
     "<* CAPABILITY IMAP4rev1\n<A3 OK done\n"
     ">A4 LOGIN \"me\" \"secret\"\n"
     "<A4 OK in\n"
     ">A5 CAPABILITY\n"
     "<* CAPABILITY IMAP4rev1 IDLE\n<A5 OK done\n"
     ">A6 LIST \"\" \"\"\n"
     "<* LIST (\\Noselect) \".\" \"\"\n<A6 OK done\n"
     "=ready\n"
     "!select Reports/read\n"
     ">A7 SELECT \"Reports.read\"\n"},
    {"STARTTLS is not offered", IMAP_TLS_STARTTLS, false, NULL,
     "<* OK ready\n<* CAPABILITY IMAP4rev1 AUTH=PLAIN\n<A1 OK done\n=ended NO_STARTTLS\n"},
    {"STARTTLS is refused", IMAP_TLS_STARTTLS, false, NULL,
     "<* OK ready\n<* CAPABILITY STARTTLS\n<A1 OK done\n<A2 NO not now\n=ended STARTTLS: not "
     "now\n"},
    {"plain text behind the OK", IMAP_TLS_STARTTLS, false, NULL,
     "<* OK ready\n<* CAPABILITY STARTTLS\n<A1 OK done\n"
     "<A2 OK begin\n<* CAPABILITY IMAP4rev1 AUTH=PLAIN\n=ended INJECTED\n"},
    {"PREAUTH without TLS", IMAP_TLS_STARTTLS, false, NULL, "<* PREAUTH hello\n=ended PREAUTH\n"},
    {"PREAUTH inside TLS", IMAP_TLS_IMPLICIT, false, NULL,
     "<* PREAUTH hello\n>A1 CAPABILITY\n<* CAPABILITY IMAP4rev1\n<A1 OK done\n"
     ">A2 LIST \"\" \"\"\n<* LIST () NIL \"\"\n<A2 OK done\n=ready\n"
     "!select a/b\n>A3 SELECT \"a/b\"\n"},
    {"LOGIN is disabled and nothing else offered", IMAP_TLS_IMPLICIT, false, NULL,
     "<* OK ready\n<* CAPABILITY IMAP4rev1 LOGINDISABLED\n<A1 OK done\n=ended NO_PASSWORD\n"},
    {"a password that cannot be quoted", IMAP_TLS_IMPLICIT, false, "ä\"",
     "<* OK ready\n<* CAPABILITY IMAP4rev1\n<A1 OK done\n"
     ">A1 CAPABILITY~A2 LOGIN \"me\" {3}\n"
     "<+ go on\n>ä\"\n<A2 OK in\n>A3 CAPABILITY\n"},
    {"a password that would be a command", IMAP_TLS_IMPLICIT, false, "x\r\nA9 DELETE INBOX",
     "<* OK ready\n<* CAPABILITY IMAP4rev1\n<A1 OK done\n"
     ">A1 CAPABILITY~A2 LOGIN \"me\" {18}\n"
     "<A2 NO too long\n=ended SIGN_IN: too long\n"},
    {"quotation marks in a password", IMAP_TLS_IMPLICIT, false, "a\"b\\c",
     "<* OK ready\n<* CAPABILITY IMAP4rev1\n<A1 OK done\n"
     ">A1 CAPABILITY~A2 LOGIN \"me\" \"a\\\"b\\\\c\"\n"},
    {"AUTHENTICATE without an initial response", IMAP_TLS_IMPLICIT, false, NULL,
     "<* OK ready\n<* CAPABILITY AUTH=PLAIN\n<A1 OK done\n"
     ">A1 CAPABILITY~A2 AUTHENTICATE PLAIN\n<+ \n>AG1lAHNlY3JldA==\n<A2 OK in\n>A3 CAPABILITY\n"},
    {"a wrong password", IMAP_TLS_IMPLICIT, false, NULL,
     "<* OK ready\n<* CAPABILITY AUTH=PLAIN SASL-IR\n<A1 OK done\n"
     "<A2 NO [AUTHENTICATIONFAILED] Authentication failed.\n"
     "=ended SIGN_IN: Authentication failed.\n"},
    {"the server cannot say", IMAP_TLS_IMPLICIT, false, NULL,
     "<* OK ready\n<* CAPABILITY AUTH=PLAIN SASL-IR\n<A1 OK done\n"
     "<A2 NO [UNAVAILABLE] later\n=ended UNAVAILABLE: later\n"},
    {"OAUTHBEARER before XOAUTH2", IMAP_TLS_IMPLICIT, true, NULL,
     "<* OK ready\n<* CAPABILITY SASL-IR AUTH=XOAUTH2 AUTH=OAUTHBEARER\n<A1 OK done\n"
     ">A1 CAPABILITY~A2 AUTHENTICATE OAUTHBEARER "
     "bixhPW1lLAFob3N0PWltYXAuZXhhbXBsZQFwb3J0PTk5MwFhdXRoPUJlYXJlciB0b2tlbgEB\n"
     "<+ eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=\n>AQ==\n"
     "<A2 NO refused\n=ended TOKEN: refused\n"},
    {"XOAUTH2", IMAP_TLS_IMPLICIT, true, NULL,
     "<* OK ready\n<* CAPABILITY AUTH=XOAUTH2\n<A1 OK done\n"
     ">A1 CAPABILITY~A2 AUTHENTICATE XOAUTH2\n<+\n"
     ">dXNlcj1tZQFhdXRoPUJlYXJlciB0b2tlbgEB\n"
     "<+ eyJzdGF0dXMiOiI0MDAifQ==\n>\n<A2 NO refused\n=ended TOKEN: refused\n"},
    {"no way in with a token", IMAP_TLS_IMPLICIT, true, NULL,
     "<* OK ready\n<* CAPABILITY AUTH=PLAIN\n<A1 OK done\n=ended NO_TOKEN\n"},
    {"turned away", IMAP_TLS_IMPLICIT, false, NULL,
     "<* BYE too many connections\n=ended REFUSED: too many connections\n"},
    {"another protocol", IMAP_TLS_IMPLICIT, false, NULL,
     "<220 mx ESMTP\n=ended PROTOCOL: 220 mx ESMTP\n"},
    {"another tag", IMAP_TLS_IMPLICIT, false, NULL,
     "<* OK ready\n<A2 OK done\n=ended PROTOCOL: A2 OK done\n"},
    {"a folder, sizes, bodies", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN("MOVE") "!select INBOX\n>A5 SELECT \"INBOX\"\n"
                       "<* FLAGS (\\Seen)\n<* OK [UIDVALIDITY 77] valid\n<* OK [UIDNEXT 12] "
                       "next\n<* 2 EXISTS\n"
                       "<* OK [PERMANENTFLAGS (\\Seen \\*)] ok\n<A5 OK [READ-WRITE] done\n"
                       "=folder 77 12 2; ready\n"
                       "!sizes 3 12\n>A6 UID FETCH 3:12 (UID RFC822.SIZE)\n"
                       "<* 1 FETCH (UID 7 RFC822.SIZE 5)\n<* 2 FETCH (RFC822.SIZE 12 UID 9 FLAGS "
                       "(\\Seen (a \"b)\") x))\n"
                       "<* 2 FETCH (FLAGS (\\Recent))\n<A6 OK done\n"
                       "=mail 7 size 5; mail 9 size 12; mail 0; ready\n"
                       "!bodies\n>A7 UID FETCH 7,9 (UID BODY.PEEK[])\n"
                       "<* 1 FETCH (UID 7 BODY[] {5}\n<abc\n<)\n"
                       "<* 2 FETCH (BODY[] {12}\n<A7 OK done\n< UID 9)\n<A7 OK done\n"
                       "=mail 7 <abc|>; mail 9 <A7 OK done|>; ready\n"},
    {"bodies that are no literals", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN("MOVE") "!bodies\n<* 1 FETCH (UID 7 BODY[] \"a\\\"b\")\n"
                       "<* 2 FETCH (UID 8 BODY[] \"\")\n<* 3 FETCH (UID 9 BODY[] NIL)\n"
                       "<* 4 FETCH (UID 9 ENVELOPE (NIL {6}\n<BODY[] {1}\n<) X) BODY[] "
                       "{2}\n<no)\n<A5 OK done\n"
                       "=mail 7 <a\"b>; mail 8 <>; mail 9 <>; mail 9 <no>; ready\n"},
    {"a literal that looks like another", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN("MOVE") "!bodies\n<* 1 FETCH (UID 7 X {4}\n<{99} Y {4}\n<{98})\n<A5 OK done\n"
                       "=mail 7; ready\n"},
    {"a line that ends with a literal like another", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN("MOVE") "!select a\n<* X {4}\n<{98}\n<A5 OK done\n=ready\n"},
    {"a FETCH that is none", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN("MOVE") "!bodies\n<* 1 FETCH (UID 7\n=ended PROTOCOL: (UID 7\n"},
    {"MOVE", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN(
         "MOVE UIDPLUS") "!move Done\n>A5 UID MOVE 7,9 \"Done\"\n"
                         "<* OK [COPYUID 1 7,9 1:2] moved\n<* 1 EXPUNGE\n<A5 OK done\n=ready\n"},
    {"MOVE to a folder that has to be made", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN("MOVE") "!move Done/2026\n>A5 UID MOVE 7,9 \"Done.2026\"\n"
                       "<A5 NO [TRYCREATE] no such folder\n>A6 CREATE \"Done.2026\"\n<A6 OK made\n"
                       ">A7 UID MOVE 7,9 \"Done.2026\"\n<A7 OK done\n=ready\n"},
    {"somebody else made it", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN("MOVE") "!move Done\n<A5 NO [trycreate] no\n<A6 NO [ALREADYEXISTS] there\n"
                       ">A5 UID MOVE 7,9 \"Done\"~A6 CREATE \"Done\"~A7 UID MOVE 7,9 \"Done\"\n<A7 "
                       "OK done\n=ready\n"},
    {"it cannot be made: asked once, not for ever", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN(
         "MOVE") "!move Done\n<A5 NO [TRYCREATE] no\n<A6 NO [NOPERM] no\n<A7 NO [TRYCREATE] none\n"
                 "=refused TRYCREATE: none\n"},
    {"without MOVE", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN("UIDPLUS") "!move Done\n>A5 UID COPY 7,9 \"Done\"\n<A5 OK done\n"
                          ">A6 UID STORE 7,9 +FLAGS.SILENT (\\Deleted)\n<A6 OK done\n"
                          ">A7 UID EXPUNGE 7,9\n<A7 OK done\n=ready\n"},
    {"without UIDPLUS nothing is expunged", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN(
         "") "!move Done\n<A5 OK done\n<A6 OK done\n"
             ">A5 UID COPY 7,9 \"Done\"~A6 UID STORE 7,9 +FLAGS.SILENT (\\Deleted)\n=ready\n"},
    {"a copy that fails deletes nothing", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN("UIDPLUS") "!move Done\n<A5 NO [OVERQUOTA] full\n=refused OVERQUOTA: full\n"},
    {"a folder that is not there", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN("") "!examine Nope\n>A5 EXAMINE \"Nope\"\n<A5 NO [NONEXISTENT] none\n"
                   "=refused NONEXISTENT: none\n"},
    {"IDLE", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN(
         "IDLE") "!idle\n>A5 IDLE\n<+ idling\n=idling\n<* OK still here\n=idling\n"
                 "<* 3 EXISTS\n=idling, changed\n!done\n>DONE\n<* 4 EXISTS\n<A5 OK done\n=ready\n"},
    {"IDLE refused", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN("IDLE") "!idle\n<A5 BAD what\n=refused : what\n"},
    {"a server that says good-bye", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN("IDLE") "!idle\n<+ idling\n<* BYE shutting down\n=ended BYE: shutting down\n"},
    {"logout", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN("") "!logout\n>A5 LOGOUT\n<* BYE bye\n<A5 OK done\n=ended NONE\n"},
    {"the connection ends in a body", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN("") "!bodies\n<* 1 FETCH (UID 7 BODY[] {100}\n<abc\n!eof\n=ended CLOSED\n"},
    {"a literal that is too long where none is wanted", IMAP_TLS_IMPLICIT, false, NULL,
     SIGNED_IN("") "!select a\n<* LIST () \"/\" {99999999}\n=ended LIMIT\n"},
};

/* ---- playing --------------------------------------------------------------------------------- */

struct player {
    TALLOC_CTX *ctx;
    struct imap_engine *engine;
    char *body, *told, *said;
    uint32_t uidvalidity; /* that was told */
    size_t pieces;        /* 0: whole; 1: byte by byte; else random up to so many */
};

/* Line ends as "|". */
static void on_body(void *arg, const char *data, size_t length)
{
    struct player *player = arg;

    for (size_t i = 0; i < length; i++)
        if (data[i] != '\r')
            player->body =
                talloc_asprintf_append(player->body, "%c", data[i] == '\n' ? '|' : data[i]);
}

static void on_mail(void *arg, const struct imap_mail *mail)
{
    struct player *player = arg;

    player->told = talloc_asprintf_append(player->told, "mail %u", mail->uid);
    if (mail->size >= 0)
        player->told = talloc_asprintf_append(player->told, " size %lld", (long long)mail->size);
    if (mail->body)
        player->told = talloc_asprintf_append(player->told, " <%s>", player->body);
    player->told = talloc_strdup_append(player->told, "; ");
    player->body[0] = '\0';
}

static void hear(struct player *player)
{
    size_t length;
    const char *text;

    while ((text = imap_engine_output(player->engine, &length)))
        player->said = talloc_strndup_append(player->said, text, length);
}

static void feed(struct player *player, const char *text, size_t length)
{
    while (length) {
        size_t piece = !player->pieces ? length : 1 + (size_t)random() % player->pieces;

        piece = piece < length ? piece : length;
        assert_int_equal(imap_engine_feed(player->engine, text, piece), STS_OK);
        hear(player);
        text += piece;
        length -= piece;
    }
}

static void act(struct player *player, const char *what)
{
    static const uint32_t uids[] = {7, 9};
    struct imap_engine *engine = player->engine;
    enum sts_status status = STS_OK;

    if (!strcmp(what, "tls"))
        status = imap_engine_secured(engine);
    else if (!strcmp(what, "eof"))
        imap_engine_eof(engine);
    else if (!strncmp(what, "select ", 7))
        status = imap_engine_select(engine, what + 7, false);
    else if (!strncmp(what, "examine ", 8))
        status = imap_engine_select(engine, what + 8, true);
    else if (!strcmp(what, "sizes 3 12"))
        status = imap_engine_sizes(engine, 3, 12);
    else if (!strcmp(what, "bodies"))
        status = imap_engine_bodies(engine, uids, 2);
    else if (!strncmp(what, "move ", 5))
        status = imap_engine_move(engine, uids, 2, what + 5);
    else if (!strcmp(what, "idle"))
        status = imap_engine_idle(engine);
    else if (!strcmp(what, "done"))
        status = imap_engine_end_idle(engine);
    else if (!strcmp(what, "logout"))
        status = imap_engine_logout(engine);
    else
        fail_msg("%s", what);
    assert_int_equal(status, STS_OK);
    hear(player);
}

static const char *fault_name(enum imap_fault fault)
{
    static const char *const names[] = {
#define X(symbol, text) #symbol,
        IMAP_FAULTS(X)
#undef X
    };

    return names[fault];
}

static char *state_of(struct player *player)
{
    const struct imap_folder *folder = imap_engine_folder(player->engine);
    const struct imap_failure *failure = imap_engine_failure(player->engine);
    const struct imap_answer *answer = imap_engine_answer(player->engine);

    if (folder->uidvalidity != player->uidvalidity)
        player->told = talloc_asprintf_append(player->told, "folder %u %u %u; ",
                                              folder->uidvalidity, folder->uidnext, folder->exists);
    player->uidvalidity = folder->uidvalidity;
    switch (imap_engine_state(player->engine)) {
    case IMAP_READY:
        return answer->ok ? talloc_strdup_append(player->told, "ready")
                          : talloc_asprintf_append(player->told, "refused %s: %s", answer->code,
                                                   answer->text);
    case IMAP_IDLING:
        return talloc_strdup_append(player->told, folder->changed ? "idling, changed" : "idling");
    case IMAP_ENDED:
        return talloc_asprintf_append(player->told, "ended %s%s%s", fault_name(failure->fault),
                                      failure->detail ? ": " : "",
                                      failure->detail ? failure->detail : "");
    case IMAP_BUSY:
    case IMAP_START_TLS:
        break;
    }
    return talloc_strdup_append(player->told, "busy");
}

/* "~" and the end of the line as CR LF. */
static char *wire(TALLOC_CTX *ctx, const char *line, size_t length)
{
    char *text = talloc_strdup(ctx, "");

    for (size_t i = 0; i < length; i++)
        text = talloc_asprintf_append(text, line[i] == '~' ? "\r\n" : "%c", line[i]);
    return talloc_strdup_append(text, "\r\n");
}

/* A server waits for us behind its greeting, an answer and a "+". */
static bool ends_packet(const char *line)
{
    return !strncmp(line, "<A", 2) || line[1] == '+' || !strncmp(line, "<* OK ready", 11);
}

static const char *play_packet(struct player *player, const char *line)
{
    char *packet = talloc_strdup(player->ctx, "");
    bool ended = false;

    while (*line == '<' && !ended) {
        size_t length = strcspn(line, "\n");

        packet = talloc_strdup_append(packet, wire(player->ctx, line + 1, length - 1));
        ended = ends_packet(line);
        line += length + 1;
    }
    feed(player, packet, strlen(packet));
    return line;
}

static const char *play_line(struct player *player, const char *line)
{
    size_t length = strcspn(line, "\n");
    char *rest = talloc_strndup(player->ctx, line + 1, length - 1);

    if (*line == '<')
        return play_packet(player, line);
    if (*line == '!')
        act(player, rest);
    if (*line == '>') {
        assert_string_equal(player->said, wire(player->ctx, line + 1, length - 1));
        player->said[0] = '\0';
        player->said = talloc_strdup(player->ctx, "");
    }
    if (*line == '=') {
        assert_string_equal(state_of(player), rest);
        player->told = talloc_strdup(player->ctx, "");
        player->said = talloc_strdup(player->ctx, "");
    }
    return line + length + 1;
}

static void play(const struct dialogue *dialogue, size_t pieces)
{
    struct player player = {.ctx = talloc_new(NULL), .pieces = pieces};
    const struct imap_login login = {.user = "me",
                                     .password = dialogue->token      ? NULL
                                                 : dialogue->password ? dialogue->password
                                                                      : "secret",
                                     .token = dialogue->token ? "token" : NULL,
                                     .host = "imap.example",
                                     .port = 993,
                                     .tls = dialogue->tls};
    const struct imap_sink sink = {on_body, on_mail, &player};

    player.body = talloc_strdup(player.ctx, "");
    player.told = talloc_strdup(player.ctx, "");
    player.said = talloc_strdup(player.ctx, "");
    assert_int_equal(imap_engine_new(player.ctx, &login, &sink, &player.engine), STS_OK);
    for (const char *line = dialogue->script; *line;)
        line = play_line(&player, line);
    talloc_free(player.ctx);
}

static void dialogues_go_as_they_are_written(void **state)
{
    (void)state;
    srandom(1);
    for (size_t i = 0; i < sizeof(dialogues) / sizeof(*dialogues); i++) {
        print_message("%s\n", dialogues[i].title);
        play(&dialogues[i], 0);
        play(&dialogues[i], 1);
        for (int again = 0; again < 20; again++)
            play(&dialogues[i], 40);
    }
}

/* ---- ceilings -------------------------------------------------------------------------------- */

static void count_body(void *arg, const char *data, size_t length)
{
    (void)data;
    *(size_t *)arg += length;
}

static void note_mail(void *arg, const struct imap_mail *mail)
{
    (void)arg;
    assert_true(mail->too_large);
}

static struct imap_engine *engine_of(TALLOC_CTX *ctx, size_t *bytes)
{
    const struct imap_login login = {"me", "secret", NULL, "h", 993, IMAP_TLS_IMPLICIT};
    const struct imap_sink sink = {count_body, note_mail, bytes};
    struct imap_engine *engine;

    assert_int_equal(imap_engine_new(ctx, &login, &sink, &engine), STS_OK);
    return engine;
}

static void say(struct imap_engine *engine, const char *text)
{
    assert_int_equal(imap_engine_feed(engine, text, strlen(text)), STS_OK);
}

static void sign_in(struct imap_engine *engine)
{
    say(engine, "* OK x\r\n* CAPABILITY AUTH=PLAIN\r\nA1 OK x\r\nA2 OK x\r\n* CAPABILITY X\r\n"
                "A3 OK x\r\nA4 OK x\r\n");
    assert_int_equal(imap_engine_state(engine), IMAP_READY);
}

static void chatter_before_the_sign_in_has_a_ceiling(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t bytes = 0, fed = 0;
    struct imap_engine *engine = engine_of(ctx, &bytes);

    (void)state;
    say(engine, "* OK x\r\n");
    for (; imap_engine_state(engine) != IMAP_ENDED; fed += 9) {
        say(engine, "* X text\n");
        assert_true(fed <= LIMIT_IMAP_FIRST_BYTES);
    }
    assert_int_equal(imap_engine_failure(engine)->fault, IMAP_FAULT_LIMIT);
    talloc_free(ctx);
}

static void a_line_has_a_ceiling(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t bytes = 0, fed = 0;
    struct imap_engine *engine = engine_of(ctx, &bytes);

    (void)state;
    sign_in(engine);
    for (; imap_engine_state(engine) != IMAP_ENDED; fed += 8) {
        say(engine, "* X text");
        assert_true(fed <= LIMIT_IMAP_RESPONSE + 8);
    }
    assert_int_equal(imap_engine_failure(engine)->fault, IMAP_FAULT_LIMIT);
    talloc_free(ctx);
}

static void a_body_that_is_too_large_is_dropped(void **state)
{
    static const char block[1u << 20];
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t bytes = 0;
    struct imap_engine *engine = engine_of(ctx, &bytes);
    const uint32_t uid = 7;
    char text[80];

    (void)state;
    sign_in(engine);
    assert_int_equal(imap_engine_bodies(engine, &uid, 1), STS_OK);
    snprintf(text, sizeof(text), "* 1 FETCH (UID 7 BODY[] {%zu}\r\n", 99 * sizeof(block));
    say(engine, text);
    for (int i = 0; i < 99; i++)
        assert_int_equal(imap_engine_feed(engine, block, sizeof(block)), STS_OK);
    say(engine, ")\r\nA5 OK done\r\n");
    assert_int_equal(imap_engine_state(engine), IMAP_READY);
    assert_true(bytes <= LIMIT_IMAP_BODY);
    talloc_free(ctx);
}

static void names_that_are_none_are_refused(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t bytes = 0, length;
    struct imap_engine *engine = engine_of(ctx, &bytes);
    const uint32_t uid = 7;

    (void)state;
    assert_int_equal(imap_engine_select(engine, "INBOX", false), STS_E_INVALID); /* too early */
    sign_in(engine);
    (void)imap_engine_output(engine, &length);
    assert_int_equal(imap_engine_select(engine, "a\r\nA5 LOGOUT", false), STS_E_INVALID);
    assert_int_equal(imap_engine_move(engine, &uid, 1, "a\nb"), STS_E_INVALID);
    assert_int_equal(imap_engine_bodies(engine, &uid, 0), STS_E_INVALID);
    assert_null(imap_engine_output(engine, &length));
    assert_int_equal(imap_engine_state(engine), IMAP_READY);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dialogues_go_as_they_are_written),
        cmocka_unit_test(chatter_before_the_sign_in_has_a_ceiling),
        cmocka_unit_test(a_line_has_a_ceiling),
        cmocka_unit_test(a_body_that_is_too_large_is_dropped),
        cmocka_unit_test(names_that_are_none_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
