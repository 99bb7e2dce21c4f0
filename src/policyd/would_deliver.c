/* SPDX-License-Identifier: MIT */
/* would_deliver.c - smtp_connect.c and smtp_proto.c of Postfix, up to where mail is sent or not. */
#include "policyd/would_deliver.h"

#include <stdio.h>
#include <string.h>

#include "policyd/dane_cover.h"
#include "policyd/would_deliver_host.h"
#include "verdict/session.h"

static const char *const mailer_names[] = {[MAILER_POSTFIX_3_7] = "postfix-3.7",
                                           [MAILER_POSTFIX_3_10_3] = "postfix-3.10.3",
                                           [MAILER_POSTFIX_3_10] = "postfix-3.10",
                                           [MAILER_POSTFIX_3_11] = "postfix-3.11"};

enum mailer mailer_of(const char *name)
{
    enum mailer mailer = 0;

    while (mailer < MAILERS && strcmp(name, mailer_names[mailer]) != 0)
        mailer++;
    return mailer;
}

const char *mailer_name(enum mailer mailer)
{
    return mailer_names[mailer];
}

const char *mail_fate_name(enum mail_fate fate)
{
    static const char *const names[] = {[FATE_DELIVERED] = "delivered",
                                        [FATE_UNPROTECTED] = "unprotected",
                                        [FATE_DEFERRED] = "deferred",
                                        [FATE_BOUNCED] = "bounced",
                                        [FATE_UNKNOWN] = "unknown"};

    return names[fate];
}

/* ---- the log --------------------------------------------------------------------------------- */

static char *line_of(const struct would_deliver *would, const struct domain_view *view,
                     const struct mail_attempt *attempt)
{
    static const char *const words[FATES] = {[FATE_DELIVERED] = "sent",
                                             [FATE_UNPROTECTED] = "sent",
                                             [FATE_DEFERRED] = "deferred",
                                             [FATE_BOUNCED] = "bounced"};
    char *line = talloc_asprintf(would, "postfix/smtp: to=<user@%s>, relay=", view->facts->domain);

    /* A host that was skipped or not connected to is no relay. */
    if (line && attempt->address && strcmp(attempt->dsn, "4.4.1") != 0)
        line = talloc_asprintf_append(line, "%s[%s]:25", attempt->host, attempt->address);
    else if (line)
        line = talloc_strdup_append(line, "none");
    if (line && would->mailer >= MAILER_POSTFIX_3_11 && *attempt->tls)
        line = talloc_asprintf_append(line, ", tls=%s", attempt->tls);
    return line ? talloc_asprintf_append(line, ", dsn=%s, status=%s (%s)", attempt->dsn,
                                         words[attempt->fate], attempt->why ? attempt->why : "250")
                : NULL;
}

/* Where others follow, the reason alone is logged. */
static const char *passing_line(const struct would_deliver *would,
                                const struct mail_attempt *attempt, const char *domain)
{
    if (!attempt->address && strcmp(attempt->dsn, "4.3.0") == 0)
        return talloc_asprintf(would,
                               "postfix/smtp: warning: MX name '%s' does not match STS MX "
                               "pattern for '%s'",
                               attempt->host, domain);
    return talloc_asprintf(would, "postfix/smtp: %s", attempt->why);
}

static bool write_lines(struct would_deliver *would, const struct domain_view *view)
{
    for (size_t i = 0; i < would->attempt_count; i++) {
        struct mail_attempt *attempt = &would->attempts[i];
        bool last = i + 1 == would->attempt_count;

        if (attempt->fate == FATE_UNKNOWN)
            continue;
        attempt->log = last ? line_of(would, view, attempt)
                            : passing_line(would, attempt, view->facts->domain);
        if (!attempt->log)
            return false;
    }
    return true;
}

/* ---- the hosts ------------------------------------------------------------------------------- */

static size_t most_attempts(const struct domain_view *view)
{
    size_t count = 0;

    for (size_t i = 0; i < view->mx_count; i++)
        count += 1 + view->mx[i].host->session_count;
    return count;
}

/* Is it decided, so that no other is tried?  An attempt that is not known leaves all open. */
static bool is_over(enum mail_fate fate)
{
    return fate != FATE_DEFERRED;
}

static void try_hosts(struct would_deliver *would, const struct domain_view *view,
                      const struct policy_known *known)
{
    for (size_t i = 0; i < view->mx_count && !is_over(would->fate); i++) {
        const struct mx_view *mx = &view->mx[i];
        struct host_trial trial = {would, view, mx, known};
        size_t sessions = mx->host->session_count;

        if (host_is_skipped(&trial, &would->attempts[would->attempt_count])) {
            would->fate = would->attempts[would->attempt_count++].fate;
            continue;
        }
        for (size_t k = 0; k < sessions && !is_over(would->fate); k++) {
            host_try(&trial, &mx->host->sessions[k], &would->attempts[would->attempt_count]);
            would->fate = would->attempts[would->attempt_count++].fate;
        }
        if (!sessions)
            would->fate = FATE_UNKNOWN;
    }
}

/* No host is tried, whatever the policy says (RFC 7505). */
static void bounce(struct would_deliver *would, const struct domain_view *view)
{
    const char *why = talloc_asprintf(would->attempts, "Domain %s does not accept mail (nullMX)",
                                      view->facts->domain);

    would->attempts[would->attempt_count++] = (struct mail_attempt){
        .host = ".", .fate = FATE_BOUNCED, .tls = "", .dsn = "5.1.0", .why = why ? why : ""};
    would->fate = FATE_BOUNCED;
}

static const struct live_policy *policy_of(const struct domain_view *view)
{
    return view->posture == POSTURE_ENFORCE || view->posture == POSTURE_TESTING ? view->policy
                                                                                : NULL;
}

struct would_deliver *would_deliver(TALLOC_CTX *ctx, const struct domain_view *view,
                                    enum mailer mailer)
{
    struct would_deliver *would = talloc_zero(ctx, struct would_deliver);
    struct policy_known known = {.domain = view->facts->domain,
                                 .policy = policy_of(view),
                                 .dane = dane_cover_of(view->facts)};
    enum reply_cut cut;

    if (!would)
        return NULL;
    would->mailer = mailer;
    would->answer = policy_answer_of(&known);
    would->reply = policy_reply(
        would, mailer == MAILER_POSTFIX_3_7 ? PROFILE_PLAIN : PROFILE_ATTRIBUTES, &known, &cut);
    would->attempts = talloc_zero_array(would, struct mail_attempt, most_attempts(view) + 1);
    would->fate = view->mx_count ? FATE_DEFERRED : FATE_UNKNOWN;
    if (would->attempts && mx_is_null(view->facts))
        bounce(would, view);
    else if (would->reply && would->attempts)
        try_hosts(would, view, &known);
    if (!would->reply || !would->attempts || !write_lines(would, view))
        TALLOC_FREE(would);
    return would;
}
