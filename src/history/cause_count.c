/* SPDX-License-Identifier: MIT */
/* cause_count.c - causes while they are counted, and the list that is made of them. */
#include "history/cause_count.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* ---- found by their key ---------------------------------------------------------------------- */

static uint64_t hash_text(const char *text)
{
    return table_hash(0, text, strlen(text));
}

static uint64_t cause_hash(const void *owner, uint64_t word)
{
    const struct cause_counts *counts = owner;

    return hash_text(counts->list[word - 1].cause.key);
}

static bool cause_is(const void *owner, uint64_t word, const void *key)
{
    const struct cause_counts *counts = owner;

    return strcmp(counts->list[word - 1].cause.key, key) == 0;
}

static const struct table_kind causes_kind = {cause_hash, cause_is};

struct cause_counts *cause_counts_new(TALLOC_CTX *ctx, struct causes *causes)
{
    struct cause_counts *counts = talloc_zero(ctx, struct cause_counts);

    if (!counts)
        return NULL;
    counts->causes = causes;
    table_begin(&counts->by_key, counts, &causes_kind, counts);
    return counts;
}

struct counting *cause_counts_find(const struct cause_counts *counts, const char *key)
{
    uint64_t word = table_find(&counts->by_key, hash_text(key), key);

    return word ? &counts->list[word - 1] : NULL;
}

struct counting *cause_counts_get(struct cause_counts *counts, const char *key)
{
    struct counting *counting = cause_counts_find(counts, key);
    const char *value = NULL;

    if (counting)
        return counting;
    counting = array_grow(counts, &counts->list, &counts->count, sizeof(*counting));
    if (!counting)
        return NULL;
    *counting = (struct counting){
        .cause = {.key = talloc_strdup(counts->causes, key), .code = FINDING_COUNT}};
    if (!counting->cause.key || !table_add(&counts->by_key, (uint64_t)counts->count))
        return NULL;
    counting->cause.kind = cause_kind_of(counting->cause.key, &value);
    counting->cause.value = value ? value : counting->cause.key;
    return counting;
}

bool cause_count_code(struct cause_counts *counts, struct counting *counting,
                      const struct code_count *found)
{
    struct code_count *one = counting->codes;

    while (one < counting->codes + counting->code_count && one->code != found->code)
        one++;
    if (one == counting->codes + counting->code_count)
        one = array_grow(counts, &counting->codes, &counting->code_count, sizeof(*one));
    if (!one)
        return false;
    one->code = found->code;
    one->domains++;
    if (found->severity > one->severity || !one->example)
        one->example = found->example;
    if (found->severity > one->severity)
        one->severity = found->severity;
    return true;
}

/* ---- faults that domains have each by itself ------------------------------------------------- */

/* Of domains with hosts of their own a thousand rows would say the same: from so many up they are
 * one, of what they have in common, the code. */
#define ALONE_MAX 2

static bool is_alone(const struct counting *counting)
{
    const struct cause *cause = &counting->cause;

    return cause->domains == 1 && cause->sharing <= 1 && cause->kind != CAUSE_OWN &&
           cause->kind != CAUSE_CODE && counting->code_count == 1;
}

static void count_alone(const struct cause_counts *counts, size_t codes[FINDING_COUNT])
{
    for (size_t i = 0; i < counts->count; i++)
        if (is_alone(&counts->list[i]))
            codes[counts->list[i].codes[0].code]++;
}

static bool join_one(struct cause_counts *counts, const struct counting *from)
{
    const struct code_count *code = &from->codes[0];
    const char *key = talloc_asprintf(counts, "code:%s", finding_info(code->code)->name);
    struct counting *to = key ? cause_counts_get(counts, key) : NULL;
    struct cause *cause;

    if (!to || !cause_count_code(counts, to, code))
        return false;
    cause = &to->cause;
    if (!cause->since || from->cause.since < cause->since)
        cause->since = from->cause.since;
    cause->lost += from->cause.lost;
    if (to->last != from->last || !cause->domains)
        cause->domains++;
    to->last = from->last;
    return true;
}

/* The list may move while it grows, so what is joined is a copy; joined ones have no domain left.
 */
static bool join_alone(struct cause_counts *counts)
{
    size_t codes[FINDING_COUNT] = {0}, count = counts->count;

    count_alone(counts, codes);
    for (size_t i = 0; i < count; i++) {
        struct counting copy = counts->list[i];

        if (!is_alone(&copy) || codes[copy.codes[0].code] <= ALONE_MAX)
            continue;
        counts->list[i].cause.domains = 0;
        if (!join_one(counts, &copy))
            return false;
    }
    return true;
}

/* ---- the list -------------------------------------------------------------------------------- */

static bool is_worse(const struct code_count *a, const struct code_count *b)
{
    return a->severity != b->severity ? a->severity > b->severity : a->domains > b->domains;
}

static void choose_code(struct counting *counting)
{
    const struct code_count *worst = &counting->codes[0];

    for (size_t i = 1; i < counting->code_count; i++)
        if (is_worse(&counting->codes[i], worst))
            worst = &counting->codes[i];
    counting->cause.code = worst->code;
    counting->cause.severity = worst->severity;
    counting->cause.example = worst->example;
    counting->cause.other_codes = counting->code_count - 1;
}

/* "Could not be judged" is no harm done: behind the others. */
static int rank(enum severity severity)
{
    return severity == SEVERITY_UNKNOWN ? SEVERITY_MEDIUM - 1 : (int)severity;
}

static int by_harm(const void *a, const void *b)
{
    const struct cause *x = a, *y = b;

    if (rank(x->severity) != rank(y->severity))
        return rank(y->severity) - rank(x->severity);
    if (x->domains != y->domains)
        return x->domains < y->domains ? 1 : -1;
    if (x->lost != y->lost)
        return x->lost < y->lost ? 1 : -1;
    return strcmp(x->key, y->key);
}

static bool make_list(struct cause_counts *counts)
{
    struct causes *causes = counts->causes;

    causes->list = talloc_zero_array(causes, struct cause, (unsigned)counts->count + 1);
    if (!causes->list)
        return false;
    for (size_t i = 0; i < counts->count; i++) {
        struct cause *cause = &causes->list[causes->count];

        if (counts->list[i].cause.domains == 0)
            continue;
        causes->count++;
        choose_code(&counts->list[i]);
        *cause = counts->list[i].cause;
        cause->example = talloc_strdup(causes, cause->example);
        if (!cause->example)
            return false;
    }
    qsort(causes->list, causes->count, sizeof(*causes->list), by_harm);
    return true;
}

bool cause_counts_list(struct cause_counts *counts)
{
    return join_alone(counts) && make_list(counts);
}
