/* SPDX-License-Identifier: MIT */
/* client_limits.h - how much a client may ask for: so many in a minute, so many in an hour.
 *
 * A client is a token, an IPv4 address or the /64 of an IPv6 address, since whoever has one of
 * these has all of it.  Each limit is a bucket that fills evenly (GCRA), so a client needs one
 * number a limit. The number of clients is bounded: one that has used nothing for as long as it
 * takes to fill its buckets is forgotten. */
#ifndef APP_CLIENT_LIMITS_H
#define APP_CLIENT_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#define CLIENT_LIMITS_MAX 2

struct client_limit {
    int64_t count, seconds; /* so many in so many seconds */
};

struct client_limits;

/* At most CLIENT_LIMITS_MAX, copied.  clients: how many are remembered.  NULL: no memory. */
struct client_limits *client_limits_new(TALLOC_CTX *ctx, const struct client_limit *limits,
                                        size_t count, size_t clients);
/* One more, at now_ms of a clock that never steps.  0: it may; else not, and in so many seconds it
 * may again. */
int64_t client_limits_take(struct client_limits *limits, const char *address, int64_t now_ms);
/* The same of a token, and of an address where the token is 0; *ret: what is left then, by the
 * first limit. */
struct client_name {
    const char *address;
    int64_t token; /* its number; 0: there is none */
};
struct client_quota {
    int64_t left;    /* so many may follow at once */
    int64_t full_in; /* seconds until as many may as ever */
};
int64_t client_limits_spend(struct client_limits *limits, const struct client_name *name,
                            int64_t now_ms, struct client_quota *ret);
/* What client_limits_take() would say. */
int64_t client_limits_ask(struct client_limits *limits, const char *address, int64_t now_ms);

#endif
