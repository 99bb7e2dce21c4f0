/* SPDX-License-Identifier: MIT */
/* domain_state.c - which state a domain is in: the first that holds, by harm. */
#include "history/domain_state.h"

#include <string.h>

#include "verdict/place.h"
#include "verdict/session.h"

#define FAILING_DAYS 8 /* a week, and a day for reports to arrive */

const char *domain_state_name(enum domain_state state)
{
    static const char *const names[] = {
#define X(symbol, name) name,
        DOMAIN_STATES(X)
#undef X
    };

    return names[state];
}

/* ---- failures that senders report ------------------------------------------------------------ */

static bool is_open(const struct domain_summary *s, const struct failure_now *failure)
{
    return failure->state != FAILURE_FIXED &&
           (!failure->last || failure->last >= s->now - FAILING_DAYS * ADVISORY_DAY);
}

size_t domain_open_failures(const struct domain_summary *summary, const char **ret_sender)
{
    size_t count = 0;

    *ret_sender = NULL;
    for (size_t i = 0; i < summary->failures.count; i++) {
        const struct failure_now *failure = &summary->failures.list[i];

        if (!is_open(summary, failure))
            continue;
        if (!count++)
            *ret_sender = failure->senders;
        else if (*ret_sender && strcmp(*ret_sender, failure->senders) != 0)
            *ret_sender = NULL;
    }
    if (*ret_sender && strchr(*ret_sender, ','))
        *ret_sender = NULL;
    return count;
}

static bool fails(const struct domain_summary *s)
{
    const char *sender;

    return domain_open_failures(s, &sender) > 0;
}

/* One of several that report. */
static bool one_sender_fails(const struct domain_summary *s)
{
    const char *sender;

    return domain_open_failures(s, &sender) && sender && s->series->all.senders.count > 1;
}

/* ---- what the check says --------------------------------------------------------------------- */

/* By its own will, not by mistake. */
static bool accepts_no_mail(const struct domain_summary *s)
{
    return mx_is_null(s->check->facts);
}

static bool undeliverable(const struct domain_summary *s)
{
    return s->check->delivery == DELIVERY_UNDELIVERABLE && !accepts_no_mail(s);
}

static bool refused(const struct domain_summary *s)
{
    enum delivery delivery = s->check->delivery, dane = s->check->by.dane;

    return delivery == DELIVERY_REFUSED || delivery == DELIVERY_PARTLY_REFUSED ||
           dane == DELIVERY_REFUSED || dane == DELIVERY_PARTLY_REFUSED;
}

static bool off(const struct domain_summary *s)
{
    return s->check->posture == POSTURE_BROKEN && !s->check->unsettled;
}

static bool unknown(const struct domain_summary *s)
{
    return s->check->verdict == VERDICT_UNKNOWN || place_is_blind(s->check->facts);
}

static bool soon(const struct domain_summary *s)
{
    const struct finding *worst = s->check->finding_count ? &s->check->findings[0] : NULL;

    return worst && (worst->code == FINDING_MX_CERT_EXPIRES_SOON ||
                     worst->code == FINDING_POLICY_CERT_EXPIRES_SOON);
}

static bool absent(const struct domain_summary *s)
{
    return posture_is_absent(s->check->posture) || s->check->posture == POSTURE_NONE;
}

/* That MTA-STS is not there is a state of its own, unless something worse is found. */
static bool problem(const struct domain_summary *s)
{
    return s->check->verdict == VERDICT_CRITICAL ||
           (s->check->verdict == VERDICT_WARNING && !soon(s) && !absent(s));
}

static bool stale(const struct domain_summary *s)
{
    return s->stale;
}

/* ---- the rest -------------------------------------------------------------------------------- */

static bool ready(const struct domain_summary *s)
{
    return s->enforce_now;
}

/* Nobody reports on a domain that nobody sends mail to. */
static bool silent(const struct domain_summary *s)
{
    return s->senders.silent > 0 && !accepts_no_mail(s);
}

static bool empty(const struct domain_summary *s)
{
    return !s->past->report_count && !accepts_no_mail(s);
}

static bool testing(const struct domain_summary *s)
{
    return s->check->posture == POSTURE_TESTING;
}

/* In their order. */
static const struct state_row {
    enum domain_state state;
    bool (*holds)(const struct domain_summary *s);
    bool own_verdict; /* not that of the check */
    enum verdict verdict;
} rows[] = {
    {DOMAIN_UNDELIVERABLE, undeliverable, false, VERDICT_OK},
    {DOMAIN_REFUSED, refused, false, VERDICT_OK},
    {DOMAIN_OFF, off, false, VERDICT_OK},
    {DOMAIN_UNKNOWN, unknown, false, VERDICT_OK},
    {DOMAIN_STALE, stale, true, VERDICT_UNKNOWN},
    {DOMAIN_PROBLEM, problem, false, VERDICT_OK},
    {DOMAIN_ONE_SENDER, one_sender_fails, false, VERDICT_OK},
    {DOMAIN_FAILING, fails, true, VERDICT_WARNING},
    {DOMAIN_SOON, soon, false, VERDICT_OK},
    {DOMAIN_ABSENT, absent, false, VERDICT_OK},
    {DOMAIN_READY, ready, false, VERDICT_OK},
    {DOMAIN_SILENT, silent, false, VERDICT_OK},
    {DOMAIN_EMPTY, empty, false, VERDICT_OK},
    {DOMAIN_TESTING, testing, false, VERDICT_OK},
};

void domain_state_judge(struct domain_summary *summary)
{
    summary->state = DOMAIN_UNCHECKED;
    summary->verdict = VERDICT_UNKNOWN;
    if (!summary->check)
        return;
    summary->state = DOMAIN_FINE;
    summary->verdict = summary->check->verdict;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].holds(summary)) {
            summary->state = rows[i].state;
            if (rows[i].own_verdict)
                summary->verdict = rows[i].verdict;
            return;
        }
}
