/* SPDX-License-Identifier: MIT */
/* reference_hosts.c - is it this network's doing?  Hosts that serve a policy to everybody tell.
 *
 * Two hosts of large providers are asked for their policies where the domain's own policy host (or,
 * in its place, a host that reports are posted to) is not reached at all, shows a certificate that
 * nobody trusts or that is out of date, or tells another time than our clock.  If they are not
 * reached either, port 443 is closed here; if they show certificates of the same private issuer,
 * TLS is intercepted; if they tell that other time too, the clock is wrong.  In a run they are
 * asked once in some minutes.
 *
 * A policy host alone, which may lie, never makes us doubt our own place. */
#include "probe/work.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "mtasts/names.h"
#include "net/http_head.h"

static const char *const hosts[REFERENCES] = {"mta-sts.gmail.com", "mta-sts.outlook.com"};

/* What is kept of a look. */
struct referred {
    bool connected, trusted;
    bool clock_known;
    int64_t clock_offset;
    const char *issuer; /* of the certificate; NULL: none was shown */
};

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

static bool is_connected(const struct https_fetch *fetch)
{
    return fetch->phase != PHASE_NONE && fetch->phase != PHASE_CONNECT &&
           fetch->phase != PHASE_PROXY;
}

static bool is_untrusted(const struct tls_session *tls)
{
    return tls && (tls->trust == CHAIN_SELF_SIGNED || tls->trust == CHAIN_UNTRUSTED_ROOT ||
                   tls->trust == CHAIN_INCOMPLETE);
}

static bool is_out_of_date(const struct tls_session *tls, int64_t now)
{
    for (size_t i = 0; tls && i < tls->chain_count; i++)
        if (now < tls->chain[i].not_before || now > tls->chain[i].not_after)
            return true;
    return false;
}

static const char *issuer_of(const struct tls_session *tls)
{
    return tls && tls->chain_count ? tls->chain[0].issuer : NULL;
}

/* What the answer says that is to be added to our clock. */
static bool offset_of(const struct https_fetch *fetch, int64_t *ret)
{
    int64_t date;

    if (!http_head_date(fetch, &date))
        return false;
    *ret = date - clock_now();
    return true;
}

/* ---- asking ---------------------------------------------------------------------------------- */

static void take(struct task *task, const struct referred *referred)
{
    task->reference->referred = referred;
    probe_task_done(task, STS_OK);
}

static void asked(void *arg, struct https_fetch *fetch)
{
    struct task *task = arg;
    struct referred *referred = talloc_zero(NULL, struct referred);

    TALLOC_FREE(task->slot);
    if (!referred) {
        probe_task_done(task, STS_E_NOMEM);
        return;
    }
    referred->connected = is_connected(fetch);
    referred->trusted = fetch->tls && fetch->tls->trust == CHAIN_TRUSTED;
    referred->clock_known = offset_of(fetch, &referred->clock_offset);
    if (issuer_of(fetch->tls))
        referred->issuer = talloc_strdup(referred, issuer_of(fetch->tls));
    TALLOC_FREE(task->transfer);
    lookup_publish(task->lookup, referred, LIMIT_CONTROL_KEPT_MS);
    take(task, referred);
}

static void may_ask(void *arg)
{
    struct task *task = arg;
    struct net *net = task->probe->net;
    const struct reference *reference = task->reference;
    const struct https_request request = {
        .host = reference->host,
        .address = reference->answer->records[0].address,
        .port = net->observer.https_port,
        .path = STS_POLICY_PATH,
        .deadline = probe_now(task->probe) + LIMIT_CONTROL_MS,
        .done = asked,
        .arg = task,
    };

    if (https_get(task, net->https, &request, &task->transfer) != STS_OK)
        probe_task_done(task, STS_E_NOMEM);
}

static enum sts_status line_up(struct task *task)
{
    return probe_take_slot(task, task->reference->answer->records[0].address,
                           task->probe->net->observer.https_port, may_ask);
}

/* Another domain's look is over, or it is our turn. */
static void reference_known(void *arg)
{
    struct task *task = arg;
    const struct referred *referred = lookup_thing(task->lookup);

    probe_task_goes_on(task);
    if (referred)
        take(task, referred);
    else if (line_up(task) != STS_OK)
        probe_task_done(task, STS_E_NOMEM);
}

static enum sts_status address_known(struct probe *probe, void *arg)
{
    struct reference *reference = arg;
    struct task *task;
    enum sts_status status = STS_E_NOMEM;
    bool turn = false;
    char *key;

    if (!reference->answer->record_count ||
        !net_may_connect(probe->net, reference->answer->records[0].address))
        return STS_OK;
    task = probe_task(probe);
    if (!task)
        return STS_E_NOMEM;
    task->reference = reference;
    task->waits_since = probe_now(probe);
    key = talloc_asprintf(task, "reference %s", reference->host);
    if (key)
        status = probe_look_up(task, key, reference_known, &turn);
    return status == STS_OK && turn ? line_up(task) : status;
}

/* ---- whether to ask -------------------------------------------------------------------------- */

static bool fetches_raise_doubt(const struct probe *probe)
{
    bool asked = false, reached = false;
    int64_t offset;

    for (const struct fetched *fetched = probe->fetches; fetched; fetched = fetched->next) {
        const struct https_fetch *fetch = fetched->fetch;

        asked = asked || fetch->outcome != NET_WITHHELD;
        reached = reached || is_connected(fetch) || fetch->phase == PHASE_PROXY;
        if (is_untrusted(fetch->tls) || is_out_of_date(fetch->tls, clock_now()))
            return true;
        if (offset_of(fetch, &offset) && distance(offset, 0) > LIMIT_CLOCK_SECONDS)
            return true;
    }
    return !reached && (asked || probe_rua_is_unreachable(probe));
}

