/* SPDX-License-Identifier: MIT */
/* change.h - what a user or an administrator changes, each written to the log with it. */
#ifndef ACCOUNTS_CHANGE_H
#define ACCOUNTS_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "base/bytes.h"
#include "base/msgid.h"
#include "store/accounts.h"

/* X(symbol, name in the log, what it says to people) */
#define ACCOUNT_ACTIONS(X)                                                                         \
    X(SIGN_IN, "sign-in", N_("Signed in"))                                                         \
    X(SIGN_IN_FAILED, "sign-in-failed", N_("Failed to sign in"))                                   \
    X(SIGN_OUT, "sign-out", N_("Signed out"))                                                      \
    X(CLAIM, "claim", N_("Became the first administrator"))                                        \
    X(RECOVERY_CODE, "recovery-code", N_("Used a recovery code"))                                  \
    X(PASSWORD, "password", N_("Changed the password"))                                            \
    X(LANGUAGE, "language", N_("Changed the language"))                                            \
    X(SESSION_END, "session-end", N_("Ended a session"))                                           \
    X(SESSIONS_END, "sessions-end", N_("Ended all other sessions"))                                \
    X(TOKEN_ADD, "token-add", N_("Created an API token"))                                          \
    X(TOKEN_DROP, "token-drop", N_("Revoked an API token"))                                        \
    X(FACTOR_BEGIN, "factor-begin", N_("Began to set up two-factor authentication"))               \
    X(FACTOR_CONFIRM, "factor-on", N_("Turned on two-factor authentication"))                      \
    X(FACTOR_DROP, "factor-off", N_("Turned off two-factor authentication"))                       \
    X(RECOVERY_NEW, "recovery-new", N_("Created new recovery codes"))                              \
    X(GROUP_ADD, "group-add", N_("Created a group"))                                               \
    X(GROUP_RENAME, "group-rename", N_("Renamed a group"))                                         \
    X(GROUP_DROP, "group-drop", N_("Deleted a group"))                                             \
    X(MEMBER_SET, "member-set", N_("Assigned a role in a group"))                                  \
    X(MEMBER_DROP, "member-drop", N_("Removed a member from a group"))                             \
    X(DOMAIN_ADD, "domain-add", N_("Added a domain"))                                              \
    X(DOMAIN_DROP, "domain-drop", N_("Removed a domain"))                                          \
    X(DOMAIN_PROVE, "domain-prove", N_("Confirmed the ownership of a domain"))                     \
    X(DOMAIN_LOST, "domain-lost", N_("Lost a domain to a group that confirmed its ownership"))     \
    X(DOMAINS_ADD, "domains-add", N_("Added domains"))                                             \
    X(DOMAINS_DROP, "domains-drop", N_("Removed domains"))                                         \
    X(DOMAINS_CHECK, "domains-check", N_("Requested checks of domains"))                           \
    X(DOMAINS_TAG, "domains-tag", N_("Tagged domains"))                                            \
    X(DOMAINS_UNTAG, "domains-untag", N_("Removed a tag from domains"))                            \
    X(USER_ADD, "user-add", N_("Created a user"))                                                  \
    X(USER_PASSWORD, "user-password", N_("Reset the password of a user"))                          \
    X(USER_RIGHTS, "user-rights", N_("Changed the rights of a user"))                              \
    X(USER_FACTOR_DROP, "user-factor-off", N_("Turned off two-factor authentication of a user"))   \
    X(USER_DROP, "user-drop", N_("Deleted a user"))

enum account_action {
#define X(symbol, name, text) ACCOUNT_##symbol,
    ACCOUNT_ACTIONS(X)
#undef X
        ACCOUNT_ACTION_COUNT
};

const char *account_action_name(enum account_action action);
/* A msgid; NULL: no action is called that. */
const char *account_action_text(const char *name);

enum account_outcome {
    CHANGE_DONE,
    CHANGE_ABSENT,  /* there is no such thing, or it is another's */
    CHANGE_TAKEN,   /* the name, or the domain, is another's */
    CHANGE_LAST,    /* no administrator would be left */
    CHANGE_WRONG,   /* the code does not fit */
    CHANGE_FULL,    /* the group claims as many domains as it may */
    CHANGE_UNKNOWN, /* there is no such user, or none that the actor knows */
    CHANGE_TOKENS   /* the user has as many tokens as they may */
};

struct account_change {
    enum account_action action;
    /* who does it */
    int64_t actor, session, token; /* of the API, by which it came; 0 */
    const char *who, *address;
    int64_t now;
    /* to what; which of them count depends on the action */
    int64_t user, group, id;
    const char *text;     /* a name, a domain, a language, a code, what a token is for */
    const char *password; /* a hash */
    const char *scopes, *label, *proof;
    int64_t expires;
    bool administrator, disabled, proven;
    bool sets_administrator, sets_disabled; /* of the rights of a user: which of the two change */
    enum store_role role;
    struct bytes secret; /* of a second factor; hashes of recovery codes, one after the other */
    const uint8_t *hash; /* of a token */
    /* what came of it */
    enum account_outcome outcome;
    int64_t made;       /* the number of what is new */
    const char *object; /* what was changed, as the log has it; NULL; owned by the change */
};

/* For accounts_work_start() with writes set: data is a struct account_change. */
STS_MUST_USE enum sts_status account_change(struct store *store, void *data);

#endif
