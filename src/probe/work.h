/* SPDX-License-Identifier: MIT */
/* work.h - one probe at work; private to probe/.
 *
 * Each thing that is under way is a `task` in the probe's list.  When it is over it starts what
 * follows from it, then goes.  The probe ends when the list is empty and nothing more is to be
 * asked, or at the deadline, when every task hands over what it has seen so far. */
#ifndef PROBE_WORK_H
#define PROBE_WORK_H

#include "event/budget.h"
#include "event/loop.h"
#include "event/semaphore.h"
#include "net/dns.h"
#include "net/dns_direct.h"
#include "net/https.h"
#include "net/limits.h"
#include "net/lookup_cache.h"
#include "net/net.h"
#include "net/port_test.h"
#include "net/rate_limiter.h"
#include "net/smtp.h"
#include "probe/probe.h"

struct sts_policy;

#define STS_PLACES    5
#define TLSRPT_PLACES 4
#define CONTROLS      2
#define REFERENCES    2

/* Connections end in any order; they are told in the order of the addresses. */
struct fetched {
    struct fetched *next;
    int order;
    struct https_fetch *fetch;
};

struct looked {
    struct looked *next;
    int order;
    int again; /* how often it was put off */
    const char *host;
    const struct smtp_session *session; /* perhaps another domain's too */
    const struct again *handshakes;     /* likewise; NULL: none were made */
    const struct again *by_base;        /* likewise, with the TLSA base domain as SNI */
};

/* Further handshakes with one address. */
struct again {
    struct tls_again list[LIMIT_AGAIN];
    size_t count;
};

struct mx_work {
    struct probe *probe;
    size_t index; /* in facts->mx */
    bool target_asked, alias_asked;
    struct looked *looked;
};

struct control {
    struct probe *probe;
    const char *domain, *host, *address;
    struct dns_answer *mx, *a;
    enum net_outcome outcome;
};

struct referred;
struct reference {
    const char *host;
    struct dns_answer *answer;
    const struct referred *referred; /* NULL: not asked, or not reached in time */
};

struct probe {
    struct net *net;
    struct budget *budget; /* of the domain's servers; NULL: our own place is looked at */
    struct vantage_point vantage[VANTAGE_COUNT]; /* by name */
    int64_t clock_offset;
    struct facts *facts;
    struct task *tasks;
    struct fetched *fetches;
    struct mx_work *mx; /* one for each of facts->mx */
    size_t busy_looks;  /* that were put off */
    struct dns_answer *sts_strays[STS_PLACES], *tlsrpt_strays[TLSRPT_PLACES];
    struct control controls[CONTROLS];
    bool controls_begun;
    bool clock_known;
    bool place_only; /* no domain: all that can be known of one's own place */
    struct reference references[REFERENCES];
    bool begun;                           /* the first question was put */
    struct name_server_work *authorities; /* in the order of the NS records */
    struct dns_answer **pattern_soas;
    const char *pattern_names[LIMIT_PATTERNS];
    size_t pattern_count;
    struct misplaced_policy_work *elsewhere;
    struct rua_work *rua; /* rua_https.c */
    bool afterwards_begun;
    struct loop_timer *timer; /* the deadline, or the delivery */
    int64_t started, deadline;
    bool over;
    probe_done_fn done;
    void *arg;
};

typedef enum sts_status (*then_fn)(struct probe *probe, void *arg);

struct task {
    struct probe *probe;
    struct task *next, **link;
    /* a question */
    struct dns_query *query;
    const char *name;
    enum dns_type type;
    struct dns_answer **answer;
    then_fn then;
    void *then_arg;
    /* what others look at too: a lookup of it, a child of the facts, which need what it holds */
    struct lookup *lookup;
    /* a connection: first the slot, then the handle of its kind */
    struct slot *slot;
    slot_ready_fn ready;
    struct permit *permit; /* to put the question, or to connect */
    int64_t waits_since;   /* for slot, pass or another's look; 0: it does not */
    struct fetched *fetched;
    struct https_transfer *transfer;
    struct looked *looked;
    struct smtp_probe *smtp;
    bool put_off;                  /* "too many connections": its turn comes when ours are over */
    struct loop_timer *busy_timer; /* its turn has come */
    struct control *control;
    struct reference *reference;
    struct port_test *test;
    struct loop_timer *wait;
    const char *server; /* the name server that is asked */
    struct dns_direct *direct;
    bool *authoritative;
    struct handshaking *handshaking; /* handshakes.c */
    struct rua_work *rua;            /* rua_https.c */
};

/* Of the loop: loop_now(). */
int64_t probe_now(const struct probe *probe);
/* NULL: no memory. */
struct task *probe_task(struct probe *probe);
/* The task is over; frees it, and ends the probe if it was the last one. */
void probe_task_done(struct task *task, enum sts_status status);

/* answer: where the answer goes.  then (may be NULL): called when it is there. */
STS_MUST_USE enum sts_status probe_ask(struct probe *probe, const char *name, enum dns_type type,
                                       struct dns_answer **answer, then_fn then, void *then_arg);
/* The same for a name that many domains share: asked once in a run. */
STS_MUST_USE enum sts_status probe_ask_shared(struct probe *probe, const char *name,
                                              enum dns_type type, struct dns_answer **answer,
                                              then_fn then, void *then_arg);
/* A slot and a permit for the connection that the task is about.  Waiting for them is no time of
 * the domain's. */
