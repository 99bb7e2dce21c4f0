/* SPDX-License-Identifier: MIT */
/* text.h - diagnoses for people.
 *
 * The first line is the verdict.  Then the chain from DNS to TLS-RPT with one mark a step, then
 * each finding: what is wrong, what it means, a command to see it, how to put it right.  In brief:
 * what is wrong, a command, the first step.  Results are owned by ctx and end with a line end;
 * NULL: no memory. */
#ifndef RENDER_TEXT_H
#define RENDER_TEXT_H

#include <talloc.h>

#include "render/kb_entry.h"
#include "render/severity_text.h"
#include "render/textout.h"
#include "rules/rules.h"

char *text_check(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                 const struct textout_options *options);
/* file: the name shown for what was checked. */
char *text_lint(TALLOC_CTX *ctx, const struct lint *lint, const char *file,
                const struct textout_options *options);
char *text_explain(TALLOC_CTX *ctx, const struct kb_entry *entry,
                   const struct textout_options *options);
/* Several entries that one word stands for: how to tell which it is, and where to read on. */
char *text_explain_variants(TALLOC_CTX *ctx, const char *word, struct kb_entry *const *entries,
                            size_t count, const struct textout_options *options);
/* The heading of a group of entries, and the blank line below it. */
char *text_explain_group(TALLOC_CTX *ctx, const char *group, const struct textout_options *options);

/* The first line without the domain; no line end. */
char *text_headline(TALLOC_CTX *ctx, const struct diagnosis *diagnosis);

/* The parts, each in a file of its own; private to render/. */
void text_verdict(struct textout *out, const struct diagnosis *diagnosis);
void text_chain(struct textout *out, const struct diagnosis *diagnosis);
/* The same in one line: the marks alone. */
void text_chain_marks(struct textout *out, const struct diagnosis *diagnosis);
/* Would a chain say more than the findings? */
bool text_has_chain(const struct diagnosis *diagnosis);
/* Everything in as many rows as the options allow, where it can be: headline, chain, findings by
 * kind, what comes next. */
char *text_short(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                 const struct textout_options *options);
/* The commands that lead on from a diagnosis.  How many there are; texts are owned by ctx. */
#define NEXT_MAX 2
struct next_command {
    const char *why; /* translated */
    char *command;   /* fit for a shell */
    bool explains;   /* the worst finding */
};
size_t next_commands(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                     struct next_command ret[NEXT_MAX]);
/* The same, one a line; at most `most`. */
void text_next(struct textout *out, const struct diagnosis *diagnosis, size_t most);
void text_show_findings(struct textout *out, const struct finding *findings, size_t count);
void text_transcript(struct textout *out, const struct facts *facts);
/* The same as a text of its own, for somebody elsewhere: without what was seen of our own place.
 * Owned by ctx; NULL: no memory. */
char *text_transcript_alone(TALLOC_CTX *ctx, const struct facts *facts);
/* A list below its title, which ends with NULL; nothing at all where it is empty.  Steps are
 * numbered where there are several; commands are never wrapped, they are there to be copied. */
void text_numbered(struct textout *out, const char *title, char **lines);
void text_listed(struct textout *out, const char *title, char **lines);
void text_commands(struct textout *out, char **lines, size_t limit);

/* The mark of a severity with a blank, "✗ " or "x ", and its style. */
const char *text_mark(const struct textout *out, enum severity severity);
enum style text_mark_style(enum severity severity);

enum style text_verdict_style(enum verdict verdict);

#endif
