/* SPDX-License-Identifier: MIT */
/* work.h - one look at a domain at work, and its parts; private to probe/.
 *
 * probe.c begins and ends it, stages.c says what is asked when.  Each part has a file; what it has
 * seen so far it keeps in a struct of its own, and its `collect` writes that into the facts at the
 * end, in the order in which people expect it, however the answers came. */
#ifndef PROBE_WORK_H
#define PROBE_WORK_H

#include <sys/queue.h>

#include "event/budget.h"
#include "event/loop.h"
#include "facts/facts.h"
#include "facts/look_progress.h"
#include "net/limits.h"
#include "net/net.h"

struct sts_policy;
struct task;

/* ---- what several parts look at -------------------------------------------------------------- */

/* policy.c: the policy from one address. */
struct policy_fetch {
    SLIST_ENTRY(policy_fetch) link;
    int order; /* of the addresses; answers come in any */
    struct https_fetch *fetch;
};

/* handshakes.c: further handshakes with one address. */
struct handshake_list {
    struct tls_again list[LIMIT_AGAIN];
    size_t count;
};

/* mx_session.c: one address of an MX host. */
struct mx_look {
    SLIST_ENTRY(mx_look) link;
    int order; /* of the addresses */
    int again; /* how often it was put off */
    const char *host;
    /* perhaps another domain's too */
    const struct smtp_session *session;
    const struct handshake_list *handshakes; /* NULL: none were made */
    const struct handshake_list *by_base;    /* with the TLSA base domain as SNI */
};

/* mx.c */
struct mx_work {
    struct probe *probe;
    size_t index; /* in facts->mx */
    bool target_asked, alias_asked;
    SLIST_HEAD(, mx_look) looks;
};

/* vantage.c: one's own place, by name of the point. */
struct vantage_work {
    struct vantage_point points[VANTAGE_COUNT];
    bool clock_known;
    int64_t clock_offset;
};

/* ---- the look -------------------------------------------------------------------------------- */

struct probe {
    struct net *net;
    struct facts *facts;
    void (*done)(void *arg, struct facts *facts);
    void (*so_far)(void *arg, const struct facts *facts, const struct look_progress *progress);
    void *arg;
    /* what it may take */
    struct budget *budget;
    struct loop_timer *timer; /* the deadline, or the delivery */
    int64_t started, deadline;
    /* how far it is */
    LIST_HEAD(, task) tasks; /* under way; task.h */
    bool place_only;         /* no domain: all that can be known of one's own place */
    bool begun;              /* the first question was put */
    bool afterwards_begun;   /* what could not be asked before */
    bool over;
    struct look_progress progress;
    /* its parts; NULL: not begun */
    SLIST_HEAD(, policy_fetch) policy_fetches; /* the last first */
    struct misplaced_policy *misplaced_policy;
    struct misplaced_records *misplaced_sts, *misplaced_tlsrpt;
    struct mx_work *mx; /* one for each of facts->mx */
    size_t put_off;     /* sessions, so far */
    struct pattern_domains *patterns;
    struct name_server_work *name_servers; /* in the order of the NS records */
    SLIST_HEAD(, rua_work) rua;
    struct port_tests *port_tests;
    struct reference_host *references;
    struct vantage_work vantage;
};

/* probe.c.  Of the loop: loop_now(). */
int64_t probe_now(const struct probe *probe);
/* A task is over: what is next? */
void probe_go_on(struct probe *probe, enum sts_status status);

/* progress.c: nothing is known yet; is more known than before?  Then it is told. */
void probe_progress_begin(struct probe *probe);
void probe_progress(struct probe *probe);

/* stages.c: what is asked first; what when all of that is known; into the facts. */
STS_MUST_USE enum sts_status probe_ask_first(struct probe *probe);
STS_MUST_USE enum sts_status probe_ask_afterwards(struct probe *probe);
void probe_collect(struct probe *probe);

/* ---- the parts: policy ----------------------------------------------------------------------- */

