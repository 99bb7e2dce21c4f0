/* SPDX-License-Identifier: MIT */
/* counters.c - three tables over one arena: policies, kinds of failures, datagrams that came
 * before.
 *
 * A datagram that came before leads to its sums, so that to count it again costs one hash and one
 * comparison. */
#include "collect/counters.h"

#include <string.h>
#include <sys/random.h>

#include "base/table.h"
#include "collect/counted_key.h"
#include "collect/limits.h"

#define BLOCK (256u << 10)

/* ---- memory ---------------------------------------------------------------------------------- */

/* What one policy of a datagram adds to. */
struct hit {
    struct policy_node *policy;
    struct detail_node **details;
    size_t detail_count;
    bool failed;
};

struct counters {
    struct store_collected collected;
    struct table policies, details, repeats;
    STAILQ_HEAD(, policy_node) list;
    uint64_t seed;
    char *block; /* the one that is being filled */
    size_t used, bytes, repeat_bytes, repeated;
    TALLOC_CTX *work; /* of a datagram that is read; empty between two */
};

/* NULL: no room.  Zeroed. */
static void *take(struct counters *counters, size_t size)
{
    size_t need = (size + 15) & ~(size_t)15;
    size_t block = need > BLOCK ? need : BLOCK;

    if (counters->bytes + need > LIMIT_COUNTED_BYTES)
        return NULL;
    if (!counters->block || counters->used + need > talloc_get_size(counters->block)) {
        char *fresh = talloc_size(counters, block);

        if (!fresh)
            return NULL;
        counters->block = fresh;
        counters->used = 0;
    }
    counters->used += need;
    counters->bytes += need;
    return memset(counters->block + counters->used - need, 0, size);
}

static const char *kept_text(struct counters *counters, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = size == 1 ? NULL : take(counters, size);

    if (size == 1)
        return "";
    return copy ? memcpy(copy, text, size) : NULL;
}

/* ---- policies and details -------------------------------------------------------------------- */

static bool keep_policy(struct counters *counters, struct policy_node *node)
{
    struct store_session_counts *counts = &node->counts;
    const char **const texts[] = {&counts->domain, &counts->record, &counts->policy_domain,
                                  &counts->lines, &counts->mx};
    char *key = take(counters, counts->key.length + 1);

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        *texts[i] = kept_text(counters, *texts[i]);
        if (!*texts[i])
            return false;
    }
    if (!key)
        return false;
    memcpy(key, counts->key.data, counts->key.length);
    counts->key.data = key;
    return table_add(&counters->policies, table_word(node));
}

/* NULL: no room. */
static struct policy_node *policy_of(struct counters *counters, const struct session_event *event,
                                     const struct session_policy *policy)
{
    struct policy_node key = {.counts = {.day = counters->collected.day,
                                         .domain = event->domain,
                                         .record = event->record,
                                         .key = policy->key,
                                         .type = policy->type,
                                         .policy_domain = policy->domain,
                                         .lines = policy->lines,
                                         .mx = policy->mx}};
    struct policy_node *node;

    key.hash = counted_key_policy(counters->seed, &key.counts);
    node = table_thing(table_find(&counters->policies, key.hash, &key));
    if (node || counters->policies.count >= LIMIT_COUNTED_POLICIES)
        return node;
    node = take(counters, sizeof(*node));
    if (!node)
        return NULL;
    *node = key;
    SLIST_INIT(&node->details);
    if (!keep_policy(counters, node))
        return NULL;
    STAILQ_INSERT_TAIL(&counters->list, node, next);
    return node;
}

static bool keep_detail(struct counters *counters, struct store_session_detail *detail)
{
    const char **const texts[] = {&detail->sending_ip,   &detail->mx,     &detail->helo,
                                  &detail->receiving_ip, &detail->reason, &detail->info};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        *texts[i] = kept_text(counters, *texts[i]);
        if (!*texts[i])
            return false;
    }
    return true;
}

/* The one that is there, or a new one; NULL: no room. */
static struct detail_node *detail_node(struct counters *counters, struct policy_node *policy,
                                       const struct store_session_detail *detail)
{
    struct detail_node key = {.detail = *detail, .policy = policy}, *node;

    key.hash = counted_key_detail(counters->seed, &key);
    node = table_thing(table_find(&counters->details, key.hash, &key));
    if (node)
        return node;
    if (!detail->rest && policy->counts.detail_count >= STORE_DETAILS_MAX)
        return NULL;
    node = take(counters, sizeof(*node));
    if (!node)
        return NULL;
    *node = key;
    if (!keep_detail(counters, &node->detail) || !table_add(&counters->details, table_word(node)))
        return NULL;
    policy->counts.detail_count++;
    SLIST_INSERT_HEAD(&policy->details, node, next);
    return node;
}

/* Beyond the ceiling a row for each result type takes what comes. */
static struct detail_node *detail_of(struct counters *counters, struct policy_node *policy,
                                     const struct session_failure *failure)
{
    const struct store_session_detail detail = {
        failure->type,   failure->sending_ip, failure->mx, failure->helo, failure->receiving_ip,
        failure->reason, failure->info,       0,           false};
    const struct store_session_detail rest = {failure->type, "", "", "", "", "", "", 0, true};
    struct detail_node *node = detail_node(counters, policy, &detail);

    return node ? node : detail_node(counters, policy, &rest);
}

/* ---- counting -------------------------------------------------------------------------------- */

static void count_hit(const struct hit *hit)
{
    struct store_session_counts *counts = &hit->policy->counts;

    counts->failed += hit->failed;
    counts->successful += !hit->failed;
    for (size_t i = 0; i < hit->detail_count; i++)
        if (hit->details[i])
            hit->details[i]->detail.sessions++;
}

