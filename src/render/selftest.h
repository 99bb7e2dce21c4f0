/* SPDX-License-Identifier: MIT */
/* selftest.h - what can be seen from here, a line a point.  NULL: no memory. */
#ifndef RENDER_SELFTEST_H
#define RENDER_SELFTEST_H

#include "render/textout.h"
#include "rules/vantage.h"

/* What the program has given up for its own protection, a line each. */
struct guard_view {
    const char *name; /* "landlock" */
    bool in_force;
    const char *sentence; /* msgid, with the place {detail} where detail has it */
    const char *detail;   /* NULL: none */
};
/* Translated. */
char *guard_sentence(TALLOC_CTX *ctx, const struct guard_view *guard);

struct selftest_view {
    struct vantage_view points[VANTAGE_COUNT];
    const struct guard_view *guards;
    size_t guard_count;
};

/* The sentence of a point, translated. */
char *selftest_sentence(TALLOC_CTX *ctx, const struct vantage_view *view);
void text_vantage(struct textout *out, const struct vantage_view views[VANTAGE_COUNT]);
char *text_selftest(TALLOC_CTX *ctx, const struct selftest_view *view,
                    const struct textout_options *options);
/* mtasts.selftest/1 */
char *json_selftest(TALLOC_CTX *ctx, const struct selftest_view *view);

#endif
