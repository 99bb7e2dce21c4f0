/* SPDX-License-Identifier: MIT */
/* imap_sign_in.c - from the greeting to a session in which folders can be named. */
#include "net/imap_engine_work.h"

#include <string.h>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/scanner.h"

static const struct {
    enum imap_capability capability;
    const char *word;
} capabilities[] = {
#define X(symbol, word) {IMAP_CAP_##symbol, word},
    IMAP_CAPABILITIES(X)
#undef X
};

static bool is_word(unsigned char c)
{
    return c > ' ';
}

void imap_read_capabilities(struct imap_engine *engine, struct bytes words)
{
    struct scanner s = scanner_begin(words);

    engine->capabilities = 0;
    while (!scanner_at_end(&s)) {
        struct bytes word = scanner_while(&s, is_word);

        for (size_t i = 0; i < sizeof(capabilities) / sizeof(*capabilities); i++)
            if (bytes_equal_nocase(word, capabilities[i].word))
                engine->capabilities |= 1u << capabilities[i].capability;
        if (!scanner_try(&s, ' ') && !word.length)
            return;
    }
}

static enum sts_status ask_capability(struct imap_engine *engine, enum imap_step step)
{
    engine->capabilities = 0; /* what was said before counts no more (RFC 3501 section 6.2.1) */
    imap_say(engine, step, "CAPABILITY");
    return imap_say_end(engine);
}

enum sts_status imap_greeting(struct imap_engine *engine, struct bytes word, struct bytes text)
{
    if (bytes_equal_nocase(word, "BYE"))
        return imap_end(engine, IMAP_FAULT_REFUSED, text);
    if (bytes_equal_nocase(word, "PREAUTH")) {
        /* With it, an attacker in between would have us speak without STARTTLS. */
        if (!engine->secured)
            return imap_end(engine, IMAP_FAULT_PREAUTH, (struct bytes){0});
        return ask_capability(engine, IMAP_STEP_SIGNED_IN);
    }
    if (!bytes_equal_nocase(word, "OK"))
        return imap_end(engine, IMAP_FAULT_PROTOCOL, text);
    return ask_capability(engine, IMAP_STEP_CAPABILITY);
}

/* ---- authentication -------------------------------------------------------------------------- */

struct mechanism {
    const char *verb;
    const char *refusal;
    char *message;
};

static char *plain_message(struct imap_engine *engine, size_t *ret_length)
{
    const struct imap_login *login = &engine->login;
    size_t user = strlen(login->user), password = strlen(login->password);
    char *message = talloc_zero_size(engine, user + password + 2);

    if (!message)
        return NULL;
    memcpy(message + 1, login->user, user);
    memcpy(message + user + 2, login->password, password);
    *ret_length = user + password + 2;
    return message;
}

/* "," and "=" of the user as RFC 5801 section 4 has them. */
static char *gs2_name(TALLOC_CTX *ctx, const char *user)
{
    char *name = talloc_strdup(ctx, "");

    for (; name && *user; user++)
        name = *user == ',' || *user == '=' ? talloc_asprintf_append(name, "=%02X", (unsigned)*user)
                                            : talloc_asprintf_append(name, "%c", *user);
    return name;
}

static char *bearer_message(struct imap_engine *engine, bool standard)
{
    const struct imap_login *login = &engine->login;
    char *name = standard ? gs2_name(engine, login->user) : NULL, *message;

    if (!standard)
        return talloc_asprintf(engine, "user=%s\001auth=Bearer %s\001\001", login->user,
                               login->token);
    message = !name ? NULL
                    : talloc_asprintf(engine,
                                      "n,a=%s,\001host=%s\001port=%lld\001auth=Bearer %s"
                                      "\001\001",
                                      name, login->host, (long long)login->port, login->token);
    talloc_free(name);
    return message;
}

static enum sts_status authenticate(struct imap_engine *engine, const char *verb,
                                    const char *message, size_t length)
{
    char *coded = message ? base64_encode(engine, message, length) : NULL;

    if (!coded)
        return STS_E_NOMEM;
    imap_say(engine, IMAP_STEP_AUTHENTICATE, verb);
    if (imap_can(engine, IMAP_CAP_SASL_IR)) {
        imap_command_put(&engine->command, " ");
    } else {
        imap_command_put(&engine->command, "\r\n");
        imap_command_pause(&engine->command);
    }
    imap_command_put(&engine->command, coded);
    talloc_free(coded);
    return imap_say_end(engine);
}

static enum sts_status with_token(struct imap_engine *engine)
{
    bool standard = imap_can(engine, IMAP_CAP_OAUTHBEARER);
    char *message;
    enum sts_status status;

    if (!standard && !imap_can(engine, IMAP_CAP_XOAUTH2))
        return imap_end(engine, IMAP_FAULT_NO_TOKEN, (struct bytes){0});
    message = bearer_message(engine, standard);
    status = authenticate(engine, standard ? "AUTHENTICATE OAUTHBEARER" : "AUTHENTICATE XOAUTH2",
                          message, message ? strlen(message) : 0);
    /* A refused token is told in a challenge, which has to be answered (RFC 7628 section 3.2.3). */
    engine->refusal = standard ? "AQ==" : "";
    talloc_free(message);
    return status;
}

