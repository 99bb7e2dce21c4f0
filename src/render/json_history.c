/* SPDX-License-Identifier: MIT */
/* json_history.c - what the store knows of a domain: format mtasts.history/1. */
#include "render/history.h"

#include "render/json_parts.h"

static void add_time(struct json_object *object, const char *name, int64_t seconds)
{
    json_add(object, name, json_time(seconds));
}

/* ---- checks ---------------------------------------------------------------------------------- */

static struct json_object *codes(TALLOC_CTX *ctx, const struct logged_codes *from)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < from->count; i++) {
        struct json_object *object = json_object_new_object();

        json_add(object, "code", json_string(ctx, from->list[i].code));
        json_add(object, "severity", json_string(ctx, from->list[i].severity));
        json_add(object, "subject", json_string(ctx, from->list[i].subject));
        json_append(array, object);
    }
    return array;
}

static struct json_object *entry(TALLOC_CTX *ctx, const struct same_checks *from)
{
    struct json_object *object = json_object_new_object();

    add_time(object, "first_observed_at", from->first);
    add_time(object, "last_observed_at", from->last);
    json_add_number(object, "checks", (int64_t)from->checks);
    json_add(object, "verdict", json_string(ctx, from->verdict));
    json_add(object, "posture", json_string(ctx, from->posture));
    json_add(object, "delivery", json_string(ctx, from->delivery));
    json_add(object, "appeared", codes(ctx, &from->appeared));
    json_add(object, "gone", codes(ctx, &from->gone));
    return object;
}

static struct json_object *entries(TALLOC_CTX *ctx, const struct domain_history *from)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < from->runs.count; i++)
        json_append(array, entry(ctx, &from->runs.list[i]));
    return array;
}

/* ---- policies and reports -------------------------------------------------------------------- */

static struct json_object *policy(TALLOC_CTX *ctx, const struct served *from, int64_t now)
{
    struct json_object *object = json_object_new_object(), *mx = json_object_new_array();

    for (size_t i = 0; i < from->mx_count; i++)
        json_append(mx, json_string(ctx, from->mx[i]));
    json_add(object, "id", json_string(ctx, from->id));
    json_add(object, "mode", json_string(ctx, sts_mode_name(from->mode)));
    json_add_number(object, "max_age", from->max_age);
    json_add(object, "mx", mx);
    add_time(object, "first_seen", from->first_seen);
    add_time(object, "last_seen", from->last_seen);
    add_time(object, "held_until", copies_expire(from, now));
    return object;
}

static struct json_object *policies(TALLOC_CTX *ctx, const struct domain_history *from)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < from->policy_count; i++)
        json_append(array, policy(ctx, &from->policies[i], from->now));
    return array;
}

static struct json_object *sessions(TALLOC_CTX *ctx, const struct names *from, const char *member)
{
    const struct session_sums **list = history_sorted(ctx, from);
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; list && i < from->count; i++) {
        struct json_object *object = json_object_new_object();

        json_add(object, member, json_string(ctx, list[i]->name));
        json_add_number(object, "successful", list[i]->successful);
        json_add_number(object, "failed", list[i]->failed);
        if (list[i]->senders.count)
            json_add(object, "senders", sessions(ctx, &list[i]->senders, "sender"));
        json_append(array, object);
    }
    talloc_free(list);
    return array;
}

char *json_history(TALLOC_CTX *ctx, const struct domain_history *from)
{
    struct json_object *object = json_begin("mtasts.history/1");

    if (!object)
        return NULL;
    json_add(object, "domain", json_string(ctx, from->domain));
    add_time(object, "now", from->now);
    if (from->since_known)
        add_time(object, "since", from->since);
    else
        json_add(object, "since", NULL);
    json_add_number(object, "checks", (int64_t)from->checks);
    json_add(object, "changes", entries(ctx, from));
    json_add(object, "policies", policies(ctx, from));
    json_add_number(object, "reports", (int64_t)from->reports);
    json_add(object, "days", sessions(ctx, &from->days, "day"));
    return json_line(ctx, object);
}
