/* SPDX-License-Identifier: MIT */
/* condition.h - what there is to tell of a domain: out of its change feed and its reports.
 *
 * A condition holds (a certificate has expired) or it only happened (the policy changed).  Which
 * kind it is decides who is told, by the rules of the group.  Pure: times are arguments. */
#ifndef ALERTS_CONDITION_H
#define ALERTS_CONDITION_H

#include "history/change_feed.h"
#include "history/session_log.h"

/* X(symbol, name, what it is called) */
#define ALERT_KINDS(X)                                                                             \
    X(PROBLEM, "problem", N_("A check finds a problem, or it is fixed"))                           \
    X(CERTIFICATE, "certificate", N_("A certificate expires soon"))                                \
    X(FAILURE, "failure", N_("Senders report failed sessions"))                                    \
    X(POLICY, "policy", N_("The policy or a record has changed"))                                  \
    X(SILENT, "silent", N_("A sender no longer reports"))                                          \
    X(NO_REPORTS, "no-reports", N_("No reports arrive at all"))                                    \
    X(REPAIRED, "repaired", N_("A fix is confirmed after 48 hours"))                               \
    X(CHANNEL, "channel", N_("A channel cannot be reached"))

enum alert_kind {
#define X(symbol, name, text) ALERT_##symbol,
    ALERT_KINDS(X)
#undef X
        ALERT_KIND_COUNT
};
const char *alert_kind_name(enum alert_kind kind);
/* ALERT_KIND_COUNT: none is called that. */
enum alert_kind alert_kind_named(const char *name);
/* A msgid. */
const char *alert_kind_text(enum alert_kind kind);

struct names;

struct condition {
    enum alert_kind kind;
    const char *cause;   /* one word: a finding's code, or that of a change */
    const char *subject; /* whom or what it is about; "" */
    enum severity severity;
    bool over; /* it only happened */
    bool
        tentative; /* is seen for the first time and not sure: it ends nothing and begins nothing */
    int64_t days;  /* CERTIFICATE: that are left; SILENT, NO_REPORTS: without a report */
    const char *detail; /* JSON: [{"text": msgid, "params": {}}]; NULL */
};

struct conditions {
    struct condition *list;
    size_t count;
    bool no_memory;
};

/* The largest that a rule of the group wants to know of. */
struct condition_settings {
    int64_t certificate_days;
    int64_t silent_days; /* the smallest */
};

/* What the checks show, and what they changed; owned by ctx, as the next. */
void conditions_of_feed(TALLOC_CTX *ctx, const struct change_feed *feed,
                        const struct condition_settings *settings, struct conditions *ret);
/* What the reports say, and that there are none; written: how senders write their names
 * (history/sender_names.h). */
void conditions_of_sessions(TALLOC_CTX *ctx, const struct session_log *log,
                            const struct names *written, int64_t now,
                            const struct condition_settings *settings, struct conditions *ret);
/* Is it one of those that conditions_of_sessions() finds? */
bool condition_is_of_sessions(enum alert_kind kind);

/* "[{...}]" of one sentence; owned by ctx. */
char *condition_sentence(TALLOC_CTX *ctx, const char *text, const struct param *params,
                         size_t count);

#endif
