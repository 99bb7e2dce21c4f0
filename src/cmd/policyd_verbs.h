/* SPDX-License-Identifier: MIT */
/* policyd_verbs.h - what `mtasts policyd` does beside being the daemon: it asks the one that runs,
 * or explains a domain by a lookup of its own. */
#ifndef CMD_POLICYD_VERBS_H
#define CMD_POLICYD_VERBS_H

#include "cmd/options.h"
#include "event/loop.h"
#include "net/net.h"
#include "policyd/control_client.h"

/* The first operand is a verb; an exit status. */
int policyd_verb(TALLOC_CTX *ctx, const struct options *options);

int policyd_explain(TALLOC_CTX *ctx, const struct options *options);
int policyd_import(TALLOC_CTX *ctx, const struct options *options);
int policyd_dump(TALLOC_CTX *ctx, const struct options *options);
int policyd_purge(TALLOC_CTX *ctx, const struct options *options);
int policyd_selftest(TALLOC_CTX *ctx, const struct options *options);
int policyd_warm(TALLOC_CTX *ctx, const struct options *options);

/* It runs Postfix, so before the sandbox. */
bool policyd_is_selftest(const struct options *options);

/* The network as the daemon uses it: never an address of the own network, no mail server. */
void policyd_net_options(const struct options *options, struct net_options *ret);
/* 0, or an exit status after a line on standard error. */
int policyd_net(TALLOC_CTX *ctx, const struct options *options, struct loop *loop,
                struct net **ret);

/* ---- asking the daemon ----------------------------------------------------------------------- */

/* A connection to it, in a loop of its own. */
struct policyd_asking {
    struct loop *loop;
    struct control_client *client;
    const char *path;
    char *answer; /* the last one, a child of the loop; NULL: the connection broke */
    size_t length;
};
/* STS_E_IO: no daemon can be reached there. */
STS_MUST_USE enum sts_status policyd_asking_begin(TALLOC_CTX *ctx, const struct options *options,
                                                  struct policyd_asking *ret);
int policyd_say_unreachable(const struct policyd_asking *asking);
/* Waits for the answer.  0, or an exit status after a line on standard error. */
int policyd_ask(struct policyd_asking *asking, const char *request);

#endif
