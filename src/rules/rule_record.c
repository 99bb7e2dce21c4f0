/* SPDX-License-Identifier: MIT */
/* rule_record.c - the TXT record at _mta-sts.<domain> (RFC 8461 section 3.1). */
#include "rules/rule.h"

#include <string.h>

#include "base/clock.h"
#include "mtasts/names.h"

#define TTL_HIGH 86400 /* seconds: a roll-back is seen a day late at most */

/* Does it begin as an MTA-STS record must? */
static bool is_record(const struct bytes *text)
{
    struct sts_text one = {text->data ? text->data : "", text->length};
    size_t index;

    return sts_record_select(&one, 1, &index) == STS_SELECTION_ONE;
}

static const char *quoted_texts(struct rules *r, const struct dns_answer *answer, bool others)
{
    const char *list = NULL;

    for (size_t i = 0; i < answer->record_count && i < 10; i++) {
        const struct bytes *text = &answer->records[i].text;

        if (others && is_record(text))
            continue;
        list = rule_list(r, list, rule_text(r, "\"%s\"", rule_bytes(r, text->data, text->length)));
    }
    return list ? list : "-";
}

/* ---- no record ------------------------------------------------------------------------------- */

static const char *seconds(struct rules *r, int64_t value)
{
    return value >= 0 ? rule_number(r, value) : NULL;
}

static const char *moment(struct rules *r, int64_t from_now)
{
    char text[CLOCK_TEXT_SIZE];

    if (from_now < 0)
        return NULL;
    clock_format(r->view.now + from_now, text);
    return rule_text(r, "%s", text);
}

static void misplaced(struct rules *r)
{
    const struct dns_answer *stray = r->view.published.stray;
    const struct bytes *text = &stray->records[r->view.published.stray_index].text;

    finding_add(r, FINDING_STS_RECORD_MISPLACED, r->view.facts->sts_txt->name,
                N_("The record is at {found_at}, where senders do not look; it belongs at {name}: "
                   "\"{text}\"."),
                "name", r->view.facts->sts_txt->name, "found_at", stray->name, "text",
                rule_bytes(r, text->data, text->length), NULL);
}

static const char *missing_detail(const struct rules *r, const struct dns_answer *answer)
{
    if (r->view.published.policy_served)
        return N_("A policy is published at {policy_url}, but there is no TXT record at {name} "
                  "({answer}), so senders never look for it.");
    if (answer->outcome == DNS_OUTCOME_NXDOMAIN)
        return N_("There is no TXT record at {name}: the name does not exist ({answer}).");
    if (answer->cname_count)
        return N_("{name} is an alias of {cname}, which has no TXT record ({answer}).");
    if (answer->outcome == DNS_OUTCOME_FOUND)
        return N_("{name} has TXT records, but none is for MTA-STS: {records}.");
    return N_("There is no TXT record at {name}: the name exists, but without one ({answer}).");
}

static void missing(struct rules *r)
{
    const struct dns_answer *answer = r->view.facts->sts_txt, *soa = r->view.facts->domain_soa;
    int64_t negative = answer->negative_ttl;
    struct finding *finding;

    if (negative < 0 && soa && soa->record_count)
        negative = soa->records[0].minimum;
    finding =
        finding_add(r, FINDING_STS_RECORD_MISSING, answer->name, missing_detail(r, answer), "name",
                    answer->name, "type", "TXT", "answer", dns_answer_text(answer), "cname",
                    dns_target(answer), "negative_ttl", seconds(r, negative), "denied_until",
                    moment(r, negative), "records", quoted_texts(r, answer, false), NULL);
    if (r->view.published.policy_served)
        finding->severity = SEVERITY_HIGH;
}

static bool has_text(const struct dns_answer *answer, const struct bytes *text)
{
    for (size_t i = 0; i < answer->record_count; i++) {
        const struct bytes *other = &answer->records[i].text;

        if (other->length == text->length &&
            (!text->length || !memcmp(other->data, text->data, text->length)))
            return true;
    }
    return false;
}

