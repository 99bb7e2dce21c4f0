/* SPDX-License-Identifier: MIT */
/* name_servers.c - do the domain's own name servers agree?
 *
 * When the NS answer is known the address of each server is asked for, and each is then asked by
 * itself, for the record and its SOA.  What else a stale server may get wrong is asked where
 * there are several: of one domain by itself at once; in a scan, which must not burden anybody,
 * only where the record or the serial numbers differ. */
#include <string.h>

#include "mtasts/names.h"
#include "probe/question.h"
#include "probe/server_question.h"
#include "probe/work.h"

#define FURTHER_MAX (4 + LIMIT_SERVER_TLSA)

/* One more question to a server. */
struct name_server_answer {
    struct dns_answer *answer;
    bool authoritative;
};

struct name_server_work {
    struct probe *probe;
    const char *server;
    struct dns_answer *a; /* of the server; AAAA where IPv4 is switched off */
    const char *address;
    bool authoritative, soa_authoritative;
    struct dns_answer *sts_txt, *soa;
    struct name_server_answer further[FURTHER_MAX];
    size_t further_count;
};

static enum sts_status ask_directly(struct name_server_work *work, const char *name,
                                    enum dns_type type, struct dns_answer **answer,
                                    bool *authoritative)
{
    const struct server_question_request request = {.address = work->address,
                                                    .name = name,
                                                    .type = type,
                                                    .answer = answer,
                                                    .authoritative = authoritative};

    return server_question_ask(work->probe, &request);
}

/* ---- further questions ----------------------------------------------------------------------- */

static enum sts_status ask_further(struct name_server_work *work, const char *prefix,
                                   const char *name, enum dns_type type)
{
    struct name_server_answer *further = &work->further[work->further_count++];
    char *whole = talloc_asprintf(work->probe->facts, "%s%s", prefix, name);

    if (!whole)
        return STS_E_NOMEM;
    return ask_directly(work, whole, type, &further->answer, &further->authoritative);
}

static enum sts_status ask_all_further(struct name_server_work *work)
{
    const struct facts *facts = work->probe->facts;
    const struct observer *observer = &work->probe->net->observer;
    enum sts_status status = ask_further(work, "", facts->domain, DNS_MX);

    if (status == STS_OK)
        status = ask_further(work, STS_TLSRPT_PREFIX, facts->domain, DNS_TXT);
    if (status == STS_OK && observer->ipv4)
        status = ask_further(work, "", facts->policy_host.name, DNS_A);
    if (status == STS_OK && observer->ipv6)
        status = ask_further(work, "", facts->policy_host.name, DNS_AAAA);
    return status;
}

static bool is_in_zone(const struct facts *facts, const char *host)
{
    size_t length = strlen(host), tail = strlen(facts->ns->name);

    return length >= tail && strcmp(host + length - tail, facts->ns->name) == 0 &&
           (length == tail || host[length - tail - 1] == '.');
}

/* A resolver that happened to ask one server saw records, or proof that there are none. */
static bool may_have_tlsa(const struct mx_host *mx)
{
    return mx->tlsa &&
           (mx->tlsa->outcome == DNS_OUTCOME_FOUND || mx->tlsa->security == DNS_SECURITY_SECURE);
}

static enum sts_status ask_tlsa(struct name_server_work *work)
{
    const struct facts *facts = work->probe->facts;
    enum sts_status status = STS_OK;
    size_t asked = 0;

    for (size_t i = 0; i < facts->mx_count && status == STS_OK && asked < LIMIT_SERVER_TLSA; i++) {
        const struct mx_host *mx = &facts->mx[i];

        if (!may_have_tlsa(mx) || !is_in_zone(facts, mx->name))
            continue;
        asked++;
        status = ask_further(work, "_25._tcp.", mx->name, DNS_TLSA);
    }
    return status;
}

/* ---- the first questions --------------------------------------------------------------------- */

static bool has_company(const struct probe *probe)
{
    return probe->facts->ns->record_count > 1;
}

static enum sts_status server_known(struct probe *probe, void *arg)
{
    struct name_server_work *work = arg;
    enum sts_status status;
    char *name;

    if (!work->a->record_count || !net_may_connect(work->probe->net, work->a->records[0].address))
        return STS_OK;
    work->address = work->a->records[0].address;
    name = talloc_asprintf(probe->facts, STS_RECORD_PREFIX "%s", probe->facts->domain);
    if (!name)
        return STS_E_NOMEM;
    status = ask_directly(work, name, DNS_TXT, &work->sts_txt, &work->authoritative);
    if (status == STS_OK)
        status = ask_directly(work, probe->facts->ns->name, DNS_SOA, &work->soa,
                              &work->soa_authoritative);
    if (status == STS_OK && has_company(probe) && !probe->net->patient)
        status = ask_all_further(work);
    return status;
}