STS_MUST_USE enum sts_status probe_take_slot(struct task *task, const char *address, int64_t port,
                                             slot_ready_fn ready);
/* A lookup of what other domains need too, for the task; as lookup_start(). */
STS_MUST_USE enum sts_status probe_look_up(struct task *task, const char *key, lookup_fn known,
                                           bool *ret_turn);
/* The same for a question to a name server. */
STS_MUST_USE enum sts_status probe_take_question(struct task *task, const char *address,
                                                 slot_ready_fn ready);
void probe_task_goes_on(struct task *task);
/* A and AAAA, as far as their family was asked for. */
STS_MUST_USE enum sts_status probe_ask_addresses(struct probe *probe, const char *name,
                                                 struct dns_answer **a, struct dns_answer **aaaa,
                                                 then_fn then_a, then_fn then_aaaa, void *arg,
                                                 bool shared);

/* policy.c: the addresses of the policy host are known. */
enum sts_status probe_policy_a(struct probe *probe, void *arg);
enum sts_status probe_policy_aaaa(struct probe *probe, void *arg);
/* mx.c: the MX answer is known. */
enum sts_status probe_mx_known(struct probe *probe, void *arg);
/* The records that count at the host: of the alias's target where it has signed ones, else its own.
 * NULL: none. */
const struct dns_answer *probe_mx_records(const struct mx_host *host);
const char *probe_mx_base(const struct dns_answer *tlsa);
/* Did no session with any MX host come so far as to connect, for want of time or of a route? */
bool probe_mx_is_unreachable(const struct probe *probe);
/* misplaced_records.c: the record's answer is known; where there is none, look where it may stand.
 */
enum sts_status probe_sts_known(struct probe *probe, void *arg);
enum sts_status probe_tlsrpt_known(struct probe *probe, void *arg);
/* rua.c: can the hosts that reports go to be reached? */
STS_MUST_USE enum sts_status probe_rua(struct probe *probe);
/* rua_https.c: before the addresses of the target are asked for; then, for A and for AAAA,
 * that one is known (arg: the target). */
STS_MUST_USE enum sts_status probe_rua_https(struct probe *probe, struct rua_target *target);
enum sts_status probe_rua_address(struct probe *probe, void *arg);
/* Were endpoints asked, and none was reached over the port that the policy host uses? */
bool probe_rua_is_unreachable(const struct probe *probe);
/* The TLS sessions with endpoints, one by one; NULL: no more. */
const struct tls_session *probe_rua_tls(const struct probe *probe, size_t index);
/* name_servers.c: the NS answer is known; each server is asked by itself. */
enum sts_status probe_ns_known(struct probe *probe, void *arg);

/* vantage.c: what can be seen from here, whatever the domain.  The first costs nothing. */
STS_MUST_USE enum sts_status probe_vantage(struct probe *probe);
/* Wait for all that the look at the resolver tells. */
STS_MUST_USE enum sts_status probe_place_known(struct probe *probe);
/* detail: data, copied; NULL: none.  A later word displaces an earlier one. */
void probe_vantage_set(struct probe *probe, enum vantage_name name, enum vantage_state state,
                       const char *detail);

/* What is asked once all the above is known; each in its own file.  Where probe->place_only is
 * set all that looks at one's own place does so, whether a domain needs it or not.
 * handshakes.c: how do policy host and MX hosts take other handshakes?
 * caa.c: which CAs may issue for policy host and MX hosts?
 * port_test.c: is port 25 closed for this network?
 * reference_hosts.c: is port 443, is TLS intercepted, is our clock wrong?  Called again where more
 *     is known of endpoints for reports.
 * pattern.c: do the domains of unused patterns exist?
 * misplaced_policy.c: is the policy somewhere else?
 * name_servers.c: what else do the name servers say? */
STS_MUST_USE enum sts_status probe_handshakes(struct probe *probe);
STS_MUST_USE enum sts_status probe_caa(struct probe *probe);
STS_MUST_USE enum sts_status probe_port_test(struct probe *probe);
STS_MUST_USE enum sts_status probe_reference_hosts(struct probe *probe);
STS_MUST_USE enum sts_status probe_patterns(struct probe *probe);
STS_MUST_USE enum sts_status probe_misplaced_policy(struct probe *probe);
STS_MUST_USE enum sts_status probe_name_servers(struct probe *probe);

/* NULL: nobody served one that can be used.  Free with sts_policy_free(). */
struct sts_policy *probe_policy_text(const struct probe *probe);

/* Results of connections and strays into the facts, in order; each in its own file. */
STS_MUST_USE enum sts_status probe_policy_collect(struct probe *probe);
STS_MUST_USE enum sts_status probe_mx_collect(struct probe *probe);
STS_MUST_USE enum sts_status probe_misplaced_records_collect(struct probe *probe);
STS_MUST_USE enum sts_status probe_port_test_collect(struct probe *probe);
STS_MUST_USE enum sts_status probe_rua_collect(struct probe *probe);
STS_MUST_USE enum sts_status probe_reference_hosts_collect(struct probe *probe);
STS_MUST_USE enum sts_status probe_name_servers_collect(struct probe *probe);
STS_MUST_USE enum sts_status probe_patterns_collect(struct probe *probe);
STS_MUST_USE enum sts_status probe_misplaced_policy_collect(struct probe *probe);
STS_MUST_USE enum sts_status probe_vantage_collect(struct probe *probe);

#endif
