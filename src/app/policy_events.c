/* SPDX-License-Identifier: MIT */
/* policy_events.c - a domain is told of once a day; meanwhile it is remembered. */
#include "app/policy_events.h"

#include <string.h>

#include "app/limits.h"
#include "app/tlsrpt_lookup.h"
#include "base/table.h"
#include "event/loop.h"
#include "net/net.h"

struct told_domain {
    struct policy_events *events;
    int64_t at;
    enum sts_outcome outcome;
    struct tlsrpt_lookup *lookup; /* NULL: it is over */
    char name[];
};

struct policy_events {
    struct policy_events_request request;
    struct table told;
};

static uint64_t hash_of(const void *owner, uint64_t word)
{
    const struct told_domain *told = table_thing(word);

    (void)owner;
    return table_hash(0, told->name, strlen(told->name));
}

static bool is_named(const void *owner, uint64_t word, const void *key)
{
    (void)owner;
    return strcmp(((const struct told_domain *)table_thing(word))->name, key) == 0;
}

static const struct table_kind by_name = {hash_of, is_named};

enum sts_status policy_events_new(TALLOC_CTX *ctx, const struct policy_events_request *request,
                                  struct policy_events **ret)
{
    struct policy_events *events = talloc_zero(ctx, struct policy_events);

    if (!events)
        return STS_E_NOMEM;
    events->request = *request;
    table_begin(&events->told, events, &by_name, NULL);
    *ret = events;
    return STS_OK;
}

static void on_record(void *arg, const char *record, bool known)
{
    struct told_domain *told = arg;
    const struct policy_events_request *request = &told->events->request;

    if (record)
        request->ready(request->arg, told->name, record, told->outcome);
    if (!known)
        told->at = 0; /* the next failure asks again */
    TALLOC_FREE(told->lookup);
}

static bool is_old(void *arg, uint64_t word)
{
    const struct policy_events *events = arg;
    struct told_domain *told = table_thing(word);

    if (told->lookup || events->request.now() - told->at < LIMIT_POLICY_EVENT_S)
        return false;
    talloc_free(told);
    return true;
}

static struct told_domain *remember(struct policy_events *events, const char *domain)
{
    size_t length = strlen(domain);
    struct told_domain *told;

    if (events->told.count >= LIMIT_POLICY_EVENTS)
        table_sweep(&events->told, is_old, events);
    if (events->told.count >= LIMIT_POLICY_EVENTS)
        return NULL;
    told = talloc_zero_size(events, sizeof(*told) + length + 1);
    if (!told)
        return NULL;
    told->events = events;
    memcpy(told->name, domain, length + 1);
    if (!table_add(&events->told, table_word(told)))
        TALLOC_FREE(told);
    return told;
}

void policy_events_failed(struct policy_events *events, const char *domain,
                          enum sts_outcome outcome)
{
    uint64_t hash = table_hash(0, domain, strlen(domain));
    struct told_domain *told = table_thing(table_find(&events->told, hash, domain));
    int64_t now = events->request.now();
    struct tlsrpt_lookup_request request = {.dns = events->request.net->dns,
                                            .domain = domain,
                                            .deadline = loop_now(events->request.net->loop) +
                                                        LIMIT_POLICY_EVENT_MS,
                                            .done = on_record};

    if (sts_result_stage(sts_outcome_result(outcome)) != STS_STAGE_POLICY)
        return;
    if (!told)
        told = remember(events, domain);
    else if (told->lookup || now - told->at < LIMIT_POLICY_EVENT_S)
        return;
    if (!told)
        return;
    told->at = now;
    told->outcome = outcome;
    request.arg = told;
    if (tlsrpt_lookup_start(told, &request, &told->lookup) != STS_OK)
        told->at = 0;
}