/* policy.c: the addresses of the policy host are known. */
enum sts_status probe_policy_a(struct probe *probe, void *arg);
enum sts_status probe_policy_aaaa(struct probe *probe, void *arg);
/* NULL: nobody served one that can be used.  Free with sts_policy_free(). */
struct sts_policy *probe_policy_text(const struct probe *probe);
STS_MUST_USE enum sts_status probe_policy_collect(struct probe *probe);
/* misplaced_policy.c: is the policy somewhere else? */
STS_MUST_USE enum sts_status probe_misplaced_policy(struct probe *probe);
STS_MUST_USE enum sts_status probe_misplaced_policy_collect(struct probe *probe);

/* ---- the parts: MX --------------------------------------------------------------------------- */

/* mx.c: the MX answer is known. */
enum sts_status probe_mx_known(struct probe *probe, void *arg);
/* The records that count at the host: of the alias's target where it has signed ones, else its own.
 * NULL: none. */
const struct dns_answer *probe_mx_records(const struct mx_host *host);
const char *probe_mx_base(const struct dns_answer *tlsa);
/* Did no session with any MX host come so far as to connect, for want of time or of a route? */
bool probe_mx_is_unreachable(const struct probe *probe);
/* mx_session.c: a session with one more address. */
STS_MUST_USE enum sts_status probe_mx_session(struct mx_work *mx, const char *address, int order);
/* mx_collect.c */
STS_MUST_USE enum sts_status probe_mx_collect(struct probe *probe);
/* pattern.c: do the domains of unused patterns exist? */
STS_MUST_USE enum sts_status probe_patterns(struct probe *probe);
STS_MUST_USE enum sts_status probe_patterns_collect(struct probe *probe);

/* ---- the parts: both kinds of server --------------------------------------------------------- */

/* handshakes.c: how do policy host and MX hosts take other handshakes? */
STS_MUST_USE enum sts_status probe_handshakes(struct probe *probe);
/* caa.c: which CAs may issue for policy host and MX hosts? */
STS_MUST_USE enum sts_status probe_caa(struct probe *probe);

/* ---- the parts: records and reports ---------------------------------------------------------- */

/* misplaced_records.c: the record's answer is known; where there is none, look where it may be. */
enum sts_status probe_sts_known(struct probe *probe, void *arg);
enum sts_status probe_tlsrpt_known(struct probe *probe, void *arg);
/* Is one of them not answered yet?  records: NULL: none was asked. */
bool probe_misplaced_records_pending(const struct misplaced_records *records);
STS_MUST_USE enum sts_status probe_misplaced_records_collect(struct probe *probe);
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
STS_MUST_USE enum sts_status probe_rua_collect(struct probe *probe);

/* ---- the parts: authority -------------------------------------------------------------------- */

/* name_servers.c: the NS answer is known, each server is asked by itself; what else do they say? */
enum sts_status probe_ns_known(struct probe *probe, void *arg);
STS_MUST_USE enum sts_status probe_name_servers(struct probe *probe);
STS_MUST_USE enum sts_status probe_name_servers_collect(struct probe *probe);

/* ---- the parts: one's own place --------------------------------------------------------------
 *
 * Where probe->place_only is set they look whether a domain needs it or not. */

/* vantage.c: what can be seen from here, whatever the domain.  The first costs nothing. */
STS_MUST_USE enum sts_status probe_vantage(struct probe *probe);
/* Wait for all that the look at the resolver tells. */
STS_MUST_USE enum sts_status probe_place_known(struct probe *probe);
/* detail: data, copied; NULL: none.  A later word displaces an earlier one. */
void probe_vantage_set(struct probe *probe, enum vantage_name name, enum vantage_state state,
                       const char *detail);
STS_MUST_USE enum sts_status probe_vantage_collect(struct probe *probe);
/* port_test.c: is port 25 closed for this network? */
STS_MUST_USE enum sts_status probe_port_test(struct probe *probe);
STS_MUST_USE enum sts_status probe_port_test_collect(struct probe *probe);
/* reference_hosts.c: is port 443, is TLS intercepted, is our clock wrong?  Called again where more
 * is known of endpoints for reports. */
STS_MUST_USE enum sts_status probe_reference_hosts(struct probe *probe);
/* Does what was seen of the domain's servers look as if it were the fault of our own place? */
bool probe_place_is_doubted(const struct probe *probe);
/* reference_told.c */
STS_MUST_USE enum sts_status probe_reference_hosts_collect(struct probe *probe);

#endif
