/* SPDX-License-Identifier: MIT */
/* domain_sessions.h - the table of the sessions that reports tell of, by domain. */
#ifndef PAGES_DOMAIN_SESSIONS_H
#define PAGES_DOMAIN_SESSIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct html;

struct domain_sessions_row {
    const char *name;
    int64_t successful, failed;
};

struct domain_sessions {
    const struct domain_sessions_row *domains;
    size_t domain_count; /* 0: there is no table */
    bool linked;         /* to the pages of the domains */
};
void page_domain_sessions(struct html *out, const struct domain_sessions *page);

#endif
