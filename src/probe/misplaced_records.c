/* SPDX-License-Identifier: MIT */
/* misplaced_records.c - a record that is missing may stand at another name by mistake. */
#include <string.h>

#include <mtasts/names.h>
#include <mtasts/record.h>

#include "probe/question.h"
#include "probe/work.h"

#define UNUSED_LABEL "_mta-sts-unused" /* nobody has this name: what is there is a wildcard's */
#define PLACES_MAX   5

struct misplaced_records {
    struct dns_answer *answers[PLACES_MAX];
    size_t count;
};

/* In front of the domain; then, for the last, the domain once more: a panel that adds the zone's
 * name to a name that was already whole. */
static const char *const sts_places[PLACES_MAX + 1] = {"", STS_POLICY_HOST_PREFIX, "_mta_sts.",
                                                       "_smtp-sts.", STS_RECORD_PREFIX};
static const char *const tlsrpt_places[PLACES_MAX + 1] = {"", "_tls.", "_smtp-tlsrpt.",
                                                          STS_TLSRPT_PREFIX};

/* places: up to a NULL. */
static enum sts_status ask_each(struct probe *probe, const char *const *places,
                                struct misplaced_records **ret)
{
    struct misplaced_records *records = talloc_zero(probe, struct misplaced_records);
    const char *domain = probe->facts->domain;
    enum sts_status status = STS_OK;

    if (!records)
        return STS_E_NOMEM;
    *ret = records;
    for (size_t i = 0; places[i] && status == STS_OK; i++) {
        bool doubled = !places[i + 1];
        char *name = talloc_asprintf(probe, "%s%s%s%s", places[i], domain, doubled ? "." : "",
                                     doubled ? domain : "");

        if (!name)
            return STS_E_NOMEM;
        if (strlen(name) < 254)
            status =
                question_ask(probe, name, DNS_TXT, &records->answers[records->count++], NULL, NULL);
    }
    return status;
}

static bool is_absent(const struct dns_answer *answer)
{
    return answer->outcome == DNS_OUTCOME_NXDOMAIN || answer->outcome == DNS_OUTCOME_NODATA;
}

/* TXT records, and none of them ours: one from a wildcard? */
static bool is_foreign(const struct dns_answer *answer)
{
    for (size_t i = 0; i < answer->record_count; i++) {
        const struct bytes *text = &answer->records[i].text;
        const struct sts_text one = {text->data, text->length};
        size_t index;

        if (sts_record_select(&one, 1, &index) == STS_SELECTION_ONE ||
            sts_looks_like_record(text->data, text->length))
            return false;
    }
    return answer->record_count > 0;
}

enum sts_status probe_sts_known(struct probe *probe, void *arg)
{
    struct facts *facts = probe->facts;
    bool foreign = is_foreign(facts->sts_txt);
    enum sts_status status = STS_OK;
    char *name;

    (void)arg;
    if (foreign || is_absent(facts->sts_txt))
        status = ask_each(probe, sts_places, &probe->misplaced_sts);
    if (!foreign || status != STS_OK)
        return status;
    name = talloc_asprintf(probe, "%s.%s", UNUSED_LABEL, facts->domain);
    return name ? question_ask(probe, name, DNS_TXT, &facts->wildcard_txt, NULL, NULL)
                : STS_E_NOMEM;
}

enum sts_status probe_tlsrpt_known(struct probe *probe, void *arg)
{
    (void)arg;
    if (is_absent(probe->facts->tlsrpt_txt))
        return ask_each(probe, tlsrpt_places, &probe->misplaced_tlsrpt);
    return probe_rua(probe);
}

bool probe_misplaced_records_pending(const struct misplaced_records *records)
{
    for (size_t i = 0; records && i < records->count; i++)
        if (!records->answers[i])
            return true;
    return false;
}

static enum sts_status collect(struct facts *facts, const struct misplaced_records *records,
                               struct dns_answer **ret, size_t *ret_count)
{
    if (!records || !records->answers[0])
        return STS_OK;
    *ret = talloc_zero_array(facts, struct dns_answer, records->count);
    if (!*ret)
        return STS_E_NOMEM;
    for (size_t i = 0; i < records->count; i++)
        if (records->answers[i])
            (*ret)[(*ret_count)++] = *records->answers[i];
    return STS_OK;
}

enum sts_status probe_misplaced_records_collect(struct probe *probe)
{
    struct facts *facts = probe->facts;
    enum sts_status status =
        collect(facts, probe->misplaced_sts, &facts->sts_strays, &facts->sts_stray_count);

    if (status == STS_OK)
        status = collect(facts, probe->misplaced_tlsrpt, &facts->tlsrpt_strays,
                         &facts->tlsrpt_stray_count);
    return status;
}
