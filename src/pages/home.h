/* SPDX-License-Identifier: MIT */
/* home.h - the first page: a field for a domain, and what else there is. */
#ifndef PAGES_HOME_H
#define PAGES_HOME_H

#include "pages/frame.h"

struct home_page {
    struct frame frame;
    const char *domain; /* as it was typed, where it is to be corrected; NULL */
    const char *error;  /* what is wrong with it; NULL */
    const char *meant;  /* the domain that was perhaps meant; NULL */
};

void page_home(struct html *out, const struct home_page *page);

#endif
