/* SPDX-License-Identifier: MIT */
/* json_domain.c - what is known of one domain, for programs. */
#include "render/domain.h"

#include <string.h>

#include "history/domain_state.h"
#include "render/domain_text.h"
#include "render/json_parts.h"

static void add_time(struct json_object *object, const char *name, int64_t seconds)
{
    json_add(object, name, seconds ? json_time(seconds) : NULL);
}

static void add_bool(struct json_object *object, const char *name, bool yes)
{
    json_add(object, name, json_object_new_boolean(yes));
}

/* ---- the verdict ----------------------------------------------------------------------------- */

static struct json_object *week(const struct week_sums *sums)
{
    struct json_object *object = json_object_new_object();

    json_add_number(object, "successful", sums->successful);
    json_add_number(object, "failed", sums->failed);
    return object;
}

static void add_cause(TALLOC_CTX *ctx, struct json_object *object, const struct diagnosis *d)
{
    const struct finding *worst = d && d->finding_count ? &d->findings[0] : NULL;
    bool any = worst && worst->severity > SEVERITY_INFO;

    json_add(object, "cause", any ? json_string(ctx, finding_info(worst->code)->name) : NULL);
    json_add(object, "subject", any ? json_string(ctx, worst->subject) : NULL);
}

static void add_check(TALLOC_CTX *ctx, struct json_object *object, const struct domain_summary *s)
{
    const struct diagnosis *d = s->check;

    json_add(object, "verdict", json_string(ctx, verdict_name(s->verdict)));
    json_add(object, "posture", d ? json_string(ctx, posture_name(d->posture)) : NULL);
    json_add(object, "delivery", d ? json_string(ctx, delivery_name(d->delivery)) : NULL);
    add_cause(ctx, object, d);
    add_time(object, "since", s->since);
    add_time(object, "checked_at", s->checked_at);
    add_bool(object, "stale", s->stale);
}

char *json_domain_verdict(TALLOC_CTX *ctx, const struct domain_summary *s)
{
    struct json_object *object = json_object_new_object();
    struct domain_words words = domain_words_of(ctx, s);

    if (!object)
        return NULL;
    json_add(object, "domain", json_string(ctx, s->domain));
    json_add(object, "state", json_string(ctx, domain_state_name(s->state)));
    add_check(ctx, object, s);
    json_add(object, "sentence", json_string(ctx, words.sentence));
    json_add(object, "next", json_string(ctx, words.next));
    json_add(object, "week", week(&s->week));
    json_add(object, "week_before", week(&s->before));
    add_time(object, "last_report", s->last_report);
    json_add_number(object, "senders", (int64_t)s->senders.count);
    json_add_number(object, "silent_senders", (int64_t)s->senders.silent);
    return json_line(ctx, object);
}

/* ---- policies -------------------------------------------------------------------------------- */

static struct json_object *policy(TALLOC_CTX *ctx, const struct served *from, int64_t now)
{
    struct json_object *object = json_object_new_object();

    json_add(object, "id", json_string(ctx, from->id));
    json_add(object, "mode", json_string(ctx, sts_mode_name(from->mode)));
    json_add_number(object, "max_age", from->max_age);
    json_add(object, "mx", json_texts(ctx, from->mx, from->mx_count));
    add_time(object, "first_seen", from->first_seen);
    add_time(object, "last_seen", from->last_seen);
    add_time(object, "held_until", copies_expire(from, now));
    return object;
}

char *json_domain_policies(TALLOC_CTX *ctx, const struct domain_history *history)
{
    struct json_object *object = json_object_new_object();
    struct json_object *array = object ? json_object_new_array() : NULL;

    if (!object)
        return NULL;
    json_add(object, "domain", json_string(ctx, history->domain));
    for (size_t i = 0; i < history->policy_count; i++)
        json_append(array, policy(ctx, &history->policies[i], history->now));
    json_add(object, "policies", array);
    return json_line(ctx, object);
}

/* ---- senders --------------------------------------------------------------------------------- */

