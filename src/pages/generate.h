/* SPDX-License-Identifier: MIT */
/* generate.h - a form for a policy, and the files and steps that it makes of a checked domain. */
#ifndef PAGES_GENERATE_H
#define PAGES_GENERATE_H

#include "pages/advisory.h"
#include "pages/frame.h"

struct generate_choice {
    const char *value, *label;
    bool chosen;
};

/* An MX host that loses mail in mode enforce. */
struct generate_doubt {
    const char *host, *why;
};

struct generate_page {
    struct frame frame;
    const char *domain; /* as it was typed, or checked */
    const char *error;  /* what is wrong with what was typed; NULL */
    struct generate_choice *modes, *ages;
    size_t mode_count, age_count;
    const char *rua;       /* as it was typed */
    const char *mode;      /* as in the address */
    const char *age;       /* likewise, seconds */
    const char *id;        /* of the check; NULL: only the form */
    bool cancelled;        /* there is no result */
    bool asks;             /* are hosts in doubt to be covered? */
    bool anyway;           /* they are */
    bool enforce, no_mode; /* the mode */
    struct generate_doubt *doubts;
    size_t doubt_count;
    bool shown; /* the advisory is there */
    struct advisory_page advisory;
};

void page_generate(struct html *out, const struct generate_page *page);
/* The same in pieces, while the check runs: between them others of page_layout_begin(). */
void page_generate_top(struct html *out, const struct generate_page *page);
void page_generate_waiting(struct html *out, const struct generate_page *page);
void page_generate_result(struct html *out, const struct generate_page *page);
void page_generate_wishes(struct html *out, const struct generate_page *page);

#endif
