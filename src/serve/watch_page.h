/* SPDX-License-Identifier: MIT */
/* watch_page.h - /admin/watch, and the same for /metrics. */
#ifndef SERVE_WATCH_PAGE_H
#define SERVE_WATCH_PAGE_H

#include "app/domain_watch.h"

struct exchange;
struct service;

void watch_page_answer(struct exchange *exchange);
/* Appended to the text of /metrics; NULL: no memory. */
char *watch_page_metrics(char *text, const struct service *service);

#endif
