/* SPDX-License-Identifier: MIT */
/* evaluation.c - the conditions of one domain, read. */
#include "alerts/evaluation.h"

#include <string.h>

#include "alerts/limits.h"
#include "history/sender_names.h"
#include "store/accounts.h"
#include "store/rollups.h"

#define DAY ((int64_t)86400)

/* ---- read ------------------------------------------------------------------------------------ */

enum sts_status evaluation_group(struct store *store, TALLOC_CTX *ctx, const char *domain,
                                 int64_t *ret, int64_t *ret_proven)
{
    struct store_owned *owned = NULL;
    enum sts_status status = store_owner(store, ctx, domain, &owned);

    *ret_proven = !status && owned ? owned->proven : 0;
    *ret = *ret_proven ? owned->group : 0;
    talloc_free(owned);
    return status;
}

/* Since when the problems are there that it brings along. */
static enum sts_status date_problems(struct store *store, struct evaluation *e)
{
    struct store_state *state = NULL;
    enum sts_status status = store_state(store, e, e->domain, &state);

    if (status || !state)
        return status;
    e->brought = state->changed_at;
    e->worst = state->code;
    e->about = state->subject ? state->subject : "";
    e->worst_since = state->since;
    return STS_OK;
}

static enum sts_status read_joined(struct store *store, struct evaluation *e)
{
    const char *name = store_joined_place(e, e->domain, e->group);
    int64_t looked = 0;
    enum sts_status status = name ? store_alert_place(store, name, &looked) : STS_E_NOMEM;

    e->first = looked != e->proven;
    return status || !e->first ? status : date_problems(store, e);
}

/* Reading and judging checks again costs the most. */
static enum sts_status has_news(struct store *store, const char *domain, bool *ret)
{
    struct store_place place;
    int64_t since = INT64_MAX;
    enum sts_status status = store_notified(store, domain, ALERTS_SUBSCRIBER, &place);

    if (!status && place.at != STORE_NEVER)
        status = store_checked_since(store, domain, place.seq, &since);
    *ret = place.at == STORE_NEVER || since != INT64_MAX;
    return status;
}

struct tag_reader {
    struct evaluation *e;
    bool no_memory;
};

static bool take_tag(void *arg, const char *tag)
{
    struct tag_reader *reader = arg;
    struct evaluation *e = reader->e;

    e->tags = e->tags ? talloc_asprintf(e, "%s %s", e->tags, tag) : talloc_strdup(e, tag);
    reader->no_memory |= !e->tags;
    return !reader->no_memory;
}

static enum sts_status read_tags(struct store *store, struct evaluation *e)
{
    struct tag_reader reader = {e, false};
    enum sts_status status = store_tags_of(store, e->domain, take_tag, &reader);

    if (!e->tags)
        e->tags = "";
    return !status && reader.no_memory ? STS_E_NOMEM : status;
}

static enum sts_status read_checks(struct store *store, struct evaluation *e,
                                   const struct condition_settings *settings)
{
    const struct change_feed_request request = {.domain = e->domain,
                                                .subscriber = ALERTS_SUBSCRIBER,
                                                .now = e->now,
                                                .seen = true,
                                                .least_shown = SEVERITY_CRITICAL};
    struct change_feed *feed = NULL;
    bool news = false;
    enum sts_status status = has_news(store, e->domain, &news);

    if (status || !(news || e->first))
        return status;
    status = change_feed_read(e, store, &request, &feed);
    if (status)
        return status;
    conditions_of_feed(e, feed, settings, &e->found);
    e->has_checks = feed->diagnosis != NULL;
    e->notified = feed->notified;
    e->next = feed->next;
    talloc_free(feed);
    return STS_OK;
}

struct worst_reader {
    TALLOC_CTX *ctx;
    char *value; /* NULL: none is said */
};

static bool take_worst(void *arg, const struct store_failure_sums *sums)
{
    struct worst_reader *reader = arg;

    if (*sums->value)
        reader->value = talloc_strdup(reader->ctx, sums->value);
    return !*sums->value;
}

static enum sts_status find_worst(struct store *store, struct evaluation *e,
                                  enum store_failures_by by, char **ret)
{
    const struct store_failure_filter filter = {
        .domain = e->domain, .range = {(e->now - LIMIT_FAILURE_LASTS) / DAY, e->now / DAY + 1}};
    struct worst_reader reader = {.ctx = e};
    enum sts_status status =
        store_failure_sums(store, &filter, by, LIMIT_WORST, take_worst, &reader);

    *ret = reader.value;
    return status;
}

/* What fails most, and where: domains with the same trouble share an alert. */
static enum sts_status name_failure(struct store *store, struct evaluation *e)
{
    char *type = NULL, *mx = NULL;
    struct condition *failure = NULL;
    enum sts_status status;

    for (size_t i = 0; i < e->found.count; i++)
        if (e->found.list[i].kind == ALERT_FAILURE)
            failure = &e->found.list[i];
    if (!failure)
        return STS_OK;
    status = find_worst(store, e, STORE_FAILURES_BY_TYPE, &type);
    if (!status)
        status = find_worst(store, e, STORE_FAILURES_BY_MX, &mx);
    if (type && strlen(type) <= LIMIT_CAUSE)
        failure->cause = type; /* a stranger's word */
    failure->subject = mx ? mx : e->domain;
    return status;
}

static enum sts_status read_reports(struct store *store, struct evaluation *e,
                                    const struct condition_settings *settings)
{
    struct session_log *log = NULL;
    struct names written;
    enum sts_status status = session_log_read(e, store, e->domain, e->now - LIMIT_ALERT_LOOK, &log);

    if (!status)
        status = sender_names_read(e, store, e->domain, &written);
    if (status)
        return status;
    session_log_keep_known(log, e->now);
    conditions_of_sessions(e, log, &written, e->now, settings, &e->found);
    return name_failure(store, e);
}

enum sts_status evaluation_read(struct store *store, void *data)
{
    struct evaluation *e = data;
    struct condition_settings settings;
    enum sts_status status = evaluation_group(store, e, e->domain, &e->group, &e->proven);

    if (status || !e->group)
        return status;
    status = matching_rules_read(e, store, e->group, &e->rules);
    settings = matching_settings(&e->rules);
    if (!status)
        status = read_tags(store, e);
    if (!status)
        status = read_joined(store, e);
    if (!status)
        status = read_checks(store, e, &settings);
    if (!status)
        status = read_reports(store, e, &settings);
    return !status && e->found.no_memory ? STS_E_NOMEM : status;
}
