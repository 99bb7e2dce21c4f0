/* SPDX-License-Identifier: MIT */
/* rule_propagation.c - do all name servers of the domain give the same MTA-STS record?
 *
 * Only what a server says with authority counts.  One that does not answer us tells nothing: many
 * networks let nobody but their own resolver ask. */
#include "rules/rule.h"

#include <string.h>

#include "base/clock.h"
#include "mtasts/names.h"

#define LISTED_MAX 8

static struct sts_text text_of(const struct dns_record *record)
{
    return (struct sts_text){record->text.data ? record->text.data : "", record->text.length};
}

/* The texts that are meant as the record, in quotes; they are sorted.  Others do not matter. */
static const char *records_said(struct rules *r, const struct dns_answer *answer)
{
    const char *list = NULL;

    for (size_t i = 0; i < answer->record_count && i < LISTED_MAX; i++) {
        struct sts_text text = text_of(&answer->records[i]);

        if (sts_looks_like_record(text.bytes, text.length))
            list =
                rule_list(r, list, rule_text(r, "\"%s\"", rule_bytes(r, text.bytes, text.length)));
    }
    return list ? list : "-";
}

/* What a server says, in one comparable text; NULL: nothing that counts. */
static const char *said(struct rules *r, const struct authority *authority)
{
    const struct dns_answer *answer = authority->sts_txt;

    if (!authority->authoritative || !answer)
        return NULL;
    /* Behind an alias the texts are those of another zone, which this server may not know. */
    if (answer->cname_count && answer->outcome != DNS_OUTCOME_UNKNOWN)
        return rule_text(r, "CNAME %s", answer->cnames[0]);
    if (dns_lookup_state(answer) == LOOKUP_FOUND)
        return records_said(r, answer);
    return dns_lookup_state(answer) == LOOKUP_ABSENT ? "-" : NULL;
}

/* The id of the one record there is; else NULL. */
static const char *id_of(struct rules *r, const struct dns_answer *answer)
{
    struct sts_text texts[LISTED_MAX];
    struct sts_record *record;
    const char *id = NULL;
    size_t index, count = answer->record_count < LISTED_MAX ? answer->record_count : LISTED_MAX;

    for (size_t i = 0; i < count; i++)
        texts[i] = text_of(&answer->records[i]);
    if (sts_record_select(texts, count, &index) != STS_SELECTION_ONE ||
        sts_record_parse(texts[index].bytes, texts[index].length, &record) != STS_OK)
        return NULL;
    if (sts_record_id(record))
        id = rule_text(r, "%s", sts_record_id(record));
    sts_record_free(record);
    return id;
}

const struct dns_record *authority_soa(const struct authority *authority)
{
    return authority->soa && authority->soa->record_count ? &authority->soa->records[0] : NULL;
}

/* "ns1.example.net [192.0.2.53]: serial 2026, id 5, TTL 300" */
static const char *line(struct rules *r, const struct authority *authority, const char *text)
{
    const struct dns_answer *answer = authority->sts_txt;
    const struct dns_record *soa = authority_soa(authority);
    const char *id = answer->cname_count ? NULL : id_of(r, answer);
    const char *what = id ? rule_text(r, "id %s", id) : text;

    return rule_text(r, "%s: serial %s, %s, TTL %s",
                     rule_at(r, authority->server, authority->address),
                     soa ? rule_number(r, soa->serial) : "?", what,
                     answer->ttl >= 0 ? rule_number(r, answer->ttl) : "-");
}

static int64_t kept_for(const struct dns_answer *answer)
{
    return answer->ttl > answer->negative_ttl ? answer->ttl : answer->negative_ttl;
}

bool serial_is_older(int64_t serial, int64_t than)
{
    uint32_t distance = (uint32_t)than - (uint32_t)serial;

    return distance != 0 && distance < UINT32_C(0x80000000);
}

struct survey {
    const char *first;  /* what the first server said */
    const char *list;   /* a line a server */
    const char *behind; /* the server with the oldest zone */
    int64_t oldest;
    int64_t ttl;
    bool differ, serials, serials_differ;
};

static void count_in(struct rules *r, struct survey *survey, const struct authority *authority,
                     const char *text)
{
    const struct dns_record *soa = authority_soa(authority);
    const char *one = line(r, authority, text);

    if (!survey->first)
        survey->first = text;
    survey->differ = survey->differ || strcmp(survey->first, text) != 0;
    survey->list = survey->list ? rule_text(r, "%s; %s", survey->list, one) : one;
    if (kept_for(authority->sts_txt) > survey->ttl)
        survey->ttl = kept_for(authority->sts_txt);
    if (!soa)
        return;
    survey->serials_differ =
        survey->serials_differ || (survey->serials && soa->serial != survey->oldest);
    if (!survey->serials || serial_is_older(soa->serial, survey->oldest)) {
        survey->oldest = soa->serial;
        survey->behind = authority->server;
    }
    survey->serials = true;
}

void rule_propagation(struct rules *r)
{
    const struct facts *facts = r->view.facts;
    struct survey survey = {0};
    char until[CLOCK_TEXT_SIZE];

    for (size_t i = 0; i < facts->authority_count; i++) {
        const char *text = said(r, &facts->authorities[i]);

        if (text)
            count_in(r, &survey, &facts->authorities[i], text);
    }
    if (!survey.differ)
        return;
    clock_format(r->view.now + survey.ttl, until);
    finding_add(r, FINDING_STS_RECORD_NOT_PROPAGATED,
                rule_text(r, STS_RECORD_PREFIX "%s", facts->domain),
                N_("The name servers of {domain} return different records: {servers}. Once they "
                   "agree, a resolver may keep its record for another {ttl|second|seconds}; if "
                   "they agreed now, every resolver would see the new record from {seen_by} on."),
                "name", rule_text(r, STS_RECORD_PREFIX "%s", facts->domain), "type", "TXT",
                "servers", survey.list, "behind", survey.serials_differ ? survey.behind : NULL,
                "ttl", rule_number(r, survey.ttl), "seen_by", until, NULL);
}
