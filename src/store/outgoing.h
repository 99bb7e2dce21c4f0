/* SPDX-License-Identifier: MIT */
/* outgoing.h - the TLS reports that we send: which, to whom, and what became of each.
 *
 * A report is that of an organization about what session_counts.h counted of a domain, on a day
 * and under one text of its record.  It is planned once, with a delivery for each destination.  A
 * delivery is claimed before it is sent, for a little longer than that may take, and its result
 * written afterwards; so after a kill in between it is sent once more, with the id that it had. */
#ifndef STORE_OUTGOING_H
#define STORE_OUTGOING_H

#include "store/session_counts.h"
#include "store/store.h"

/* X(symbol, name in the store) */
#define STORE_OUTGOING_STATES(X)                                                                   \
    X(WAITING, "waiting")                                                                          \
    X(SENT, "sent")                                                                                \
    X(FAILED, "failed")         /* the receiver refused it for good */                             \
    X(EXPIRED, "expired")       /* tried for its time */                                           \
    X(SUPPRESSED, "suppressed") /* the destination has failed for long */                          \
    X(WITHHELD, "withheld")     /* it would only tell of our own reports */                        \
    X(UNUSABLE, "unusable")     /* the destination is nothing that we can send to */
enum store_outgoing_state {
#define X(symbol, name) STORE_OUTGOING_##symbol,
    STORE_OUTGOING_STATES(X)
#undef X
        STORE_OUTGOING_STATE_COUNT
};
const char *store_outgoing_state_name(enum store_outgoing_state state);

/* ---- planned --------------------------------------------------------------------------------- */

struct store_new_delivery {
    const char *uri, *host; /* host: whose mail or web server it is; "" where that is unknown */
    bool by_mail;
    enum store_outgoing_state state;
    const char *outcome; /* why it is in that state; "" */
};
struct store_new_outgoing {
    const char *organization; /* the domain of the submitter */
    int64_t day, counted;     /* counted: the id of a struct store_counted_domain */
    const char *domain;
    int64_t due;
    const struct store_new_delivery *deliveries;
    size_t delivery_count;
};
/* Nothing happens where it was planned before. */
STS_MUST_USE enum sts_status store_plan_outgoing(struct store *store,
                                                 const struct store_new_outgoing *report);
/* What is counted of a day and not planned yet, by id, behind `after`; as store_counted_domains().
 */
struct store_outgoing_page {
    const char *organization;
    int64_t day, after;
    size_t limit;
};
STS_MUST_USE enum sts_status store_outgoing_unplanned(struct store *store,
                                                      const struct store_outgoing_page *page,
                                                      store_counted_domain_fn fn, void *arg);

/* ---- sent ------------------------------------------------------------------------------------ */

struct store_outgoing {
    int64_t report, place; /* which delivery it is */
    int64_t day, counted;
    const char *domain, *uri, *host;
    bool by_mail;
    const char *state, *outcome; /* outcome: of the last attempt; "" */
    int64_t tries, first_try;    /* first_try: 0: none yet */
    int64_t next_try;            /* of one that waits */
    int64_t at;                  /* when the state was reached, or last tried; 0: never */
};
typedef bool (*store_outgoing_fn)(void *arg, const struct store_outgoing *delivery);

struct store_outgoing_claim {
    const char *organization;
    const char *domain; /* of that one only; "": of all */
    int64_t now, until;
    size_t per_host, limit;
};
/* Those that are due, the longest due first; nobody else gets them until that time. */
STS_MUST_USE enum sts_status store_claim_outgoing(struct store *store,
                                                  const struct store_outgoing_claim *claim,
                                                  store_outgoing_fn fn, void *arg);

struct store_outgoing_result {
    const char *organization, *uri;
    int64_t report, place, at;
    enum store_outgoing_state state; /* WAITING: again, from next_try on */
    int64_t next_try;
    bool tried;          /* else nothing was asked, and nothing counts but the state */
    const char *outcome; /* codes and names: "HTTP 503" */
};
/* The destination has failed, or works, from now on. */
STS_MUST_USE enum sts_status store_outgoing_result(struct store *store,
                                                   const struct store_outgoing_result *result);

/* A destination that fails: since when, and when it was tried last; 0, 0 where it does not. */
struct store_outgoing_failing {
    int64_t since, tried;
};
STS_MUST_USE enum sts_status store_outgoing_failing(struct store *store, const char *organization,
                                                    const char *uri,
                                                    struct store_outgoing_failing *ret);
/* Mails sent to addresses at a host, from a time on, before another. */
STS_MUST_USE enum sts_status store_outgoing_mails(struct store *store, const char *host,
                                                  int64_t from, int64_t before, int64_t *ret);

/* ---- shown ----------------------------------------------------------------------------------- */

struct store_outgoing_filter {
    const char *organization;
    const char *domain; /* "": of all */
    bool open;          /* only those that wait or came to nothing */
    size_t limit;
};
/* The latest day first. */
STS_MUST_USE enum sts_status store_outgoing_list(struct store *store,
                                                 const struct store_outgoing_filter *filter,
                                                 store_outgoing_fn fn, void *arg);
/* What became of what is counted.  A report with several destinations is in the first of these
 * states that one of them is in. */
enum store_reported_state {
    STORE_REPORTED_UNPLANNED,
    STORE_REPORTED_WAITING,
    STORE_REPORTED_FAILED,
    STORE_REPORTED_EXPIRED,
    STORE_REPORTED_SUPPRESSED,
    STORE_REPORTED_WITHHELD,
    STORE_REPORTED_SENT,
    STORE_REPORTED_UNUSABLE, /* or no destination at all */
    STORE_REPORTED_STATES
};
struct store_reported {
    int64_t day;
    enum store_reported_state state;
    int64_t sessions;
    int64_t late; /* of these, in reports that were sent before all was counted */
};
typedef bool (*store_reported_fn)(void *arg, const struct store_reported *reported);
/* Of a day, of all organizations, by state. */
STS_MUST_USE enum sts_status store_outgoing_reported(struct store *store, int64_t day,
                                                     store_reported_fn fn, void *arg);
struct store_outgoing_numbers {
    int64_t deliveries[STORE_OUTGOING_STATE_COUNT]; /* of days from the one asked for on */
    int64_t failing;                                /* destinations that fail now */
};
STS_MUST_USE enum sts_status store_outgoing_numbers(struct store *store, const char *organization,
                                                    int64_t from_day,
                                                    struct store_outgoing_numbers *ret);
/* Forget the reports of days before that one. */
STS_MUST_USE enum sts_status store_prune_outgoing(struct store *store, int64_t before_day);

#endif
