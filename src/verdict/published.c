/* SPDX-License-Identifier: MIT */
/* published.c - what the domain publishes, parsed once: the record, and the policy text. */
#include "verdict/cert.h"

#include <string.h>

#include "verdict/fetch.h"

/* The texts of an answer as libmtasts takes them.  NULL where there is none. */
static const struct sts_text *texts_of(struct domain_view *v, const struct dns_answer *answer)
{
    struct sts_text *texts = talloc_array(v->mem, struct sts_text, answer->record_count + 1);

    if (!texts) {
        v->no_memory = true;
        return NULL;
    }
    for (size_t i = 0; i < answer->record_count; i++) {
        const struct bytes *text = &answer->records[i].text;

        texts[i] = (struct sts_text){text->data ? text->data : "", text->length};
    }
    return texts;
}

/* ---- the record ------------------------------------------------------------------------------ */

static void parse_record(struct domain_view *v, const struct sts_text *text)
{
    struct published *p = &v->published;

    /* Longer than STS_RECORD_MAX cannot come out of the DNS; from a file it is no record. */
    switch (sts_record_parse(text->bytes, text->length, &p->record)) {
    case STS_OK:
        p->record_usable = sts_record_usable(p->record);
        break;
    case STS_E_NOMEM:
        v->no_memory = true;
        break;
    default:
        break;
    }
}

static void read_record(struct domain_view *v)
{
    const struct dns_answer *answer = v->facts->sts_txt;
    struct published *p = &v->published;
    const struct sts_text *texts;

    p->record_seen = dns_lookup_state(answer);
    if (p->record_seen != LOOKUP_FOUND || !(texts = texts_of(v, answer)))
        return;
    p->selection = sts_record_select(texts, answer->record_count, &p->record_index);
    if (p->selection == STS_SELECTION_ONE)
        parse_record(v, &texts[p->record_index]);
    p->looks_like_record = p->selection != STS_SELECTION_NONE;
    for (size_t i = 0; i < answer->record_count && !p->looks_like_record; i++)
        p->looks_like_record = sts_looks_like_record(texts[i].bytes, texts[i].length);
}

/* A stray counts where nothing that could be the record stands in its place. */
static void read_strays(struct domain_view *v)
{
    struct published *p = &v->published;

    if (p->looks_like_record || (p->record_seen != LOOKUP_ABSENT && p->record_seen != LOOKUP_FOUND))
        return;
    for (size_t i = 0; i < v->facts->sts_stray_count; i++) {
        const struct dns_answer *answer = &v->facts->sts_strays[i];

        for (size_t j = 0; dns_lookup_state(answer) == LOOKUP_FOUND && j < answer->record_count;
             j++) {
            const struct bytes *text = &answer->records[j].text;

            if (!text->data || !sts_looks_like_record(text->data, text->length))
                continue;
            p->stray = answer;
            p->stray_index = j;
            return;
        }
    }
}

/* ---- the policy ------------------------------------------------------------------------------ */

/* How good an answer is as the source of the policy; 0: no text was read. */
static int source_rank(struct domain_view *v, const struct https_fetch *fetch, bool *ret_accepted)
{
    const char *host = v->facts->policy_host.name;

    *ret_accepted = false;
    if (!fetch_has_text(fetch))
        return 0;
    *ret_accepted = !(tls_faults(fetch->tls, host, v->now) & FAULTS_FATAL);
    return *ret_accepted ? 2 : 1;
}

static void parse_policy(struct domain_view *v, const struct https_fetch *fetch)
{
    const struct bytes *body = &fetch->body;
    struct published *p = &v->published;

    switch (sts_policy_parse(body->data ? body->data : "", body->length, &p->policy)) {
    case STS_OK:
        p->policy_served = sts_policy_usable(p->policy);
        break;
    case STS_E_NOMEM:
        v->no_memory = true;
        break;
    default:
        break; /* larger than 64 KiB: another finding */
    }
}

/* Senders take any address; the best answer tells what the domain has to offer, and a fault at
 * the others is a finding. */
static void read_policy(struct domain_view *v)
{
    const struct policy_host *host = &v->facts->policy_host;
    struct published *p = &v->published;
    bool accepted, source_accepted = false;
    int best = 0;

    for (size_t i = 0; i < host->fetch_count; i++) {
        int rank = source_rank(v, &host->fetches[i], &accepted);

        if (rank <= best)
            continue;
        best = rank;
        p->source = &host->fetches[i];
        source_accepted = accepted;
    }
    if (p->source)
        parse_policy(v, p->source);
    p->policy_fetched = p->policy_served && source_accepted;
}

static bool policy_unsettled(const struct domain_view *v)
{
    const struct policy_host *host = &v->facts->policy_host;
    enum lookup_state seen = host_lookup_state(host->a, host->aaaa);

    if (seen == LOOKUP_UNKNOWN || seen == LOOKUP_NONE)
        return true;
    if (seen != LOOKUP_FOUND)
        return false;
    for (size_t i = 0; i < host->fetch_count; i++)
        if (fetch_is_open(v->facts, &host->fetches[i]))
            return true;
    return !host->fetch_count;
}

void published_read(struct domain_view *v)
{
    struct published *p = &v->published;

    read_record(v);
    read_strays(v);
    read_policy(v);
    p->unsettled = p->record_seen == LOOKUP_UNKNOWN || p->record_seen == LOOKUP_NONE ||
                   (p->record_seen != LOOKUP_BOGUS && !p->policy_fetched && policy_unsettled(v));
}
