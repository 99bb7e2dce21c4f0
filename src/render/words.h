/* SPDX-License-Identifier: MIT */
/* words.h - the sentences of a finding, translated and filled in: what text and JSON share. */
#ifndef RENDER_WORDS_H
#define RENDER_WORDS_H

#include <talloc.h>

#include "render/expand.h"
#include "rules/rules.h"

/* All of these: owned by ctx, NULL where there is nothing to say (or no memory). */
char *words_title(TALLOC_CTX *ctx, const struct finding *finding);
char *words_detail(TALLOC_CTX *ctx, const struct finding *finding);
char *words_meaning(TALLOC_CTX *ctx, const struct finding *finding);

enum words_list { WORDS_CAUSES, WORDS_FIX, WORDS_COMMANDS };
/* The lines of the advice for which every place has a value; ends with NULL. */
char **words_lines(TALLOC_CTX *ctx, enum finding_code code, enum words_list which,
                   struct expand_params params);

/* How to put the finding right: the steps of the provider in use first. */
char **words_fix(TALLOC_CTX *ctx, const struct finding *finding);

/* Is it a command for who named a resolver or a CA file?  Its twin for everybody else follows. */
bool words_is_optional(const char *template);

struct expand_params words_params(const struct finding *finding);
/* The places of a domain nobody has asked about, for `explain`. */
struct expand_params words_example(void);

#endif
