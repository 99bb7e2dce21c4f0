/* SPDX-License-Identifier: MIT */
/* causes.c - what is wrong with many domains, by what they have in common. */
#include "history/causes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/table.h"
#include "store/pages.h"

/* ---- domains, found by their name ------------------------------------------------------------ */

struct known_domain {
    const char *name;
    int64_t since, changed_at, lost;
    const char *worst; /* the key of its first finding; NULL: not seen yet */
};

struct code_count {
    enum finding_code code;
    enum severity severity;
    int64_t domains;
    const char *example; /* the first domain that has it so badly */
};

/* A cause while it is counted. */
struct counting {
    struct cause cause;
    struct code_count *codes;
    size_t code_count;
    size_t last; /* the domain that was counted last, and one */
};

struct work {
    TALLOC_CTX *ctx;
    struct causes *causes;
    struct known_domain *domains;
    size_t domain_count;
    struct counting *list;
    size_t count;
    struct table by_name, by_key;
    const char *after; /* of the page of states */
    size_t page;
    size_t current; /* the domain whose findings are read, and one; 0: none */
    bool no_memory;
};

static uint64_t hash_text(const char *text)
{
    return table_hash(0, text, strlen(text));
}

static uint64_t domain_hash(const void *owner, uint64_t word)
{
    const struct work *work = owner;

    return hash_text(work->domains[word - 1].name);
}

static bool domain_is(const void *owner, uint64_t word, const void *key)
{
    const struct work *work = owner;

    return strcmp(work->domains[word - 1].name, key) == 0;
}

static uint64_t cause_hash(const void *owner, uint64_t word)
{
    const struct work *work = owner;

    return hash_text(work->list[word - 1].cause.key);
}

static bool cause_is(const void *owner, uint64_t word, const void *key)
{
    const struct work *work = owner;

    return strcmp(work->list[word - 1].cause.key, key) == 0;
}

static const struct table_kind domains_kind = {domain_hash, domain_is};
static const struct table_kind causes_kind = {cause_hash, cause_is};

static struct known_domain *domain_named(struct work *work, const char *name)
{
    uint64_t word = table_find(&work->by_name, hash_text(name), name);

    return word ? &work->domains[word - 1] : NULL;
}

/* ---- verdicts -------------------------------------------------------------------------------- */

static void count_verdict(struct causes *causes, const char *verdict)
{
    if (strcmp(verdict, "critical") == 0)
        causes->critical++;
    else if (strcmp(verdict, "warning") == 0)
        causes->warning++;
    else if (strcmp(verdict, "ok") == 0)
        causes->ok++;
    else
        causes->unknown++;
}

static bool take_state(void *arg, const struct store_state *state)
{
    struct work *work = arg;
    struct causes *causes = work->causes;
    struct known_domain *domain =
        array_grow(work->ctx, &work->domains, &work->domain_count, sizeof(*domain));

    if (domain)
        *domain = (struct known_domain){.name = talloc_strdup(work->ctx, state->domain),
                                        .since = state->since,
                                        .changed_at = state->changed_at};
    work->no_memory =
        !domain || !domain->name || !table_add(&work->by_name, (uint64_t)work->domain_count);
    if (work->no_memory)
        return false;
    work->after = domain->name;
    work->page++;
    count_verdict(causes, state->verdict);
    if (!causes->oldest || state->observed_at < causes->oldest)
        causes->oldest = state->observed_at;
    if (state->observed_at > causes->newest)
        causes->newest = state->observed_at;
    return true;
}

static enum sts_status read_states(struct work *work, struct store *store,
                                   const struct store_sight *sight)
{
    enum sts_status status;

    do {
        work->page = 0;
        status = store_states(store, sight, work->after, STORE_PAGE_MAX, take_state, work);
    } while (!status && !work->no_memory && work->page == STORE_PAGE_MAX);
    return status;
}

