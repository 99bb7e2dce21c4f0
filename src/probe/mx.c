/* SPDX-License-Identifier: MIT */
/* mx.c - which hosts take the mail, and a session with each of their addresses. */
#include "probe/work.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "net/room.h"
#include "net/tls.h"

#define TLSA_PREFIX "_25._tcp."

static void look_may_start(void *arg);

/* ---- too many connections ---------------------------------------------------------------------
 *
 * The sessions with a host's addresses, and with hosts that share a server, go on at once, which
 * some servers answer by 421.  Such a session is put off until none of ours is under way and then
 * tried again, one by one.  What waits for other domains is not waited for here, else two
 * domains could wait for each other. */

static void turn_has_come(void *arg)
{
    struct task *task = arg;

    TALLOC_FREE(task->busy_timer);
    if (probe_take_slot(task, task->looked->session->address, task->looked->session->port,
                        look_may_start) != STS_OK)
        probe_task_done(task, STS_E_NOMEM);
}

static bool is_under_way(const struct task *task)
{
    return task->smtp || task->busy_timer || (task->looked && task->slot);
}

static enum sts_status next_put_off(struct probe *probe)
{
    struct task *next = NULL;

    for (struct task *task = probe->tasks; task; task = task->next) {
        if (is_under_way(task))
            return STS_OK;
        if (task->put_off)
            next = task;
    }
    if (!next)
        return STS_OK;
    next->put_off = false;
    return loop_timer_start(next, probe->net->loop, probe_now(probe) + LIMIT_BUSY_MS, turn_has_come,
                            next, &next->busy_timer);
}

static bool is_busy(const struct smtp_session *session)
{
    return session->greeting_code == 421 || session->ehlo_code == 421 ||
           session->starttls_code == 421;
}

/* Does the domain have one session alone, then the server has others to thank for. */
static bool may_put_off(const struct task *task, const struct smtp_session *session)
{
    const struct probe *probe = task->probe;
    size_t looks = 0;

    if (task->looked->again == LIMIT_BUSY_AGAIN || !is_busy(session) ||
        probe->busy_looks == LIMIT_BUSY)
        return false;
    for (size_t i = 0; i < probe->facts->mx_count; i++)
        for (const struct looked *looked = probe->mx[i].looked; looked; looked = looked->next)
            looks++;
    return looks > 1;
}

static void put_off(struct task *task, struct smtp_session *session)
{
    struct probe *probe = task->probe;

    task->looked->session = talloc_steal(probe->facts, session); /* if the time is up first */
    task->looked->again++;
    task->put_off = true;
    probe->busy_looks++;
}

/* ---- one look -------------------------------------------------------------------------------- */

static void look_done(void *arg, struct smtp_session *session)
{
    struct task *task = arg;
    struct probe *probe = task->probe;
    enum sts_status status;

    TALLOC_FREE(task->smtp);
    TALLOC_FREE(task->slot);
    TALLOC_FREE(task->permit);
    if (may_put_off(task, session)) {
        put_off(task, session);
        if (next_put_off(probe) != STS_OK)
            probe_task_done(task, STS_E_NOMEM);
        return;
    }
    lookup_publish(task->lookup, session, room_shortage(session->error) ? 0 : LIMIT_LOOKUP_KEPT_MS);
    task->looked->session = session;
    status = next_put_off(probe);
    probe_task_done(task, status);
}

static void look_may_start(void *arg)
{
    struct task *task = arg;
    struct probe *probe = task->probe;
    const struct smtp_session *session = task->looked->session;
    const struct smtp_request request = {
        .host = task->looked->host,
        .address = session->address,
        .port = session->port,
        .helo = probe->net->observer.helo,
        .budget = probe->budget,
        .deadline = probe->deadline + LIMIT_GRACE_MS,
        .done = look_done,
        .arg = task,
    };

    if (smtp_look(probe, probe->net->loop, probe->net->trust, &request, &task->smtp) != STS_OK)
        probe_task_done(task, STS_E_NOMEM);
}

