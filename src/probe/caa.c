/* SPDX-License-Identifier: MIT */
/* caa.c - which CAs may issue for policy host and MX hosts (RFC 8659 section 3)?
 *
 * Asked where there is a certificate of a public CA to renew.  Of the names from the host upwards
 * the first that has CAA records counts; a name that cannot be looked up ends the search, for
 * nobody knows whether it has any.  The resolver follows aliases, and the way up leads to the
 * parent of the name, not of its target.  A brief scan leaves these questions out. */
#include "probe/caa.h"

#include <string.h>
#include <strings.h>

#include <mtasts/match.h>

#include "probe/question.h"
#include "probe/work.h"

struct caa_climb {
    struct dns_answer **answer;
    const char *name;
    int asked;
};

static enum sts_status go_up(struct probe *probe, void *arg);

static enum sts_status ask_level(struct probe *probe, struct caa_climb *climb)
{
    climb->asked++;
    return question_ask_shared(probe, climb->name, DNS_CAA, climb->answer, go_up, climb);
}

static enum sts_status go_up(struct probe *probe, void *arg)
{
    struct caa_climb *climb = arg;
    enum dns_outcome outcome = (*climb->answer)->outcome;
    const char *dot = strchr(climb->name, '.');

    if ((outcome != DNS_OUTCOME_NODATA && outcome != DNS_OUTCOME_NXDOMAIN) || !dot ||
        climb->asked == LIMIT_CLIMB)
        return STS_OK;
    climb->name = dot + 1;
    return ask_level(probe, climb);
}

const char *caa_start(const struct tls_session *tls, const char *host)
{
    const struct certificate *leaf = tls && tls->chain_count ? tls->chain : NULL;
    const char *dot = strchr(host, '.'), *start = NULL;

    if (!leaf || !dot || tls->trust != CHAIN_TRUSTED)
        return NULL;
    for (size_t i = 0; i < leaf->dns_name_count; i++) {
        if (strcasecmp(leaf->dns_names[i], host) == 0)
            return host;
        if (sts_name_match(leaf->dns_names[i], host))
            start = dot + 1;
    }
    return start;
}

/* Of two addresses' starting points the host itself. */
static const char *lower(const char *a, const char *b)
{
    return !a || (b && strlen(b) > strlen(a)) ? b : a;
}

static enum sts_status begin(struct probe *probe, const char *start, struct dns_answer **answer)
{
    struct caa_climb *climb;

    if (!start)
        return STS_OK;
    climb = talloc(probe, struct caa_climb);
    if (!climb)
        return STS_E_NOMEM;
    *climb = (struct caa_climb){.answer = answer, .name = start};
    return ask_level(probe, climb);
}

enum sts_status probe_caa(struct probe *probe)
{
    struct facts *facts = probe->facts;
    const char *host = facts->policy_host.name, *start = NULL;
    enum sts_status status;

    if (probe->net->brief)
        return STS_OK;
    for (const struct policy_fetch *fetched = SLIST_FIRST(&probe->policy_fetches); fetched;
         fetched = SLIST_NEXT(fetched, link))
        start = lower(start, caa_start(fetched->fetch->tls, host));
    status = begin(probe, start, &facts->policy_host.caa);
    for (size_t i = 0; probe->mx && i < facts->mx_count && status == STS_OK; i++) {
        start = NULL;
        for (const struct mx_look *look = SLIST_FIRST(&probe->mx[i].looks); look;
             look = SLIST_NEXT(look, link))
            start = lower(start, caa_start(look->session->tls, facts->mx[i].name));
        status = begin(probe, start, &facts->mx[i].caa);
    }
    return status;
}
