/* SPDX-License-Identifier: MIT */
/* engine.c - commands by a table, and the text of a message byte by byte. */
#include "lmtp/engine.h"

#include <string.h>

#include "base/ascii.h"
#include "base/scanner.h"

#define PATH_MAX_BYTES 512 /* RFC 5321 says 256, and SMTPUTF8 takes more */

/* Where in the text of a message we are. */
enum text_place {
    TEXT_LINE_BEGIN, /* behind CR LF, or at the very beginning */
    TEXT_LINE,
    TEXT_CR,     /* in a line */
    TEXT_DOT,    /* at the beginning of a line */
    TEXT_DOT_CR, /* the end, if LF follows */
};

struct lmtp_engine {
    const char *host;
    enum lmtp_state state;
    char line[LMTP_LINE_MAX];
    size_t line_length;
    bool greeted, has_sender, in_text;
    unsigned faults;
    char **recipients;
    size_t recipient_count;
    enum text_place place;
    char *text;
    size_t text_length, text_room;
    bool too_large, malformed;
    char *output;
    size_t output_length;
};

/* ---- replies --------------------------------------------------------------------------------- */

static enum sts_status reply(struct lmtp_engine *engine, const char *text)
{
    char *before = engine->output_length ? engine->output : NULL;
    char *grown = before ? talloc_asprintf_append(before, "%s\r\n", text)
                         : talloc_asprintf(engine, "%s\r\n", text);

    if (!grown)
        return STS_E_NOMEM;
    if (!before)
        talloc_free(engine->output); /* that was sent */
    engine->output = grown;
    engine->output_length += strlen(text) + 2;
    if (engine->output_length > LMTP_OUTPUT_MAX)
        engine->state = LMTP_OVER;
    return STS_OK;
}

/* The command is refused; who does nothing else is hung up on. */
static enum sts_status refuse(struct lmtp_engine *engine, const char *text)
{
    enum sts_status status = reply(engine, text);

    if (status == STS_OK && ++engine->faults >= LMTP_FAULTS_MAX) {
        status = reply(engine, "421 4.7.0 too many errors");
        engine->state = LMTP_OVER;
    }
    return status;
}

static enum sts_status hang_up(struct lmtp_engine *engine, const char *text)
{
    engine->state = LMTP_OVER;
    return reply(engine, text);
}

static enum sts_status reply_each(struct lmtp_engine *engine, const char *text)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; status == STS_OK && i < engine->recipient_count; i++)
        status = reply(engine, text);
    return status;
}

/* ---- the transaction ------------------------------------------------------------------------- */

static void reset(struct lmtp_engine *engine)
{
    TALLOC_FREE(engine->recipients);
    TALLOC_FREE(engine->text);
    engine->recipient_count = engine->text_length = engine->text_room = 0;
    engine->has_sender = engine->in_text = engine->too_large = engine->malformed = false;
}

static enum sts_status on_lhlo(struct lmtp_engine *engine, struct bytes rest)
{
    static const char *const lines[] = {"250-PIPELINING", "250-8BITMIME", "250-SMTPUTF8",
                                        "250-ENHANCEDSTATUSCODES"};
    char *head = talloc_asprintf(engine, "250-%s", engine->host);
    char *size = talloc_asprintf(engine, "250 SIZE %u", LMTP_MESSAGE_MAX);
    enum sts_status status = head && size ? STS_OK : STS_E_NOMEM;

    if (status == STS_OK && !rest.length)
        status = refuse(engine, "501 5.5.4 a name is required");
    else if (status == STS_OK) {
        reset(engine);
        engine->greeted = true;
        status = reply(engine, head);
        for (size_t i = 0; status == STS_OK && i < sizeof(lines) / sizeof(*lines); i++)
            status = reply(engine, lines[i]);
        if (status == STS_OK)
            status = reply(engine, size);
    }
    talloc_free(head);
    talloc_free(size);
    return status;
}

static bool is_path(unsigned char c)
{
    return c > ' ' && c != '>' && c != '<' && c != '"' && c != 0x7f;
}

static void pass_quoted(struct scanner *s)
{
    scanner_expect(s, '"');
    while (scanner_peek(s) >= 0 && scanner_peek(s) != '"') {
        scanner_try(s, '\\');
        if (scanner_peek(s) < ' ' || scanner_peek(s) == 0x7f)
            s->failed = true;
        else
            s->at++;
    }
    scanner_expect(s, '"');
}

