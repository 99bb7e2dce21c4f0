/* SPDX-License-Identifier: MIT */
/* advisory.h - advisories for people and for programs.
 *
 * JSON: the advisory's own members, then "headline", "severity", "notes", "steps", "horizons" and
 * "artefacts".  Sentences are in the language of the process; codes and commands are not
 * translated.  Results are owned by ctx; NULL: no memory. */
#ifndef RENDER_ADVISORY_H
#define RENDER_ADVISORY_H

#include <talloc.h>

#include "render/textout.h"
#include "rollout/advisory.h"
#include "rules/rules.h"

/* with_files: show what the artefacts hold, not only their names. */
char *text_advisory(TALLOC_CTX *ctx, const struct advisory *advisory, bool with_files,
                    const struct textout_options *options);
/* Without headline and verdict word, below the page of something else. */
void text_advisory_body(struct textout *out, const struct advisory *advisory, bool with_files);
/* For pages.  A sentence, translated and filled in; the commands of a step, up to NULL; who behaves
 * so, translated; what a file is for. */
char *advisory_text_of(TALLOC_CTX *ctx, const struct sentence *sentence);
char **advisory_commands(TALLOC_CTX *ctx, const struct advisory *advisory, const struct step *step);
const char *advisory_behaviour_text(enum behaviour behaviour);
char *advisory_title(TALLOC_CTX *ctx, const struct advisory *advisory,
                     const struct artefact *artefact);
/* The sentence of a note, translated. */
char *advisory_note_text(TALLOC_CTX *ctx, const struct note *note);
/* One line; format: "mtasts.plan/1". */
char *json_advisory(TALLOC_CTX *ctx, const struct advisory *advisory, const char *format);

/* Of watch, with the first line of check for what was seen; diagnosis NULL: nothing was. */
char *text_news(TALLOC_CTX *ctx, const struct advisory *advisory, const struct diagnosis *diagnosis,
                const struct textout_options *options);
char *json_news(TALLOC_CTX *ctx, const struct advisory *advisory,
                const struct diagnosis *diagnosis);

#endif