static enum sts_status with_password(struct imap_engine *engine)
{
    if (imap_can(engine, IMAP_CAP_PLAIN)) {
        size_t length = 0;
        char *message = plain_message(engine, &length);
        enum sts_status status = authenticate(engine, "AUTHENTICATE PLAIN", message, length);

        talloc_free(message);
        return status;
    }
    if (imap_can(engine, IMAP_CAP_LOGINDISABLED))
        return imap_end(engine, IMAP_FAULT_NO_PASSWORD, (struct bytes){0});
    imap_say(engine, IMAP_STEP_AUTHENTICATE, "LOGIN ");
    imap_command_put_string(&engine->command, engine->login.user);
    imap_command_put(&engine->command, " ");
    imap_command_put_string(&engine->command, engine->login.password);
    return imap_say_end(engine);
}

/* ---- the steps ------------------------------------------------------------------------------- */

enum sts_status imap_after_capability(struct imap_engine *engine)
{
    if (engine->secured)
        return engine->login.token ? with_token(engine) : with_password(engine);
    if (!imap_can(engine, IMAP_CAP_STARTTLS))
        return imap_end(engine, IMAP_FAULT_NO_STARTTLS, (struct bytes){0});
    imap_say(engine, IMAP_STEP_STARTTLS, "STARTTLS");
    return imap_say_end(engine);
}

enum sts_status imap_after_starttls(struct imap_engine *engine)
{
    if (!engine->answer.ok)
        return imap_end(engine, IMAP_FAULT_STARTTLS, bytes_of(engine->answer.text));
    engine->state = IMAP_START_TLS;
    return STS_OK;
}

enum sts_status imap_engine_secured(struct imap_engine *engine)
{
    if (engine->state != IMAP_START_TLS)
        return STS_E_INVALID;
    engine->secured = true;
    engine->taken = 0;
    return ask_capability(engine, IMAP_STEP_CAPABILITY);
}

enum sts_status imap_after_authenticate(struct imap_engine *engine)
{
    const struct imap_answer *answer = &engine->answer;

    if (answer->ok)
        return ask_capability(engine, IMAP_STEP_SIGNED_IN);
    if (strcmp(answer->code, "UNAVAILABLE") == 0 || strcmp(answer->code, "LIMIT") == 0)
        return imap_end(engine, IMAP_FAULT_UNAVAILABLE, bytes_of(answer->text));
    return imap_end(engine, engine->login.token ? IMAP_FAULT_TOKEN : IMAP_FAULT_SIGN_IN,
                    bytes_of(answer->text));
}

enum sts_status imap_after_signed_in(struct imap_engine *engine)
{
    engine->signed_in = true;
    imap_say(engine, IMAP_STEP_NAMESPACE,
             imap_can(engine, IMAP_CAP_NAMESPACE) ? "NAMESPACE" : "LIST \"\" \"\"");
    return imap_say_end(engine);
}

enum sts_status imap_after_namespace(struct imap_engine *engine)
{
    engine->state = IMAP_READY; /* without an answer "/" is nearly always right */
    return STS_OK;
}

/* ---- names of folders ------------------------------------------------------------------------ */

static bool is_flag(unsigned char c)
{
    return c != ')';
}

static bool is_plain(unsigned char c)
{
    return c != '"' && c != '\\';
}

/* NIL or "/" */
static void read_separator(struct scanner *s, struct imap_namespace *space)
{
    if (scanner_try_text(s, "NIL")) {
        space->separator = '\0';
        return;
    }
    scanner_expect(s, '"');
    scanner_try(s, '\\');
    if (scanner_peek(s) > ' ')
        space->separator = s->text.data[s->at++];
    scanner_expect(s, '"');
}

enum sts_status imap_read_list(struct imap_engine *engine, struct bytes text)
{
    struct scanner s = scanner_begin(text);
    struct imap_namespace space = engine->space;

    scanner_expect(&s, '(');
    scanner_while(&s, is_flag);
    scanner_expect(&s, ')');
    scanner_expect(&s, ' ');
    read_separator(&s, &space);
    if (!s.failed && engine->step == IMAP_STEP_NAMESPACE)
        engine->space.separator = space.separator;
    return STS_OK;
}

enum sts_status imap_read_namespace(struct imap_engine *engine, struct bytes text)
{
    struct scanner s = scanner_begin(text);
    struct imap_namespace space = engine->space;
    struct bytes prefix;

    if (!scanner_try_text(&s, "((\"") || engine->step != IMAP_STEP_NAMESPACE)
        return STS_OK;
    prefix = scanner_while(&s, is_plain);
    scanner_expect(&s, '"');
    scanner_expect(&s, ' ');
    read_separator(&s, &space);
    if (s.failed)
        return STS_OK;
    space.prefix = talloc_strndup(engine, prefix.data, prefix.length);
    if (!space.prefix)
        return STS_E_NOMEM;
    engine->space = space;
    return STS_OK;
}
