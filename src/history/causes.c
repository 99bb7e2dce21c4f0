/* SPDX-License-Identifier: MIT */
/* causes.c - what is wrong with many domains, by what they have in common. */
#include "history/causes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/table.h"
#include "history/cause_count.h"
#include "store/pages.h"

/* ---- domains, found by their name ------------------------------------------------------------ */

struct known_domain {
    const char *name;
    int64_t since, changed_at, lost;
    bool seen; /* its first finding, which is the worst */
};

struct work {
    TALLOC_CTX *ctx;
    struct causes *causes;
    struct known_domain *domains;
    size_t domain_count;
    struct table by_name;
    struct cause_counts *counts;
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

static const struct table_kind domains_kind = {domain_hash, domain_is};

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
    bool is_worst = !domain->seen;

    domain->seen = true;
    if (number == FINDING_COUNT || !matters(severity))
        return true;
    key = key_of(work, code);
    counting = key ? cause_counts_get(work->counts, key) : NULL;
    if (!counting || !cause_count_code(work->counts, counting,
                                       &(struct code_count){number, severity, 1, domain->name}))
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
    struct counting *counting = cause_counts_find(work->counts, part);

    if (counting)
        counting->cause.sharing = domains;
    if (strncmp(part, "mx:", 3) == 0) {
        char key[CAUSE_KEY_MAX];
        int length = snprintf(key, sizeof(key), "not-covered:%s", part + 3);

        counting = length > 0 && (size_t)length < sizeof(key) ? cause_counts_find(work->counts, key)
                                                              : NULL;
        if (counting)
            counting->cause.sharing = domains;
    }
    return true;
}

/* ---- all ------------------------------------------------------------------------------------- */

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
    if (!status && work->counts->count)
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

    work.counts = work.ctx ? cause_counts_new(work.ctx, causes) : NULL;
    if (!work.counts) {
        talloc_free(causes);
        return STS_E_NOMEM;
    }
    causes->at = now;
    table_begin(&work.by_name, work.ctx, &domains_kind, &work);
    status = read_all(&work, store, sight);
    if (!status && (work.no_memory || !cause_counts_list(work.counts)))
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
