/* SPDX-License-Identifier: MIT */
/* json_selftest.c - what can be seen from here for programs: mtasts.selftest/1. */
#include "render/json_parts.h"
#include "render/selftest.h"

static struct json_object *one_point(TALLOC_CTX *ctx, const struct vantage_view *view)
{
    struct json_object *object = json_object_new_object();

    if (!object)
        return NULL;
    json_add(object, "name", json_string(ctx, vantage_point_name((int)view->name)));
    json_add(object, "state", json_string(ctx, vantage_state_name((int)view->state)));
    json_add(object, "detail", json_string(ctx, selftest_sentence(ctx, view)));
    return object;
}

char *json_selftest(TALLOC_CTX *ctx, const struct vantage_view views[VANTAGE_COUNT])
{
    struct json_object *object = json_begin("mtasts.selftest/1");
    struct json_object *array = json_object_new_array();

    if (!object || !array) {
        json_object_put(object);
        json_object_put(array);
        return NULL;
    }
    for (int i = 0; i < VANTAGE_COUNT; i++)
        json_append(array, one_point(ctx, &views[i]));
    json_add(object, "points", array);
    return json_line(ctx, object);
}