/* "<local@domain>", the local part perhaps in quotes; "<>" where it may be empty. */
static bool read_path(struct scanner *s, bool may_be_empty, struct bytes *ret)
{
    size_t from;

    scanner_expect(s, '<');
    from = s->at;
    while (!s->failed && scanner_peek(s) >= 0 && scanner_peek(s) != '>') {
        if (scanner_peek(s) == '"') {
            pass_quoted(s);
        } else if (!scanner_while(s, is_path).length) {
            s->failed = true;
        }
    }
    if (!s->failed)
        *ret = (struct bytes){s->text.data + from, s->at - from};
    scanner_expect(s, '>');
    return !s->failed && ret->length <= PATH_MAX_BYTES && (ret->length || may_be_empty);
}

static bool is_parameter(unsigned char c)
{
    return c > ' ' && c != 0x7f;
}

/* NULL: they may be; else the reply. */
static const char *read_parameters(struct scanner *s)
{
    while (scanner_try(s, ' ')) {
        struct bytes word = scanner_while(s, is_parameter);
        struct scanner size = scanner_begin(bytes_from(word, word.length < 5 ? word.length : 5));

        if (bytes_begin_nocase(word, "SIZE=")) {
            long long number = scanner_number(&size, 1, 18);

            if (!scanner_finished(&size))
                return "501 5.5.4 SIZE is a number";
            if (number > LMTP_MESSAGE_MAX)
                return "552 5.3.4 the message is too large";
        } else if (!bytes_equal_nocase(word, "BODY=7BIT") &&
                   !bytes_equal_nocase(word, "BODY=8BITMIME") &&
                   !bytes_equal_nocase(word, "SMTPUTF8")) {
            return "555 5.5.4 unknown parameter";
        }
    }
    return scanner_finished(s) ? NULL : "501 5.5.4 syntax error in the parameters";
}

static enum sts_status on_mail(struct lmtp_engine *engine, struct bytes rest)
{
    struct scanner s = scanner_begin(bytes_from(rest, rest.length < 5 ? rest.length : 5));
    struct bytes path = {NULL, 0};
    const char *fault;

    if (!engine->greeted || engine->has_sender)
        return refuse(engine, "503 5.5.1 not now");
    if (!bytes_begin_nocase(rest, "FROM:") || !read_path(&s, true, &path))
        return refuse(engine, "501 5.1.7 expected MAIL FROM:<address>");
    fault = read_parameters(&s);
    if (fault)
        return refuse(engine, fault);
    engine->has_sender = true;
    return reply(engine, "250 2.1.0 ok");
}

static enum sts_status on_rcpt(struct lmtp_engine *engine, struct bytes rest)
{
    struct scanner s = scanner_begin(bytes_from(rest, rest.length < 3 ? rest.length : 3));
    struct bytes path = {NULL, 0};

    if (!engine->has_sender)
        return refuse(engine, "503 5.5.1 MAIL comes first");
    if (!bytes_begin_nocase(rest, "TO:") || !read_path(&s, false, &path))
        return refuse(engine, "501 5.1.3 expected RCPT TO:<address>");
    if (!scanner_finished(&s))
        return refuse(engine, "555 5.5.4 unknown parameter");
    if (engine->recipient_count == LMTP_RECIPIENTS_MAX)
        return refuse(engine, "452 4.5.3 too many recipients");
    if (!engine->recipients)
        engine->recipients = talloc_zero_array(engine, char *, LMTP_RECIPIENTS_MAX);
    if (!engine->recipients || !(engine->recipients[engine->recipient_count] =
                                     talloc_strndup(engine->recipients, path.data, path.length)))
        return STS_E_NOMEM;
    engine->recipient_count++;
    return reply(engine, "250 2.1.5 ok");
}

static enum sts_status on_data(struct lmtp_engine *engine, struct bytes rest)
{
    if (rest.length)
        return refuse(engine, "501 5.5.4 DATA has no parameters");
    if (!engine->recipient_count)
        return refuse(engine, "503 5.5.1 no valid recipients");
    engine->in_text = true;
    engine->place = TEXT_LINE_BEGIN;
    return reply(engine, "354 end with <CR><LF>.<CR><LF>");
}

