/* SPDX-License-Identifier: MIT */
/* stored_reports_parts.h - what pages and API of stored reports share; private to serve/. */
#ifndef SERVE_STORED_REPORTS_PARTS_H
#define SERVE_STORED_REPORTS_PARTS_H

#include "app/report_list.h"
#include "serve/reports_work.h"

struct exchange;
struct report_page_model;

/* What whoever asks sees, with that role at least: with a token that of its group, with
 * ?group=NUMBER only that. */
struct store_sight stored_reports_sight(struct exchange *exchange, enum store_role least);

/* The list that the query asks for.  NULL: it is wrong, or there is no room, and it was answered.
 */
struct report_list *stored_reports_list(struct exchange *exchange, size_t limit);
/* Behind a row: "BEGINS.ID"; owned by the exchange. */
const char *stored_reports_place(struct exchange *exchange, const struct report_list *list);
/* Reads the report of the address; where there is none that they see, the answer is 404. */
void stored_reports_find(struct exchange *exchange,
                         void (*done)(struct exchange *exchange, struct stored_report *one));
/* Makes a report of its text again, then calls finish (compute.h).  NULL: no memory. */
struct reports_work *stored_reports_reading(struct exchange *exchange,
                                            const struct stored_report *one,
                                            void (*work)(struct computed *computed));
/* Answers with the text as it came, where they see all of it. */
void stored_reports_raw(struct exchange *exchange, struct stored_report *one);
/* Puts the first of the policies that they see into the page; owned by ctx. */
void stored_report_policies(TALLOC_CTX *ctx, struct report_page_model *page,
                            const struct report_seen *seen);

#endif
