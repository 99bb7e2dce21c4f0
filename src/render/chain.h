/* SPDX-License-Identifier: MIT */
/* chain.h - the chain DNS, policy host, policy, certificate, MX, TLS-RPT, DANE as a model: what
 * text, pages and the API draw of it.  Texts are in the language of the thread, and fit to be seen.
 */
#ifndef RENDER_CHAIN_H
#define RENDER_CHAIN_H

#include <talloc.h>

#include "facts/look_progress.h"
#include "rules/rules.h"

struct chain_link {
    const char *label;
    enum severity severity; /* NONE, INFO: nothing is wrong */
    const char *text;       /* what was seen, or the worst finding */
};

struct chain_host {
    enum severity severity; /* NONE: senders may use it; HIGH: they may not; UNKNOWN */
    const char *name;       /* of the facts */
    const char *text;       /* "10 mx1.example.com, covered by *.example.com" */
    const char **titles;    /* of what was found at it; each begins with a capital letter */
    size_t title_count;
};

struct chain {
    struct chain_link steps[LOOK_STEPS];
    struct chain_host *hosts; /* of the step MX */
    size_t host_count;
};

/* Of a step, translated. */
const char *chain_label(enum look_step step);
/* NULL: no memory. */
struct chain *chain_new(TALLOC_CTX *ctx, const struct diagnosis *diagnosis);

/* "mode enforce, max_age 7 days, mx: mx1.example.com, mx2.example.com" */
char *chain_policy_text(TALLOC_CTX *ctx, enum sts_mode mode, int64_t max_age, const char *const *mx,
                        size_t mx_count);

#endif
