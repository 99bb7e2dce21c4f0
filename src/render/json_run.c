/* SPDX-License-Identifier: MIT */
/* json_run.c - a check that is under way, for programs. */
#include "render/json_run.h"

#include "render/json_parts.h"
#include "render/text.h"

static struct json_object *step(TALLOC_CTX *ctx, const struct look_row *row)
{
    struct json_object *object = json_object_new_object();

    json_add_text(ctx, object, "step", row->name);
    json_add_text(ctx, object, "host", row->host);
    json_add_text(ctx, object, "state", row->state);
    json_add_text(ctx, object, "text", row->text);
    json_add(object, "number", row->number ? json_object_new_int64((int64_t)row->number) : NULL);
    json_add(object, "elapsed_ms",
             row->elapsed_ms >= 0 ? json_object_new_int64(row->elapsed_ms) : NULL);
    return object;
}

static struct json_object *steps(TALLOC_CTX *ctx, const struct look_view *look)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; look && i < look->row_count; i++)
        json_append(array, step(ctx, &look->rows[i]));
    return array;
}

char *json_run(TALLOC_CTX *ctx, const struct run_view *run)
{
    struct json_object *object = json_begin("mtasts.check-run/1");

    json_add_text(ctx, object, "id", run->id);
    json_add_text(ctx, object, "domain", run->domain);
    json_add_text(ctx, object, "state", run->state);
    json_add(object, "place", run->place ? json_object_new_int64((int64_t)run->place) : NULL);
    json_add(object, "asked_at", json_time(run->asked_at));
    json_add(object, "steps", steps(ctx, run->look));
    return json_line(ctx, object);
}

char *json_run_step(TALLOC_CTX *ctx, const struct look_row *row)
{
    return json_line(ctx, step(ctx, row));
}

char *json_run_end(TALLOC_CTX *ctx, const struct run_view *run, const struct diagnosis *diagnosis)
{
    struct json_object *object = json_object_new_object();
    TALLOC_CTX *scratch = talloc_new(ctx);

    json_add_text(ctx, object, "id", run->id);
    json_add_text(ctx, object, "state", run->state);
    json_add_text(ctx, object, "verdict", diagnosis ? verdict_name(diagnosis->verdict) : NULL);
    json_add_text(ctx, object, "headline",
                  scratch && diagnosis ? text_headline(scratch, diagnosis) : NULL);
    talloc_free(scratch);
    return json_line(ctx, object);
}
