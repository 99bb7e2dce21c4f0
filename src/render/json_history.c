/* SPDX-License-Identifier: MIT */
/* json_history.c - what the store knows of a domain: format mtasts.history/1. */
#include "render/history.h"

#include <json-c/json.h>

#include "base/clock.h"
#include "render/json_parts.h"

static void add(struct json_object *object, const char *name, struct json_object *value)
{
    if (json_object_object_add(object, name, value))
        json_object_put(value);
}

static void append(struct json_object *array, struct json_object *value)
{
    if (json_object_array_add(array, value))
        json_object_put(value);
}

static void add_number(struct json_object *object, const char *name, int64_t number)
{
    add(object, name, json_object_new_int64(number));
}

static void add_time(struct json_object *object, const char *name, int64_t seconds)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format(seconds, text);
    add(object, name, json_object_new_string(text));
}

/* ---- checks ---------------------------------------------------------------------------------- */

static struct json_object *codes(TALLOC_CTX *ctx, const struct history_codes *from)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < from->count; i++) {
        struct json_object *object = json_object_new_object();

        add(object, "code", json_string(ctx, from->list[i].code));
        add(object, "severity", json_string(ctx, from->list[i].severity));
        add(object, "subject", json_string(ctx, from->list[i].subject));
        append(array, object);
    }
    return array;
}

static struct json_object *entry(TALLOC_CTX *ctx, const struct history_entry *from)
{
    struct json_object *object = json_object_new_object();

    add_time(object, "first_observed_at", from->first);
    add_time(object, "last_observed_at", from->last);
    add_number(object, "checks", (int64_t)from->checks);
    add(object, "verdict", json_string(ctx, from->verdict));
    add(object, "posture", json_string(ctx, from->posture));
    add(object, "delivery", json_string(ctx, from->delivery));
    add(object, "appeared", codes(ctx, &from->appeared));
    add(object, "gone", codes(ctx, &from->gone));
    return object;
}

static struct json_object *entries(TALLOC_CTX *ctx, const struct history_page *page)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < page->entry_count; i++)
        append(array, entry(ctx, &page->entries[i]));
    return array;
}

/* ---- policies and reports -------------------------------------------------------------------- */

static struct json_object *policy(TALLOC_CTX *ctx, const struct served *from, int64_t now)
{
    struct json_object *object = json_object_new_object(), *mx = json_object_new_array();

    for (size_t i = 0; i < from->mx_count; i++)
        append(mx, json_string(ctx, from->mx[i]));
    add(object, "id", json_string(ctx, from->id));
    add(object, "mode", json_string(ctx, sts_mode_name(from->mode)));
    add_number(object, "max_age", from->max_age);
    add(object, "mx", mx);
    add_time(object, "first_seen", from->first_seen);
    add_time(object, "last_seen", from->last_seen);
    add_time(object, "held_until", copies_expire(from, now));
    return object;
}

static struct json_object *policies(TALLOC_CTX *ctx, const struct history_page *page)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < page->policy_count; i++)
        append(array, policy(ctx, &page->policies[i], page->now));
    return array;
}

static struct json_object *sessions(TALLOC_CTX *ctx, const struct names *from, const char *member)
{
    const struct history_sessions **list = history_sorted(ctx, from);
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; list && i < from->count; i++) {
        struct json_object *object = json_object_new_object();

        add(object, member, json_string(ctx, list[i]->name));
        add_number(object, "successful", list[i]->successful);
        add_number(object, "failed", list[i]->failed);
        if (list[i]->senders.count)
            add(object, "senders", sessions(ctx, &list[i]->senders, "sender"));
        append(array, object);
    }
    talloc_free(list);
    return array;
}

char *json_history(TALLOC_CTX *ctx, const struct history_page *page)
{
    struct json_object *object = json_object_new_object();

    if (!object)
        return NULL;
    add(object, "format", json_object_new_string("mtasts.history/1"));
    add(object, "domain", json_string(ctx, page->domain));
    add_time(object, "now", page->now);
    if (page->since_known)
        add_time(object, "since", page->since);
    else
        add(object, "since", NULL);
    add_number(object, "checks", (int64_t)page->checks);
    add(object, "changes", entries(ctx, page));
    add(object, "policies", policies(ctx, page));
    add_number(object, "reports", (int64_t)page->reports);
    add(object, "days", sessions(ctx, &page->days, "day"));
    return json_line(ctx, object);
}
