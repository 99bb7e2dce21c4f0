/* SPDX-License-Identifier: MIT */
/* progress.c - which parts of a look are known by now.
 *
 * Asked whenever a task is over: a few comparisons, and only for whoever wants to be told.  A part
 * is known when all was answered that its step of the chain shows.  Where what was seen may be the
 * fault of our own place (nothing could be connected to, a certificate is strange) it is not known
 * before the look has found out. */
#include "probe/work.h"

#define PENDING (-1)

static bool are_addresses_known(const struct probe *probe, const struct dns_answer *a,
                                const struct dns_answer *aaaa)
{
    const struct observer *observer = &probe->net->observer;

    return (a || !observer->ipv4) && (aaaa || !observer->ipv6);
}

static bool is_policy_known(const struct probe *probe)
{
    const struct policy_host *host = &probe->facts->policy_host;

    if (!are_addresses_known(probe, host->a, host->aaaa))
        return false;
    for (const struct policy_fetch *fetched = SLIST_FIRST(&probe->policy_fetches); fetched;
         fetched = SLIST_NEXT(fetched, link))
        if (fetched->fetch->outcome == NET_UNKNOWN)
            return false;
    return !probe_place_is_doubted(probe);
}

static bool is_host_known(const struct probe *probe, size_t i)
{
    const struct mx_host *host = &probe->facts->mx[i];

    if (host->is_address)
        return true;
    if (!are_addresses_known(probe, host->a, host->aaaa) ||
        (probe->mx[i].target_asked && !host->tlsa_target))
        return false;
    for (const struct mx_look *look = SLIST_FIRST(&probe->mx[i].looks); look;
         look = SLIST_NEXT(look, link))
        if (look->session->outcome == NET_UNKNOWN)
            return false;
    return !probe_mx_is_unreachable(probe);
}

static bool are_hosts_known(const struct look_progress *progress)
{
    for (size_t i = 0; i < progress->host_count; i++)
        if (progress->hosts[i] == PENDING)
            return false;
    return true;
}

/* Where there are no records, no certificate has to be tried. */
static bool is_dane_known(const struct probe *probe)
{
    const struct facts *facts = probe->facts;
    bool any = false;

    for (size_t i = 0; i < facts->mx_count; i++) {
        if (!facts->mx[i].is_address && !facts->mx[i].tlsa)
            return false;
        any = any || probe_mx_records(&facts->mx[i]);
    }
    return !any || are_hosts_known(&probe->progress);
}

static bool is_tlsrpt_known(const struct probe *probe)
{
    const struct facts *facts = probe->facts;

    if (!facts->tlsrpt_txt || probe_misplaced_records_pending(probe->misplaced_tlsrpt))
        return false;
    for (size_t i = 0; i < facts->rua_target_count; i++)
        if (!facts->rua_targets[i].a || !facts->rua_targets[i].aaaa)
            return false;
    return true;
}

static bool is_known(const struct probe *probe, enum look_step step)
{
    const struct facts *facts = probe->facts;

    switch (step) {
    case LOOK_DNS:
        return facts->sts_txt && !probe_misplaced_records_pending(probe->misplaced_sts);
    case LOOK_MX:
        return facts->mx_answer && are_hosts_known(&probe->progress);
    case LOOK_TLSRPT:
        return is_tlsrpt_known(probe);
    case LOOK_DANE:
        return facts->mx_answer && is_dane_known(probe);
    default:
        return is_policy_known(probe);
    }
}

static bool note(const struct probe *probe, int64_t *known_ms, bool known)
{
    if (*known_ms != PENDING || !known)
        return false;
    *known_ms = probe_now(probe) - probe->started;
    return true;
}

static bool note_hosts(struct probe *probe)
{
    struct look_progress *progress = &probe->progress;
    bool news = !progress->host_count && probe->mx && probe->facts->mx_count;

    if (news)
        progress->host_count = probe->facts->mx_count;
    for (size_t i = 0; i < progress->host_count; i++)
        news |= note(probe, &progress->hosts[i], is_host_known(probe, i));
    return news;
}

/* What was seen by now goes into the facts as at the deadline, and will be written there anew. */
static enum sts_status collect_so_far(struct probe *probe)
{
    struct facts *facts = probe->facts;
    enum sts_status status;

    TALLOC_FREE(facts->policy_host.fetches);
    facts->policy_host.fetch_count = 0;
    for (size_t i = 0; i < facts->mx_count; i++) {
        TALLOC_FREE(facts->mx[i].sessions);
        facts->mx[i].session_count = 0;
    }
    TALLOC_FREE(facts->vantage);
    status = probe_policy_collect(probe);
    if (status == STS_OK)
        status = probe_mx_collect(probe);
    return status == STS_OK ? probe_vantage_collect(probe) : status;
}

void probe_progress_begin(struct probe *probe)
{
    for (size_t i = 0; i < LOOK_STEPS; i++)
        probe->progress.steps[i] = PENDING;
    for (size_t i = 0; i < LOOK_HOSTS_MAX; i++)
        probe->progress.hosts[i] = PENDING;
}

void probe_progress(struct probe *probe)
{
    bool news;

    if (!probe->so_far || probe->over)
        return;
    news = note_hosts(probe);
    for (size_t i = 0; i < LOOK_STEPS; i++)
        news |= note(probe, &probe->progress.steps[i], is_known(probe, (enum look_step)i));
    if (news && collect_so_far(probe) == STS_OK) {
        struct facts facts = *probe->facts;

        facts.interrupted = true; /* as if it were stopped now */
        facts.elapsed_ms = probe_now(probe) - probe->started;
        probe->so_far(probe->arg, &facts, &probe->progress);
    }
}
