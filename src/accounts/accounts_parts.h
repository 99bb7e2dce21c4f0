/* SPDX-License-Identifier: MIT */
/* accounts_parts.h - what struct accounts consists of; private to accounts/. */
#ifndef ACCOUNTS_ACCOUNTS_PARTS_H
#define ACCOUNTS_ACCOUNTS_PARTS_H

#include <sys/queue.h>

#include "accounts/accounts.h"

/* A password was right, and a code is awaited. */
struct sign_in_ticket {
    char *secret;
    int64_t user;
    char *name;
    char *fits;          /* the hash that the password was held against */
    char *password_hash; /* a new one to be stored with the sign-in; NULL */
    int64_t until;
    TAILQ_ENTRY(sign_in_ticket) link;
};

struct accounts {
    struct accounts_setup setup;
    struct passwords *passwords;
    struct attempts *attempts;
    TAILQ_HEAD(, sign_in_ticket) tickets; /* the oldest first */
    size_t ticket_count;
    char *first_start; /* its secret; NULL: it was used, or there is none */
};

#endif
