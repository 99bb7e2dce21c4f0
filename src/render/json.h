/* SPDX-License-Identifier: MIT */
/* json.h - diagnoses for programs: one object, one line, without the line end.
 *
 * Formats mtasts.check/1, mtasts.lint/1, mtasts.lint-record/1 and mtasts.explain/1.  Sentences are
 * in the language of the process; codes, names and commands are not translated.  Every result is
 * owned by ctx; NULL: no memory. */
#ifndef RENDER_JSON_H
#define RENDER_JSON_H

#include <talloc.h>

#include "render/kb_entry.h"
#include "rollout/advisory.h"
#include "rules/rules.h"

char *json_check(TALLOC_CTX *ctx, const struct diagnosis *diagnosis);
/* against: what a change from an older policy needs; NULL: not asked. */
char *json_lint(TALLOC_CTX *ctx, const struct lint *lint, const char *file,
                const struct advisory *against);
/* tlsrpt: the record is one of TLS-RPT, and "rua" is there. */
char *json_lint_record(TALLOC_CTX *ctx, const struct lint *lint, bool tlsrpt);
char *json_explain(TALLOC_CTX *ctx, const struct kb_entry *entry);

#endif
