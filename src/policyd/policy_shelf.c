/* SPDX-License-Identifier: MIT */
/* policy_shelf.c - found by all that is said in it. */
#include "policyd/policy_shelf.h"

#include <string.h>

static uint64_t hash_of(const struct live_policy *policy)
{
    uint64_t hash = table_hash((uint64_t)policy->mode, &policy->max_age, sizeof(policy->max_age));

    for (size_t i = 0; i < policy->mx_count; i++)
        hash = table_hash(hash, policy->mx[i], strlen(policy->mx[i]) + 1);
    return hash;
}

static uint64_t shelved_hash(const void *owner, uint64_t word)
{
    const struct shelved_policy *shelved = table_thing(word);

    (void)owner;
    return hash_of(&shelved->policy);
}

static bool shelved_is(const void *owner, uint64_t word, const void *key)
{
    const struct shelved_policy *shelved = table_thing(word);
    const struct live_policy *one = &shelved->policy, *other = key;

    (void)owner;
    if (one->mode != other->mode || one->max_age != other->max_age ||
        one->mx_count != other->mx_count)
        return false;
    for (size_t i = 0; i < one->mx_count; i++)
        if (strcmp(one->mx[i], other->mx[i]) != 0)
            return false;
    return true;
}

void policy_shelf_begin(struct policy_shelf *shelf, struct pieces *pieces)
{
    static const struct table_kind kind = {shelved_hash, shelved_is};

    *shelf = (struct policy_shelf){.pieces = pieces};
    table_begin(&shelf->table, pieces, &kind, NULL);
}

/* In one piece: the patterns, and their texts behind them. */
static struct shelved_policy *copy(struct policy_shelf *shelf, const struct live_policy *policy)
{
    size_t size = sizeof(struct shelved_policy) + policy->mx_count * sizeof(*policy->mx);
    struct shelved_policy *shelved;
    const char **mx;
    char *at;

    for (size_t i = 0; i < policy->mx_count; i++)
        size += strlen(policy->mx[i]) + 1;
    shelved = pieces_take(shelf->pieces, size);
    if (!shelved)
        return NULL;
    mx = (const char **)(shelved + 1);
    at = (char *)(mx + policy->mx_count);
    for (size_t i = 0; i < policy->mx_count; i++) {
        mx[i] = at;
        at = stpcpy(at, policy->mx[i]) + 1;
    }
    shelved->size = size;
    shelved->policy = *policy;
    shelved->policy.id = NULL;
    shelved->policy.mx = mx;
    return shelved;
}

struct shelved_policy *policy_shelf_take(struct policy_shelf *shelf,
                                         const struct live_policy *policy)
{
    struct shelved_policy *shelved =
        table_thing(table_find(&shelf->table, hash_of(policy), policy));

    if (!shelved) {
        shelved = copy(shelf, policy);
        if (!shelved)
            return NULL;
        if (!table_add(&shelf->table, table_word(shelved))) {
            pieces_give(shelf->pieces, shelved, shelved->size);
            return NULL;
        }
        shelf->bytes += shelved->size;
    }
    shelved->users++;
    return shelved;
}

void policy_shelf_give(struct policy_shelf *shelf, struct shelved_policy *shelved)
{
    if (!shelved || --shelved->users)
        return;
    table_remove(&shelf->table, table_word(shelved));
    shelf->bytes -= shelved->size;
    pieces_give(shelf->pieces, shelved, shelved->size);
}