/* The zone is cut at a name above: ask there. */
static enum sts_status ask_parent(struct probe *probe)
{
    const char *parent = strchr(probe->facts->ns->name, '.');

    if (!parent || !strchr(parent + 1, '.'))
        return STS_OK; /* a top-level domain's servers are none of ours */
    return question_ask(probe, parent + 1, DNS_NS, &probe->facts->ns, probe_ns_known, NULL);
}

enum sts_status probe_ns_known(struct probe *probe, void *arg)
{
    const struct dns_answer *ns = probe->facts->ns;
    enum sts_status status = STS_OK;
    size_t count = ns->record_count < LIMIT_AUTHORITIES ? ns->record_count : LIMIT_AUTHORITIES;

    (void)arg;
    if (ns->outcome == DNS_OUTCOME_NODATA)
        return ask_parent(probe);
    probe->name_servers = talloc_zero_array(probe, struct name_server_work, count + 1);
    if (!probe->name_servers)
        return STS_E_NOMEM;
    for (size_t i = 0; i < count && status == STS_OK; i++) {
        struct name_server_work *work = &probe->name_servers[i];

        *work = (struct name_server_work){.probe = probe, .server = ns->records[i].host};
        status =
            question_ask_shared(probe, work->server, probe->net->observer.ipv4 ? DNS_A : DNS_AAAA,
                                &work->a, server_known, work);
    }
    return status;
}

/* ---- in a scan: only where they differ ------------------------------------------------------- */

static bool same_bytes(struct bytes a, struct bytes b)
{
    return a.length == b.length && (!a.length || memcmp(a.data, b.data, a.length) == 0);
}

static bool same_answer(const struct dns_answer *a, const struct dns_answer *b)
{
    if (a->outcome != b->outcome || a->record_count != b->record_count)
        return false;
    for (size_t i = 0; i < a->record_count; i++)
        if (a->records[i].serial != b->records[i].serial ||
            !same_bytes(a->records[i].text, b->records[i].text))
            return false;
    return true;
}

static bool differ(const struct name_server_work *a, const struct name_server_work *b)
{
    bool records = a->sts_txt && b->sts_txt && a->authoritative && b->authoritative;
    bool serials = a->soa && b->soa && a->soa_authoritative && b->soa_authoritative;

    return (records && !same_answer(a->sts_txt, b->sts_txt)) ||
           (serials && !same_answer(a->soa, b->soa));
}

static bool any_differ(const struct probe *probe)
{
    for (const struct name_server_work *work = probe->name_servers; work->probe; work++)
        if (differ(probe->name_servers, work))
            return true;
    return false;
}

enum sts_status probe_name_servers(struct probe *probe)
{
    bool patient = probe->net->patient;
    enum sts_status status = STS_OK;

    if (!probe->name_servers || !has_company(probe) || (patient && !any_differ(probe)))
        return STS_OK;
    for (struct name_server_work *work = probe->name_servers; work->probe && status == STS_OK;
         work++) {
        if (!work->authoritative)
            continue;
        if (patient)
            status = ask_all_further(work);
        if (status == STS_OK)
            status = ask_tlsa(work);
    }
    return status;
}

/* ---- into the facts -------------------------------------------------------------------------- */

/* Answers without authority tell nothing: of another zone, or of a server that is lame. */
static enum sts_status collect_further(struct facts *facts, const struct name_server_work *work,
                                       struct authority *authority)
{
    authority->answers = talloc_zero_array(facts, struct dns_answer, FURTHER_MAX);
    if (!authority->answers)
        return STS_E_NOMEM;
    for (size_t i = 0; i < work->further_count; i++)
        if (work->further[i].answer && work->further[i].authoritative)
            authority->answers[authority->answer_count++] = *work->further[i].answer;
    return STS_OK;
}

enum sts_status probe_name_servers_collect(struct probe *probe)
{
    struct facts *facts = probe->facts;

    if (!probe->name_servers)
        return STS_OK;
    facts->authorities = talloc_zero_array(facts, struct authority, LIMIT_AUTHORITIES);
    if (!facts->authorities)
        return STS_E_NOMEM;
    for (struct name_server_work *work = probe->name_servers; work->probe; work++) {
        struct authority *authority = &facts->authorities[facts->authority_count++];

        *authority = (struct authority){.server = work->server,
                                        .address = work->address,
                                        .authoritative = work->authoritative,
                                        .sts_txt = work->sts_txt,
                                        .soa = work->soa};
        if (work->further_count && collect_further(facts, work, authority) != STS_OK)
            return STS_E_NOMEM;
    }
    return STS_OK;
}
