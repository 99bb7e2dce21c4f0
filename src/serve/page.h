/* SPDX-License-Identifier: MIT */
/* page.h - answering with a page: what every function of a route of pages needs. */
#ifndef SERVE_PAGE_H
#define SERVE_PAGE_H

#include "pages/frame.h"
#include "pages/html.h"

struct exchange;

/* Is there such a page? */
bool page_is_served(const char *pattern);
/* What is around the page.  title: translated, NULL for the home page alone; it is borrowed. */
struct frame page_frame(struct exchange *exchange, const char *title, enum frame_entry entry);
/* A path or another text as a value of a query, owned by ctx.  NULL: no memory. */
char *page_encoded(TALLOC_CTX *ctx, const char *path);
/* A buffer for the page, owned by the exchange.  NULL: no memory, and the exchange is answered. */
struct html *page_begin(struct exchange *exchange);
/* Sends it, or says that we failed. */
void page_answer(struct exchange *exchange, unsigned status, struct html *html);
/* The same for what is alike for everybody and changes with a new version only: with an ETag, and
 * without a body for who has it already. */
void page_answer_lasting(struct exchange *exchange, struct html *html);
/* Of one that was kept, with its ETag. */
void page_answer_kept(struct exchange *exchange, const char *tag, struct bytes content);

#endif
