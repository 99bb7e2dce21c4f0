/* SPDX-License-Identifier: MIT */
/* reverse_names.h - which hosts the addresses are that senders report to have sent from.
 *
 * The reverse DNS says a name for an address, whoever has the address chooses it, and only what the
 * name's own zone confirms is believed.  Names are kept for a while, and looked up beside whoever
 * wants them: who waits does so for a moment, and does without what is not known by then. */
#ifndef APP_REVERSE_NAMES_H
#define APP_REVERSE_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

struct loop;
struct net_options;
struct reverse_names;
struct reverse_wait;

/* On an error *ret_why (owned by ctx) says in one line what is wrong, or is NULL: no memory.  Both
 * must outlive it. */
STS_MUST_USE enum sts_status reverse_names_new(TALLOC_CTX *ctx, struct loop *loop,
                                               const struct net_options *net,
                                               struct reverse_names **ret, char **ret_why);

/* `done` is called when all of them are known, or REVERSE_WAIT_MS are over. */
struct reverse_request {
    const char *const *addresses; /* copied; those behind REVERSE_ASKED_MAX are left out */
    size_t count;
    void (*done)(void *arg);
    void *arg;
};
STS_MUST_USE enum sts_status reverse_names_wait(TALLOC_CTX *ctx, struct reverse_names *names,
                                                const struct reverse_request *request,
                                                struct reverse_wait **ret);

/* Of an address; borrowed until the loop goes on.  NULL: none is known. */
const char *reverse_name_of(const struct reverse_names *names, const char *address);

#endif
