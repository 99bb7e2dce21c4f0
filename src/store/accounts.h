/* SPDX-License-Identifier: MIT */
/* accounts.h - who may use the web service: groups, users and their roles, the domains of groups,
 * sessions, tokens of the API, second factors, identities of other providers, and a log of what was
 * done.
 *
 * As in store.h: what is written is durable when its verb, or the commit of its batch, returned
 * STS_OK; texts are UTF-8; times are seconds since 1970, UTC; what a callback is given lives until
 * it returns.  Numbers of groups and users are never 0 and stay the same for their life.  Nothing
 * here holds a secret that a stranger could sign in with, but for the secrets of second factors:
 * of passwords, sessions, tokens and recovery codes there are hashes only. */
#ifndef STORE_ACCOUNTS_H
#define STORE_ACCOUNTS_H

#include "store/store.h"

/* ---- groups ---------------------------------------------------------------------------------- */

/* A group owns domains, and its members see them. */
struct store_group {
    int64_t id;
    const char *name;
    int64_t created;
    int64_t members, domains; /* how many; not read by store_add_group() */
};

/* *ret_id is 0 where the name is taken. */
STS_MUST_USE enum sts_status store_add_group(struct store *store, const char *name, int64_t at,
                                             int64_t *ret_id);
/* *ret_done: false where there is no such group, or the name is another's. */
STS_MUST_USE enum sts_status store_rename_group(struct store *store, int64_t group,
                                                const char *name, bool *ret_done);
/* With its memberships, its tokens, and its domains, which belong to nobody then. */
STS_MUST_USE enum sts_status store_drop_group(struct store *store, int64_t group, bool *ret_done);
/* 0: there is none. */
STS_MUST_USE enum sts_status store_group_named(struct store *store, const char *name,
                                               int64_t *ret_id);
typedef bool (*store_group_fn)(void *arg, const struct store_group *group);
/* The one, or with 0 all of them by name. */
STS_MUST_USE enum sts_status store_groups(struct store *store, int64_t group, store_group_fn fn,
                                          void *arg);

/* ---- users ----------------------------------------------------------------------------------- */

struct store_user {
    int64_t id;
    const char *name;
    const char *language; /* "en", "de"; NULL: as the browser says */
    const char *password; /* a hash as crypt(5) has it; NULL: none, so no sign-in by password */
    bool administrator;   /* of the service: of all groups and users */
    bool disabled;
    int64_t created, signed_in; /* 0: never */
    bool second_factor;         /* is asked for */
};

/* *ret_id is 0 where the name is taken.  Reads name, language, password, administrator and
 * created. */
STS_MUST_USE enum sts_status store_add_user(struct store *store, const struct store_user *user,
                                            int64_t *ret_id);

enum store_claimed {
    STORE_CLAIMED,
    STORE_CLAIMED_BEFORE, /* there is an administrator already */
    STORE_CLAIM_NAME_TAKEN
};
/* The first administrator: of several who try at the same time one is. */
STS_MUST_USE enum sts_status store_claim(struct store *store, const struct store_user *user,
                                         enum store_claimed *ret, int64_t *ret_id);
/* Administrators that are not disabled. */
STS_MUST_USE enum sts_status store_count_administrators(struct store *store, int64_t *ret);

/* *ret, owned by ctx, is NULL where there is none. */
STS_MUST_USE enum sts_status store_user_numbered(struct store *store, TALLOC_CTX *ctx, int64_t user,
                                                 struct store_user **ret);
STS_MUST_USE enum sts_status store_user_named(struct store *store, TALLOC_CTX *ctx,
                                              const char *name, struct store_user **ret);
typedef bool (*store_user_fn)(void *arg, const struct store_user *user);
STS_MUST_USE enum sts_status store_users(struct store *store, store_user_fn fn, void *arg);

/* NULL: none. */
STS_MUST_USE enum sts_status store_set_password(struct store *store, int64_t user,
                                                const char *password);
STS_MUST_USE enum sts_status store_set_language(struct store *store, int64_t user,
                                                const char *language);
STS_MUST_USE enum sts_status store_signed_in(struct store *store, int64_t user, int64_t at);
/* *ret_done: false, and nothing changes, where no administrator would be left, or there is no such
 * user.  The sessions of a user who is disabled end. */
STS_MUST_USE enum sts_status store_set_rights(struct store *store, int64_t user, bool administrator,
                                              bool disabled, bool *ret_done);
/* Likewise. */
STS_MUST_USE enum sts_status store_drop_user(struct store *store, int64_t user, bool *ret_done);

/* ---- roles ----------------------------------------------------------------------------------- */

/* Each may do what those before it may. */
enum store_role {
    STORE_ROLE_NONE,
    STORE_ROLE_VIEWER, /* sees all of the group's */
    STORE_ROLE_EDITOR, /* checks, uploads, acknowledges, changes domains */
    STORE_ROLE_ADMIN   /* of the group: its members and tokens, too */
};

/* "viewer", "editor", "admin"; NULL for NONE. */
const char *store_role_name(enum store_role role);
/* NONE: the text names no role. */
enum store_role store_role_named(const char *name);

