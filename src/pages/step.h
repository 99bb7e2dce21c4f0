/* SPDX-License-Identifier: MIT */
/* step.h - a step of the chain from DNS to DANE on a page: a row of <ol class="chain">. */
#ifndef PAGES_STEP_H
#define PAGES_STEP_H

#include <stdbool.h>

#include "pages/mark.h"

struct html;

struct step_page {
    struct mark_page mark;
    const char *label; /* "policy host" */
    const char *text;  /* what was seen; NULL: nothing yet */
    bool host;         /* a mail server, below the step "MX" */
};

void page_step(struct html *out, const struct step_page *page);

#endif
