/* SPDX-License-Identifier: MIT */
/* limits.h - the ceilings of pages; private to pages/. */
#ifndef PAGES_LIMITS_H
#define PAGES_LIMITS_H

/* Bytes of one page: a diagnosis of a domain with all of its MX hosts and the transcript is below 2
 * MiB, and a page that grows beyond this is a fault of ours, not something to send. */
#define PAGES_HTML_MAX (16U << 20)

#endif
