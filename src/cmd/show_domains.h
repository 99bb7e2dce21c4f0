/* SPDX-License-Identifier: MIT */
/* show_domains.h - observe many domains side by side and show each in the order given. */
#ifndef CMD_SHOW_DOMAINS_H
#define CMD_SHOW_DOMAINS_H

#include <talloc.h>

#include "cmd/options.h"
#include "facts/facts.h"
#include "net/net.h"
#include "probe/probe.h"

struct domains_progress;
struct loop;

/* What standard output gets for one domain. */
struct shown {
    char *text; /* owned by ctx; NULL: nothing */
    int status; /* 0 before: the exit status */
    size_t of;  /* set before: so many domains in all; 0: not known */
};
/* STS_E_NOMEM where it could not be made. */
typedef enum sts_status (*show_fn)(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                                   struct shown *ret);

/* On standard output; no_memory: say so instead.  An exit status. */
int shown_print(const struct shown *shown, bool no_memory);

/* What the options say about the network. */
void net_options_of(const struct options *options, struct net_options *ret);

/* One look at our own place, without a domain. */
int show_place(TALLOC_CTX *ctx, const struct options *options, show_fn show, void *arg);
/* The exit status: the worst of all domains. */
int show_domains(TALLOC_CTX *ctx, const struct options *options, show_fn show, void *arg);

struct show_request {
    struct loop *loop;                 /* which is run and stopped; NULL: one of its own */
    struct domains_progress *progress; /* tells how far it has come; NULL: a plain line does */
    show_fn show;
    bool (*has_room)(void *arg); /* as in app/observe.h; NULL */
    void *arg;                   /* of both */
};
int show_domains_in(TALLOC_CTX *ctx, const struct options *options,
                    const struct show_request *request);

#endif
