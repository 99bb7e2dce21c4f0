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
#include "probe/reference_hosts.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "mtasts/names.h"
#include "net/http_head.h"
#include "net/https.h"
#include "probe/question.h"
#include "probe/task.h"

static const char *const hosts[REFERENCES] = {"mta-sts.gmail.com", "mta-sts.outlook.com"};

/* ---- what a fetch shows ---------------------------------------------------------------------- */

int64_t reference_distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

static bool is_connected(const struct https_fetch *fetch)
{
    return fetch->phase != PHASE_NONE && fetch->phase != PHASE_CONNECT &&
           fetch->phase != PHASE_PROXY;
}

bool reference_is_untrusted(const struct tls_session *tls)
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

const char *reference_issuer(const struct tls_session *tls)
{
    return tls && tls->chain_count ? tls->chain[0].issuer : NULL;
}

bool reference_offset(const struct https_fetch *fetch, int64_t *ret)
{
    int64_t date;

    if (!http_head_date(fetch, &date))
        return false;
    *ret = date - clock_now();
    return true;
}

/* ---- asking ---------------------------------------------------------------------------------- */

struct reference_task {
    struct task task;
    struct reference_host *reference;
    struct lookup *lookup;
    struct admission admission;
    struct https_transfer *transfer;
};

static void reference_cut(void *arg)
{
    struct reference_task *work = arg;

    talloc_free(work->lookup); /* those who wait have to ask themselves */
}

static const struct task_kind reference_kind = {sizeof(struct reference_task), reference_cut};

static void take(struct reference_task *work, const struct reference_shown *shown)
{
    work->reference->shown = shown;
    task_done(&work->task, STS_OK);
}

static struct reference_shown *shown_by(const struct https_fetch *fetch)
{
    struct reference_shown *shown = talloc_zero(NULL, struct reference_shown);

    if (!shown)
        return NULL;
    shown->connected = is_connected(fetch);
    shown->trusted = fetch->tls && fetch->tls->trust == CHAIN_TRUSTED;
    shown->clock_known = reference_offset(fetch, &shown->clock_offset);
    if (reference_issuer(fetch->tls))
        shown->issuer = talloc_strdup(shown, reference_issuer(fetch->tls));
    return shown;
}

static void asked(void *arg, struct https_fetch *fetch)
{
    struct reference_task *work = arg;
    struct reference_shown *shown = shown_by(fetch);

    admission_end(&work->admission);
    if (!shown) {
        task_done(&work->task, STS_E_NOMEM);
        return;
    }
    TALLOC_FREE(work->transfer);
    lookup_publish(work->lookup, shown, LIMIT_CONTROL_KEPT_MS);
    take(work, shown);
}

static void may_ask(void *arg)
{
    struct reference_task *work = arg;
    const struct probe *probe = work->task.probe;
    const struct https_request request = {
        .host = work->reference->host,
        .address = work->reference->answer->records[0].address,
        .port = probe->net->observer.https_port,
        .path = STS_POLICY_PATH,
        .deadline = probe_now(probe) + LIMIT_CONTROL_MS,
        .done = asked,
        .arg = work,
    };

    if (https_get(work, probe->net->https, &request, &work->transfer) != STS_OK)
        task_done(&work->task, STS_E_NOMEM);
}

static enum sts_status line_up(void *arg)
{
    struct reference_task *work = arg;

    return task_admit(&work->task, &work->admission, work->reference->answer->records[0].address,
                      work->task.probe->net->observer.https_port, may_ask);
}

/* Another domain's look is over, or it is our turn. */
static void reference_known(void *arg)
{
    struct reference_task *work = arg;
    const struct reference_shown *shown = lookup_thing(work->lookup);

    task_goes_on(&work->task);
    if (shown)
        take(work, shown);
    else if (line_up(work) != STS_OK)
        task_done(&work->task, STS_E_NOMEM);
}

static enum sts_status address_known(struct probe *probe, void *arg)
{
    struct reference_host *reference = arg;
    struct reference_task *work;
    const char *key;

    if (!reference->answer->record_count ||
        !net_may_connect(probe->net, reference->answer->records[0].address))
        return STS_OK;
    work = task_new(probe, &reference_kind);
    if (!work)
        return STS_E_NOMEM;
    work->reference = reference;
    key = talloc_asprintf(work, "reference %s", reference->host);
    return task_started(&work->task,
                        task_look_up(&work->task, key, reference_known, line_up, &work->lookup));
}

/* ---- whether to ask -------------------------------------------------------------------------- */

static bool fetches_raise_doubt(const struct probe *probe)
{
    bool asked = false, reached = false;
    int64_t offset;

    for (const struct policy_fetch *fetched = SLIST_FIRST(&probe->policy_fetches); fetched;
         fetched = SLIST_NEXT(fetched, link)) {
        const struct https_fetch *fetch = fetched->fetch;

        asked = asked || fetch->outcome != NET_WITHHELD;
        reached = reached || is_connected(fetch) || fetch->phase == PHASE_PROXY;
        if (reference_is_untrusted(fetch->tls) || is_out_of_date(fetch->tls, clock_now()))
            return true;
        if (reference_offset(fetch, &offset) && reference_distance(offset, 0) > LIMIT_CLOCK_SECONDS)
            return true;
    }
    return !reached && (asked || probe_rua_is_unreachable(probe));
}

static bool endpoints_raise_doubt(const struct probe *probe)
{
    const struct tls_session *tls;

    for (size_t i = 0; (tls = probe_rua_tls(probe, i)); i++)
        if (reference_is_untrusted(tls) || is_out_of_date(tls, clock_now()))
            return true;
    return false;
}

static bool sessions_raise_doubt(const struct probe *probe)
{
    for (size_t i = 0; probe->mx && i < probe->facts->mx_count; i++)
        for (const struct mx_look *look = SLIST_FIRST(&probe->mx[i].looks); look;
             look = SLIST_NEXT(look, link))
            if (look->session && is_out_of_date(look->session->tls, clock_now()))
                return true;
    return false;
}

bool probe_place_is_doubted(const struct probe *probe)
{
    return fetches_raise_doubt(probe) || sessions_raise_doubt(probe) ||
           endpoints_raise_doubt(probe);
}

enum sts_status probe_reference_hosts(struct probe *probe)
{
    const struct net *net = probe->net;
    enum dns_type type = net->observer.ipv4 && net->route_ipv4 ? DNS_A : DNS_AAAA;
    enum sts_status status = STS_OK;

    if (probe->references) /* they were asked */
        return STS_OK;
    if (!probe->place_only && !probe_place_is_doubted(probe))
        return STS_OK;
    probe->references = talloc_zero_array(probe, struct reference_host, REFERENCES);
    if (!probe->references)
        return STS_E_NOMEM;
    for (size_t i = 0; i < REFERENCES && status == STS_OK; i++) {
        probe->references[i].host = hosts[i];
        /* the domain's own policy host is no second witness */
        if (probe->place_only || strcmp(hosts[i], probe->facts->policy_host.name) != 0)
            status = question_ask_shared(probe, hosts[i], type, &probe->references[i].answer,
                                         address_known, &probe->references[i]);
    }
    return status;
}
