/* SPDX-License-Identifier: MIT */
/* rule_name_servers.c - do all name servers of the domain say the same about MX, _smtp._tls, the
 * policy host and TLSA?  The record itself is the matter of rule_propagation.c.
 *
 * The facts hold only what a server said with authority; a server that did not answer tells
 * nothing. Addresses may differ on purpose (load sharing, geography): they count only where
 * something else shows that a server is behind. */
#include "rules/rule.h"

#include <string.h>

#include "base/clock.h"

#define LISTED_MAX 8

/* ---- what one server says -------------------------------------------------------------------- */

static const char *record_text(struct rules *r, enum dns_type type, const struct dns_record *record)
{
    switch (type) {
    case DNS_MX:
        return rule_text(r, "%lld %s", (long long)record->preference, record->host);
    case DNS_TXT:
        return rule_text(r, "\"%s\"", rule_bytes(r, record->text.data, record->text.length));
    case DNS_TLSA:
        return rule_text(r, "%lld %lld %lld %.*s", (long long)record->usage,
                         (long long)record->selector, (long long)record->matching,
                         (int)record->data.length, record->data.data);
    default:
        return record->address;
    }
}

/* In one comparable text (records come sorted); NULL: nothing that counts. */
static const char *said(struct rules *r, const struct dns_answer *answer)
{
    const char *list = NULL;

    if (!answer || answer->truncated)
        return NULL;
    if (answer->cname_count && answer->outcome != DNS_OUTCOME_UNKNOWN)
        return rule_text(r, "CNAME %s", answer->cnames[0]);
    if (dns_lookup_state(answer) == LOOKUP_ABSENT)
        return "-";
    if (dns_lookup_state(answer) != LOOKUP_FOUND)
        return NULL;
    for (size_t i = 0; i < answer->record_count && i < LISTED_MAX; i++)
        list = rule_list(r, list, record_text(r, answer->type, &answer->records[i]));
    return list;
}

/* ---- do they differ? ------------------------------------------------------------------------- */

static bool differ(struct rules *r, const struct dns_answer *question)
{
    const char *first = NULL;

    for (size_t i = 0; i < r->view.facts->authority_count; i++) {
        const char *text = said(
            r, authority_answer(&r->view.facts->authorities[i], question->name, question->type));

        if (!text)
            continue;
        if (first && strcmp(first, text) != 0)
            return true;
        first = text;
    }
    return false;
}

/* The server with the oldest zone; NULL: the serial numbers are the same, or not known. */
static const char *behind(const struct rules *r)
{
    const char *oldest = NULL;
    int64_t serial = 0;
    bool differs = false;

    for (size_t i = 0; i < r->view.facts->authority_count; i++) {
        const struct dns_record *soa = authority_soa(&r->view.facts->authorities[i]);

        if (!soa)
            continue;
        differs = differs || (oldest && soa->serial != serial);
        if (oldest && !serial_is_older(soa->serial, serial))
            continue;
        oldest = r->view.facts->authorities[i].server;
        serial = soa->serial;
    }
    return differs ? oldest : NULL;
}

/* ---- the finding ----------------------------------------------------------------------------- */

struct name_server_survey {
    const char *list; /* a line a server */
    bool absent;      /* for one of them there is nothing, or an alias */
    bool uncovered;   /* one of them names an MX host that the policy does not cover */
    int64_t ttl;
};

static bool names_uncovered(const struct rules *r, const struct dns_answer *answer)
{
    for (size_t i = 0; i < answer->record_count; i++)
        if (answer->type == DNS_MX && answer->records[i].host && r->view.published.policy &&
            !sts_policy_covers(r->view.published.policy, answer->records[i].host, NULL))
            return true;
    return false;
}

static void count_in(struct rules *r, struct name_server_survey *survey,
                     const struct authority *authority, const struct dns_answer *answer)
{
    const struct dns_record *soa = authority_soa(authority);
    const char *text = said(r, answer), *line;
    int64_t ttl;

    if (!text)
        return;
    line = rule_text(r, "%s: serial %s, %s", rule_at(r, authority->server, authority->address),
                     soa ? rule_number(r, soa->serial) : "?", text);
    survey->list = survey->list ? rule_text(r, "%s; %s", survey->list, line) : line;
    survey->absent = survey->absent || !answer->record_count || answer->cname_count;
    survey->uncovered = survey->uncovered || names_uncovered(r, answer);
    ttl = answer->ttl > answer->negative_ttl ? answer->ttl : answer->negative_ttl;
    if (ttl > survey->ttl)
        survey->ttl = ttl;
}

static bool is_address(const struct dns_answer *question)
{
    return question->type == DNS_A || question->type == DNS_AAAA;
}

/* As the catalogue says only where senders that enforce find hosts that the policy does not cover.
 */
static enum severity severity_of(const struct rules *r, const struct dns_answer *question,
                                 const struct name_server_survey *survey)
{
    if (r->view.posture == POSTURE_ENFORCE && survey->uncovered)
        return SEVERITY_HIGH;
    return is_address(question) && !survey->absent ? SEVERITY_LOW : SEVERITY_MEDIUM;
}

static void finding(struct rules *r, const struct dns_answer *question)
{
    struct name_server_survey survey = {0};
    char until[CLOCK_TEXT_SIZE];

    for (size_t i = 0; i < r->view.facts->authority_count; i++)
        count_in(r, &survey, &r->view.facts->authorities[i],
                 authority_answer(&r->view.facts->authorities[i], question->name, question->type));
    clock_format(r->view.now + survey.ttl, until);
    finding_add(r, FINDING_NAME_SERVERS_DIFFER, question->name,
                N_("The name servers of {domain} return different answers for {name} ({type}): "
                   "{servers}."),
                "name", question->name, "type", dns_type_name(question->type), "servers",
                survey.list, "behind", behind(r), "ttl", rule_number(r, survey.ttl), "seen_by",
                until, NULL)
        ->severity = severity_of(r, question, &survey);
}

/* All questions that one server or more answered, each once. */
static bool asked_before(const struct rules *r, size_t server, size_t index)
{
    const struct dns_answer *question = &r->view.facts->authorities[server].answers[index];

    for (size_t i = 0; i < server; i++)
        if (authority_answer(&r->view.facts->authorities[i], question->name, question->type))
            return true;
    return false;
}

static bool judge(struct rules *r, bool addresses)
{
    bool any = false;

    for (size_t i = 0; i < r->view.facts->authority_count; i++)
        for (size_t j = 0; j < r->view.facts->authorities[i].answer_count; j++) {
            const struct dns_answer *question = &r->view.facts->authorities[i].answers[j];

            if (is_address(question) != addresses || asked_before(r, i, j) || !differ(r, question))
                continue;
            finding(r, question);
            any = true;
        }
    return any;
}

void rule_name_servers(struct rules *r)
{
    bool stale = judge(r, false);

    if (stale || behind(r))
        (void)judge(r, true);
}
