/* SPDX-License-Identifier: MIT */
/* api_json.h - what a client of the API sends as JSON; faults become the answer (RFC 9457). */
#ifndef SERVE_API_JSON_H
#define SERVE_API_JSON_H

#include <stdbool.h>

#include "base/json.h"
#include "serve/compute.h"

/* A job whose body is JSON; the struct of a route begins with it. */
struct api_call {
    struct computed computed;
    struct bytes body;
};

/* For a job: with a copy of the body.  NULL: no memory. */
void *api_call_new(struct exchange *exchange, size_t size, void (*work)(struct computed *computed));
#define API_CALL(exchange, type, work) ((type *)api_call_new(exchange, sizeof(type), work))

/* The object that came, of which only the members of that list (up to NULL) are known.  NULL: it
 * is none, and the answer is made. */
const struct json *api_object(struct api_call *call, const char *const *members);
/* False: it is of another kind, and the answer is made.  One that is missing is NULL, 0 or empty.
 */
bool api_bytes(struct api_call *call, const struct json *object, const char *name,
               struct bytes *ret);
/* The same without a NUL inside. */
bool api_text(struct api_call *call, const struct json *object, const char *name, const char **ret);
/* From 1 on. */
bool api_number(struct api_call *call, const struct json *object, const char *name, int64_t most,
                int64_t *ret);
struct api_range {
    int64_t least, most;
    int64_t otherwise; /* one that is missing */
};
bool api_integer(struct api_call *call, const struct json *object, const char *name,
                 const struct api_range *range, int64_t *ret);
bool api_list(struct api_call *call, const struct json *object, const char *name, size_t most,
              const char *const **ret, size_t *ret_count);
/* 422: the member of that name is wrong, and why. */
void api_wrong(struct api_call *call, const char *name, const char *detail);
/* The same of all of it; detail NULL: nothing is wrong. */
void api_fault(struct api_call *call, const char *detail);

/* For a route that answers without a job: its body.  NULL: no memory. */
struct api_call *api_body(struct exchange *exchange);
/* Answers with what was found wrong, or that there is no memory.  False: nothing was. */
bool api_refuse(struct exchange *exchange, const struct api_call *call);

#endif
