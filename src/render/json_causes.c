/* SPDX-License-Identifier: MIT */
/* json_causes.c - what is wrong with many domains, as JSON. */
#include "render/cause_text.h"
#include "render/json_parts.h"

static struct json_object *cause_json(TALLOC_CTX *ctx, const struct cause *cause)
{
    struct json_object *object = json_object_new_object();
    const char *action = cause_action(ctx, cause);

    json_add_text(ctx, object, "key", cause->key);
    json_add_text(ctx, object, "code", finding_info(cause->code)->name);
    json_add_text(ctx, object, "severity", severity_name(cause->severity));
    json_add_text(ctx, object, "title", cause_title(cause));
    json_add_text(ctx, object, "subject", cause_subject(ctx, cause));
    json_add_text(ctx, object, "action", action ? action : cause_action_general());
    json_add_number(object, "other_codes", (int64_t)cause->other_codes);
    json_add_number(object, "domains", cause->domains);
    json_add(object, "sharing", cause->sharing ? json_object_new_int64(cause->sharing) : NULL);
    json_add(object, "since", json_time(cause->since));
    json_add_number(object, "sessions_lost", cause->lost);
    json_add_text(ctx, object, "example", cause->example);
    return object;
}

static struct json_object *verdicts_json(const struct causes *causes)
{
    struct json_object *object = json_object_new_object();

    json_add_number(object, "critical", causes->critical);
    json_add_number(object, "warning", causes->warning);
    json_add_number(object, "unknown", causes->unknown);
    json_add_number(object, "ok", causes->ok);
    json_add_number(object, "unchecked", causes->unchecked);
    return object;
}

char *json_causes(TALLOC_CTX *ctx, const struct causes *causes, size_t limit)
{
    struct json_object *object = json_object_new_object();
    struct json_object *list = json_object_new_array();

    if (!object)
        return NULL;
    json_add(object, "at", json_time(causes->at));
    json_add_number(object, "domains", causes->domains);
    json_add(object, "verdicts", verdicts_json(causes));
    json_add(object, "oldest_check", causes->oldest ? json_time(causes->oldest) : NULL);
    json_add(object, "newest_check", causes->newest ? json_time(causes->newest) : NULL);
    json_add_number(object, "sessions_lost", causes->lost);
    json_add(object, "complete", json_object_new_boolean(!causes->filling));
    for (size_t i = 0; i < causes->count && i < limit; i++)
        json_append(list, cause_json(ctx, &causes->list[i]));
    json_add_number(object, "cause_count", (int64_t)causes->count);
    json_add(object, "causes", list);
    return json_line(ctx, object);
}
