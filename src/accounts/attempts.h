/* SPDX-License-Identifier: MIT */
/* attempts.h - how often somebody may try: a password, a code, a token of the first start.
 *
 * So many a minute from one address: of IPv6 from one network /64, which is what one customer has;
 * and so many of one account, from all addresses.  Strangers who guess at an account must not keep
 * its owner out: an address from which it was signed in to before counts by itself, and the others
 * together may try more often than one of them.  Codes are short, and whoever guesses them knows
 * the password, so there it is as few as from one address.  The time is an argument, in
 * milliseconds of a clock that never steps. */
#ifndef ACCOUNTS_ATTEMPTS_H
#define ACCOUNTS_ATTEMPTS_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

struct attempts;

/* NULL: no memory. */
struct attempts *attempts_new(TALLOC_CTX *ctx);
struct attempt_of {
    const char *account; /* NULL: of none */
    const char *address;
    bool code; /* of a second factor, not a password */
};
/* One more.  False: too many; it does not count then, and *ret_wait_s says in how many seconds the
 * next one may be made. */
bool attempts_try(struct attempts *attempts, const struct attempt_of *what, int64_t now_ms,
                  int64_t *ret_wait_s);
/* It went well: the address is one of this account's from now on (the last ATTEMPTS_HOMES of all
 * accounts are remembered, until the service ends); what this account has tried is forgotten, and
 * of the address the last attempt, so that many may sign in behind one address, and nobody can
 * guess there the more often. */
void attempts_forget(struct attempts *attempts, const char *account, const char *address);

#endif