static bool take_lost(void *arg, const char *name, int64_t failed)
{
    struct work *work = arg;
    struct known_domain *domain = domain_named(work, name);

    if (domain)
        domain->lost = failed;
    work->causes->lost += failed;
    return true;
}

static bool take_count(void *arg, int64_t group, int64_t domains)
{
    struct work *work = arg;

    (void)group;
    work->causes->domains += domains;
    return true;
}

/* ---- findings -------------------------------------------------------------------------------- */

static bool matters(enum severity severity)
{
    return severity >= SEVERITY_MEDIUM;
}

/* What an earlier version stored has no key: it is of its code. */
static const char *key_of(struct work *work, const struct store_code *code)
{
    return code->cause ? code->cause : talloc_asprintf(work->ctx, "code:%s", code->code);
}

static struct counting *counting_of(struct work *work, const char *key)
{
    uint64_t word = table_find(&work->by_key, hash_text(key), key);
    struct counting *counting;
    const char *value = NULL;

    if (word)
        return &work->list[word - 1];
    counting = array_grow(work->ctx, &work->list, &work->count, sizeof(*counting));
    if (!counting)
        return NULL;
    *counting = (struct counting){
        .cause = {.key = talloc_strdup(work->causes, key), .code = FINDING_COUNT}};
    if (!counting->cause.key || !table_add(&work->by_key, (uint64_t)work->count))
        return NULL;
    counting->cause.kind = cause_kind_of(counting->cause.key, &value);
    counting->cause.value = value ? value : counting->cause.key;
    return counting;
}

