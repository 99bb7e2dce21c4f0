/* SPDX-License-Identifier: MIT */
/* policy_events.c - a kind of failure is told of once a day; meanwhile it is remembered. */
#include "app/policy_events.h"

#include <stdio.h>
#include <string.h>

#include <mtasts/match.h>

#include "app/limits.h"
#include "app/tlsrpt_lookup.h"
#include "base/table.h"
#include "event/loop.h"
#include "net/net.h"

#define DAY_S 86400 /* of UTC: a report is of one */

/* A kind of failure, by its key. */
struct told_event {
    struct policy_events *events;
    int64_t at;
    struct policy_event *event;   /* while its record is looked up; else NULL */
    struct tlsrpt_lookup *lookup; /* NULL: it is over */
    char key[];
};

struct policy_events {
    struct policy_events_request request;
    struct table told;
};

static uint64_t hash_of(const void *owner, uint64_t word)
{
    const struct told_event *told = table_thing(word);

    (void)owner;
    return table_hash(0, told->key, strlen(told->key));
}

static bool has_key(const void *owner, uint64_t word, const void *key)
{
    (void)owner;
    return strcmp(((const struct told_event *)table_thing(word))->key, key) == 0;
}

static const struct table_kind by_key = {hash_of, has_key};

enum sts_status policy_events_new(TALLOC_CTX *ctx, const struct policy_events_request *request,
                                  struct policy_events **ret)
{
    struct policy_events *events = talloc_zero(ctx, struct policy_events);

    if (!events)
        return STS_E_NOMEM;
    events->request = *request;
    table_begin(&events->told, events, &by_key, NULL);
    *ret = events;
    return STS_OK;
}

static void on_record(void *arg, const char *record, bool known)
{
    struct told_event *told = arg;
    const struct policy_events_request *request = &told->events->request;

    if (record)
        request->ready(request->arg, told->event, record);
    if (!known)
        told->at = 0; /* the next one asks again */
    TALLOC_FREE(told->event);
    TALLOC_FREE(told->lookup);
}

static bool is_of_today(const struct policy_events *events, const struct told_event *told)
{
    return told->at / DAY_S == events->request.now() / DAY_S;
}

static bool is_old(void *arg, uint64_t word)
{
    const struct policy_events *events = arg;
    struct told_event *told = table_thing(word);

    if (told->lookup || is_of_today(events, told))
        return false;
    talloc_free(told);
    return true;
}

static struct told_event *remember(struct policy_events *events, const char *key)
{
    size_t length = strlen(key);
    struct told_event *told;

    if (events->told.count >= LIMIT_POLICY_EVENTS)
        table_sweep(&events->told, is_old, events);
    if (events->told.count >= LIMIT_POLICY_EVENTS)
        return NULL;
    told = talloc_zero_size(events, sizeof(*told) + length + 1);
    if (!told)
        return NULL;
    told->events = events;
    memcpy(told->key, key, length + 1);
    if (!table_add(&events->told, table_word(told)))
        TALLOC_FREE(told);
    return told;
}

static bool copy(TALLOC_CTX *ctx, const char **text)
{
    *text = talloc_strdup(ctx, *text);
    return *text != NULL;
}

static struct policy_event *event_copy(TALLOC_CTX *ctx, const struct policy_event *event)
{
    struct policy_event *own = talloc(ctx, struct policy_event);

    if (!own)
        return NULL;
    *own = *event;
    if (!copy(own, &own->domain) || !copy(own, &own->reason) || !copy(own, &own->type) ||
        !copy(own, &own->policy_domain) || !copy(own, &own->lines) || !copy(own, &own->mx) ||
        !copy(own, &own->host) || !copy(own, &own->address))
        TALLOC_FREE(own);
    return own;
}

static void look_up(struct told_event *told, const struct policy_event *event)
{
    const struct net *net = told->events->request.net;
    const struct tlsrpt_lookup_request request = {.dns = net->dns,
                                                  .domain = event->domain,
                                                  .deadline =
                                                      loop_now(net->loop) + LIMIT_POLICY_EVENT_MS,
                                                  .done = on_record,
                                                  .arg = told};

    told->at = told->events->request.now();
    told->event = event_copy(told, event);
    if (told->event && tlsrpt_lookup_start(told, &request, &told->lookup) == STS_OK)
        return;
    TALLOC_FREE(told->event);
    told->at = 0;
}

void policy_events_tell(struct policy_events *events, const struct policy_event *event)
{
    char key[2 * STS_NAME_SIZE + 64];
    struct told_event *told;

    if (!sts_outcome_counts(event->outcome))
        return;
    snprintf(key, sizeof(key), "%s %s %s", event->domain, event->reason, event->host);
    told = table_thing(table_find(&events->told, table_hash(0, key, strlen(key)), key));
    if (told && (told->lookup || is_of_today(events, told)))
        return;
    if (!told)
        told = remember(events, key);
    if (told)
        look_up(told, event);
}
