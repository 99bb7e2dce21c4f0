/* SPDX-License-Identifier: MIT */
/* account_pages.h - what the pages about accounts share; private to serve/. */
#ifndef SERVE_ACCOUNT_PAGES_H
#define SERVE_ACCOUNT_PAGES_H

#include <stdbool.h>

#include <mtasts/status.h>

#include "accounts/change.h"
#include "base/i18n.h"

struct exchange;
struct store;

/* The language of the visitor, for a callback; gives that of before. */
enum i18n_language account_pages_speak(const struct exchange *exchange);

void account_pages_no_room(struct exchange *exchange);
void account_pages_no_store(struct exchange *exchange);
/* "viewer", translated. */
const char *account_pages_role(enum store_role role);
/* A field of the form; 0: it is no number. */
int64_t account_pages_number(const struct exchange *exchange, const char *name);
/* What is wrong with it, translated. */
const char *account_pages_password_fault(const char *password);
bool account_pages_is_user_name(const char *typed);

/* Answers; kept is what account_pages_change() was given for it. */
typedef void (*account_changed_fn)(struct exchange *exchange, const struct account_change *change,
                                   void *kept);
/* By whoever is signed in.  The texts of the change are copied.  `done` is called in the visitor's
 * language; a failure of the store is answered here. */
void account_pages_change(struct exchange *exchange, const struct account_change *change,
                          account_changed_fn done, void *kept);
/* Reads into data, a child of the exchange, and answers by `done`; a failure is answered here. */
void account_pages_read(struct exchange *exchange,
                        enum sts_status (*read)(struct store *store, void *data), void *data,
                        void (*done)(struct exchange *exchange, void *data));
/* Likewise for what writes: on data, all that it uses. */
void account_pages_write(struct exchange *exchange,
                         enum sts_status (*write)(struct store *store, void *data), void *data,
                         void (*done)(struct exchange *exchange, void *data));
/* Sends to a path; what came of the change is said there: "?done=group-add", "?error=taken". */
void account_pages_back(struct exchange *exchange, const char *path,
                        const struct account_change *change);
/* What came of a change that was not made, translated. */
const char *account_pages_outcome(enum account_outcome outcome);
/* What to say of such a query, translated; NULL: nothing. */
const char *account_pages_notice(const struct exchange *exchange);
const char *account_pages_error(const struct exchange *exchange);
/* What the DNS said of a claim, translated; found: as the store has it.  NULL: nothing. */
const char *account_pages_proof(const char *found);

#endif
