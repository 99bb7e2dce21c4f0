/* SPDX-License-Identifier: MIT */
/* imap_engine_work.h - the engine's insides, shared by the files that make it: imap_engine.c
 * (responses), imap_engine_commands.c and imap_sign_in.c (all until we are signed in).  Private to
 * net/. */
#ifndef NET_IMAP_ENGINE_WORK_H
#define NET_IMAP_ENGINE_WORK_H

#include "base/bytes.h"
#include "net/imap_command.h"
#include "net/imap_engine.h"
#include "net/imap_name.h"
#include "net/imap_reader.h"

/* What the answer that is to come belongs to. */
enum imap_step {
    IMAP_STEP_GREETING,
    IMAP_STEP_CAPABILITY,
    IMAP_STEP_STARTTLS,
    IMAP_STEP_AUTHENTICATE,
    IMAP_STEP_SIGNED_IN, /* CAPABILITY once more */
    IMAP_STEP_NAMESPACE,
    IMAP_STEP_SELECT,
    IMAP_STEP_COMMAND, /* one that is over with its answer */
    IMAP_STEP_MOVE,    /* MOVE or COPY */
    IMAP_STEP_CREATE,
    IMAP_STEP_STORE,
    IMAP_STEP_IDLE,
    IMAP_STEP_LOGOUT,
    IMAP_STEP_COUNT
};

/* X(symbol, word) */
#define IMAP_CAPABILITIES(X)                                                                       \
    X(IDLE, "IDLE")                                                                                \
    X(MOVE, "MOVE")                                                                                \
    X(UIDPLUS, "UIDPLUS")                                                                          \
    X(NAMESPACE, "NAMESPACE")                                                                      \
    X(STARTTLS, "STARTTLS")                                                                        \
    X(LOGINDISABLED, "LOGINDISABLED")                                                              \
    X(SASL_IR, "SASL-IR")                                                                          \
    X(PLAIN, "AUTH=PLAIN")                                                                         \
    X(XOAUTH2, "AUTH=XOAUTH2")                                                                     \
    X(OAUTHBEARER, "AUTH=OAUTHBEARER")

enum imap_capability {
#define X(symbol, word) IMAP_CAP_##symbol,
    IMAP_CAPABILITIES(X)
#undef X
};

struct imap_engine {
    struct imap_login login;
    struct imap_sink sink;
    struct imap_reader reader;
    struct imap_command command;
    enum imap_state state;
    enum imap_step step;
    unsigned tag;
    bool secured, signed_in;
    size_t taken;          /* bytes since the start, or since TLS, until we are signed in */
    unsigned capabilities; /* a bit for each enum imap_capability */
    const char *refusal;   /* the line that answers a "+" where a mechanism failed; NULL */
    struct imap_namespace space;
    struct imap_folder folder;
    struct imap_answer answer;
    struct imap_failure failure;
    /* of a move */
    uint32_t *uids;
    size_t uid_count;
    char *target;
    bool created;
};

bool imap_can(const struct imap_engine *engine, enum imap_capability capability);
/* The session is over.  detail: not printable yet. */
enum sts_status imap_end(struct imap_engine *engine, enum imap_fault fault, struct bytes detail);
/* Begins a command whose answer belongs to the step; imap_say_end() gives it to be sent. */
void imap_say(struct imap_engine *engine, enum imap_step step, const char *verb);
enum sts_status imap_say_end(struct imap_engine *engine);

/* The steps of imap_engine_commands.c, each when its answer is there. */
enum sts_status imap_ready(struct imap_engine *engine); /* the answer is the command's */
enum sts_status imap_after_select(struct imap_engine *engine);
enum sts_status imap_after_move(struct imap_engine *engine);
enum sts_status imap_after_create(struct imap_engine *engine);
enum sts_status imap_after_store(struct imap_engine *engine);
enum sts_status imap_after_logout(struct imap_engine *engine);
/* The steps of imap_sign_in.c, each when its answer is there. */
enum sts_status imap_greeting(struct imap_engine *engine, struct bytes word, struct bytes text);
enum sts_status imap_after_capability(struct imap_engine *engine);
enum sts_status imap_after_starttls(struct imap_engine *engine);
enum sts_status imap_after_authenticate(struct imap_engine *engine);
enum sts_status imap_after_signed_in(struct imap_engine *engine);
enum sts_status imap_after_namespace(struct imap_engine *engine);
void imap_read_capabilities(struct imap_engine *engine, struct bytes words);
/* "((prefix separator)...", "(flags) separator name" */
enum sts_status imap_read_namespace(struct imap_engine *engine, struct bytes text);
enum sts_status imap_read_list(struct imap_engine *engine, struct bytes text);

#endif
