/* SPDX-License-Identifier: MIT */
/* lookup.c - questions to the DNS side by side, and the record. */
#include "policyd/lookup_work.h"

#include "base/clock.h"
#include "event/loop.h"

/* ---- questions ------------------------------------------------------------------------------- */

struct lookup_question {
    struct policy_lookup *lookup;
    struct dns_answer **into;
};

static void on_answer(void *arg, struct dns_answer *answer)
{
    struct lookup_question *question = arg;
    struct policy_lookup *lookup = question->lookup;

    *question->into = answer;
    lookup->open--;
    if (!lookup->open)
        lookup->next(lookup);
}

void lookup_ask(struct policy_lookup *lookup, const char *name, enum dns_type type,
                struct dns_answer **into)
{
    struct lookup_question *question = talloc_zero(lookup->facts, struct lookup_question);
    const struct dns_request request = {.name = name,
                                        .type = type,
                                        .deadline = lookup->request.deadline,
                                        .done = on_answer,
                                        .arg = question};
    struct dns_query *query;

    if (!question) {
        lookup->no_memory = true;
        return;
    }
    *question = (struct lookup_question){lookup, into};
    if (dns_ask(lookup->facts, lookup->request.net->dns, &request, &query) == STS_OK)
        lookup->open++;
    else
        lookup->no_memory = true;
}

static void on_turn(void *arg)
{
    struct policy_lookup *lookup = arg;

    if (!lookup->open)
        lookup->next(lookup);
}

void lookup_settle(struct policy_lookup *lookup)
{
    if (!lookup->open)
        loop_timer_again(lookup->turn, loop_now(lookup->request.net->loop));
}

void lookup_done(struct policy_lookup *lookup, const struct policy_found *found)
{
    lookup->request.done(lookup->request.arg, found);
}

/* ---- the record ------------------------------------------------------------------------------ */

/* What is bogus or fails says nothing: the policy that is cached applies. */
static void record_seen(struct policy_lookup *lookup)
{
    struct domain_view *view = &lookup->view;
    const struct dns_answer *answer = lookup->facts->sts_txt;
    struct policy_found found = {.part = POLICY_PART_RECORD, .facts = lookup->facts, .ttl = -1};
    enum lookup_state state = dns_lookup_state(answer);

    published_read(view);
    if (state == LOOKUP_FOUND || state == LOOKUP_ABSENT) {
        found.record.seen = view->published.record_usable ? STS_SEEN_RECORD : STS_SEEN_NONE;
        found.ttl = state == LOOKUP_FOUND ? answer->ttl : answer->negative_ttl;
    }
    if (view->no_memory || lookup->no_memory)
        found.record.seen = STS_SEEN_UNKNOWN;
    if (found.record.seen == STS_SEEN_RECORD)
        found.record.id = sts_record_id(view->published.record);
    lookup_done(lookup, &found);
}

void record_lookup(struct policy_lookup *lookup)
{
    char name[STS_NAME_SIZE];

    lookup->next = record_seen;
    if (sts_record_name(lookup->request.domain, name) == STS_OK)
        lookup_ask(lookup, name, DNS_TXT, &lookup->facts->sts_txt);
    lookup_settle(lookup);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int lookup_drop(struct policy_lookup *lookup)
{
    domain_view_free(&lookup->view);
    return 0;
}

enum sts_status policy_lookup_start(TALLOC_CTX *ctx, const struct policy_lookup_request *request,
                                    struct policy_lookup **ret)
{
    static void (*const begin[POLICY_PARTS])(struct policy_lookup *
                                             lookup) = {[POLICY_PART_RECORD] = record_lookup,
                                                        [POLICY_PART_POLICY] = policy_lookup,
                                                        [POLICY_PART_DANE] = dane_lookup};
    struct policy_lookup *lookup = talloc_zero(ctx, struct policy_lookup);
    struct loop *loop = request->net->loop;

    if (!lookup)
        return STS_E_NOMEM;
    lookup->request = *request;
    lookup->facts = talloc_zero(lookup, struct facts);
    lookup->request.domain = talloc_strdup(lookup, request->domain);
    if (!lookup->facts || !lookup->request.domain ||
        loop_timer_start(lookup, loop, INT64_MAX / 2, on_turn, lookup, &lookup->turn) != STS_OK) {
        talloc_free(lookup);
        return STS_E_NOMEM;
    }
    talloc_set_destructor(lookup, lookup_drop);
    lookup->facts->domain = lookup->request.domain;
    lookup->facts->observer = request->net->observer;
    lookup->view = (struct domain_view){.mem = lookup, .facts = lookup->facts, .now = clock_now()};
    begin[request->part](lookup);
    *ret = lookup;
    return STS_OK;
}
