/* SPDX-License-Identifier: MIT */
/* domain_chart.h - the drawing of what senders report on a domain, with its policies and what
 * checks found; private to pages/. */
#ifndef PAGES_DOMAIN_CHART_H
#define PAGES_DOMAIN_CHART_H

#include "history/domain_summary.h"
#include "pages/chart.h"

/* Of the last days that the summary has; more than 120 as weeks.  Id, title and description are set
 * too.  Owned by ctx. */
STS_MUST_USE enum sts_status domain_chart(TALLOC_CTX *ctx, const struct domain_summary *summary,
                                          int64_t days, struct chart *ret);

#endif
