/* SPDX-License-Identifier: MIT */
/* smtp_engine.c - lines to replies, replies to the next step. */
#include "net/smtp_engine.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "net/limits.h"

#define HELO_MAX    255
#define COMMAND_MAX (HELO_MAX + 8)

struct smtp_engine {
    struct smtp_session *session;
    const char *helo;
    enum smtp_state state;
    char line[LIMIT_SMTP_LINE]; /* the one being read, without its end */
    size_t line_length;
    size_t taken;      /* bytes since the start, or since TLS */
    size_t line_count; /* of this reply */
    int code;          /* of this reply; 0: no line yet */
    char output[COMMAND_MAX];
    size_t output_length;
};

/* ---- what the session keeps ------------------------------------------------------------------ */

static enum sts_status keep_bytes(struct smtp_session *session, const char *data, size_t length,
                                  struct bytes *ret)
{
    char *copy;

    if (length > LIMIT_TEXT)
        length = LIMIT_TEXT;
    copy = talloc_size(session, length + 1);
    if (!copy)
        return STS_E_NOMEM;
    memcpy(copy, data, length);
    copy[length] = '\0';
    *ret = (struct bytes){copy, length};
    return STS_OK;
}

static enum sts_status keep_line(struct smtp_session *session, bool sent, const char *data,
                                 size_t length)
{
    if (session->line_count == LIMIT_TRANSCRIPT_LINES)
        return STS_OK;
    if (!session->lines)
        session->lines = talloc_zero_array(session, struct smtp_line, LIMIT_TRANSCRIPT_LINES);
    if (!session->lines)
        return STS_E_NOMEM;
    session->lines[session->line_count].sent = sent;
    return keep_bytes(session, data, length, &session->lines[session->line_count++].text);
}

static enum sts_status keep_capability(struct smtp_session *session, const char *text,
                                       size_t length)
{
    bool secured = session->phase == PHASE_EHLO2;
    const char ***list = secured ? &session->tls_capabilities : &session->capabilities;
    size_t *count = secured ? &session->tls_capability_count : &session->capability_count;

    if (!*list)
        *list = talloc_zero_array(session, const char *, LIMIT_SMTP_LINES);
    if (!*list)
        return STS_E_NOMEM;
    (*list)[*count] = text_printable(session, text, length, LIMIT_TEXT);
    if (!(*list)[(*count)++])
        return STS_E_NOMEM;
    if (!secured && length >= 8 && strncasecmp(text, "STARTTLS", 8) == 0 &&
        (length == 8 || text[8] == ' '))
        session->starttls_offered = true;
    return STS_OK;
}

/* ---- the end, and what we say ---------------------------------------------------------------- */

static enum sts_status finish(struct smtp_engine *engine, enum net_outcome outcome,
                              const char *error)
{
    engine->session->outcome = outcome;
    engine->session->error = error;
    engine->state = SMTP_DONE;
    return STS_OK;
}

static enum sts_status say(struct smtp_engine *engine, enum net_phase phase, const char *verb,
                           const char *argument)
{
    int length = snprintf(engine->output, sizeof engine->output, "%s%s%s\r\n", verb,
                          *argument ? " " : "", argument);

    engine->session->phase = phase;
    engine->code = 0;
    engine->line_count = 0;
    if (length < 0 || (size_t)length >= sizeof engine->output)
        return STS_E_INVALID;
    engine->output_length = (size_t)length;
    return keep_line(engine->session, true, engine->output, engine->output_length - 2);
}

static enum sts_status quit(struct smtp_engine *engine)
{
    return say(engine, PHASE_QUIT, "QUIT", "");
}

/* ---- one function a phase: the reply is complete, `text` is its last line's ------------------ */

static enum sts_status after_greeting(struct smtp_engine *engine, const char *text, size_t length)
{
    struct smtp_session *session = engine->session;

    session->greeting_code = engine->code;
    if (keep_bytes(session, text, length, &session->greeting) != STS_OK)
        return STS_E_NOMEM;
    if (engine->code != 220)
        return quit(engine);
    return say(engine, PHASE_EHLO, "EHLO", engine->helo);
}

static enum sts_status after_ehlo(struct smtp_engine *engine, const char *text, size_t length)
{
    struct smtp_session *session = engine->session;

    if (session->ehlo_code) { /* the second attempt, HELO */
        session->helo_code = engine->code;
        return quit(engine);
    }
    session->ehlo_code = engine->code;
    if (engine->code != 250) {
        session->starttls_offered = false; /* lines before the refusal are no offer */
        if (keep_bytes(session, text, length, &session->ehlo) != STS_OK)
            return STS_E_NOMEM;
        /* RFC 5321 section 3.2: a server that knows no EHLO may know HELO; one that turns us
         * away says no to both. */
        return engine->code >= 500 ? say(engine, PHASE_EHLO, "HELO", engine->helo) : quit(engine);
    }
    return session->starttls_offered ? say(engine, PHASE_STARTTLS, "STARTTLS", "") : quit(engine);
}

static enum sts_status after_starttls(struct smtp_engine *engine, const char *text, size_t length)
{
    struct smtp_session *session = engine->session;

    session->starttls_code = engine->code;
    if (keep_bytes(session, text, length, &session->starttls) != STS_OK)
        return STS_E_NOMEM;
    if (engine->code != 220)
        return quit(engine);
    session->phase = PHASE_TLS;
    engine->state = SMTP_START_TLS;
    return STS_OK;
}