struct store_member {
    int64_t user, group;
    const char *user_name, *group_name;
    enum store_role role;
};

/* NONE: a member no longer. */
STS_MUST_USE enum sts_status store_set_role(struct store *store, int64_t user, int64_t group,
                                            enum store_role role);
/* Are they members of the same one? */
STS_MUST_USE enum sts_status store_share_group(struct store *store, int64_t one, int64_t other,
                                               bool *ret);
typedef bool (*store_member_fn)(void *arg, const struct store_member *member);
/* By the name of the group, or of the user. */
STS_MUST_USE enum sts_status store_groups_of(struct store *store, int64_t user, store_member_fn fn,
                                             void *arg);
STS_MUST_USE enum sts_status store_members_of(struct store *store, int64_t group,
                                              store_member_fn fn, void *arg);

/* ---- domains of groups ----------------------------------------------------------------------- */

/* Several groups may claim a domain; at most one owns it: the one that has proven it, or of which
 * an administrator of the service said so.  The others see nothing of it that not everybody sees.
 */
struct store_owned {
    const char *domain;
    int64_t group;
    const char *group_name; /* not read by store_give_domain() */
    int64_t added;
    const char *proof; /* what the owner is to publish; "": an administrator said so */
    int64_t proven;    /* when that was seen or said; 0: it is a claim */
    /* Of a claim: when the DNS was last asked, and what it said, one word; 0 and NULL. */
    int64_t looked;
    const char *found;
};

/* Claims of a group that are not proven. */
STS_MUST_USE enum sts_status store_count_claims(struct store *store, int64_t group, int64_t *ret);
/* A claim, or where `proven` is set the owner.  *ret_group: the group itself; another's where that
 * owns it already, and then nothing was changed. */
STS_MUST_USE enum sts_status store_give_domain(struct store *store, const struct store_owned *owned,
                                               int64_t *ret_group);

struct store_proving {
    const char *domain;
    int64_t group; /* whose claim is proven */
    int64_t at;
    bool by_administrator;
    int64_t from; /* an owner that can no longer prove it, and goes on as a claim; 0: none */
};
/* *ret_group: whose it is now, 0: nobody's, since there was no such claim. */
STS_MUST_USE enum sts_status store_prove_domain(struct store *store,
                                                const struct store_proving *what,
                                                int64_t *ret_group);
/* The domain is nobody's, or the claim over. */
STS_MUST_USE enum sts_status store_take_domain(struct store *store, const char *domain,
                                               int64_t group, bool *ret_done);
/* *ret, owned by ctx, is NULL where the domain is nobody's, or there is no such claim. */
STS_MUST_USE enum sts_status store_owner(struct store *store, TALLOC_CTX *ctx, const char *domain,
                                         struct store_owned **ret);
STS_MUST_USE enum sts_status store_domain_claim(struct store *store, TALLOC_CTX *ctx,
                                                const char *domain, int64_t group,
                                                struct store_owned **ret);

/* The DNS was asked for the proof of a claim. */
struct store_look {
    const char *domain;
    int64_t group, at;
    const char *found;
    int64_t due; /* when to ask again; 0: never */
};
STS_MUST_USE enum sts_status store_put_look(struct store *store, const struct store_look *look);

typedef bool (*store_owned_fn)(void *arg, const struct store_owned *owned);
/* Owned and claimed, by name, those behind `after`; NULL: from the first.  At most STORE_OWNED_MAX
 * of them. */
#define STORE_OWNED_MAX 10000
STS_MUST_USE enum sts_status store_owned_by(struct store *store, int64_t group, const char *after,
                                            size_t limit, store_owned_fn fn, void *arg);
/* The claims whose proof is to be asked for, the longest due first. */
STS_MUST_USE enum sts_status store_claims_due(struct store *store, int64_t now, size_t limit,
                                              store_owned_fn fn, void *arg);

/* ---- sessions -------------------------------------------------------------------------------- */

struct store_login {
    int64_t id, user;
    int64_t created, used;
    const char *address, *agent; /* where it was used last; what browser, as it says */
};

/* The hash is of the session's secret: STORE_HASH_SIZE bytes. */
STS_MUST_USE enum sts_status store_add_login(struct store *store, const uint8_t *hash,
                                             const struct store_login *login, int64_t *ret_id);
/* *ret, owned by ctx, is NULL where there is none. */
STS_MUST_USE enum sts_status store_login(struct store *store, TALLOC_CTX *ctx, const uint8_t *hash,
                                         struct store_login **ret);
typedef bool (*store_login_fn)(void *arg, const struct store_login *login);
/* The one that was used last first. */
STS_MUST_USE enum sts_status store_logins_of(struct store *store, int64_t user, store_login_fn fn,
                                             void *arg);
STS_MUST_USE enum sts_status store_use_login(struct store *store, int64_t login, int64_t at,
                                             const char *address);
STS_MUST_USE enum sts_status store_end_login(struct store *store, int64_t user, int64_t login,
                                             bool *ret_done);