/* A name that nobody uses has the very same records. */
static bool is_wildcard(const struct dns_answer *answer, const struct dns_answer *wildcard)
{
    if (dns_lookup_state(answer) != LOOKUP_FOUND || dns_lookup_state(wildcard) != LOOKUP_FOUND)
        return false;
    for (size_t i = 0; i < answer->record_count; i++)
        if (!has_text(wildcard, &answer->records[i].text))
            return false;
    return true;
}

static void from_wildcard(struct rules *r)
{
    const struct dns_answer *answer = r->view.facts->sts_txt;

    finding_add(r, FINDING_STS_RECORD_WILDCARD, answer->name,
                N_("There is no MTA-STS record at {name}; a wildcard of the zone answers there, "
                   "as for every other name: {records}."),
                "name", answer->name, "type", "TXT", "answer", dns_answer_text(answer), "cname",
                dns_target(answer), "records", quoted_texts(r, answer, false), NULL);
}

static void absent(struct rules *r)
{
    const struct dns_answer *answer = r->view.facts->sts_txt;

    if (answer->cname_count && answer->outcome == DNS_OUTCOME_NXDOMAIN)
        finding_add(r, FINDING_STS_RECORD_CNAME_DANGLING, answer->name,
                    N_("{name} is an alias of {cname}, a name that does not exist."), "name",
                    answer->name, "type", "TXT", "answer", dns_answer_text(answer), "cname",
                    dns_target(answer), NULL);
    else if (r->view.published.stray)
        misplaced(r);
    else if (is_wildcard(answer, r->view.facts->wildcard_txt))
        from_wildcard(r);
    else
        missing(r);
}

/* ---- no answer ------------------------------------------------------------------------------- */

static void bogus(struct rules *r)
{
    const struct dns_answer *answer = r->view.facts->sts_txt;

    finding_add(r, FINDING_STS_RECORD_DNSSEC_BOGUS, answer->name,
                answer->why_bogus ? N_("DNSSEC validation of {name} fails; senders behind "
                                       "validating resolvers see no record: {why}.")
                                  : N_("DNSSEC validation of {name} fails; senders behind "
                                       "validating resolvers see no record."),
                "name", answer->name, "type", "TXT", "answer", dns_answer_text(answer), "why",
                answer->why_bogus, NULL);
}

static const char *resolver_asked(const struct rules *r)
{
    const struct observer *observer = &r->view.facts->observer;

    return observer->resolver_count ? observer->resolvers[0] : NULL;
}

/* "ns1.example.net [192.0.2.53] SERVFAIL": name servers of the domain that give no answer either.
 */
static const char *servers_failing(struct rules *r)
{
    const char *list = NULL;

    for (size_t i = 0; i < r->view.facts->authority_count; i++) {
        const struct authority *one = &r->view.facts->authorities[i];

        if (one->sts_txt && dns_lookup_state(one->sts_txt) == LOOKUP_UNKNOWN &&
            !dns_not_awaited(r->view.facts, one->sts_txt))
            list = rule_list(r, list,
                             rule_text(r, "%s %s", rule_at(r, one->server, one->address),
                                       dns_answer_text(one->sts_txt)));
    }
    return list;
}

static void lookup_failed(struct rules *r)
{
    const struct dns_answer *answer = r->view.facts->sts_txt;
    const char *server = resolver_asked(r), *servers = servers_failing(r);
    const char *detail =
        servers  ? N_("The TXT record at {record_name} could not be looked up: {answer} "
                       "(resolver: {server}). The domain's name servers, queried directly: "
                       "{servers}.")
        : server ? N_("The TXT record at {record_name} could not be looked up: {answer} (resolver: "
                      "{server}).")
                 : N_("The TXT record at {record_name} could not be looked up: {answer}.");

    if (dns_not_awaited(r->view.facts, answer))
        return;
    finding_add(r, FINDING_STS_RECORD_LOOKUP_FAILED,
                answer ? answer->name : rule_text(r, STS_RECORD_PREFIX "%s", r->view.facts->domain),
                detail, "name", answer ? answer->name : NULL, "type", "TXT", "answer",
                answer ? dns_answer_text(answer) : "not asked", "server", server ? server : "-",
                "servers", servers, NULL);
}

