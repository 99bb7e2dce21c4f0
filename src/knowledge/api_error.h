/* SPDX-License-Identifier: MIT */
/* api_error.h - the codes of errors that the web service answers with: a row each. */
#ifndef KNOWLEDGE_API_ERROR_H
#define KNOWLEDGE_API_ERROR_H

#include <stdbool.h>
#include <stddef.h>

/* What the entries of these codes are called: "api-" and the code. */
#define API_ERROR_PREFIX "api-"

struct api_error {
    const char *code;         /* "no-such-check" */
    unsigned status;          /* the usual one, of HTTP */
    bool of_pages;            /* only pages answer with it, no address of the API */
    const char *meaning;      /* msgid */
    const char *const fix[3]; /* msgids: what to do, in order; NULL at the end */
};

/* By code. */
extern const struct api_error api_errors[];
extern const size_t api_error_count;

/* By the name of its entry, "api-no-such-check" in any spelling; NULL: there is none. */
const struct api_error *api_error_named(const char *name);

#endif
