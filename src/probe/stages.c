/* SPDX-License-Identifier: MIT */
/* stages.c - what is asked when.
 *
 * First everything that depends on no other answer; each part starts what follows from an answer of
 * its own.  When nothing of that is under way any more, once, what depends on several parts: is it
 * our own place, and what may be learnt beyond the first look.  At last the facts, in one order. */
#include "mtasts/names.h"
#include "net/dns.h"
#include "net/resources.h"
#include "probe/question.h"
#include "probe/work.h"

typedef enum sts_status (*stage_fn)(struct probe *probe);

/* ---- first ----------------------------------------------------------------------------------- */

static enum sts_status ask_policy_host(struct probe *probe)
{
    struct policy_host *host = &probe->facts->policy_host;

    return question_ask_addresses(probe,
                                  &(struct question_addresses){.name = host->name,
                                                               .a = &host->a,
                                                               .aaaa = &host->aaaa,
                                                               .then_a = probe_policy_a,
                                                               .then_aaaa = probe_policy_aaaa});
}

static enum sts_status ask_all(struct probe *probe, void *arg)
{
    struct facts *facts = probe->facts;
    const struct {
        const char *prefix;
        enum dns_type type;
        struct dns_answer **answer;
        question_fn then;
    } questions[] = {
        {"", DNS_MX, &facts->mx_answer, probe_mx_known},
        {STS_RECORD_PREFIX, DNS_TXT, &facts->sts_txt, probe_sts_known},
        {STS_TLSRPT_PREFIX, DNS_TXT, &facts->tlsrpt_txt, probe_tlsrpt_known},
        {"", DNS_NS, &facts->ns, probe_ns_known},
    };
    enum sts_status status = STS_OK;

    (void)arg;
    probe->begun = true;
    for (size_t i = 0; i < sizeof questions / sizeof questions[0] && status == STS_OK; i++) {
        char *name = talloc_asprintf(probe, "%s%s", questions[i].prefix, facts->domain);

        status = name ? question_ask(probe, name, questions[i].type, questions[i].answer,
                                     questions[i].then, NULL)
                      : STS_E_NOMEM;
    }
    return status == STS_OK ? ask_policy_host(probe) : status;
}

/* The validator proves for each question by itself whether the zone is signed, until one proof is
 * in its cache: with ten at once that is most of the work.  Where there is more to do than to wait
 * for, the first goes alone; one domain by itself had better not lose the round trip. */
enum sts_status probe_ask_first(struct probe *probe)
{
    struct facts *facts = probe->facts;
    bool patient = probe->net->patient;
    enum sts_status status;

    if (!patient)
        dns_warm(probe->net->dns, facts->domain);
    status = question_ask(probe, facts->domain, DNS_SOA, &facts->domain_soa,
                          patient ? ask_all : NULL, NULL);
    return status == STS_OK && !patient ? ask_all(probe, NULL) : status;
}

/* ---- afterwards ------------------------------------------------------------------------------ */

static enum sts_status run(struct probe *probe, const stage_fn *stages, size_t count)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; i < count && status == STS_OK; i++)
        status = stages[i](probe);
    return status;
}

enum sts_status probe_ask_afterwards(struct probe *probe)
{
    static const stage_fn place[] = {probe_port_test, probe_reference_hosts, probe_place_known};
    static const stage_fn domain[] = {
        probe_port_test, probe_reference_hosts,  probe_handshakes,  probe_caa,
        probe_patterns,  probe_misplaced_policy, probe_name_servers};

    return probe->place_only ? run(probe, place, sizeof place / sizeof place[0])
                             : run(probe, domain, sizeof domain / sizeof domain[0]);
}

/* ---- into the facts -------------------------------------------------------------------------- */

/* Where memory runs out the facts lack a part and say so. */
void probe_collect(struct probe *probe)
{
    static const stage_fn parts[] = {
        probe_policy_collect,
        probe_mx_collect,
        probe_misplaced_records_collect,
        probe_port_test_collect,
        probe_name_servers_collect,
        probe_patterns_collect,
        probe_misplaced_policy_collect,
        probe_reference_hosts_collect,
        probe_rua_collect,
        probe_vantage_collect, /* behind all that set points */
    };

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i](probe) != STS_OK)
            probe->facts->shortage = resources_shortage(OUT_OF_MEMORY);
}
