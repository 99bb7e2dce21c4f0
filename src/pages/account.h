/* SPDX-License-Identifier: MIT */
/* account.h - the pages of a user about themselves. */
#ifndef PAGES_ACCOUNT_H
#define PAGES_ACCOUNT_H

#include <stddef.h>
#include <stdint.h>

#include "pages/frame.h"

struct account_session {
    int64_t id;
    const char *agent, *address;
    int64_t created, used;
    bool current; /* the one that asks */
};

struct account_token {
    int64_t id;
    const char *label, *name, *group, *scopes;
    int64_t created, expires, used; /* 0: never */
};

/* A group and the user's role in it. */
struct account_group {
    int64_t id;
    const char *name;
    const char *role; /* translated */
};

struct account_page {
    struct frame frame;
    struct page_said said;
    const char *name;
    const char *language; /* "en", "de"; "": as the browser says */
    bool password;        /* has one: an account of a provider has none */
    bool second_factor;
    int64_t recovery_left;
    const struct account_session *sessions;
    size_t session_count;
    const struct account_token *tokens;
    size_t token_count;
    const struct account_group *groups;
    size_t group_count;
    const char *const *scopes; /* that a token may have */
    size_t scope_count;
};
void page_account(struct html *out, const struct account_page *page);

/* A second factor that is to be confirmed. */
struct account_factor_page {
    struct frame frame;
    const char *error;
    const char *secret; /* as it is typed */
    const char *uri;    /* as an app reads it */
};
void page_account_factor(struct html *out, const struct account_factor_page *page);

/* What is shown once. */
struct account_secret_page {
    struct frame frame;
    const char *token;        /* of the API; NULL */
    const char *user;         /* whose password it is; NULL */
    const char *password;     /* a new one; NULL */
    const char *const *codes; /* for recovery */
    size_t code_count;
    const char *back; /* the path that leads on */
};
void page_account_secret(struct html *out, const struct account_secret_page *page);

#endif
