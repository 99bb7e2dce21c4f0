/* SPDX-License-Identifier: MIT */
/* account_session.h - the cookie of a session, and who asks; private to serve/. */
#ifndef SERVE_ACCOUNT_SESSION_H
#define SERVE_ACCOUNT_SESSION_H

#include <stdbool.h>

#include "accounts/account.h"

struct accounts;
struct exchange;

struct accounts *account_session_service(const struct exchange *exchange);

/* Finds out who asks, which may take the store, then goes on; or answers, where the store fails or
 * a token is no good. */
void account_session_find(struct exchange *exchange, void (*go_on)(struct exchange *exchange));
/* Did the page that it was sent from belong to this session? */
bool account_session_form_is_genuine(const struct exchange *exchange);
/* What forms of this session bring along; NULL: there is none.  Owned by the exchange. */
const char *account_session_form_token(struct exchange *exchange);

/* With the next answer. */
void account_session_begin(struct exchange *exchange, const char *secret);
void account_session_end(struct exchange *exchange);

/* Answers where nobody is signed in: leads to the page where one does, and back from there. */
void account_session_ask(struct exchange *exchange);
/* A path of this service that somebody gave: itself, or "" where it leads elsewhere. */
const char *account_session_path(const char *path);

#endif