/* ---- records --------------------------------------------------------------------------------- */

static void multiple(struct rules *r)
{
    const struct dns_answer *answer = r->view.facts->sts_txt;
    size_t count = 0;

    for (size_t i = 0; i < answer->record_count; i++)
        count += is_record(&answer->records[i].text);
    finding_add(r, FINDING_STS_RECORD_MULTIPLE, answer->name,
                N_("{name} has {count} MTA-STS records, but only one is allowed: {records}."),
                "name", answer->name, "count", rule_number(r, (int64_t)count), "records",
                quoted_texts(r, answer, false), NULL);
}

static void judge_text(struct rules *r, const char *name, const struct bytes *text)
{
    struct text_source source = {name, text->data ? text->data : "", text->length};
    const struct sts_issue *issues;
    struct sts_record *record;
    size_t count;

    switch (sts_record_parse(source.text, source.length, &record)) {
    case STS_OK:
        issues = sts_record_issues(record, &count);
        text_findings(r, &source, issues, count);
        sts_record_free(record);
        break;
    case STS_E_NOMEM:
        r->view.no_memory = true;
        break;
    default:
        break;
    }
}

/* No text begins as it must: those that were plainly meant are judged. */
static void judge_meant(struct rules *r, const struct dns_answer *answer)
{
    for (size_t i = 0; i < answer->record_count; i++) {
        const struct bytes *text = &answer->records[i].text;

        if (sts_looks_like_record(text->data ? text->data : "", text->length))
            judge_text(r, answer->name, text);
    }
}

static void one_record(struct rules *r)
{
    const struct dns_answer *answer = r->view.facts->sts_txt;

    judge_text(r, answer->name, &answer->records[r->view.published.record_index].text);
    if (answer->record_count > 1)
        finding_add(r, FINDING_STS_RECORD_UNRELATED_TXT, answer->name,
                    N_("Next to the MTA-STS record, {name} has other TXT records, which senders "
                       "ignore: {records}."),
                    "name", answer->name, "records", quoted_texts(r, answer, true), NULL);
}

/* As the domain's own name servers give it: a resolver counts it down, and many cut it short. */
static int64_t published_ttl(const struct rules *r)
{
    int64_t ttl = r->view.facts->sts_txt->ttl;

    for (size_t i = 0; i < r->view.facts->authority_count; i++) {
        const struct authority *one = &r->view.facts->authorities[i];

        if (one->authoritative && dns_lookup_state(one->sts_txt) == LOOKUP_FOUND &&
            one->sts_txt->ttl > ttl)
            ttl = one->sts_txt->ttl;
    }
    return ttl;
}

static void there(struct rules *r)
{
    const struct dns_answer *answer = r->view.facts->sts_txt;
    int64_t ttl = published_ttl(r);

    if (!r->view.published.looks_like_record) {
        absent(r);
        return;
    }
    if (r->view.published.selection == STS_SELECTION_MULTIPLE)
        multiple(r);
    else if (r->view.published.selection == STS_SELECTION_ONE)
        one_record(r);
    else
        judge_meant(r, answer);
    if (ttl > TTL_HIGH)
        finding_add(r, FINDING_STS_RECORD_TTL_HIGH, answer->name,
                    N_("Resolvers keep the record at {name} for {ttl|second|seconds}, so a "
                       "change takes that long to reach senders."),
                    "name", answer->name, "ttl", rule_number(r, ttl), NULL);
}

void rule_record(struct rules *r)
{
    static void (*const by_seen[])(struct rules *) = {
        [LOOKUP_NONE] = lookup_failed, [LOOKUP_UNKNOWN] = lookup_failed, [LOOKUP_BOGUS] = bogus,
        [LOOKUP_ABSENT] = absent,      [LOOKUP_FOUND] = there,
    };

    by_seen[r->view.published.record_seen](r);
}
