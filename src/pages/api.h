/* SPDX-License-Identifier: MIT */
/* api.h - the API on a page: each route with its fields, an example, and who may call it. */
#ifndef PAGES_API_H
#define PAGES_API_H

#include <stddef.h>

#include "pages/frame.h"

struct api_field {
    const char *name, *kind, *text; /* kind: "string", "in the path" */
    bool required;
};

struct api_route {
    size_t number;
    const char *method, *path;
    const char *summary, *text; /* text: NULL, there is no more */
    struct api_field *fields;
    size_t field_count;
    const char *scopes; /* with commas between; "": any token will do; NULL: none is needed */
    const char *answer; /* of success: "200, check-1"; */
    const char *example;
};

struct api_problem {
    unsigned status;
    const char *code, *meaning;
};

struct api_page {
    struct frame frame;
    const struct api_route *routes;
    size_t route_count;
    const struct api_problem *problems;
    size_t problem_count;
};

void page_api(struct html *out, const struct api_page *page);

#endif
