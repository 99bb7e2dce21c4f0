/* SPDX-License-Identifier: MIT */
/* counted_key.h - by what the counters know a policy, a kind of failures and a datagram again;
 * private to collect/.
 *
 * The counters make a node, with its hash, to find the one that is there; the kinds compare the
 * two.  A seed is that of the counters. */
#ifndef COLLECT_COUNTED_KEY_H
#define COLLECT_COUNTED_KEY_H

#include <stdint.h>
#include <sys/queue.h>

#include "base/bytes.h"
#include "base/table.h"
#include "store/session_counts.h"

struct detail_node {
    struct store_session_detail detail;
    struct policy_node *policy;
    uint64_t hash;
    SLIST_ENTRY(detail_node) next; /* of its policy */
};

struct policy_node {
    struct store_session_counts counts;
    uint64_t hash;
    SLIST_HEAD(, detail_node) details;
    STAILQ_ENTRY(policy_node) next;
};

struct repeat {
    uint64_t hash;
    struct bytes datagram;
    struct hit *hits;
    size_t hit_count;
};

/* Of the policy's key, the domain and its record. */
uint64_t counted_key_policy(uint64_t seed, const struct store_session_counts *counts);
/* Of all but the sessions; the hash of its policy is there. */
uint64_t counted_key_detail(uint64_t seed, const struct detail_node *node);
uint64_t counted_key_datagram(uint64_t seed, struct bytes datagram);

extern const struct table_kind counted_policies, counted_details, counted_repeats;

#endif
