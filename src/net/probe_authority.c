/* SPDX-License-Identifier: MIT */
/* probe_authority.c - do the domain's own name servers agree on the record? */
#include "net/probe_work.h"

#include <string.h>

#include "base/clock.h"

struct authority_work {
    struct probe *probe;
    const char *server;
    struct dns_answer *a; /* of the server; AAAA where IPv4 is switched off */
    const char *address;
    bool authoritative, soa_authoritative;
    struct dns_answer *sts_txt, *soa;
};

static void answered(void *arg, struct dns_answer *answer, bool authoritative)
{
    struct task *task = arg;

    *task->answer = answer;
    *task->authoritative = authoritative;
    talloc_free(task->direct);
    task->direct = NULL;
    probe_task_done(task, STS_OK);
}

static void may_ask(void *arg)
{
    struct task *task = arg;
    struct probe *probe = task->probe;

    probe_task_goes_on(task);
    if (dns_direct_ask(probe->facts, probe->net->loop, task->server, task->name, task->type,
                       clock_monotonic_ms() + LIMIT_DIRECT_MS, answered, task,
                       &task->direct) != STS_OK)
        probe_task_done(task, STS_E_NOMEM);
}

static enum sts_status ask_directly(struct authority_work *work, const char *name,
                                    enum dns_type type, struct dns_answer **answer,
                                    bool *authoritative)
{
    struct probe *probe = work->probe;
    struct task *task = probe_task(probe);

    if (!task)
        return STS_E_NOMEM;
    task->name = name;
    task->type = type;
    task->answer = answer;
    task->authoritative = authoritative;
    task->server = work->address;
    return probe_take_question(task, work->address, may_ask);
}

static enum sts_status server_known(struct probe *probe, void *arg)
{
    struct authority_work *work = arg;
    enum sts_status status;
    char *name;

    if (!work->a->record_count)
        return STS_OK;
    work->address = work->a->records[0].address;
    name = talloc_asprintf(probe->facts, "_mta-sts.%s", probe->facts->domain);
    if (!name)
        return STS_E_NOMEM;
    status = ask_directly(work, name, DNS_TXT, &work->sts_txt, &work->authoritative);
    if (status == STS_OK)
        status = ask_directly(work, probe->facts->ns->name, DNS_SOA, &work->soa,
                              &work->soa_authoritative);
    return status;
}

/* The zone is cut at a name above: ask there. */
static enum sts_status ask_parent(struct probe *probe)
{
    const char *parent = strchr(probe->facts->ns->name, '.');

    if (!parent || !strchr(parent + 1, '.'))
        return STS_OK; /* a top-level domain's servers are none of ours */
    return probe_ask(probe, parent + 1, DNS_NS, &probe->facts->ns, probe_ns_known, NULL);
}

enum sts_status probe_ns_known(struct probe *probe, void *arg)
{
    const struct dns_answer *ns = probe->facts->ns;
    enum sts_status status = STS_OK;
    size_t count = ns->record_count < LIMIT_AUTHORITIES ? ns->record_count : LIMIT_AUTHORITIES;

    (void)arg;
    if (ns->outcome == DNS_OUTCOME_NODATA)
        return ask_parent(probe);
    probe->authorities = talloc_zero_array(probe, struct authority_work, count + 1);
    if (!probe->authorities)
        return STS_E_NOMEM;
    for (size_t i = 0; i < count && status == STS_OK; i++) {
        struct authority_work *work = &probe->authorities[i];

        *work = (struct authority_work){.probe = probe, .server = ns->records[i].host};
        status = probe_ask_shared(probe, work->server, probe->net->observer.ipv4 ? DNS_A : DNS_AAAA,
                                  &work->a, server_known, work);
    }
    return status;
}

enum sts_status probe_authorities_collect(struct probe *probe)
{
    struct facts *facts = probe->facts;

    if (!probe->authorities)
        return STS_OK;
    facts->authorities = talloc_zero_array(facts, struct authority, LIMIT_AUTHORITIES);
    if (!facts->authorities)
        return STS_E_NOMEM;
    for (struct authority_work *work = probe->authorities; work->probe; work++)
        facts->authorities[facts->authority_count++] = (struct authority){
            work->server, work->address, work->authoritative, work->sts_txt, work->soa};
    return STS_OK;
}