/* Another domain's look is over, or it is our turn to look. */
static void look_known(void *arg)
{
    struct task *task = arg;
    const struct smtp_session *session = lookup_thing(task->lookup);

    if (session) {
        task->looked->session = session;
        probe_task_done(task, STS_OK);
    } else if (probe_take_slot(task, task->looked->session->address, task->looked->session->port,
                               look_may_start) != STS_OK) {
        probe_task_done(task, STS_E_NOMEM);
    }
}

/* One look at a host and address is enough for all domains that use them. */
static enum sts_status look_up(struct task *task, const char *address)
{
    struct probe *probe = task->probe;
    int64_t port = probe->net->observer.smtp_port;
    char *key =
        talloc_asprintf(task, "smtp %s %s %lld", task->looked->host, address, (long long)port);
    enum sts_status status = STS_E_NOMEM;
    bool turn = false;

    task->waits_since = probe_now(probe);
    if (key)
        status = probe_look_up(task, key, look_known, &turn);
    return status == STS_OK && turn ? probe_take_slot(task, address, port, look_may_start) : status;
}

static struct smtp_session *session_unknown(struct probe *probe, const char *address)
{
    struct smtp_session *session = talloc_zero(probe->facts, struct smtp_session);

    if (!session)
        return NULL;
    session->address = address;
    session->port = probe->net->observer.smtp_port;
    session->phase = PHASE_CONNECT;
    session->connect_ms = session->greeting_ms = session->tls_ms = session->total_ms = -1;
    return session;
}

static enum sts_status look_at(struct mx_work *mx, const char *address, int order)
{
    struct probe *probe = mx->probe;
    struct task *task = probe_task(probe);
    struct looked *looked = talloc_zero(probe, struct looked);

    if (!task || !looked)
        return STS_E_NOMEM;
    *looked = (struct looked){.next = mx->looked,
                              .order = order,
                              .host = probe->facts->mx[mx->index].name,
                              .session = session_unknown(probe, address)};
    if (!looked->session)
        return STS_E_NOMEM;
    mx->looked = looked;
    task->looked = looked;
    return look_up(task, address);
}

/* Of each host and family; with 32 hosts it is two. */
static size_t address_limit(const struct facts *facts)
{
    size_t share = LIMIT_SESSIONS / (2 * facts->mx_count);

    return share < LIMIT_ADDRESSES ? share : LIMIT_ADDRESSES;
}

static enum sts_status look_each(struct mx_work *mx, const struct dns_answer *answer, int family)
{
    struct probe *probe = mx->probe;
    size_t limit = address_limit(probe->facts);
    enum sts_status status = STS_OK;

    if (probe->net->observer.no_smtp)
        return STS_OK;
    for (size_t i = 0; i < answer->record_count && status == STS_OK; i++) {
        if (i == limit) {
            probe->facts->mx[mx->index].addresses_omitted = true;
            break;
        }
        if (!net_may_connect(probe->net, answer->records[i].address))
            continue;
        status = look_at(mx, answer->records[i].address, family * LIMIT_ADDRESSES + (int)i);
    }
    return status;
}

/* RFC 7672 section 2.2.3.  A name too long for the prefix cannot have any. */
static enum sts_status ask_tlsa(struct probe *probe, const char *host, struct dns_answer **answer)
{
    char *name = talloc_asprintf(probe, TLSA_PREFIX "%s", host);

    if (!name)
        return STS_E_NOMEM;
    if (strlen(name) > 253)
        return STS_OK;
    return probe_ask_shared(probe, name, DNS_TLSA, answer, NULL, NULL);
}

/* RFC 7672 section 2.2.2: of an alias that is signed all the way the TLSA records of the last name
 * come first.  Where the way is not signed to its end, the beginning may be. */
static enum sts_status follow_alias(struct mx_work *mx, const struct dns_answer *answer)
{
    struct probe *probe = mx->probe;
    struct mx_host *host = &probe->facts->mx[mx->index];

    if (!answer->cname_count)
        return STS_OK;
    if (answer->security == DNS_SECURITY_SECURE && !mx->target_asked) {
        mx->target_asked = true;
        return ask_tlsa(probe, answer->cnames[answer->cname_count - 1], &host->tlsa_target);
    }
    if (answer->security == DNS_SECURITY_INSECURE && !mx->alias_asked) {
        mx->alias_asked = true;
        return probe_ask_shared(probe, host->name, DNS_CNAME, &host->alias, NULL, NULL);
    }
    return STS_OK;
}