static enum sts_status on_rset(struct lmtp_engine *engine, struct bytes rest)
{
    if (rest.length)
        return refuse(engine, "501 5.5.4 RSET has no parameters");
    reset(engine);
    return reply(engine, "250 2.0.0 ok");
}

static enum sts_status on_noop(struct lmtp_engine *engine, struct bytes rest)
{
    (void)rest;
    return reply(engine, "250 2.0.0 ok");
}

static enum sts_status on_vrfy(struct lmtp_engine *engine, struct bytes rest)
{
    (void)rest;
    return refuse(engine, "252 2.5.2 try to deliver it");
}

static enum sts_status on_quit(struct lmtp_engine *engine, struct bytes rest)
{
    (void)rest;
    return hang_up(engine, "221 2.0.0 bye");
}

static const struct {
    const char *verb;
    enum sts_status (*take)(struct lmtp_engine *engine, struct bytes rest);
} commands[] = {
    {"LHLO", on_lhlo}, {"MAIL", on_mail}, {"RCPT", on_rcpt}, {"DATA", on_data},
    {"RSET", on_rset}, {"NOOP", on_noop}, {"VRFY", on_vrfy}, {"QUIT", on_quit},
};

static enum sts_status take_command(struct lmtp_engine *engine)
{
    struct bytes line = {engine->line, engine->line_length - 2};
    struct scanner s = scanner_begin(line);
    struct bytes verb = scanner_while(&s, ascii_is_alpha), rest;

    engine->line_length = 0;
    if (!scanner_at_end(&s) && !scanner_try(&s, ' '))
        verb.length = 0;
    rest = bytes_from(line, s.at);
    while (rest.length && rest.data[rest.length - 1] == ' ') /* RFC 5321 section 4.1.1 */
        rest.length--;
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
        if (bytes_equal_nocase(verb, commands[i].verb))
            return commands[i].take(engine, rest);
    if (bytes_equal_nocase(verb, "HELO") || bytes_equal_nocase(verb, "EHLO"))
        return refuse(engine, "500 5.5.1 this is LMTP: LHLO");
    return refuse(engine, "500 5.5.2 unknown command");
}

static enum sts_status take_command_byte(struct lmtp_engine *engine, char byte)
{
    bool after_cr = engine->line_length && engine->line[engine->line_length - 1] == '\r';

    /* A line end that is none, or a NUL: who sends that may mean anything. */
    if ((byte == '\n') != after_cr || !byte)
        return hang_up(engine, "521 5.5.2 lines end with CR LF");
    if (engine->line_length == sizeof(engine->line))
        return hang_up(engine, "521 5.5.2 the line is too long");
    engine->line[engine->line_length++] = byte;
    return byte == '\n' ? take_command(engine) : STS_OK;
}

/* ---- the text of a message ------------------------------------------------------------------- */

static enum sts_status keep(struct lmtp_engine *engine, char byte)
{
    size_t room = engine->text_room ? engine->text_room * 2 : 8192;
    char *grown;

    if (engine->too_large || engine->malformed)
        return STS_OK;
    if (engine->text_length == LMTP_MESSAGE_MAX) {
        engine->too_large = true;
        TALLOC_FREE(engine->text);
        return STS_OK;
    }
    if (engine->text_length == engine->text_room) {
        grown = talloc_realloc_size(engine, engine->text, room);
        if (!grown)
            return STS_E_NOMEM;
        engine->text = grown;
        engine->text_room = room;
    }
    engine->text[engine->text_length++] = byte;
    return STS_OK;
}

static enum sts_status end_text(struct lmtp_engine *engine)
{
    enum sts_status status;

    engine->in_text = false;
    if (!engine->too_large && !engine->malformed) {
        engine->state = LMTP_MESSAGE;
        return STS_OK;
    }
    status = reply_each(engine, engine->too_large ? "552 5.3.4 the message is too large"
                                                  : "550 5.6.0 a CR or LF stands alone");
    reset(engine);
    return status;
}

/* A byte in a line, none of those that end it. */
static enum sts_status keep_in_line(struct lmtp_engine *engine, char byte)
{
    engine->place = TEXT_LINE;
    return keep(engine, byte);
}

