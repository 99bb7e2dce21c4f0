/* SPDX-License-Identifier: MIT */
/* about.h - what this service is, and what it does with what it learns. */
#ifndef PAGES_ABOUT_H
#define PAGES_ABOUT_H

#include "pages/frame.h"

struct about_page {
    struct frame frame;
    const char *version;
};

void page_about(struct html *out, const struct about_page *page);

#endif
