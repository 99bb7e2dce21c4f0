/* SPDX-License-Identifier: MIT */
/* finding_text.h - the sentences of a finding, translated and filled in: what text and JSON share.
 */
#ifndef RENDER_FINDING_TEXT_H
#define RENDER_FINDING_TEXT_H

#include <talloc.h>

#include "render/expand.h"
#include "rules/rules.h"

/* All of these: owned by ctx, NULL where there is nothing to say (or no memory). */
char *finding_text_title(TALLOC_CTX *ctx, const struct finding *finding);
/* As a clause of a sentence: no capital but that of a name (in German, of the language), no stop.
 */
char *finding_text_brief(TALLOC_CTX *ctx, const struct finding *finding);
/* The same where no values are known: the title. */
char *finding_text_title_clause(TALLOC_CTX *ctx, enum finding_code code);
char *finding_text_detail(TALLOC_CTX *ctx, const struct finding *finding);
char *finding_text_meaning(TALLOC_CTX *ctx, const struct finding *finding);

enum finding_text_list { FINDING_TEXT_CAUSES, FINDING_TEXT_FIX, FINDING_TEXT_COMMANDS };
/* The lines of the advice for which every place has a value; ends with NULL. */
char **finding_text_lines(TALLOC_CTX *ctx, enum finding_code code, enum finding_text_list which,
                          struct expand_params params);

/* How to put the finding right: the steps of the provider in use first. */
char **finding_text_fix(TALLOC_CTX *ctx, const struct finding *finding);

/* Is it a command for who named a resolver or a CA file?  Its twin for everybody else follows. */
bool finding_text_is_optional(const char *template);

struct expand_params finding_text_params(const struct finding *finding);
/* The places of a domain nobody has asked about, for `explain`: the ids are made from `now`.  Owned
 * by ctx; without memory there are none. */
struct expand_params finding_text_example(TALLOC_CTX *ctx, int64_t now);

#endif
