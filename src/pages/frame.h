/* SPDX-License-Identifier: MIT */
/* frame.h - what is around every page: its head, the navigation, the footer.
 *
 * A template with {{layout page.frame}} has it.  A page that is sent in pieces writes
 * page_layout_begin(), its pieces and page_layout_end(). */
#ifndef PAGES_FRAME_H
#define PAGES_FRAME_H

#include <stdbool.h>

struct html;

enum frame_entry {
    FRAME_NO_ENTRY,
    FRAME_CHECK,
    FRAME_TEXTS,
    FRAME_REPORTS,
    FRAME_EXPLAIN,
    FRAME_OVERVIEW, /* for those who are signed in, as the next ones */
    FRAME_DOMAINS,
    FRAME_ALERTS,
    FRAME_STORED_REPORTS,
    FRAME_ADMIN
};

/* What came of what somebody did, below the heading. */
struct page_said {
    const char *notice, *error; /* translated; NULL */
};

struct frame {
    const char *title;      /* translated; beside it the name of the service */
    const char *language;   /* "en", "de" */
    const char *theme;      /* "light", "dark"; "" or NULL: as the system has it */
    const char *path;       /* of this page below the base, with its query: "explain?q=dane" */
    enum frame_entry entry; /* the one of the navigation that it belongs to */
    bool texts, reports, overview; /* are there such pages? */
    const char *user;              /* who is signed in; NULL: nobody */
    bool accounts;                 /* can one sign in here? */
    bool administers; /* may the user see what is of groups: FRAME_ADMIN, FRAME_ALERTS? */
    bool hidden;      /* from search engines */
};

void page_layout_begin(struct html *out, const struct frame *page);
void page_layout_end(struct html *out, const struct frame *page);

void page_said(struct html *out, const struct page_said *page);

#endif
