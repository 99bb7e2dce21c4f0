/* SPDX-License-Identifier: MIT */
/* headline.c - the worst finding in words, and what becomes of mail.
 *
 * Findings above a note count: the worst is named with its code, the others are counted.  What
 * becomes of mail goes by the delivery, never by the posture alone, and says nothing that a finding
 * belies: who refuses mail comes first. */
#include "render/headline.h"

#include <string.h>

#include "base/ascii.h"
#include "base/i18n.h"
#include "render/finding_text.h"
#include "verdict/session.h"

/* ---- nobody can deliver ---------------------------------------------------------------------- */

static const char *undeliverable(const struct diagnosis *d)
{
    if (d->posture == POSTURE_NONEXISTENT)
        return N_("no mail can be delivered to it. Is the name spelled correctly?");
    if (mx_is_null(d->facts))
        return N_("the domain accepts no mail (null MX).");
    if (d->facts->mx_answer->security == DNS_SECURITY_BOGUS)
        return N_("senders behind validating resolvers find no mail server and cannot deliver "
                  "mail.");
    return N_("no mail can be delivered: senders find no mail server for the domain.");
}

/* No address of any MX host takes a connection, and that is not this network's doing.  Then neither
 * the policy nor DANE is what keeps mail away. */
static bool nobody_answers(const struct diagnosis *d)
{
    size_t sessions = 0;

    for (size_t i = 0; i < d->mx_count; i++)
        for (size_t j = 0; j < d->mx[i].host->session_count; j++, sessions++)
            if (session_state(d->facts, &d->mx[i].host->sessions[j]) != SESSION_UNCONNECTED)
                return false;
    return sessions && !port25_blocked(d->facts);
}

/* ---- by policy ------------------------------------------------------------------------------- */

static const char *const deliveries[DELIVERY_COUNT] = {
    [DELIVERY_UNKNOWN] = N_("mail delivery could not be judged from here."),
    [DELIVERY_PROTECTED] = N_("mail is protected."),
    [DELIVERY_REPORTED] = N_("mail is delivered in any case (testing mode); senders report "
                             "failures."),
    [DELIVERY_UNPROTECTED] = N_("mail is delivered without protection."),
    [DELIVERY_PARTLY_REFUSED] = N_("senders that follow MTA-STS refuse some of the mail servers; "
                                   "mail arrives only through the others."),
    [DELIVERY_REFUSED] = N_(
        "mail is refused: senders that follow MTA-STS cannot deliver to any of the mail servers."),
};

/* In testing mode: would enforce lose mail? */
static bool some_unusable(const struct diagnosis *d)
{
    for (size_t i = 0; i < d->mx_count; i++)
        if (d->mx[i].usable == ANSWER_NO)
            return true;
    return false;
}

/* Does the domain ask for reports in no way that a sender understands? */
static bool asks_for_none(const struct diagnosis *d)
{
    for (size_t i = 0; i < d->finding_count; i++)
        switch (d->findings[i].code) {
        case FINDING_TLSRPT_RECORD_MISSING:
        case FINDING_TLSRPT_RECORD_MULTIPLE:
        case FINDING_TLSRPT_RECORD_VERSION_INVALID:
        case FINDING_TLSRPT_RECORD_MISPLACED:
        case FINDING_TLSRPT_RUA_MISSING:
            return true;
        default:
            continue;
        }
    return false;
}

static const char *by_policy(const struct diagnosis *d)
{
    if (d->delivery == DELIVERY_UNPROTECTED && d->by.dane == DELIVERY_PROTECTED)
        return N_("DANE protects mail from senders that use it; others deliver without "
                  "protection.");
    if (d->delivery == DELIVERY_REPORTED && some_unusable(d))
        return N_("mail is delivered in any case (testing mode), but in enforce mode senders would "
                  "refuse mail servers of this domain.");
    if (d->delivery == DELIVERY_REPORTED && asks_for_none(d))
        return N_("mail is delivered in any case (testing mode), but senders report no failures: "
                  "there is no usable TLSRPT record.");
    return deliveries[d->delivery];
}

/* ---- DANE refuses ---------------------------------------------------------------------------- */

static bool refuses(enum delivery delivery)
{
    return delivery == DELIVERY_REFUSED || delivery == DELIVERY_PARTLY_REFUSED;
}

static enum dane_use refused_by(const struct diagnosis *d)
{
    enum dane_use widest = DANE_UNUSED;

    for (size_t i = 0; i < d->mx_count; i++)
        if (d->mx[i].dane_usable == ANSWER_NO && d->mx[i].dane > widest)
            widest = d->mx[i].dane;
    return widest;
}

