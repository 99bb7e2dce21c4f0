/* SPDX-License-Identifier: MIT */
/* json_advisory.h - the members of an advisory, for JSON of which it is a part. */
#ifndef RENDER_JSON_ADVISORY_H
#define RENDER_JSON_ADVISORY_H

#include <json-c/json.h>

#include "rollout/advisory.h"

/* One of its notes; scratch: for the time of the call. */
struct json_object *json_advisory_note(TALLOC_CTX *scratch, const struct note *note,
                                       const struct advisory *advisory);
void json_advisory_into(struct json_object *object, const struct advisory *advisory);

#endif
