/* SPDX-License-Identifier: MIT */
/* imap_engine.c - responses read, commands given. */
#include "net/imap_engine.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/scanner.h"
#include "base/text.h"
#include "net/imap_engine_work.h"
#include "net/imap_fetch.h"
#include "net/limits.h"

const char *imap_fault_text(enum imap_fault fault)
{
    static const char *const texts[] = {
#define X(symbol, text) text,
        IMAP_FAULTS(X)
#undef X
    };

    return texts[fault];
}

bool imap_can(const struct imap_engine *engine, enum imap_capability capability)
{
    return engine->capabilities & (1u << capability);
}

enum sts_status imap_end(struct imap_engine *engine, enum imap_fault fault, struct bytes detail)
{
    engine->state = IMAP_ENDED;
    engine->failure = (struct imap_failure){fault, NULL};
    if (!detail.length)
        return STS_OK;
    engine->failure.detail = text_printable(engine, detail.data, detail.length, LIMIT_TEXT);
    return engine->failure.detail ? STS_OK : STS_E_NOMEM;
}

/* ---- answers --------------------------------------------------------------------------------- */

typedef enum sts_status (*step_fn)(struct imap_engine *engine);

static const step_fn steps[IMAP_STEP_COUNT] = {
    [IMAP_STEP_CAPABILITY] = imap_after_capability,
    [IMAP_STEP_STARTTLS] = imap_after_starttls,
    [IMAP_STEP_AUTHENTICATE] = imap_after_authenticate,
    [IMAP_STEP_SIGNED_IN] = imap_after_signed_in,
    [IMAP_STEP_NAMESPACE] = imap_after_namespace,
    [IMAP_STEP_SELECT] = imap_after_select,
    [IMAP_STEP_COMMAND] = imap_ready,
    [IMAP_STEP_MOVE] = imap_after_move,
    [IMAP_STEP_CREATE] = imap_after_create,
    [IMAP_STEP_STORE] = imap_after_store,
    [IMAP_STEP_IDLE] = imap_ready,
    [IMAP_STEP_LOGOUT] = imap_after_logout,
};

static bool is_word(unsigned char c)
{
    return c > ' ';
}

static bool is_code(unsigned char c)
{
    return c > ' ' && c != ']';
}

/* "[CODE ...] text": the code, and what follows it in the brackets. */
static struct bytes read_code(struct scanner *s, struct bytes *ret_rest)
{
    struct bytes code = {0};

    *ret_rest = (struct bytes){0};
    if (!scanner_try(s, '['))
        return code;
    code = scanner_while(s, is_code);
    scanner_try(s, ' ');
    *ret_rest = scanner_until(s, ']');
    scanner_try(s, ']');
    scanner_try(s, ' ');
    return code;
}

static enum sts_status keep_answer(struct imap_engine *engine, bool ok, struct bytes text)
{
    struct scanner s = scanner_begin(text);
    struct bytes rest, code = read_code(&s, &rest);
    char *upper = text_printable(engine, code.data, code.length, LIMIT_TEXT);
    char *said =
        text_printable(engine, bytes_from(text, s.at).data, text.length - s.at, LIMIT_TEXT);

    if (!upper || !said)
        return STS_E_NOMEM;
    for (char *at = upper; *at; at++)
        *at = ascii_upper(*at);
    talloc_free((void *)(uintptr_t)engine->answer.code);
    talloc_free((void *)(uintptr_t)engine->answer.text);
    engine->answer = (struct imap_answer){ok, upper, said};
    return STS_OK;
}

/* "A7 OK text", its tag. */
static bool is_answer(const struct imap_engine *engine, struct bytes tag)
{
    char text[16];

    snprintf(text, sizeof(text), "A%u", engine->tag);
    return bytes_equal_nocase(tag, text) &&
           (engine->state == IMAP_BUSY || engine->state == IMAP_IDLING);
}

static enum sts_status read_answer(struct imap_engine *engine, struct bytes response)
{
    struct scanner s = scanner_begin(response);
    struct bytes tag = scanner_while(&s, is_word), word;
    bool ok;

    scanner_expect(&s, ' ');
    word = scanner_while(&s, is_word);
    scanner_try(&s, ' ');
    ok = bytes_equal_nocase(word, "OK");
    if (!is_answer(engine, tag) || !steps[engine->step] ||
        (!ok && !bytes_equal_nocase(word, "NO") && !bytes_equal_nocase(word, "BAD")))
        return imap_end(engine, IMAP_FAULT_PROTOCOL, response);
    if (keep_answer(engine, ok, bytes_from(response, s.at)) != STS_OK)
        return STS_E_NOMEM;
    TALLOC_FREE(engine->command.data); /* a literal that nobody wants any more */
    engine->command = (struct imap_command){0};
    return steps[engine->step](engine);
}

