/* SPDX-License-Identifier: MIT */
/* domain_text.h - how a domain is, in words: what happens to its mail, the cause, since when, what
 * senders report, and one next step. */
#ifndef RENDER_DOMAIN_TEXT_H
#define RENDER_DOMAIN_TEXT_H

#include <talloc.h>

#include "history/domain_model.h"

/* Translated, and fit to be seen; each may be NULL. */
struct domain_words {
    const char *sentence; /* what happens to mail, and the cause */
    const char *since;    /* "First detected on 2026-11-26 14:14 UTC." */
    const char *reports;  /* what senders reported in the last week */
    const char *next;     /* one next step */
    const char *next_at;  /* where: "plan" and "rollback" are pages, "#failed" a place on this one;
                           * NULL: a check */
};

/* Owned by ctx; without memory there is less. */
struct domain_words domain_words_of(TALLOC_CTX *ctx, const struct domain_summary *summary);

/* Days from one report of a sender to the next, and since its last; at least 1. */
int64_t domain_sender_interval(const struct logged_sender *sender);
int64_t domain_sender_silence(const struct domain_summary *summary,
                              const struct logged_sender *sender);

#endif