static bool count_code(struct work *work, struct counting *counting, const struct code_count *found)
{
    struct code_count *one = counting->codes;

    while (one < counting->codes + counting->code_count && one->code != found->code)
        one++;
    if (one == counting->codes + counting->code_count)
        one = array_grow(work->ctx, &counting->codes, &counting->code_count, sizeof(*one));
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

static void count_domain(struct work *work, struct counting *counting, bool is_worst)
{
    const struct known_domain *domain = &work->domains[work->current - 1];
    struct cause *cause = &counting->cause;
    int64_t since = is_worst ? domain->since : domain->changed_at;

    if (!cause->since || since < cause->since)
        cause->since = since;
    if (is_worst)
        cause->lost += domain->lost;
    if (counting->last == work->current)
        return;
    counting->last = work->current;
    cause->domains++;
}

static bool take_finding(struct work *work, const struct store_code *code)
{
    enum severity severity = severity_by_name(code->severity);
    enum finding_code number = finding_by_name(code->code);
    struct known_domain *domain = &work->domains[work->current - 1];
    struct counting *counting;
    const char *key;
    bool is_worst = !domain->worst;

    if (is_worst)
        domain->worst = "";
    if (number == FINDING_COUNT || !matters(severity))
        return true;
    key = key_of(work, code);
    counting = key ? counting_of(work, key) : NULL;
    if (!counting || !count_code(work, counting,
                                 &(struct code_count){number, severity, 1,
                                                      work->domains[work->current - 1].name}))
        return false;
    count_domain(work, counting, is_worst);
    return true;
}

static bool take_code(void *arg, const char *name, const struct store_code *code)
{
    struct work *work = arg;

    if (!work->current || strcmp(work->domains[work->current - 1].name, name) != 0)
        work->current = (size_t)table_find(&work->by_name, hash_text(name), name);
    if (!work->current) /* it was added a moment ago */
        return true;
    work->no_memory = !take_finding(work, code);
    return !work->no_memory;
}

/* ---- how many use the same ------------------------------------------------------------------- */

static bool take_part(void *arg, const char *part, int64_t domains)
{
    struct work *work = arg;
    uint64_t word = table_find(&work->by_key, hash_text(part), part);

    if (word)
        work->list[word - 1].cause.sharing = domains;
    if (strncmp(part, "mx:", 3) == 0) {
        char key[CAUSE_KEY_MAX];
        int length = snprintf(key, sizeof(key), "not-covered:%s", part + 3);

        word = length > 0 && (size_t)length < sizeof(key)
                   ? table_find(&work->by_key, hash_text(key), key)
                   : 0;
        if (word)
            work->list[word - 1].cause.sharing = domains;
    }
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

static void count_alone(const struct work *work, size_t counts[FINDING_COUNT])
{
    for (size_t i = 0; i < work->count; i++)
        if (is_alone(&work->list[i]))
            counts[work->list[i].codes[0].code]++;
}

static bool join_one(struct work *work, const struct counting *from)
{
    const struct code_count *code = &from->codes[0];
    const char *key = talloc_asprintf(work->ctx, "code:%s", finding_info(code->code)->name);
    struct counting *to = key ? counting_of(work, key) : NULL;
    struct cause *cause;

    if (!to || !count_code(work, to, code))
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
static bool join_alone(struct work *work)
{
    size_t counts[FINDING_COUNT] = {0}, count = work->count;

    count_alone(work, counts);
    for (size_t i = 0; i < count; i++) {
        struct counting copy = work->list[i];

        if (!is_alone(&copy) || counts[copy.codes[0].code] <= ALONE_MAX)
            continue;
        work->list[i].cause.domains = 0;
        if (!join_one(work, &copy))
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

static bool make_list(struct work *work)
{
    struct causes *causes = work->causes;

    causes->list = talloc_zero_array(causes, struct cause, (unsigned)work->count + 1);
    if (!causes->list)
        return false;
    for (size_t i = 0; i < work->count; i++) {
        struct cause *cause = &causes->list[causes->count];

        if (work->list[i].cause.domains == 0)
            continue;
        causes->count++;
        choose_code(&work->list[i]);
        *cause = work->list[i].cause;
        cause->example = talloc_strdup(causes, cause->example);
        if (!cause->example)
            return false;
    }
    qsort(causes->list, causes->count, sizeof(*causes->list), by_harm);
    return true;
}

static enum sts_status read_all(struct work *work, struct store *store,
                                const struct store_sight *sight)
{
    const struct store_list_filter filter = {.sight = *sight};
    int64_t since = store_day_of(work->causes->at) - CAUSES_DAYS + 1;
    struct store_todo todo = {false, false};
    enum sts_status status = read_states(work, store, sight);

    if (!status)
        status = store_count_list(store, &filter, take_count, work);
    if (!status)
        status = store_lost(store, sight, since, take_lost, work);
    if (!status && !work->no_memory)
        status = store_state_codes(store, sight, take_code, work);
    if (!status && work->count)
        status = store_count_parts(store, sight, take_part, work);
    if (!status)
        status = rollups_todo(store, &todo);
    work->causes->filling = todo.checks || todo.reports;
    return status;
}

enum sts_status causes_read(TALLOC_CTX *ctx, struct store *store, const struct store_sight *sight,
                            int64_t now, struct causes **ret)
{
    struct causes *causes = talloc_zero(ctx, struct causes);
    struct work work = {.ctx = talloc_new(causes), .causes = causes};
    enum sts_status status;

    if (!work.ctx) {
        talloc_free(causes);
        return STS_E_NOMEM;
    }
    causes->at = now;
    table_begin(&work.by_name, work.ctx, &domains_kind, &work);
    table_begin(&work.by_key, work.ctx, &causes_kind, &work);
    status = read_all(&work, store, sight);
    if (!status && (work.no_memory || !join_alone(&work) || !make_list(&work)))
        status = STS_E_NOMEM;
    if (!status)
        status = causes_judge(causes, store, now);
    talloc_free(work.ctx);
    causes->unchecked =
        causes->domains - causes->critical - causes->warning - causes->unknown - causes->ok;
    if (causes->unchecked < 0)
        causes->unchecked = 0;
    if (status)
        talloc_free(causes);
    else
        *ret = causes;
    return status;
}
