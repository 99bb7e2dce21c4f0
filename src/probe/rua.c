/* SPDX-License-Identifier: MIT */
/* rua.c - the hosts that TLS reports are to go to.
 *
 * Begun when the TLSRPT record is known.  Of a mailbox's domain MX and addresses are looked up; the
 * host of an https: URI is looked up as well, and then asked (rua_https.c). */
#include <string.h>

#include <mtasts/record.h>

#include "probe/question.h"
#include "probe/rua_host.h"
#include "probe/work.h"

static enum sts_status ask_target(struct probe *probe, struct rua_target *target, bool mail)
{
    enum sts_status status = STS_OK;

    if (!mail)
        status = probe_rua_https(probe, target);
    else
        status = question_ask_shared(probe, target->host, DNS_MX, &target->mx, NULL, NULL);
    if (status == STS_OK)
        status =
            question_ask_shared(probe, target->host, DNS_A, &target->a, probe_rua_address, target);
    if (status == STS_OK)
        status = question_ask_shared(probe, target->host, DNS_AAAA, &target->aaaa,
                                     probe_rua_address, target);
    return status;
}

static enum sts_status ask_targets(struct probe *probe, const struct sts_tlsrpt_record *record)
{
    struct facts *facts = probe->facts;
    size_t count;
    const char *const *uris = sts_tlsrpt_record_rua(record, &count);
    enum sts_status status = STS_OK;

    facts->rua_targets = talloc_zero_array(facts, struct rua_target, LIMIT_RUA);
    if (!facts->rua_targets)
        return STS_E_NOMEM;
    for (size_t i = 0; i < count && facts->rua_target_count < LIMIT_RUA && status == STS_OK; i++) {
        struct rua_target *target = &facts->rua_targets[facts->rua_target_count];
        bool mail = strncasecmp(uris[i], "mailto:", 7) == 0;

        target->uri = talloc_strdup(facts, uris[i]);
        target->host = rua_host(facts, uris[i], mail);
        if (!target->uri)
            return STS_E_NOMEM;
        if (!target->host)
            continue;
        facts->rua_target_count++;
        status = ask_target(probe, target, mail);
    }
    return status;
}

enum sts_status probe_rua(struct probe *probe)
{
    const struct dns_answer *answer = probe->facts->tlsrpt_txt;
    struct sts_text texts[LIMIT_TXT_RECORDS];
    struct sts_tlsrpt_record *record;
    enum sts_status status;
    size_t index;

    for (size_t i = 0; i < answer->record_count; i++)
        texts[i] = (struct sts_text){answer->records[i].text.data, answer->records[i].text.length};
    if (sts_tlsrpt_record_select(texts, answer->record_count, &index) != STS_SELECTION_ONE)
        return STS_OK;
    status = sts_tlsrpt_record_parse(texts[index].bytes, texts[index].length, &record);
    if (status != STS_OK)
        return status == STS_E_LIMIT ? STS_OK : status;
    status = ask_targets(probe, record);
    sts_tlsrpt_record_free(record);
    return status;
}