static struct json_object *sender(TALLOC_CTX *ctx, const struct domain_summary *s,
                                  const struct logged_sender *from)
{
    struct json_object *object = json_object_new_object();

    json_add(object, "sender", json_string(ctx, domain_sender_name(s, from->name)));
    json_add_number(object, "reports", (int64_t)from->reports);
    json_add_number(object, "successful", from->successful);
    json_add_number(object, "failed", from->failed);
    add_time(object, "first", from->first);
    add_time(object, "last", from->last);
    json_add(object, "usual_interval_days",
             from->interval ? json_object_new_int64(domain_sender_interval(from)) : NULL);
    add_bool(object, "silent", from->silent);
    return object;
}

char *json_domain_senders(TALLOC_CTX *ctx, const struct domain_summary *s)
{
    struct json_object *object = json_object_new_object();
    struct json_object *array = object ? json_object_new_array() : NULL;

    if (!object)
        return NULL;
    json_add(object, "domain", json_string(ctx, s->domain));
    for (size_t i = 0; i < s->senders.count; i++)
        json_append(array, sender(ctx, s, &s->senders.senders[i]));
    json_add(object, "senders", array);
    return json_line(ctx, object);
}

/* ---- failures -------------------------------------------------------------------------------- */

static struct json_object *text_or_null(TALLOC_CTX *ctx, const char *text)
{
    return *text ? json_string(ctx, text) : NULL;
}

static struct json_object *failure(TALLOC_CTX *ctx, const struct failure_now *from)
{
    struct json_object *object = json_object_new_object();

    json_add(object, "mx", text_or_null(ctx, from->mx));
    json_add(object, "result_type", text_or_null(ctx, from->result_type));
    json_add(object, "senders", json_string(ctx, from->senders));
    json_add(object, "sending_ips", text_or_null(ctx, from->sending_ips));
    json_add_number(object, "sessions", from->sessions);
    add_time(object, "first", from->first);
    add_time(object, "last", from->last);
    json_add(object, "now", json_string(ctx, failure_state_name(from->state)));
    json_add(object, "codes", from->codes ? json_string(ctx, from->codes) : NULL);
    add_time(object, "fixed_since", from->since);
    add_time(object, "checked_at", from->checked_at);
    return object;
}

/* NULL: there is no such group. */
static const struct names *group_of(const struct report_choices *all, const char *group)
{
    const struct {
        const char *word;
        const struct names *names;
    } groups[] = {{"mx", &all->mx},
                  {"ip", &all->sending_ips},
                  {"sender", &all->senders},
                  {"type", &all->result_types}};

    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
        if (!strcmp(groups[i].word, group))
            return groups[i].names;
    return NULL;
}

bool domain_group_is_known(const char *group)
{
    static const struct report_choices none;

    return group_of(&none, group) != NULL;
}

static struct json_object *sums(TALLOC_CTX *ctx, const struct names *names)
{
    const struct tally_count **list = tally_worst(ctx, names);
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; names && list && i < names->count; i++) {
        struct json_object *object;

        if (!list[i]->failed)
            continue;
        object = json_object_new_object();
        json_add(object, "name", text_or_null(ctx, list[i]->name));
        json_add_number(object, "sessions", list[i]->failed);
        json_append(array, object);
    }
    return array;
}

char *json_domain_failures(TALLOC_CTX *ctx, const struct domain_summary *s, const char *group)
{
    struct json_object *object = json_object_new_object();
    struct json_object *array = object ? json_object_new_array() : NULL;

    if (!object)
        return NULL;
    json_add(object, "domain", json_string(ctx, s->domain));
    json_add_number(object, "days", s->days);
    for (size_t i = 0; i < s->failures.count; i++)
        json_append(array, failure(ctx, &s->failures.list[i]));
    json_add(object, "failures", array);
    if (group)
        json_add(object, "groups", sums(ctx, group_of(&s->series->all, group)));
    return json_line(ctx, object);
}
