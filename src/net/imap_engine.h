/* SPDX-License-Identifier: MIT */
/* imap_engine.h - the dialogue with an IMAP server, without a socket (RFC 3501, 6851, 4315, 2177).
 *
 * Bytes in, bytes out; one command at a time.  The engine signs in by itself: greeting, CAPABILITY,
 * STARTTLS, CAPABILITY, authentication, CAPABILITY, and the names of folders.  Then its owner gives
 * it a command, sends what imap_engine_output() gives, feeds what comes, and finds the answer when
 * the state is IMAP_READY.
 *
 * Every response, literal and number of rows has a ceiling (limits.h).  Texts of the owner go out
 * as quoted strings or literals, so that none can end a command and begin another. */
#ifndef NET_IMAP_ENGINE_H
#define NET_IMAP_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "base/msgid.h"
#include "net/imap_fetch.h"

struct imap_engine;

enum imap_tls {
    IMAP_TLS_IMPLICIT, /* the first byte is TLS already (port 993) */
    IMAP_TLS_STARTTLS, /* nothing but the greeting and capabilities goes before it (port 143) */
};

/* Copied. */
struct imap_login {
    const char *user;
    const char *password; /* NULL: there is a token */
    const char *token;    /* OAuth 2 bearer token, for XOAUTH2 or OAUTHBEARER (RFC 7628) */
    const char *host;     /* named in OAUTHBEARER */
    int64_t port;
    enum imap_tls tls;
};

/* All are called from inside imap_engine_feed(), and must not call the engine. */
struct imap_sink {
    void (*body)(void *arg, const char *data, size_t length); /* a piece, in order */
    void (*mail)(void *arg, const struct imap_mail *mail);
    void *arg;
};

enum imap_state {
    IMAP_BUSY,      /* the answer to a command is to come, or the greeting */
    IMAP_START_TLS, /* begin the handshake, then imap_engine_secured() */
    IMAP_READY,     /* the answer is there, the next command may be given */
    IMAP_IDLING,    /* the server will say when something changes */
    IMAP_ENDED,     /* imap_engine_failure() says why */
};

/* X(symbol, msgid): why a session ended.  What is true of a server goes into a sentence behind its
 * name, so these begin in lower case and have no full stop. */
#define IMAP_FAULTS(X)                                                                             \
    X(NONE, "")                                                                                    \
    X(REFUSED, N_("the server refused the connection"))                                            \
    X(NO_STARTTLS, N_("the server does not offer STARTTLS"))                                       \
    X(STARTTLS, N_("the server rejected STARTTLS"))                                                \
    X(INJECTED, N_("unencrypted data followed the answer to STARTTLS"))                            \
    X(PREAUTH, N_("the server skipped authentication before the connection was encrypted"))        \
    X(NO_PASSWORD, N_("the server offers no way to sign in with a password"))                      \
    X(NO_TOKEN, N_("the server offers no way to sign in with an OAuth token"))                     \
    X(SIGN_IN, N_("the server rejected the user name or the password"))                            \
    X(TOKEN, N_("the server rejected the OAuth token"))                                            \
    X(UNAVAILABLE, N_("the server cannot check the sign-in at present"))                           \
    X(BYE, N_("the server ended the session"))                                                     \
    X(CLOSED, N_("the connection was closed"))                                                     \
    X(PROTOCOL, N_("the server did not send a valid IMAP response"))                               \
    X(LIMIT, N_("a response of the server is too long"))                                           \
    X(ADDRESS, N_("no address was found for the server"))                                          \
    X(CONNECT, N_("the connection failed"))                                                        \
    X(TLS, N_("the TLS handshake failed"))                                                         \
    X(CERTIFICATE, N_("the certificate of the server was rejected"))                               \
    X(TIMEOUT, N_("the server did not respond in time"))

enum imap_fault {
#define X(symbol, text) IMAP_FAULT_##symbol,
    IMAP_FAULTS(X)
#undef X
};
/* A msgid. */
const char *imap_fault_text(enum imap_fault fault);

struct imap_failure {
    enum imap_fault fault;
    const char *detail; /* what the server or a library said, printable; NULL */
};

struct imap_answer {
    bool ok;          /* OK; else NO or BAD */
    const char *code; /* of its [...], in capitals: "TRYCREATE"; "" */
    const char *text; /* printable */
};

struct imap_folder {
    uint32_t uidvalidity, uidnext, exists; /* 0: not told */
    bool changed;                          /* EXISTS came since it was selected */
};

STS_MUST_USE enum sts_status imap_engine_new(TALLOC_CTX *ctx, const struct imap_login *login,
                                             const struct imap_sink *sink,
                                             struct imap_engine **ret);
enum imap_state imap_engine_state(const struct imap_engine *engine);
STS_MUST_USE enum sts_status imap_engine_feed(struct imap_engine *engine, const void *data,
                                              size_t length);
void imap_engine_eof(struct imap_engine *engine);
/* Bytes to send, NULL if there are none.  Borrowed until the next call; taken as sent. */
const char *imap_engine_output(struct imap_engine *engine, size_t *ret_length);
/* TLS stands.  Implicit TLS needs no word of it. */
STS_MUST_USE enum sts_status imap_engine_secured(struct imap_engine *engine);

/* Borrowed, until the next command. */
const struct imap_failure *imap_engine_failure(const struct imap_engine *engine);
const struct imap_answer *imap_engine_answer(const struct imap_engine *engine);
const struct imap_folder *imap_engine_folder(const struct imap_engine *engine);
bool imap_engine_can_idle(const struct imap_engine *engine);
bool imap_engine_can_move(const struct imap_engine *engine); /* MOVE, or UIDPLUS */

/* ---- commands, in the state IMAP_READY ------------------------------------------------------- */

/* Folders as a person writes them; STS_E_INVALID: that is no name.  examine: nothing is changed. */
STS_MUST_USE enum sts_status imap_engine_select(struct imap_engine *engine, const char *folder,
                                                bool examine);
/* Sizes of the messages with these UIDs; the sink gets them. */
STS_MUST_USE enum sts_status imap_engine_sizes(struct imap_engine *engine, uint32_t first,
                                               uint32_t last);
/* Bodies, without setting \Seen. */
STS_MUST_USE enum sts_status imap_engine_bodies(struct imap_engine *engine, const uint32_t *uids,
                                                size_t count);
/* To another folder, made where it is not there.  Without MOVE they are copied, and then only they
 * are deleted (UID EXPUNGE); without UIDPLUS they stay behind with \Deleted. */
STS_MUST_USE enum sts_status imap_engine_move(struct imap_engine *engine, const uint32_t *uids,
                                              size_t count, const char *folder);
/* The state is IMAP_IDLING when the server is willing, IMAP_READY when it is not. */
STS_MUST_USE enum sts_status imap_engine_idle(struct imap_engine *engine);
STS_MUST_USE enum sts_status imap_engine_end_idle(struct imap_engine *engine);
STS_MUST_USE enum sts_status imap_engine_logout(struct imap_engine *engine);

#endif
