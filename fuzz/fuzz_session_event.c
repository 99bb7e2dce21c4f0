/* SPDX-License-Identifier: MIT */
/* fuzz_session_event.c - anything that comes over the collector's socket: what is an event has
 * clean names, is written as a datagram that means the same, and is counted once. */
#include <stdint.h>
#include <string.h>

#include "base/hname.h"
#include "collect/counters.h"
#include "collect/session_event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_same(const struct session_event *a, const struct session_event *b)
{
    if (strcmp(a->domain, b->domain) != 0 || strcmp(a->record, b->record) != 0 ||
        a->policy_count != b->policy_count)
        __builtin_trap();
    for (size_t i = 0; i < a->policy_count; i++) {
        const struct session_policy *one = &a->policies[i], *other = &b->policies[i];

        if (strcmp(one->type, other->type) != 0 || one->failed != other->failed ||
            one->failure_count != other->failure_count || one->key.length != other->key.length ||
            memcmp(one->key.data, other->key.data, one->key.length) != 0)
            __builtin_trap();
    }
}

static void check_count(TALLOC_CTX *ctx, struct bytes datagram, const struct session_event *event)
{
    struct counters *counters = counters_new(ctx, 1);
    struct store_session_flush flush;
    int64_t sessions = 0;

    if (!counters || counters_add(counters, datagram) || counters_add(counters, datagram) ||
        counters_flush(counters, &flush))
        __builtin_trap();
    for (size_t i = 0; i < flush.count; i++)
        sessions += flush.counts[i].successful + flush.counts[i].failed;
    if (sessions != (int64_t)(2 * event->policy_count))
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct bytes datagram = {(const char *)data, size}, written;
    struct session_event event, again;

    if (session_event_read(ctx, datagram, &event) == SESSION_EVENT_NONE) {
        if (!hname_valid(bytes_of(event.domain)))
            __builtin_trap();
        written.data = session_event_write(ctx, &event, &written.length);
        if (!written.data)
            __builtin_trap();
        if (session_event_read(ctx, written, &again) == SESSION_EVENT_NONE)
            check_same(&event, &again);
        else
            __builtin_trap();
        check_count(ctx, datagram, &event);
    }
    talloc_free(ctx);
    return 0;
}
