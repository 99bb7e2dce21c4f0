/* SPDX-License-Identifier: MIT */
/* json_selftest.c - what can be seen from here for programs: mtasts.selftest/1. */
#include "render/json_parts.h"
#include "render/selftest.h"

static struct json_object *one_point(TALLOC_CTX *ctx, const struct vantage_view *view)
{
    struct json_object *object = json_object_new_object();

    if (!object)
        return NULL;
    json_add(object, "name", json_string(ctx, vantage_point_name(view->name)));
    json_add(object, "state", json_string(ctx, vantage_state_name(view->state)));
    json_add(object, "detail", json_string(ctx, selftest_sentence(ctx, view)));
    return object;
}

static struct json_object *one_guard(TALLOC_CTX *ctx, const struct guard_view *guard)
{
    struct json_object *object = json_object_new_object();

    if (!object)
        return NULL;
    json_add(object, "name", json_string(ctx, guard->name));
    json_add(object, "state", json_string(ctx, guard->in_force ? "on" : "off"));
    json_add(object, "detail", json_string(ctx, guard_sentence(ctx, guard)));
    return object;
}

char *json_selftest(TALLOC_CTX *ctx, const struct selftest_view *view)
{
    struct json_object *object = json_begin("mtasts.selftest/1");
    struct json_object *points = json_object_new_array();
    struct json_object *guards = json_object_new_array();

    if (!object || !points || !guards) {
        json_object_put(object);
        json_object_put(points);
        json_object_put(guards);
        return NULL;
    }
    for (int i = 0; i < VANTAGE_COUNT; i++)
        json_append(points, one_point(ctx, &view->points[i]));
    for (size_t i = 0; i < view->guard_count; i++)
        json_append(guards, one_guard(ctx, &view->guards[i]));
    json_add(object, "points", points);
    json_add(object, "sandbox", guards);
    return json_line(ctx, object);
}
