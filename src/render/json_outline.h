/* SPDX-License-Identifier: MIT */
/* json_outline.h - the members of an outline, for JSON of which it is a part. */
#ifndef RENDER_JSON_OUTLINE_H
#define RENDER_JSON_OUTLINE_H

#include <json-c/json.h>

#include "rollout/outline.h"

void json_outline_into(struct json_object *object, const struct outline *outline);

#endif
