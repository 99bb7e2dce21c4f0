/* SPDX-License-Identifier: MIT */
/* selftest.h - what can be seen from here, a line a point.  NULL: no memory. */
#ifndef RENDER_SELFTEST_H
#define RENDER_SELFTEST_H

#include "render/page.h"
#include "rules/vantage.h"

/* The sentence of a point, translated. */
char *selftest_sentence(TALLOC_CTX *ctx, const struct vantage_view *view);
void text_vantage(struct page *page, const struct vantage_view views[VANTAGE_COUNT]);
char *text_selftest(TALLOC_CTX *ctx, const struct vantage_view views[VANTAGE_COUNT],
                    const struct page_options *options);
/* mtasts.selftest/1 */
char *json_selftest(TALLOC_CTX *ctx, const struct vantage_view views[VANTAGE_COUNT]);

#endif
