/* SPDX-License-Identifier: MIT */
/* kb_entry.h - the knowledge base as `explain` shows it: findings, result types and topics alike.
 *
 * One row of entries: the findings in the order of the catalogue, the result types, the topics, the
 * providers.  Everything in an entry is translated and filled in with the places of an example. */
#ifndef RENDER_KB_ENTRY_H
#define RENDER_KB_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "rules/rules.h"

struct kb_entry {
    const char *code;
    const char *kind;  /* "finding", "result-type", "topic" */
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
    char **topics;            /* of a finding: names of topics that treat it; may be empty */
    const char *result_types; /* '|' between several; "" none */
};

size_t kb_entry_count(void);
/* NULL behind the end. */
const char *kb_entry_name(size_t i);
/* Is that its name, in whatever spelling: max_age, Max-Age? */
bool kb_entry_is_named(size_t i, const char *given);
/* Is that another word for it?  Several topics may share one, such as the forms of a provider. */
bool kb_entry_is_called(size_t i, const char *given);
/* NULL: no memory. */
struct kb_entry *kb_entry_new(TALLOC_CTX *ctx, size_t i);

#endif
