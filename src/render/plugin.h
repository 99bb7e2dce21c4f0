/* SPDX-License-Identifier: MIT */
/* plugin.h - the output of a monitoring plugin, by the Monitoring Plugins Development Guidelines.
 *
 * One line, "MTASTS CRITICAL - text | perfdata", short enough for the old NRPE's 1024 bytes; where
 * more is asked for, more lines below it.  Always English, since other programs match it: the
 * caller sets the language.  Strangers' text is made printable, and no "|" is in it. */
#ifndef RENDER_PLUGIN_H
#define RENDER_PLUGIN_H

#include "history/session_log.h"
#include "rules/rules.h"
#include "verdict/expiry.h"

#define PLUGIN_FIRST_WORD "MTASTS "
#define PLUGIN_SAID_MAX   400 /* bytes of the sentence; the rest of a line is for perfdata */

struct plugin_view {
    const struct diagnosis *diagnosis;
    int status; /* 0 to 3, of all */
    const struct expiry *expiries;
    size_t expiry_count;
    const struct expiry *cause;     /* what the ranges say of it made the status; NULL: not they */
    const char *warning, *critical; /* ranges, as typed; NULL: not given */
    int64_t warn_days;              /* without `warning`; 0: the default */
    int64_t timeout;                /* seconds */
    const struct recent_sessions *sessions; /* NULL: there is no store */
    /* 1: a line for each finding; 2: the whole text; 3: the transcript too. */
    int64_t verbosity;
};

/* Ends with a line end; owned by ctx; NULL: no memory. */
char *plugin_text(TALLOC_CTX *ctx, const struct plugin_view *view);

#endif
