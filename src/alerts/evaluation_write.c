/* SPDX-License-Identifier: MIT */
/* evaluation_write.c - the conditions of one domain against its open alerts, written. */
#include <string.h>

#include "alerts/announce.h"
#include "alerts/evaluation.h"
#include "alerts/limits.h"
#include "base/array.h"

struct open_alert {
    int64_t id, group;
    enum alert_kind kind;
    const char *cause, *subject;
};

struct writing {
    struct evaluation *e;
    struct store *store;
    TALLOC_CTX *ctx;
    struct announcer announcer;
    struct open_alert *open;
    size_t open_count;
    bool no_memory;
};

static bool take_open(void *arg, const struct store_alert *alert)
{
    struct writing *w = arg;
    struct open_alert *made = array_grow(w->ctx, &w->open, &w->open_count, sizeof(*made));

    w->no_memory |= !made;
    if (!made)
        return false;
    *made = (struct open_alert){.id = alert->id,
                                .group = alert->group,
                                .kind = alert_kind_named(alert->kind),
                                .cause = talloc_strdup(w->ctx, alert->cause),
                                .subject = talloc_strdup(w->ctx, alert->subject)};
    w->no_memory |= !made->cause || !made->subject;
    return !w->no_memory;
}

static bool is_same(const struct open_alert *alert, const struct condition *condition)
{
    return !condition->over && alert->kind == condition->kind &&
           strcmp(alert->cause, condition->cause) == 0 &&
           strcmp(alert->subject, condition->subject) == 0;
}

static bool still_holds(const struct writing *w, const struct open_alert *alert)
{
    const struct conditions *found = &w->e->found;

    for (size_t i = 0; i < found->count; i++)
        if (is_same(alert, &found->list[i]))
            return true;
    /* what no check has looked at is as it was */
    return !condition_is_of_sessions(alert->kind) && !w->e->has_checks;
}

static enum sts_status clear(struct writing *w, const struct open_alert *alert)
{
    const struct condition condition = {.kind = alert->kind, .severity = SEVERITY_CRITICAL};
    bool ended;
    enum sts_status status =
        store_clear_alert(w->store, alert->id, w->e->domain, w->e->now, &ended);

    if (status || !ended || alert->group != w->e->group)
        return status;
    return announce_end(&w->announcer, alert->id, &condition);
}

static enum sts_status clear_all(struct writing *w)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < w->open_count; i++)
        if (w->open[i].group != w->e->group || !still_holds(w, &w->open[i]))
            status = clear(w, &w->open[i]);
    return status;
}

static const struct open_alert *alert_of(const struct writing *w, const struct condition *condition)
{
    for (size_t i = 0; i < w->open_count; i++)
        if (w->open[i].group == w->e->group && is_same(&w->open[i], condition))
            return &w->open[i];
    return NULL;
}

static int64_t begun_at(const struct evaluation *e, const struct condition *condition)
{
    int64_t since = e->brought;

    if (!e->first || condition->kind != ALERT_PROBLEM)
        return e->now;
    if (e->worst && strcmp(e->worst, condition->cause) == 0 &&
        strcmp(e->about, condition->subject) == 0)
        since = e->worst_since;
    return since && since < e->now ? since : e->now;
}

static enum sts_status announce(struct writing *w, int64_t alert, const struct condition *condition,
                                const struct matching_domain *whose)
{
    return w->e->first ? announce_brought(&w->announcer, alert, condition, whose)
                       : announce_begin(&w->announcer, alert, condition, whose);
}

static enum sts_status raise(struct writing *w, const struct condition *condition)
{
    const struct evaluation *e = w->e;
    const struct store_raise raise = {.group = e->group,
                                      .kind = alert_kind_name(condition->kind),
                                      .cause = condition->cause,
                                      .subject = condition->subject,
                                      .severity = severity_name(condition->severity),
                                      .domain = e->domain,
                                      .detail = condition->detail,
                                      .thread = announce_new_id(w->ctx),
                                      .at = begun_at(e, condition),
                                      .over = condition->over};
    const struct matching_domain whose = {e->domain, e->tags};
    struct store_raised raised;
    enum sts_status status = raise.thread ? STS_OK : STS_E_NOMEM;

    if (!status)
        status =
            store_raise_alert(w->store, &raise, e->now - LIMIT_JOIN_FACTOR * e->delay, &raised);
    return status ? status : announce(w, raised.alert, condition, &whose);
}

/* A certificate that was told of to one rule may be near enough for another now. */
static enum sts_status go_on(struct writing *w, const struct open_alert *alert,
                             const struct condition *condition)
{
    const struct matching_domain whose = {w->e->domain, w->e->tags};
    bool changes = condition->kind == ALERT_CERTIFICATE || condition->kind == ALERT_SILENT ||
                   condition->kind == ALERT_NO_REPORTS;

    return changes ? announce_further(&w->announcer, alert->id, condition, &whose) : STS_OK;
}

static enum sts_status raise_all(struct writing *w)
{
    const struct conditions *found = &w->e->found;
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < found->count; i++) {
        const struct condition *condition = &found->list[i];
        const struct open_alert *alert = alert_of(w, condition);

        if (alert)
            status = go_on(w, alert, condition);
        else if (!condition->tentative && !(w->e->first && condition->over))
            status = raise(w, condition);
    }
    return status;
}

static bool has_moved(const struct evaluation *e)
{
    return e->next.at != STORE_NEVER &&
           (e->next.seq > e->notified.seq || e->next.at > e->notified.at);
}

static enum sts_status put_joined(struct writing *w)
{
    const struct evaluation *e = w->e;
    const char *name = store_joined_place(w->ctx, e->domain, e->group);

    return name ? store_put_alert_place(w->store, name, e->proven) : STS_E_NOMEM;
}

static enum sts_status write_all(struct writing *w)
{
    struct evaluation *e = w->e;
    enum sts_status status = announcer_open(&w->announcer, w->ctx, w->store);

    if (!status)
        status = store_alerts_of_domain(w->store, e->domain, take_open, w);
    if (!status && w->no_memory)
        status = STS_E_NOMEM;
    if (!status)
        status = clear_all(w);
    if (!status)
        status = raise_all(w);
    if (!status && e->first && e->has_checks)
        status = put_joined(w);
    if (!status && has_moved(e))
        status = store_put_notified(w->store, e->domain, ALERTS_SUBSCRIBER, e->next);
    return status;
}

/* Is all as it was when it was read? */
static enum sts_status is_current(struct store *store, const struct writing *w, bool *ret)
{
    const struct evaluation *e = w->e;
    struct store_place place;
    int64_t group = 0, proven;
    enum sts_status status = evaluation_group(store, w->ctx, e->domain, &group, &proven);

    if (!status)
        status = store_notified(store, e->domain, ALERTS_SUBSCRIBER, &place);
    if (!status)
        *ret = group == e->group && proven == e->proven &&
               (!e->has_checks || (place.seq == e->notified.seq && place.at == e->notified.at));
    return status;
}

enum sts_status evaluation_write(struct store *store, void *data)
{
    struct evaluation *e = data;
    struct writing w = {.e = e, .store = store, .ctx = talloc_new(e)};
    bool current = false;
    enum sts_status status = w.ctx ? STS_OK : STS_E_NOMEM;

    w.announcer =
        (struct announcer){.group = e->group, .rules = &e->rules, .now = e->now, .delay = e->delay};
    if (!status && e->group)
        status = is_current(store, &w, &current);
    if (!status && current)
        status = write_all(&w);
    e->changed = !status && w.announcer.added;
    talloc_free(w.ctx);
    return status;
}