static enum sts_status after_ehlo2(struct smtp_engine *engine, const char *text, size_t length)
{
    struct smtp_session *session = engine->session;

    session->tls_ehlo_code = engine->code;
    if (engine->code != 250 && keep_bytes(session, text, length, &session->tls_ehlo) != STS_OK)
        return STS_E_NOMEM;
    return quit(engine);
}

static enum sts_status after_quit(struct smtp_engine *engine, const char *text, size_t length)
{
    (void)text;
    (void)length;
    return finish(engine, NET_OK, NULL);
}

typedef enum sts_status (*phase_fn)(struct smtp_engine *engine, const char *text, size_t length);

static const phase_fn phases[] = {
    [PHASE_GREETING] = after_greeting, [PHASE_EHLO] = after_ehlo, [PHASE_STARTTLS] = after_starttls,
    [PHASE_EHLO2] = after_ehlo2,       [PHASE_QUIT] = after_quit,
};

/* ---- lines ----------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "250-text", "250 text" or "250" (RFC 5321 section 4.2).  0: none of these. */
static int code_of(const char *line, size_t length)
{
    if (length < 3 || line[0] < '2' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2]))
        return 0;
    if (length > 3 && line[3] != ' ' && line[3] != '-')
        return 0;
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
}

/* Extensions are announced in answer to EHLO, not to HELO. */
static bool may_announce(const struct smtp_session *session)
{
    return session->phase == PHASE_EHLO2 || (session->phase == PHASE_EHLO && !session->ehlo_code);
}

static enum sts_status take_line(struct smtp_engine *engine)
{
    struct smtp_session *session = engine->session;
    const char *line = engine->line;
    size_t length = engine->line_length;
    int code = code_of(line, length);
    bool last = length == 3 || (length > 3 && line[3] == ' ');
    size_t skip = length > 3 ? 4 : length;

    engine->line_length = 0;
    if (keep_line(session, false, line, length) != STS_OK)
        return STS_E_NOMEM;
    if (code == 0)
        return finish(engine, NET_PROTOCOL, "the server did not send an SMTP reply");
    engine->code = code; /* senders go by the last line's: a screening server changes its mind */
    if (++engine->line_count > LIMIT_SMTP_LINES)
        return finish(engine, NET_LIMIT, "the reply has too many lines");
    if (engine->line_count > 1 && code == 250 && may_announce(session) &&
        keep_capability(session, line + skip, length - skip) != STS_OK)
        return STS_E_NOMEM;
    return last ? phases[session->phase](engine, line + skip, length - skip) : STS_OK;
}

static enum sts_status take_byte(struct smtp_engine *engine, char byte)
{
    if (byte == '\n') {
        if (engine->line_length && engine->line[engine->line_length - 1] == '\r')
            engine->line_length--;
        return take_line(engine);
    }
    if (engine->line_length == sizeof engine->line)
        return finish(engine, NET_LIMIT, "a line of the reply is too long");
    engine->line[engine->line_length++] = byte;
    return STS_OK;
}

enum sts_status smtp_engine_feed(struct smtp_engine *engine, const void *data, size_t length)
{
    const char *bytes = data;
    enum sts_status status = STS_OK;

    for (size_t i = 0; i < length && status == STS_OK; i++) {
        if (engine->state == SMTP_START_TLS) {
            /* CVE-2011-0411: these would be taken for part of the protected session */
            engine->session->injected += (int64_t)(length - i);
            break;
        }
        if (engine->state == SMTP_DONE)
            break;
        if (++engine->taken > LIMIT_SMTP_SESSION_BYTES)
            return finish(engine, NET_LIMIT, "the server sent too much text");
        status = take_byte(engine, bytes[i]);
    }
    return status;
}

void smtp_engine_eof(struct smtp_engine *engine)
{
    if (engine->state == SMTP_DONE)
        return;
    /* hanging up instead of an answer to QUIT harms nobody */
    (void)finish(engine, engine->session->phase == PHASE_QUIT ? NET_OK : NET_CLOSED, NULL);
}

const char *smtp_engine_output(struct smtp_engine *engine, size_t *ret_length)
{
    *ret_length = engine->output_length;
    engine->output_length = 0;
    return *ret_length ? engine->output : NULL;
}

enum smtp_state smtp_engine_state(const struct smtp_engine *engine)
{
    return engine->state;
}

enum sts_status smtp_engine_secured(struct smtp_engine *engine)
{
    engine->state = SMTP_TALK;
    engine->taken = 0;
    engine->line_length = 0;
    return say(engine, PHASE_EHLO2, "EHLO", engine->helo);
}

enum sts_status smtp_engine_new(TALLOC_CTX *ctx, struct smtp_session *session, const char *helo,
                                struct smtp_engine **ret)
{
    struct smtp_engine *engine;

    if (strlen(helo) > HELO_MAX || strpbrk(helo, "\r\n"))
        return STS_E_INVALID;
    engine = talloc_zero(ctx, struct smtp_engine);
    if (!engine)
        return STS_E_NOMEM;
    engine->session = session;
    engine->helo = talloc_strdup(engine, helo);
    if (!engine->helo) {
        talloc_free(engine);
        return STS_E_NOMEM;
    }
    session->phase = PHASE_GREETING;
    *ret = engine;
    return STS_OK;
}
