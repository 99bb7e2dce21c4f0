/* SPDX-License-Identifier: MIT */
/* sign_in_ticket.h - passwords that were right and whose code is awaited, in memory for some
 * minutes; private to accounts/. */
#ifndef ACCOUNTS_SIGN_IN_TICKET_H
#define ACCOUNTS_SIGN_IN_TICKET_H

#include "accounts/accounts_parts.h"

/* user, name, fits and password_hash of `like`, copied.  What brings the code to it, until it goes;
 * NULL: no memory. */
const char *sign_in_ticket_add(struct accounts *accounts, const struct sign_in_ticket *like);
/* NULL: there is none, or it is over. */
struct sign_in_ticket *sign_in_ticket_find(struct accounts *accounts, const char *secret);
void sign_in_ticket_drop(struct accounts *accounts, struct sign_in_ticket *ticket);

#endif
