/* SPDX-License-Identifier: MIT */
/* mx.c - which hosts take the mail: their addresses and TLSA records.
 *
 * When the MX answer is known each host's TLSA records and addresses are asked for, side by side;
 * each answer with addresses starts a session with each of them (mx_session.c), and tells whether
 * the host is an alias, of whose target TLSA records are asked for too. */
#include <string.h>

#include "net/dns.h"
#include "probe/mx_list.h"
#include "probe/question.h"
#include "probe/work.h"

#define TLSA_PREFIX "_25._tcp."

/* ---- a host's answers ------------------------------------------------------------------------ */

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
        status =
            probe_mx_session(mx, answer->records[i].address, family * LIMIT_ADDRESSES + (int)i);
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
    return question_ask_shared(probe, name, DNS_TLSA, answer, NULL, NULL);
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
        return question_ask_shared(probe, host->name, DNS_CNAME, &host->alias, NULL, NULL);
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

/* ---- the hosts ------------------------------------------------------------------------------- */

static enum sts_status ask_addresses(struct mx_work *mx, struct mx_host *host)
{
    const struct question_addresses request = {.name = host->name,
                                               .a = &host->a,
                                               .aaaa = &host->aaaa,
                                               .then_a = mx_a,
                                               .then_aaaa = mx_aaaa,
                                               .arg = mx,
                                               .shared = true};

    return question_ask_addresses(mx->probe, &request);
}

/* A record for the domain itself is a common mistake where its MX host is another. */
static enum sts_status ask_domain_tlsa(struct probe *probe)
{
    struct facts *facts = probe->facts;

    if (!facts->mx_count || mx_is_listed(facts, facts->domain) ||
        facts->mx_answer->security != DNS_SECURITY_SECURE)
        return STS_OK;
    return ask_tlsa(probe, facts->domain, &facts->domain_tlsa);
}

enum sts_status probe_mx_known(struct probe *probe, void *arg)
{
    struct facts *facts = probe->facts;
    enum sts_status status = mx_list(facts);

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
            status = ask_addresses(&probe->mx[i], host);
    }
    return status == STS_OK ? ask_domain_tlsa(probe) : status;
}

/* ---- what came of it ------------------------------------------------------------------------- */

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

static bool is_unreachable(const struct smtp_session *session)
{
    return session->outcome == NET_NO_ROUTE || session->outcome == NET_REFUSED ||
           (session->outcome == NET_TIMEOUT && session->phase == PHASE_CONNECT);
}

bool probe_mx_is_unreachable(const struct probe *probe)
{
    bool any = false;

    for (size_t i = 0; probe->mx && i < probe->facts->mx_count; i++) {
        for (const struct mx_look *look = SLIST_FIRST(&probe->mx[i].looks); look;
             look = SLIST_NEXT(look, link)) {
            if (!is_unreachable(look->session))
                return false;
            any = true;
        }
    }
    return any;
}
