/* SPDX-License-Identifier: MIT */
/* history.h - what the store knows of a domain: for people and for programs (mtasts.history/1).
 *
 * Names of verdicts, postures, deliveries, severities and codes are those of JSON output; a newer
 * mtasts may have kept some that are not known here. */
#ifndef RENDER_HISTORY_H
#define RENDER_HISTORY_H

#include <talloc.h>

#include "render/page.h"
#include "reports/names.h"
#include "rollout/forecast.h"

struct history_code {
    const char *code, *severity;
    const char *subject; /* NULL: none */
};

struct history_codes {
    struct history_code *list;
    size_t count;
};

/* Checks in a row that found the same. */
struct history_entry {
    int64_t first, last; /* when it was found; seconds, UTC */
    size_t checks;
    const char *verdict, *posture, *delivery;
    struct history_codes codes;
    struct history_codes appeared, gone; /* against the entry before; the first has all appear */
};

/* Sessions that began on a day, or those of one sender on it. */
struct history_sessions {
    const char *name; /* first: "2026-11-01", or the sender */
    int64_t successful, failed;
    struct names senders; /* of a day; struct history_sessions */
};

struct history_page {
    const char *domain;
    int64_t now;
    bool since_known;
    int64_t since;
    struct history_entry *entries; /* by time; the first may have begun before `since` */
    size_t entry_count;
    size_t checks;
    struct served *policies; /* by the time they were first seen */
    size_t policy_count;
    struct names days; /* struct history_sessions */
    size_t reports;
    bool no_memory;
};

/* Nothing is kept of the domain. */
bool history_is_empty(const struct history_page *page);

/* Both: owned by ctx; NULL: no memory. */
char *json_history(TALLOC_CTX *ctx, const struct history_page *page);
char *text_history(TALLOC_CTX *ctx, const struct history_page *from,
                   const struct page_options *options);
/* By day, or by sender; owned by ctx. */
const struct history_sessions **history_sorted(TALLOC_CTX *ctx, const struct names *sessions);

#endif