static const char *dane_refuses(const struct diagnosis *d)
{
    bool all = d->by.dane == DELIVERY_REFUSED;

    if (refused_by(d) == DANE_BY_POSTFIX)
        return all ? N_("Postfix does not deliver mail: it uses DANE here by default, and no mail "
                        "server passes its check.")
                   : N_("Postfix uses DANE here by default. Some mail servers fail its check, so "
                        "it delivers only to the others.");
    return all ? N_("senders with DANE do not deliver mail: no mail server passes their check.")
               : N_("some mail servers fail the DANE check; senders with DANE deliver only to the "
                    "others.");
}

/* What all others do. */
static const char *others(const struct diagnosis *d)
{
    static const char *const sentences[DELIVERY_COUNT] = {
        [DELIVERY_UNKNOWN] = N_("What other senders do cannot be judged from here."),
        [DELIVERY_PROTECTED] = N_("Senders that follow only MTA-STS deliver with protection."),
        [DELIVERY_REPORTED] = N_("Other senders deliver; MTA-STS is in testing mode."),
        [DELIVERY_UNPROTECTED] = N_("Other senders deliver without protection."),
        [DELIVERY_PARTLY_REFUSED] =
            N_("Senders that follow MTA-STS also refuse some of the mail servers."),
        [DELIVERY_REFUSED] =
            N_("Senders that follow MTA-STS cannot deliver to any of the mail servers either."),
    };

    if (d->delivery == DELIVERY_REFUSED && d->by.policy == DELIVERY_PARTLY_REFUSED &&
        d->by.dane == DELIVERY_PARTLY_REFUSED)
        return N_("Senders that follow MTA-STS refuse the others; senders that follow both cannot "
                  "deliver at all.");
    return sentences[d->by.policy];
}

bool headline_policy_refuses(const struct diagnosis *d)
{
    return refuses(d->by.policy) && !nobody_answers(d);
}

/* ---- the whole ------------------------------------------------------------------------------- */

const char *headline_mail(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    if (d->delivery == DELIVERY_UNDELIVERABLE)
        return _(undeliverable(d));
    if (nobody_answers(d))
        return _("no mail server of the domain can be reached; mail is delayed and eventually "
                 "bounces.");
    if (refuses(d->by.dane))
        return talloc_asprintf(ctx, "%s %s", _(dane_refuses(d)), _(others(d)));
    return _(by_policy(d));
}

/* A name of a host stays as it is. */
static bool begins_with_name(const char *text)
{
    size_t word = strcspn(text, " ");

    return word > 1 && memchr(text, '.', word - 1);
}

char *headline_sentence(TALLOC_CTX *ctx, const char *text)
{
    char *own = text ? talloc_strdup(ctx, text) : NULL;

    if (own && !begins_with_name(own))
        own[0] = ascii_upper(own[0]);
    return own;
}

size_t headline_count(const struct finding *findings, size_t count)
{
    size_t counted = 0;

    for (size_t i = 0; i < count; i++)
        counted += findings[i].severity > SEVERITY_INFO;
    return counted;
}

char *headline_more(char *text, size_t more)
{
    if (!text || !more)
        return text;
    return talloc_asprintf_append(text, ngettext(" and %zu more", " and %zu more", more), more);
}

char *headline_worst(TALLOC_CTX *ctx, const char *title, const char *code, size_t more)
{
    return title ? headline_more(talloc_asprintf(ctx, "%s (%s)", title, code), more) : NULL;
}

char *headline_findings(TALLOC_CTX *ctx, const struct finding *findings, size_t count)
{
    size_t more = headline_count(findings, count);
    const struct finding *worst = findings; /* they are sorted */
    char *text;

    if (!more--)
        return talloc_strdup(ctx, _("no problems found."));
    text =
        headline_worst(ctx, finding_text_brief(ctx, worst), finding_info(worst->code)->name, more);
    return text ? talloc_strdup_append(text, ".") : NULL;
}

/* What could not be judged limits what is said of mail. */
static char *whole(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    const char *mail = headline_mail(ctx, d);
    char *findings = headline_findings(ctx, d->findings, d->finding_count);
    bool limited = d->verdict == VERDICT_UNKNOWN && d->delivery != DELIVERY_UNKNOWN;

    if (!findings || !mail)
        return NULL;
    if (limited)
        return talloc_asprintf(ctx, _("%s As far as can be seen from here: %s"), findings, mail);
    return talloc_asprintf(ctx, "%s %s", findings, headline_sentence(ctx, mail));
}

char *headline(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    TALLOC_CTX *scratch = talloc_new(ctx);
    char *text = scratch ? talloc_steal(ctx, whole(scratch, d)) : NULL;

    talloc_free(scratch);
    return text;
}
