/* SPDX-License-Identifier: MIT */
/* reference_told.c - what the reference hosts tell of our own place: the port, TLS, the clock. */
#include <string.h>

#include "probe/reference_hosts.h"
#include "probe/work.h"

static void tell_port(struct probe *probe)
{
    enum vantage_state state = VANTAGE_STATE_UNKNOWN;

    for (size_t i = 0; i < REFERENCES; i++) {
        const struct reference_shown *shown = probe->references[i].shown;

        if (shown && shown->connected)
            state = VANTAGE_STATE_OK;
        else if (shown && state == VANTAGE_STATE_UNKNOWN)
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
        const struct reference_shown *shown = probe->references[i].shown;

        if (!shown || !shown->issuer)
            continue;
        if (shown->trusted || (issuer && strcmp(issuer, shown->issuer) != 0))
            return NULL;
        issuer = shown->issuer;
        (*ret_count)++;
    }
    return issuer;
}

static bool policy_host_has_issuer(const struct probe *probe, const char *issuer)
{
    for (const struct policy_fetch *fetched = SLIST_FIRST(&probe->policy_fetches); fetched;
         fetched = SLIST_NEXT(fetched, link)) {
        const char *own = reference_issuer(fetched->fetch->tls);

        if (own && reference_is_untrusted(fetched->fetch->tls) && strcmp(own, issuer) == 0)
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
        if (probe->references[i].shown && probe->references[i].shown->trusted)
            probe_vantage_set(probe, VANTAGE_TLS, VANTAGE_STATE_OK, NULL);
}

/* How many of the references and, once for all its addresses, the policy host tell this time. */
static size_t witnesses(const struct probe *probe, int64_t offset)
{
    size_t count = 0;
    int64_t other;

    for (size_t i = 0; i < REFERENCES; i++) {
        const struct reference_shown *shown = probe->references[i].shown;

        count += shown && shown->clock_known &&
                 reference_distance(shown->clock_offset, offset) <= LIMIT_CLOCK_SECONDS;
    }
    for (const struct policy_fetch *fetched = SLIST_FIRST(&probe->policy_fetches); fetched;
         fetched = SLIST_NEXT(fetched, link))
        if (reference_offset(fetched->fetch, &other) &&
            reference_distance(other, offset) <= LIMIT_CLOCK_SECONDS)
            return count + 1;
    return count;
}

static void tell_clock(struct probe *probe)
{
    bool right = false, wrong = false;

    for (size_t i = 0; i < REFERENCES; i++) {
        const struct reference_shown *shown = probe->references[i].shown;

        if (!shown || !shown->clock_known)
            continue;
        right = right || reference_distance(shown->clock_offset, 0) <= LIMIT_CLOCK_SECONDS;
        if (witnesses(probe, shown->clock_offset) < 2)
            continue;
        wrong = reference_distance(shown->clock_offset, 0) > LIMIT_CLOCK_SECONDS;
        probe->vantage.clock_offset = shown->clock_offset;
    }
    if (!right && !wrong)
        return;
    probe->vantage.clock_known = true;
    if (right)
        probe->vantage.clock_offset = 0;
    probe_vantage_set(probe, VANTAGE_CLOCK, right ? VANTAGE_STATE_OK : VANTAGE_STATE_WRONG, NULL);
}

enum sts_status probe_reference_hosts_collect(struct probe *probe)
{
    if (!probe->references)
        return STS_OK;
    tell_port(probe);
    tell_tls(probe);
    tell_clock(probe);
    return STS_OK;
}
