/* SPDX-License-Identifier: MIT */
/* about.h - what this service is, and what it does with what it learns. */
#ifndef PAGES_ABOUT_H
#define PAGES_ABOUT_H

#include <stdbool.h>

#include "pages/frame.h"

struct about_page {
    struct frame frame;
    const char *version;
    bool public_only; /* it connects to no private addresses */
};

void page_about(struct html *out, const struct about_page *page);

#endif