static bool endpoints_raise_doubt(const struct probe *probe)
{
    const struct tls_session *tls;

    for (size_t i = 0; (tls = probe_rua_tls(probe, i)); i++)
        if (is_untrusted(tls) || is_out_of_date(tls, clock_now()))
            return true;
    return false;
}

static bool sessions_raise_doubt(const struct probe *probe)
{
    for (size_t i = 0; probe->mx && i < probe->facts->mx_count; i++)
        for (const struct looked *looked = probe->mx[i].looked; looked; looked = looked->next)
            if (looked->session && is_out_of_date(looked->session->tls, clock_now()))
                return true;
    return false;
}

enum sts_status probe_reference_hosts(struct probe *probe)
{
    const struct net *net = probe->net;
    enum dns_type type = net->observer.ipv4 && net->route_ipv4 ? DNS_A : DNS_AAAA;
    enum sts_status status = STS_OK;

    if (probe->references[0].host) /* they were asked */
        return STS_OK;
    if (!probe->place_only && !fetches_raise_doubt(probe) && !sessions_raise_doubt(probe) &&
        !endpoints_raise_doubt(probe))
        return STS_OK;
    for (size_t i = 0; i < REFERENCES && status == STS_OK; i++) {
        probe->references[i] = (struct reference){.host = hosts[i]};
        /* the domain's own policy host is no second witness */
        if (probe->place_only || strcmp(hosts[i], probe->facts->policy_host.name) != 0)
            status = probe_ask_shared(probe, hosts[i], type, &probe->references[i].answer,
                                      address_known, &probe->references[i]);
    }
    return status;
}

/* ---- what they tell -------------------------------------------------------------------------- */

static void tell_port(struct probe *probe)
{
    enum vantage_state state = VANTAGE_STATE_UNKNOWN;

    for (size_t i = 0; i < REFERENCES; i++) {
        const struct referred *referred = probe->references[i].referred;

        if (referred && referred->connected)
            state = VANTAGE_STATE_OK;
        else if (referred && state == VANTAGE_STATE_UNKNOWN)
            state = VANTAGE_STATE_CLOSED;
    }
    if (state != VANTAGE_STATE_UNKNOWN)
        probe_vantage_set(probe, VANTAGE_PORT443, state, NULL);
}

/* The issuer of all the references; NULL: they differ, or nothing is known. */
static const char *common_issuer(const struct probe *probe, size_t *ret_count)
{
    const char *issuer = NULL;

    *ret_count = 0;
    for (size_t i = 0; i < REFERENCES; i++) {
        const struct referred *referred = probe->references[i].referred;

        if (!referred || !referred->issuer)
            continue;
        if (referred->trusted || (issuer && strcmp(issuer, referred->issuer) != 0))
            return NULL;
        issuer = referred->issuer;
        (*ret_count)++;
    }
    return issuer;
}

static bool policy_host_has_issuer(const struct probe *probe, const char *issuer)
{
    for (const struct fetched *fetched = probe->fetches; fetched; fetched = fetched->next) {
        const char *own = issuer_of(fetched->fetch->tls);

        if (own && is_untrusted(fetched->fetch->tls) && strcmp(own, issuer) == 0)
            return true;
    }
    return false;
}

static void tell_tls(struct probe *probe)
{
    size_t count;
    const char *issuer = common_issuer(probe, &count);

    if (issuer && (count > 1 || policy_host_has_issuer(probe, issuer)))
        probe_vantage_set(probe, VANTAGE_TLS, VANTAGE_STATE_WRONG, issuer);
    for (size_t i = 0; i < REFERENCES; i++)
        if (probe->references[i].referred && probe->references[i].referred->trusted)
            probe_vantage_set(probe, VANTAGE_TLS, VANTAGE_STATE_OK, NULL);
}

/* How many of the references and, once for all its addresses, the policy host tell this time. */
static size_t witnesses(const struct probe *probe, int64_t offset)
{
    size_t count = 0;
    int64_t other;

    for (size_t i = 0; i < REFERENCES; i++) {
        const struct referred *referred = probe->references[i].referred;

        count += referred && referred->clock_known &&
                 distance(referred->clock_offset, offset) <= LIMIT_CLOCK_SECONDS;
    }
    for (const struct fetched *fetched = probe->fetches; fetched; fetched = fetched->next)
        if (offset_of(fetched->fetch, &other) && distance(other, offset) <= LIMIT_CLOCK_SECONDS)
            return count + 1;
    return count;
}

static void tell_clock(struct probe *probe)
{
    bool right = false, wrong = false;

    for (size_t i = 0; i < REFERENCES; i++) {
        const struct referred *referred = probe->references[i].referred;

        if (!referred || !referred->clock_known)
            continue;
        right = right || distance(referred->clock_offset, 0) <= LIMIT_CLOCK_SECONDS;
        if (witnesses(probe, referred->clock_offset) < 2)
            continue;
        wrong = distance(referred->clock_offset, 0) > LIMIT_CLOCK_SECONDS;
        probe->clock_offset = referred->clock_offset;
    }
    if (!right && !wrong)
        return;
    probe->clock_known = true;
    if (right)
        probe->clock_offset = 0;
    probe_vantage_set(probe, VANTAGE_CLOCK, right ? VANTAGE_STATE_OK : VANTAGE_STATE_WRONG, NULL);
}

enum sts_status probe_reference_hosts_collect(struct probe *probe)
{
    tell_port(probe);
    tell_tls(probe);
    tell_clock(probe);
    return STS_OK;
}
