/* SPDX-License-Identifier: MIT */
/* outline.h - outlines for people and for programs.
 *
 * JSON: the outline's own members, then "headline", "severity", "notes", "steps", "horizons" and
 * "artefacts".  Sentences are in the language of the process; codes and commands are not
 * translated.  Results are owned by ctx; NULL: no memory. */
#ifndef RENDER_OUTLINE_H
#define RENDER_OUTLINE_H

#include <talloc.h>

#include "render/page.h"
#include "rollout/outline.h"

/* with_files: show what the artefacts hold, not only their names. */
char *text_outline(TALLOC_CTX *ctx, const struct outline *outline, bool with_files,
                   const struct page_options *options);
/* Without headline and verdict word, below the page of something else. */
void text_outline_body(struct page *page, const struct outline *outline, bool with_files);
/* One line; format: "mtasts.plan/1". */
char *json_outline(TALLOC_CTX *ctx, const struct outline *outline, const char *format);

#endif
