/* SPDX-License-Identifier: MIT */
/* rule_tlsrpt.c - the TXT record at _smtp._tls.<domain> (RFC 8460 section 3). */
#include "rules/rule.h"

#include <string.h>

#include "mtasts/names.h"

static struct sts_text text_of(const struct dns_record *record)
{
    return (struct sts_text){record->text.data ? record->text.data : "", record->text.length};
}

/* Does it begin as a TLSRPT record must? */
static bool is_record(const struct dns_record *record)
{
    struct sts_text text = text_of(record);
    size_t index;

    return sts_tlsrpt_record_select(&text, 1, &index) == STS_SELECTION_ONE;
}

static bool is_meant(const struct dns_record *record)
{
    struct sts_text text = text_of(record);

    return sts_looks_like_tlsrpt_record(text.bytes, text.length);
}

/* ---- no record ------------------------------------------------------------------------------- */

static const struct dns_record *find_stray(const struct dns_answer *answers, size_t count,
                                           const struct dns_answer **ret_answer)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0;
             dns_lookup_state(&answers[i]) == LOOKUP_FOUND && j < answers[i].record_count; j++)
            if (is_meant(&answers[i].records[j])) {
                *ret_answer = &answers[i];
                return &answers[i].records[j];
            }
    return NULL;
}

static void missing(struct rules *r, const struct dns_answer *answer)
{
    finding_add(r, FINDING_TLSRPT_RECORD_MISSING, answer->name,
                answer->cname_count
                    ? N_("{name} is an alias of {cname}, where there is no TLSRPT record "
                         "({answer}).")
                    : N_("There is no TLSRPT record at {name} ({answer}), so senders do not "
                         "report failures."),
                "name", answer->name, "type", "TXT", "answer", dns_answer_text(answer), "cname",
                dns_target(answer), NULL);
}

static void absent(struct rules *r, const struct dns_answer *answer)
{
    const struct facts *facts = r->view.facts;
    const struct dns_answer *at = NULL;
    const struct dns_record *stray = NULL;

    /* The apex is asked once, for both records. */
    stray = find_stray(facts->tlsrpt_strays, facts->tlsrpt_stray_count, &at);
    if (!stray)
        stray = find_stray(facts->sts_strays, facts->sts_stray_count, &at);
    if (!stray) {
        missing(r, answer);
        return;
    }
    finding_add(r, FINDING_TLSRPT_RECORD_MISPLACED, answer->name,
                N_("The TLSRPT record is at {found_at}, where senders do not look; it belongs "
                   "at {name}: \"{text}\"."),
                "name", answer->name, "found_at", at->name, "text",
                rule_bytes(r, stray->text.data, stray->text.length), NULL);
}

static void lookup_failed(struct rules *r, const struct dns_answer *answer)
{
    if (dns_not_awaited(r->view.facts, answer))
        return;
    finding_add(r, FINDING_TLSRPT_RECORD_LOOKUP_FAILED,
                answer ? answer->name : rule_text(r, STS_TLSRPT_PREFIX "%s", r->view.facts->domain),
                N_("The TXT record at {tlsrpt_name} could not be looked up: {answer}."), "name",
                answer ? answer->name : NULL, "type", "TXT", "answer",
                answer ? dns_answer_text(answer) : "not asked", "why",
                answer ? answer->why_bogus : NULL, NULL);
}

/* ---- records --------------------------------------------------------------------------------- */

static void multiple(struct rules *r, const struct dns_answer *answer, size_t count)
{
    const char *list = NULL;

    for (size_t i = 0; i < answer->record_count && i < 10; i++) {
        struct sts_text text = text_of(&answer->records[i]);

        if (is_record(&answer->records[i]))
            list =
                rule_list(r, list, rule_text(r, "\"%s\"", rule_bytes(r, text.bytes, text.length)));
    }
    finding_add(r, FINDING_TLSRPT_RECORD_MULTIPLE, answer->name,
                N_("{name} has {count} TLSRPT records, but only one is allowed: {records}."),
                "name", answer->name, "count", rule_number(r, (int64_t)count), "records", list,
                NULL);
}

static void judge_text(struct rules *r, const char *name, const struct dns_record *from)
{
    struct sts_text text = text_of(from);
    struct text_source source = {name, text.bytes, text.length};
    const struct sts_issue *issues;
    struct sts_tlsrpt_record *record;
    size_t count;

    switch (sts_tlsrpt_record_parse(text.bytes, text.length, &record)) {
    case STS_OK:
        issues = sts_tlsrpt_record_issues(record, &count);
        text_findings(r, &source, issues, count);
        sts_tlsrpt_record_free(record);
        break;
    case STS_E_NOMEM:
        r->view.no_memory = true;
        break;
    default:
        break;
    }
}

static void there(struct rules *r, const struct dns_answer *answer)
{
    size_t begun = 0, meant = 0;

    for (size_t i = 0; i < answer->record_count; i++) {
        begun += is_record(&answer->records[i]);
        meant += is_meant(&answer->records[i]);
    }
    if (begun > 1)
        multiple(r, answer, begun);
    else if (!begun && !meant)
        absent(r, answer);
    for (size_t i = 0; begun < 2 && i < answer->record_count; i++)
        if (begun ? is_record(&answer->records[i]) : is_meant(&answer->records[i]))
            judge_text(r, answer->name, &answer->records[i]);
}

/* ---- where reports go ------------------------------------------------------------------------ */

static bool is_null_mx(const struct dns_answer *mx)
{
    const char *host = mx->record_count == 1 ? mx->records[0].host : "?";

    return !host || !*host || !strcmp(host, ".");
}

/* NULL: it may well be delivered.  What could not be looked up is not judged. */
static const char *undeliverable(const struct rua_target *target)
{
    bool mail = target->mx;

    if (mail && dns_lookup_state(target->mx) == LOOKUP_FOUND)
        return is_null_mx(target->mx)
                   ? N_("The rua is {uri}, but {host} accepts no mail: its only MX record is "
                        "the null MX.")
                   : NULL;
    if ((mail && dns_lookup_state(target->mx) != LOOKUP_ABSENT) ||
        host_lookup_state(target->a, target->aaaa) != LOOKUP_ABSENT)
        return NULL;
    return mail ? N_("The rua is {uri}, but {host} has neither MX nor address records "
                     "({answer}).")
                : N_("The rua is {uri}, but {host} has no address ({answer}).");
}

static void judge_targets(struct rules *r, const char *name)
{
    for (size_t i = 0; i < r->view.facts->rua_target_count; i++) {
        const struct rua_target *target = &r->view.facts->rua_targets[i];
        const char *detail = undeliverable(target);
        const struct dns_answer *asked = target->mx ? target->mx : target->a;

        if (detail)
            finding_add(r, FINDING_TLSRPT_RUA_UNDELIVERABLE, name, detail, "name", name, "uri",
                        rule_bytes(r, target->uri, strlen(target->uri)), "host", target->host,
                        "answer", asked ? dns_answer_text(asked) : "NXDOMAIN", NULL);
    }
}

void rule_tlsrpt(struct rules *r)
{
    const struct dns_answer *answer = r->view.facts->tlsrpt_txt;

    switch (dns_lookup_state(answer)) {
    case LOOKUP_FOUND:
        there(r, answer);
        judge_targets(r, answer->name);
        break;
    case LOOKUP_ABSENT:
        absent(r, answer);
        break;
    default:
        lookup_failed(r, answer);
    }
}