static enum sts_status after_cr(struct lmtp_engine *engine, char byte)
{
    enum sts_status status = keep(engine, '\r');

    engine->malformed |= byte != '\n';
    engine->place = byte == '\n' ? TEXT_LINE_BEGIN : byte == '\r' ? TEXT_CR : TEXT_LINE;
    return status == STS_OK && byte != '\r' ? keep(engine, byte) : status;
}

static enum sts_status take_text_byte(struct lmtp_engine *engine, char byte)
{
    switch (engine->place) {
    case TEXT_CR:
        return after_cr(engine, byte);
    case TEXT_DOT_CR:
        if (byte == '\n')
            return end_text(engine);
        engine->malformed = true;
        engine->place = TEXT_LINE;
        return STS_OK;
    case TEXT_DOT: /* the first of two is not part of the text */
        if (byte == '\r') {
            engine->place = TEXT_DOT_CR;
            return STS_OK;
        }
        break;
    case TEXT_LINE_BEGIN:
        if (byte == '.') {
            engine->place = TEXT_DOT;
            return STS_OK;
        }
        break;
    case TEXT_LINE:
        break;
    }
    if (byte == '\r') {
        engine->place = TEXT_CR;
        return STS_OK;
    }
    engine->malformed |= byte == '\n';
    return keep_in_line(engine, byte);
}

/* ---- bytes ----------------------------------------------------------------------------------- */

enum sts_status lmtp_engine_feed(struct lmtp_engine *engine, const void *data, size_t length,
                                 size_t *ret_used)
{
    const char *bytes = data;
    enum sts_status status = STS_OK;
    bool was_in_text;
    size_t i = 0;

    while (status == STS_OK && i < length && engine->state == LMTP_TALK) {
        was_in_text = engine->in_text;
        status =
            was_in_text ? take_text_byte(engine, bytes[i]) : take_command_byte(engine, bytes[i]);
        i++;
        /* Nobody knows yet whether there will be a text. */
        if (status == STS_OK && !was_in_text && engine->in_text && i < length)
            status = hang_up(engine, "521 5.5.0 something was sent behind DATA");
    }
    *ret_used = i;
    return status;
}

const char *lmtp_engine_output(struct lmtp_engine *engine, size_t *ret_length)
{
    *ret_length = engine->output_length;
    engine->output_length = 0;
    return *ret_length ? engine->output : NULL;
}

bool lmtp_engine_in_text(const struct lmtp_engine *engine)
{
    return engine->in_text;
}

enum lmtp_state lmtp_engine_state(const struct lmtp_engine *engine)
{
    return engine->state;
}

struct bytes lmtp_engine_take_message(struct lmtp_engine *engine, TALLOC_CTX *ctx)
{
    struct bytes text = {talloc_steal(ctx, engine->text), engine->text_length};

    engine->text = NULL;
    engine->text_length = engine->text_room = 0;
    return text.data ? text : (struct bytes){"", 0};
}

const char *const *lmtp_engine_recipients(const struct lmtp_engine *engine, size_t *ret_count)
{
    *ret_count = engine->recipient_count;
    return (const char *const *)engine->recipients;
}

enum sts_status lmtp_engine_answer(struct lmtp_engine *engine, enum lmtp_verdict verdict)
{
    enum sts_status status;

    if (engine->state != LMTP_MESSAGE)
        return STS_E_INVALID;
    engine->state = LMTP_TALK;
    status =
        reply_each(engine, verdict == LMTP_STORED ? "250 2.0.0 stored"
                                                  : "451 4.3.0 not now, please try again later");
    reset(engine);
    return status;
}

enum sts_status lmtp_engine_new(TALLOC_CTX *ctx, const char *host, struct lmtp_engine **ret)
{
    struct lmtp_engine *engine = talloc_zero(ctx, struct lmtp_engine);
    char *greeting = engine ? talloc_asprintf(engine, "220 %s LMTP mtasts", host) : NULL;

    if (!greeting || !(engine->host = talloc_strdup(engine, host)) ||
        reply(engine, greeting) != STS_OK) {
        talloc_free(engine);
        return STS_E_NOMEM;
    }
    talloc_free(greeting);
    *ret = engine;
    return STS_OK;
}