static enum sts_status go_on(struct imap_engine *engine, struct bytes response)
{
    if (engine->state == IMAP_BUSY && imap_command_go_on(&engine->command))
        return STS_OK;
    if (engine->state == IMAP_BUSY && engine->step == IMAP_STEP_IDLE) {
        engine->state = IMAP_IDLING;
        return STS_OK;
    }
    if (engine->state == IMAP_BUSY && engine->refusal) {
        imap_command_line(engine, &engine->command, engine->refusal);
        engine->refusal = NULL;
        return engine->command.data ? STS_OK : STS_E_NOMEM;
    }
    return imap_end(engine, IMAP_FAULT_PROTOCOL, response);
}

/* ---- what comes by itself -------------------------------------------------------------------- */

static uint32_t number_of(struct bytes text)
{
    struct scanner s = scanner_begin(text);
    long long number = scanner_number(&s, 1, 10);

    return s.failed || number > UINT32_MAX ? 0 : (uint32_t)number;
}

static enum sts_status read_ok(struct imap_engine *engine, struct bytes text)
{
    struct scanner s = scanner_begin(text);
    struct bytes rest, code = read_code(&s, &rest);

    if (bytes_equal_nocase(code, "UIDVALIDITY"))
        engine->folder.uidvalidity = number_of(rest);
    else if (bytes_equal_nocase(code, "UIDNEXT"))
        engine->folder.uidnext = number_of(rest);
    return STS_OK;
}

static enum sts_status read_bye(struct imap_engine *engine, struct bytes text)
{
    if (engine->step == IMAP_STEP_LOGOUT)
        return STS_OK;
    return imap_end(engine, IMAP_FAULT_BYE, text);
}

static enum sts_status read_capability(struct imap_engine *engine, struct bytes text)
{
    if (engine->step == IMAP_STEP_CAPABILITY || engine->step == IMAP_STEP_SIGNED_IN)
        imap_read_capabilities(engine, text);
    return STS_OK;
}

static const struct {
    const char *word;
    enum sts_status (*read)(struct imap_engine *engine, struct bytes text);
} words[] = {
    {"OK", read_ok},
    {"BYE", read_bye},
    {"CAPABILITY", read_capability},
    {"NAMESPACE", imap_read_namespace},
    {"LIST", imap_read_list},
};

/* A body that came as a quoted string. */
static void hand_quoted(struct imap_engine *engine, struct bytes quoted)
{
    for (size_t i = 0; i < quoted.length; i++) {
        if (quoted.data[i] == '\\' && i + 1 < quoted.length)
            i++;
        engine->sink.body(engine->sink.arg, &quoted.data[i], 1);
    }
}

static enum sts_status read_fetch(struct imap_engine *engine, struct bytes items)
{
    struct imap_mail mail;
    struct bytes quoted;

    if (!imap_fetch_read(items, &mail, &quoted))
        return imap_end(engine, IMAP_FAULT_PROTOCOL, items);
    hand_quoted(engine, quoted);
    mail.too_large = engine->reader.too_large;
    if (engine->signed_in)
        engine->sink.mail(engine->sink.arg, &mail);
    return STS_OK;
}

/* "5 EXISTS", "5 FETCH (...)"; others tell nothing that we need. */
static enum sts_status read_numbered(struct imap_engine *engine, struct bytes response)
{
    struct scanner s = scanner_begin(response);
    struct bytes number = scanner_while(&s, ascii_is_digit), word;

    scanner_expect(&s, ' ');
    word = scanner_while(&s, is_word);
    if (bytes_equal_nocase(word, "EXISTS")) {
        engine->folder.exists = number_of(number);
        engine->folder.changed = true;
    }
    if (!bytes_equal_nocase(word, "FETCH"))
        return STS_OK;
    scanner_expect(&s, ' ');
    return read_fetch(engine, bytes_from(response, s.at));
}

static enum sts_status read_untagged(struct imap_engine *engine, struct bytes response)
{
    struct scanner s = scanner_begin(response);
    struct bytes word, rest;

    if (response.length && ascii_is_digit((unsigned char)response.data[0]) &&
        engine->step != IMAP_STEP_GREETING)
        return read_numbered(engine, response);
    word = scanner_while(&s, is_word);
    scanner_try(&s, ' ');
    rest = bytes_from(response, s.at);
    if (engine->step == IMAP_STEP_GREETING)
        return imap_greeting(engine, word, rest);
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (bytes_equal_nocase(word, words[i].word))
            return words[i].read(engine, rest);
    return STS_OK;
}

