/* SPDX-License-Identifier: MIT */
/* advisory.h - the next step of a roll-out, or the way back, on a page of a domain. */
#ifndef PAGES_ADVISORY_H
#define PAGES_ADVISORY_H

#include "pages/frame.h"
#include "pages/lines.h"
#include "pages/mark.h"
#include "rollout/advisory.h"

struct advisory_note {
    struct mark_page mark;
    struct lines text;
};

struct advisory_step {
    struct lines text, commands;
    int64_t from;         /* 0: at once, or after the step before it */
    const char *artefact; /* NULL */
};

struct advisory_effect {
    int64_t until; /* 0: not known */
    const char *who;
};

struct advisory_file {
    const char *name, *title;
    const char *text;    /* as it is shown: without CR */
    const char *content; /* as it is to be published */
    bool open;           /* folded out at first */
};

struct advisory_page {
    struct frame frame;
    const char *domain, *title, *lead;
    bool checked; /* else there is no check to plan from */
    struct mark_page mark;
    const char *headline;
    int64_t checked_at;
    struct advisory_note *notes;
    size_t note_count;
    struct advisory_step *steps;
    size_t step_count;
    struct advisory_effect *effects;
    size_t effect_count;
    struct advisory_file *files;
    size_t file_count;
    const char *command; /* the same on the command line */
    bool rolls_back;     /* it is the way back, not the next step */
};

void page_advisory(struct html *out, const struct advisory_page *page);
/* Notes, steps and effects alone. */
void page_advisory_body(struct html *out, const struct advisory_page *page);

/* Without frame, title and lead.  Owned by ctx; without memory there is less. */
struct advisory_page advisory_page_of(TALLOC_CTX *ctx, const struct advisory *advisory);

#endif