/* NULL hits: no room. */
static struct hit *hits_of(struct counters *counters, const struct session_event *event)
{
    struct hit *hits = take(counters, event->policy_count * sizeof(*hits));

    for (size_t i = 0; hits && i < event->policy_count; i++) {
        const struct session_policy *policy = &event->policies[i];
        struct hit *hit = &hits[i];

        hit->policy = policy_of(counters, event, policy);
        hit->details = take(counters, (policy->failure_count + 1) * sizeof(struct detail_node *));
        if (!hit->policy || !hit->details)
            return NULL;
        hit->failed = policy->failed;
        hit->detail_count = policy->failure_count;
        for (size_t j = 0; j < policy->failure_count; j++)
            hit->details[j] = detail_of(counters, hit->policy, &policy->failures[j]);
    }
    return hits;
}

/* What cannot be recognised is read again. */
static void remember(struct counters *counters, const struct repeat *seen)
{
    size_t length = seen->datagram.length;
    struct repeat *repeat;
    char *copy;

    if (length > LIMIT_REPEAT || counters->repeat_bytes + length > LIMIT_REPEATS_BYTES)
        return;
    repeat = take(counters, sizeof(*repeat));
    copy = repeat ? take(counters, length + 1) : NULL;
    if (!copy)
        return;
    counters->repeat_bytes += length + sizeof(*repeat);
    *repeat = *seen;
    repeat->datagram.data = memcpy(copy, seen->datagram.data, length);
    (void)table_add(&counters->repeats, table_word(repeat));
}

static enum session_event_fault count_new(struct counters *counters, struct repeat *seen)
{
    struct session_event event;
    enum session_event_fault fault = session_event_read(counters->work, seen->datagram, &event);

    if (!fault) {
        seen->hits = hits_of(counters, &event);
        seen->hit_count = seen->hits ? event.policy_count : 0;
        if (seen->hits)
            remember(counters, seen);
        else
            counters->collected.lost++;
    }
    talloc_free_children(counters->work);
    return fault;
}

static void count_fault(struct counters *counters, enum session_event_fault fault)
{
    if (fault == SESSION_EVENT_NO_MEMORY)
        counters->collected.lost++;
    else if (fault)
        counters->collected.malformed++;
}

enum session_event_fault counters_add(struct counters *counters, struct bytes datagram)
{
    struct repeat seen = {.hash = counted_key_datagram(counters->seed, datagram),
                          .datagram = datagram};
    const struct repeat *repeat = table_thing(table_find(&counters->repeats, seen.hash, &seen));
    enum session_event_fault fault = SESSION_EVENT_NONE;

    counters->collected.received++;
    counters->repeated += repeat != NULL;
    if (!repeat) {
        fault = count_new(counters, &seen);
        repeat = &seen;
    }
    for (size_t i = 0; i < repeat->hit_count; i++)
        count_hit(&repeat->hits[i]);
    count_fault(counters, fault);
    return fault;
}

void counters_refuse(struct counters *counters, enum session_event_fault fault)
{
    counters->collected.received++;
    count_fault(counters, fault);
}

void counters_truncated(struct counters *counters)
{
    counters->collected.received++;
    counters->collected.truncated++;
}

/* ---- what is there --------------------------------------------------------------------------- */

struct counters *counters_new(TALLOC_CTX *ctx, int64_t day)
{
    struct counters *counters = talloc_zero(ctx, struct counters);

    if (!counters)
        return NULL;
    counters->collected.day = day;
    counters->work = talloc_pool(counters, 64 << 10);
    if (!counters->work) {
        talloc_free(counters);
        return NULL;
    }
    if (getrandom(&counters->seed, sizeof(counters->seed), GRND_NONBLOCK) < 0)
        counters->seed = (uint64_t)(uintptr_t)counters;
    table_begin(&counters->policies, counters, &counted_policies, NULL);
    table_begin(&counters->details, counters, &counted_details, NULL);
    table_begin(&counters->repeats, counters, &counted_repeats, NULL);
    STAILQ_INIT(&counters->list);
    return counters;
}

int64_t counters_day(const struct counters *counters)
{
    return counters->collected.day;
}

struct store_collected counters_collected(const struct counters *counters)
{
    return counters->collected;
}

bool counters_is_empty(const struct counters *counters)
{
    return counters->collected.received == 0;
}

size_t counters_policies(const struct counters *counters)
{
    return counters->policies.count;
}

size_t counters_repeated(const struct counters *counters)
{
    return counters->repeated;
}

size_t counters_bytes(const struct counters *counters)
{
    return counters->bytes;
}

static bool list_details(struct store_session_counts *counts, const struct policy_node *node,
                         struct store_session_detail *room)
{
    const struct detail_node *detail;
    size_t count = 0;

    counts->details = room;
    SLIST_FOREACH(detail, &node->details, next)
    room[count++] = detail->detail;
    return count == counts->detail_count;
}

enum sts_status counters_flush(struct counters *counters, struct store_session_flush *ret)
{
    struct store_session_counts *list =
        talloc_array(counters, struct store_session_counts, counters->policies.count + 1);
    struct store_session_detail *details =
        talloc_array(counters, struct store_session_detail, counters->details.count + 1);
    const struct policy_node *node;
    size_t used = 0, count = 0;

    if (!list || !details)
        return STS_E_NOMEM;
    STAILQ_FOREACH(node, &counters->list, next)
    {
        list[count] = node->counts;
        if (!list_details(&list[count], node, details + used))
            return STS_E_INVALID;
        used += list[count++].detail_count;
    }
    *ret = (struct store_session_flush){
        .counts = list, .count = count, .collected = &counters->collected, .collected_count = 1};
    return STS_OK;
}