static enum sts_status read_response(struct imap_engine *engine, struct bytes response)
{
    if (bytes_begin(response, "* "))
        return read_untagged(engine, bytes_from(response, 2));
    if (bytes_begin(response, "+"))
        return go_on(engine, response);
    return read_answer(engine, response);
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static enum sts_status feed(struct imap_engine *engine, struct bytes *bytes)
{
    enum sts_status status;

    switch (imap_reader_feed(engine, &engine->reader, bytes)) {
    case IMAP_READ_MORE:
        return STS_OK;
    case IMAP_READ_NOMEM:
        return STS_E_NOMEM;
    case IMAP_READ_LIMIT:
        return imap_end(engine, IMAP_FAULT_LIMIT, (struct bytes){0});
    case IMAP_READ_RESPONSE:
        break;
    }
    status = read_response(engine, imap_reader_text(&engine->reader));
    imap_reader_next(&engine->reader);
    return status;
}

enum sts_status imap_engine_feed(struct imap_engine *engine, const void *data, size_t length)
{
    struct bytes bytes = {data, length};
    enum sts_status status = STS_OK;

    if (!engine->signed_in && (engine->taken += length) > LIMIT_IMAP_FIRST_BYTES)
        return imap_end(engine, IMAP_FAULT_LIMIT, (struct bytes){0});
    while (status == STS_OK && bytes.length && engine->state != IMAP_ENDED) {
        /* CVE-2011-0411: it would be taken for part of the protected session */
        if (engine->state == IMAP_START_TLS)
            return imap_end(engine, IMAP_FAULT_INJECTED, (struct bytes){0});
        status = feed(engine, &bytes);
    }
    return status;
}

void imap_engine_eof(struct imap_engine *engine)
{
    if (engine->state == IMAP_ENDED)
        return;
    (void)imap_end(engine, engine->step == IMAP_STEP_LOGOUT ? IMAP_FAULT_NONE : IMAP_FAULT_CLOSED,
                   (struct bytes){0});
}

const char *imap_engine_output(struct imap_engine *engine, size_t *ret_length)
{
    return imap_command_portion(&engine->command, ret_length);
}

/* ---- the rest -------------------------------------------------------------------------------- */

enum imap_state imap_engine_state(const struct imap_engine *engine)
{
    return engine->state;
}

const struct imap_failure *imap_engine_failure(const struct imap_engine *engine)
{
    return &engine->failure;
}

const struct imap_answer *imap_engine_answer(const struct imap_engine *engine)
{
    return &engine->answer;
}

const struct imap_folder *imap_engine_folder(const struct imap_engine *engine)
{
    return &engine->folder;
}

bool imap_engine_can_idle(const struct imap_engine *engine)
{
    return imap_can(engine, IMAP_CAP_IDLE);
}

bool imap_engine_can_move(const struct imap_engine *engine)
{
    return imap_can(engine, IMAP_CAP_MOVE) || imap_can(engine, IMAP_CAP_UIDPLUS);
}

/* Bodies before we are signed in are nobody's. */
static void take_body(void *arg, const char *data, size_t length)
{
    struct imap_engine *engine = arg;

    if (engine->signed_in)
        engine->sink.body(engine->sink.arg, data, length);
}

static bool copy_login(struct imap_engine *engine, const struct imap_login *login)
{
    struct imap_login *own = &engine->login;

    *own = *login;
    own->user = talloc_strdup(engine, login->user);
    own->host = talloc_strdup(engine, login->host);
    own->password = login->password ? talloc_strdup(engine, login->password) : NULL;
    own->token = login->token ? talloc_strdup(engine, login->token) : NULL;
    return own->user && own->host && (own->password || own->token);
}

enum sts_status imap_engine_new(TALLOC_CTX *ctx, const struct imap_login *login,
                                const struct imap_sink *sink, struct imap_engine **ret)
{
    struct imap_engine *engine;

    if (!login->user || !login->host || (!login->password && !login->token))
        return STS_E_INVALID;
    engine = talloc_zero(ctx, struct imap_engine);
    if (!engine)
        return STS_E_NOMEM;
    engine->sink = *sink;
    engine->reader.take = take_body;
    engine->reader.arg = engine;
    engine->space = (struct imap_namespace){"", '/'};
    engine->secured = login->tls == IMAP_TLS_IMPLICIT;
    engine->answer = (struct imap_answer){.code = NULL, .text = NULL};
    if (!copy_login(engine, login)) {
        talloc_free(engine);
        return STS_E_NOMEM;
    }
    *ret = engine;
    return STS_OK;
}
