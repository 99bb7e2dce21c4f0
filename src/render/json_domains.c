/* SPDX-License-Identifier: MIT */
/* json_domains.c - one domain as the list has it. */
#include "render/json_domains.h"

#include <string.h>

#include <mtasts/policy.h>

static void text(struct json_writer *json, const char *name, const char *value)
{
    if (value)
        json_write_string(json, name, value);
    else
        json_write_null(json, name);
}

static void write_tags(struct json_writer *json, const char *tags)
{
    json_write_begin(json, "tags", '[');
    while (tags && *tags) {
        size_t length = strcspn(tags, " ");
        char *tag = talloc_strndup(NULL, tags, length);

        if (tag)
            json_write_string(json, NULL, tag);
        json->no_memory |= !tag;
        talloc_free(tag);
        tags += length;
        tags += strspn(tags, " ");
    }
    json_write_end(json, ']');
}

static void write_cause(struct json_writer *json, const struct store_listed_domain *d)
{
    if (!d->code) {
        json_write_null(json, "cause");
        return;
    }
    json_write_begin(json, "cause", '{');
    json_write_string(json, "code", d->code);
    text(json, "subject", d->subject);
    json_write_time_or_null(json, "since", d->since);
    json_write_end(json, '}');
}

static void write_next(struct json_writer *json, const struct outlook *next)
{
    bool changes = next->kind == OUTLOOK_CHANGE;

    json_write_begin(json, "next", '{');
    json_write_string(json, "step", outlook_name(next->kind));
    text(json, "mode", changes ? sts_mode_name(next->mode) : NULL);
    if (changes)
        json_write_integer(json, "max_age", next->max_age);
    else
        json_write_null(json, "max_age");
    json_write_end(json, '}');
}

void json_domain(struct json_writer *json, const char *name, const struct domain_list_row *row)
{
    const struct store_listed_domain *d = &row->state;

    json_write_begin(json, name, '{');
    json_write_string(json, "domain", d->place.name);
    json_write_begin(json, "group", '{');
    json_write_integer(json, "id", d->group);
    json_write_string(json, "name", d->group_name);
    json_write_end(json, '}');
    json_write_time_or_null(json, "added_at", d->added);
    json_write_bool(json, "confirmed", d->proven != 0);
    write_tags(json, d->tags);
    json_write_time_or_null(json, "checked_at", d->checked);
    text(json, "verdict", d->verdict);
    text(json, "posture", d->posture);
    text(json, "delivery", d->delivery);
    write_cause(json, d);
    json_write_time_or_null(json, "changed_at", d->changed_at);
    json_write_time_or_null(json, "certificate_ends_at", d->cert_ends);
    json_write_integer(json, "failed_7_days", d->failed);
    write_next(json, &row->next);
    json_write_end(json, '}');
}
