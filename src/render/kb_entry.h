/* SPDX-License-Identifier: MIT */
/* kb_entry.h - the knowledge base as `explain` shows it: findings, result types and topics alike.
 *
 * One row of entries: the findings in the order of the catalogue, the result types, the topics, the
 * providers.  Everything in an entry is translated and filled in with the places of an example. */
#ifndef RENDER_KB_ENTRY_H
#define RENDER_KB_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "render/expand.h"
#include "rules/rules.h"

/* A row of the table of result types. */
struct kb_entry_type {
    const char *code;
    enum severity enforce, testing, otherwise;
    const char *title;
};

/* A line of a sample, and what it says; note is NULL where that needs no word. */
struct kb_entry_sample_line {
    const char *text; /* not translated */
    const char *note;
};

struct kb_entry {
    const char *code;
    const char *kind;  /* "finding", "result-type", "topic", "api-error" */
    const char *group; /* the heading of the list it stands in */
    /* NONE in all three: not a matter of severity. */
    enum severity enforce, testing, otherwise;
    const char *title, *meaning, *spec;
    /* Each ends with NULL. */
    char **causes;   /* the most frequent first */
    char **differs;  /* where senders differ; may be empty */
    char **commands; /* to see it */
    char **fix;
    char **findings;          /* codes that belong to it; may be empty */
    char **topics;            /* names of topics to read next; empty of an error only */
    char **variants;          /* other topics by the same word: forms of one provider */
    const char *result_types; /* '|' between several; "" none */
    /* Of a provider: "MX hosts: a, b" and what its policy must contain; NULL: nothing is known. */
    const char *recognized, *policy_lines;
    /* NULL but for the topics that have them. */
    const struct kb_entry_type *types;
    size_t type_count;
    const struct kb_entry_sample_line *sample;
    size_t sample_count;

    struct expand_params example; /* what its sentences were filled in with */
};

size_t kb_entry_count(void);
/* NULL behind the end. */
const char *kb_entry_name(size_t i);
/* What a list shows of an entry; translated, borrowed. */
struct kb_entry_head {
    const char *code, *kind, *group, *title;
};
struct kb_entry_head kb_entry_head(size_t i);
/* Is that its name, in whatever spelling: max_age, Max-Age? */
bool kb_entry_is_named(size_t i, const char *given);
/* Is that another word for it?  Several topics may share one, such as the forms of a provider. */
bool kb_entry_is_called(size_t i, const char *given);
/* Example ids are made from `now`.  NULL: no memory. */
struct kb_entry *kb_entry_new(TALLOC_CTX *ctx, size_t i, int64_t now);

/* Errors of the web service are not in the row, since nobody looks for one without its code.  NULL:
 * it is no name of one ("api-no-such-check"), or no memory. */
struct kb_entry *kb_entry_error(TALLOC_CTX *ctx, const char *name, int64_t now);
struct kb_error {
    const char *code; /* "no-such-check" */
    unsigned status;
    bool of_pages; /* no address of the API answers with it */
    const char *meaning;
};
/* By code; translated, borrowed.  False behind the end. */
bool kb_error_at(size_t i, struct kb_error *ret);

#endif