static enum sts_status addresses_known(struct mx_work *mx, const struct dns_answer *answer,
                                       int family)
{
    enum sts_status status = follow_alias(mx, answer);

    return status == STS_OK ? look_each(mx, answer, family) : status;
}

static enum sts_status mx_a(struct probe *probe, void *arg)
{
    struct mx_work *mx = arg;

    return addresses_known(mx, probe->facts->mx[mx->index].a, 0);
}

static enum sts_status mx_aaaa(struct probe *probe, void *arg)
{
    struct mx_work *mx = arg;

    return addresses_known(mx, probe->facts->mx[mx->index].aaaa, 1);
}

static int by_preference(const void *left, const void *right)
{
    const struct mx_host *a = left, *b = right;

    if (a->preference != b->preference)
        return a->preference < b->preference ? -1 : 1;
    return strcmp(a->name, b->name);
}

static bool is_address(const char *name)
{
    unsigned char bytes[16];

    return inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1;
}

static bool is_listed(const struct facts *facts, const char *name)
{
    for (size_t i = 0; i < facts->mx_count; i++)
        if (strcmp(facts->mx[i].name, name) == 0)
            return true;
    return false;
}

static void list_mx(struct facts *facts, const char *name, int64_t preference)
{
    if (is_listed(facts, name))
        return;
    if (facts->mx_count == LIMIT_MX_HOSTS) {
        facts->mx_omitted = true;
        return;
    }
    facts->mx[facts->mx_count++] =
        (struct mx_host){.name = name, .preference = preference, .is_address = is_address(name)};
}

/* RFC 5321 section 5.1: where no MX exists the domain itself is the host.  A null MX ("." alone,
 * RFC 7505) is no host. */
static enum sts_status list_mx_hosts(struct probe *probe)
{
    struct facts *facts = probe->facts;
    const struct dns_answer *answer = facts->mx_answer;

    facts->mx = talloc_zero_array(facts, struct mx_host, LIMIT_MX_HOSTS);
    if (!facts->mx)
        return STS_E_NOMEM;
    if (answer->outcome == DNS_OUTCOME_NODATA)
        list_mx(facts, facts->domain, 0);
    for (size_t i = 0; i < answer->record_count; i++)
        if (strcmp(answer->records[i].host, ".") != 0 && *answer->records[i].host)
            list_mx(facts, answer->records[i].host, answer->records[i].preference);
    qsort(facts->mx, facts->mx_count, sizeof *facts->mx, by_preference);
    return STS_OK;
}

/* A record for the domain itself is a common mistake where its MX host is another. */
static enum sts_status ask_domain_tlsa(struct probe *probe)
{
    struct facts *facts = probe->facts;

    if (!facts->mx_count || is_listed(facts, facts->domain) ||
        facts->mx_answer->security != DNS_SECURITY_SECURE)
        return STS_OK;
    return ask_tlsa(probe, facts->domain, &facts->domain_tlsa);
}

enum sts_status probe_mx_known(struct probe *probe, void *arg)
{
    struct facts *facts = probe->facts;
    enum sts_status status = list_mx_hosts(probe);

    (void)arg;
    if (status != STS_OK)
        return status;
    probe->mx = talloc_zero_array(probe, struct mx_work, facts->mx_count + 1);
    if (!probe->mx)
        return STS_E_NOMEM;
    for (size_t i = 0; i < facts->mx_count && status == STS_OK; i++) {
        struct mx_host *host = &facts->mx[i];
        const char *parent = strchr(host->name, '.');

        probe->mx[i] = (struct mx_work){.probe = probe, .index = i};
        if (host->is_address)
            continue;
        if (parent && !probe->net->patient)
            dns_warm(probe->net->dns, parent + 1);
        status = ask_tlsa(probe, host->name, &host->tlsa);
        if (status == STS_OK)
            status = probe_ask_addresses(probe, host->name, &host->a, &host->aaaa, mx_a, mx_aaaa,
                                         &probe->mx[i], true);
    }
    return status == STS_OK ? ask_domain_tlsa(probe) : status;
}