/* All but that one; 0: all. */
STS_MUST_USE enum sts_status store_end_logins(struct store *store, int64_t user, int64_t but);
/* Those that were not used since a time, and those that began before another. */
STS_MUST_USE enum sts_status store_prune_logins(struct store *store, int64_t used_before,
                                                int64_t created_before);

/* ---- tokens of the API ----------------------------------------------------------------------- */

struct store_token {
    int64_t id;
    const char *label;   /* its first characters, by which it is found; no secret */
    const uint8_t *hash; /* of all of it: STORE_HASH_SIZE bytes */
    int64_t user, group;
    const char *user_name, *group_name; /* not read by store_add_token() */
    const char *name;                   /* what it is for */
    const char *scopes;                 /* with blanks between them */
    int64_t created, expires, used;     /* 0: never */
    int64_t maker; /* the token that made it, and without which it is over; 0: none */
};

/* *ret_id is 0 where the label is taken. */
STS_MUST_USE enum sts_status store_add_token(struct store *store, const struct store_token *token,
                                             int64_t *ret_id);
STS_MUST_USE enum sts_status store_count_tokens(struct store *store, int64_t user, int64_t *ret);
/* Those of a user that expired until then. */
STS_MUST_USE enum sts_status store_drop_ended_tokens(struct store *store, int64_t user,
                                                     int64_t now);
STS_MUST_USE enum sts_status store_has_token(struct store *store, int64_t token, bool *ret);
/* *ret, owned by ctx, is NULL where there is none. */
STS_MUST_USE enum sts_status store_token(struct store *store, TALLOC_CTX *ctx, const char *label,
                                         struct store_token **ret);
typedef bool (*store_token_fn)(void *arg, const struct store_token *token);
STS_MUST_USE enum sts_status store_tokens_of_user(struct store *store, int64_t user,
                                                  store_token_fn fn, void *arg);
STS_MUST_USE enum sts_status store_tokens_of_group(struct store *store, int64_t group,
                                                   store_token_fn fn, void *arg);
STS_MUST_USE enum sts_status store_use_token(struct store *store, int64_t token, int64_t at);
/* If it is that user's, or that group's; 0: nobody's.  With all that it made. */
STS_MUST_USE enum sts_status store_drop_token(struct store *store, int64_t token, int64_t user,
                                              int64_t group, bool *ret_done);

/* ---- second factors and other identities ----------------------------------------------------- */

#define STORE_NO_STEP (-1) /* no code was given yet: it is not asked for */

/* Not asked for until a first code was given. */
STS_MUST_USE enum sts_status store_put_factor(struct store *store, int64_t user,
                                              struct bytes secret);
/* *ret_secret, owned by ctx, is empty where there is none; *ret_step: the last step whose code was
 * used. */
STS_MUST_USE enum sts_status store_factor(struct store *store, TALLOC_CTX *ctx, int64_t user,
                                          struct bytes *ret_secret, int64_t *ret_step);
/* *ret_fresh: false where the code of this step, or of a later one, was used before. */
STS_MUST_USE enum sts_status store_use_step(struct store *store, int64_t user, int64_t step,
                                            bool *ret_fresh);
/* With the recovery codes. */
STS_MUST_USE enum sts_status store_drop_factor(struct store *store, int64_t user);

/* In place of those there are; hashes of STORE_HASH_SIZE bytes, one after the other. */
STS_MUST_USE enum sts_status store_put_recovery(struct store *store, int64_t user,
                                                const uint8_t *hashes, size_t count);
/* *ret_done: it was there, and is used up. */
STS_MUST_USE enum sts_status store_use_recovery(struct store *store, int64_t user,
                                                const uint8_t *hash, bool *ret_done);
STS_MUST_USE enum sts_status store_count_recovery(struct store *store, int64_t user, int64_t *ret);

/* Who somebody is to another provider: OpenID Connect's iss and sub. */
STS_MUST_USE enum sts_status store_add_identity(struct store *store, int64_t user,
                                                const char *issuer, const char *subject);
/* 0: nobody's. */
STS_MUST_USE enum sts_status store_user_of_identity(struct store *store, const char *issuer,
                                                    const char *subject, int64_t *ret_user);

/* ---- the log --------------------------------------------------------------------------------- */

struct store_audit {
    int64_t id; /* larger: later; set by the store */
    int64_t at;
    const char *who;     /* a user's name, or what stands for it */
    const char *address; /* NULL: none, as on the command line */
    int64_t group;       /* 0: of the service */
    const char *action;  /* one word: "sign-in", "domain-add" */
    const char *object;  /* to whom or what; NULL */
};

STS_MUST_USE enum sts_status store_add_audit(struct store *store, const struct store_audit *audit);
typedef bool (*store_audit_fn)(void *arg, const struct store_audit *audit);
/* The newest first, those before an entry (INT64_MAX: from the newest); of a group, or 0: all. */
STS_MUST_USE enum sts_status store_audit(struct store *store, int64_t group, int64_t before,
                                         size_t limit, store_audit_fn fn, void *arg);
STS_MUST_USE enum sts_status store_prune_audit(struct store *store, int64_t before);

#endif
