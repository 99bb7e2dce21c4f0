/* SPDX-License-Identifier: MIT */
/* error.h - the page of a request that got no other. */
#ifndef PAGES_ERROR_H
#define PAGES_ERROR_H

#include "pages/frame.h"

struct error_page {
    struct frame frame;
    unsigned status;    /* of HTTP */
    const char *title;  /* "Page not found", translated */
    const char *detail; /* a translated sentence; NULL */
    const char *id;     /* to quote to whoever runs the service; NULL */
};

void page_error(struct html *out, const struct error_page *page);

#endif
