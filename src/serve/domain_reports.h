/* SPDX-License-Identifier: MIT */
/* domain_reports.h - /d/{domain}/reports. */
#ifndef SERVE_DOMAIN_REPORTS_H
#define SERVE_DOMAIN_REPORTS_H

struct exchange;

void domain_reports_answer(struct exchange *exchange);

#endif