/* ---- into the facts -------------------------------------------------------------------------- */

static bool is_dark(const struct smtp_session *session)
{
    return session->outcome == NET_NO_ROUTE || session->outcome == NET_REFUSED ||
           (session->outcome == NET_TIMEOUT && session->phase == PHASE_CONNECT);
}

bool probe_mx_is_unreachable(const struct probe *probe)
{
    bool any = false;

    for (size_t i = 0; probe->mx && i < probe->facts->mx_count; i++) {
        for (const struct looked *looked = probe->mx[i].looked; looked; looked = looked->next) {
            if (!is_dark(looked->session))
                return false;
            any = true;
        }
    }
    return any;
}

static int by_order(const void *left, const void *right)
{
    const struct looked *const *a = left, *const *b = right;

    return (*a)->order - (*b)->order;
}

const char *probe_mx_base(const struct dns_answer *tlsa)
{
    return tlsa->name + strlen(TLSA_PREFIX);
}

const struct dns_answer *probe_mx_records(const struct mx_host *host)
{
    const struct dns_answer *target = host->tlsa_target;

    if (target && target->record_count && target->security == DNS_SECURITY_SECURE)
        return target;
    return host->tlsa && host->tlsa->record_count ? host->tlsa : NULL;
}

/* The session may be another domain's too: what is tried goes into a copy. */
static enum sts_status try_chain(struct probe *probe, const struct dns_answer *tlsa,
                                 struct tls_session **tls)
{
    if (!*tls || !(*tls)->chain_count)
        return STS_OK;
    *tls = talloc_memdup(probe->facts, *tls, sizeof **tls);
    return *tls ? tls_dane_try(probe->facts, probe->net->trust, *tls, probe_mx_base(tlsa), tlsa)
                : STS_E_NOMEM;
}

static enum sts_status try_session(struct probe *probe, const struct dns_answer *tlsa,
                                   struct smtp_session *session)
{
    enum sts_status status = try_chain(probe, tlsa, &session->tls);

    if (status != STS_OK || !session->by_base)
        return status;
    session->by_base = talloc_memdup(probe->facts, session->by_base, sizeof *session->by_base);
    return session->by_base ? try_chain(probe, tlsa, &session->by_base->tls) : STS_E_NOMEM;
}

static enum sts_status try_tlsa(struct probe *probe, struct mx_host *host)
{
    const struct dns_answer *tlsa = probe_mx_records(host);
    enum sts_status status = STS_OK;

    if (!tlsa)
        return STS_OK;
    host->tlsa_base = probe_mx_base(tlsa);
    for (size_t i = 0; i < host->session_count && status == STS_OK; i++)
        status = try_session(probe, tlsa, &host->sessions[i]);
    return status;
}

/* The session may be another domain's too, and its further handshakes of another time. */
static void take_session(struct smtp_session *session, const struct looked *looked)
{
    *session = *looked->session;
    if (looked->by_base && looked->by_base->count)
        session->by_base = (struct tls_again *)(uintptr_t)looked->by_base->list;
    if (!looked->handshakes)
        return;
    session->again = (struct tls_again *)(uintptr_t)looked->handshakes->list; /* read from now on */
    session->again_count = looked->handshakes->count;
}

static enum sts_status collect_host(struct probe *probe, struct mx_host *host, struct looked *first)
{
    struct looked *sorted[2 * LIMIT_ADDRESSES];
    size_t count = 0;

    for (struct looked *looked = first; looked; looked = looked->next)
        sorted[count++] = looked;
    if (!count)
        return STS_OK;
    qsort(sorted, count, sizeof sorted[0], by_order);
    host->sessions = talloc_zero_array(probe->facts, struct smtp_session, count);
    if (!host->sessions)
        return STS_E_NOMEM;
    for (size_t i = 0; i < count; i++)
        take_session(&host->sessions[i], sorted[i]);
    host->session_count = count;
    return try_tlsa(probe, host);
}

enum sts_status probe_mx_collect(struct probe *probe)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; probe->mx && i < probe->facts->mx_count && status == STS_OK; i++)
        status = collect_host(probe, &probe->facts->mx[i], probe->mx[i].looked);
    return status;
}
