/* SPDX-License-Identifier: MIT */
/* server.h - the policy daemon: it listens, looks up and answers.
 *
 * Each answer comes within LIMIT_ANSWER_MS: what was not seen by then counts as it was before, and
 * the look-up goes on for those who ask next. */
#ifndef POLICYD_SERVER_H
#define POLICYD_SERVER_H

#include "net/net.h"
#include "policyd/downgrade.h"
#include "policyd/overrides.h"
#include "policyd/policy_cache.h"
#include "policyd/policy_key.h"
#include "policyd/policy_store.h"

struct policyd;

/* For the log; borrowed until the callback returns. */
struct policyd_decision {
    struct bytes map, key; /* as asked; may hold any byte */
    enum policy_key_kind kind;
    const char *domain; /* NULL: of the key none is looked up, as of all that follows */
    enum policy_answer answer;
    enum sts_cache_reason reason;
    const struct policy_known *known; /* of the domain; NULL */
    const char *id;                   /* of the policy that applies; NULL */
    const char *why;                  /* the last fetch failed; NULL */
    bool late;                        /* the look-up was not over in time */
    const struct override *override;  /* what the administrator says counts; NULL */
    bool refused;                     /* the reply did not pass the model of Postfix: TEMP */
    enum reply_cut cut;
    int64_t elapsed_ms;
};

/* Answers within 1, 10, 100, 1000 and 5000 milliseconds, and the others. */
#define POLICYD_BUCKETS 6

struct policyd_counts {
    uint64_t answers[POLICY_ANSWERS], buckets[POLICYD_BUCKETS];
    uint64_t requests, late, lookups, closed; /* closed: idle ones, as descriptors ran short */
    uint64_t refused;
    uint64_t failures, local_failures; /* of fetches; those that are not the domain's fault */
    bool trouble;                      /* with our own place */
    uint64_t downgrades[DOWNGRADES];
    uint64_t overridden; /* answers; they count in no other kind */
    int64_t elapsed_ms;  /* of all answers */
    size_t connections, domains;
    struct policy_store_counts store;
};

/* What is known of a domain after a look-up, if a mail server has asked for it. */
struct policyd_look {
    struct policy_known known;
    const struct facts *facts;       /* of the record or of DANE, if that was looked up; NULL */
    const struct override *override; /* NULL */
};

struct policyd_request {
    struct net *net;    /* outlives it */
    const int *sockets; /* that listen; not closed */
    size_t socket_count;
    bool no_dane; /* the clients cannot: DANE is not looked up */
    void (*decided)(void *arg, const struct policyd_decision *decision);
    /* A fetch, once each; policyd_count_failure() then says whose fault it was. */
    void (*failed)(void *arg, const char *domain, const struct policy_found *found);
    /* One that began then, by loop_now(), went well; NULL. */
    void (*fetched)(void *arg, int64_t begun_ms);
    /* What was found protects less than before: once each.  expires: when the policy before ceases
     * to apply, since 1970; 0: none applies.  DOWNGRADE_CERTIFICATE may be our own place's doing,
     * so it counts only by policyd_count_downgrade(). */
    void (*weaker)(void *arg, const char *domain, enum downgrade downgrade, int64_t expires);
    void (*looked)(void *arg, const struct policyd_look *look); /* of each such look-up; NULL */
    /* Without it the answer would be the same or stronger; once each. */
    void (*unneeded)(void *arg, const struct override *override);
    const char *store; /* where the cache is stored, as of store_open(); copied */
    bool no_store;     /* in memory only */
    void (*stored)(void *arg, const struct store_fault *fault); /* NULL: the store works */
    void *arg;
};
STS_MUST_USE enum sts_status policyd_start(TALLOC_CTX *ctx, const struct policyd_request *request,
                                           struct policyd **ret);
/* From now on these count, which stay until others do; NULL: none.  STS_E_NOMEM: as before. */
STS_MUST_USE enum sts_status policyd_override(struct policyd *policyd,
                                              const struct overrides *overrides);
/* ours: the domain is not to blame, and its next failure is a new one. */
void policyd_count_failure(struct policyd *policyd, const char *domain, bool ours);
/* Has a mail server asked for it that applies its policy, as no override says otherwise? */
bool policyd_heeds_policy(const struct policyd *policyd, const char *domain);
void policyd_count_downgrade(struct policyd *policyd, enum downgrade downgrade);
/* No policy can be fetched from here, whatever the domain. */
void policyd_set_trouble(struct policyd *policyd, bool trouble);
struct policyd_counts policyd_counts(const struct policyd *policyd);

#endif
