/* SPDX-License-Identifier: MIT */
/* headline.c - what becomes of mail, in one sentence or two.
 *
 * It goes by the delivery, never by the posture alone, and says nothing that a finding belies: who
 * refuses mail comes first, and where something serious is found nobody reads that all is well. */
#include "render/headline.h"

#include "base/i18n.h"
#include "verdict/session.h"

/* ---- nobody can deliver ---------------------------------------------------------------------- */

static const char *undeliverable(const struct diagnosis *d)
{
    if (d->posture == POSTURE_NONEXISTENT)
        return N_("the domain does not exist, so no mail can be delivered to it. Is the name "
                  "spelled correctly?");
    if (mx_is_null(d->facts))
        return N_("the domain accepts no mail (null MX).");
    if (d->facts->mx_answer->security == DNS_SECURITY_BOGUS)
        return N_("DNSSEC validation of the MX records fails. Senders behind validating resolvers "
                  "find no mail server and cannot deliver mail.");
    return N_("senders find no mail server for the domain, so no mail can be delivered to it.");
}

/* No address of any MX host takes a connection, and that is not this network's doing. */
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

/* Where mail is delivered without protection, why. */
static const char *const unprotected[POSTURE_COUNT] = {
    [POSTURE_ABSENT] = N_("the domain has no MTA-STS. Mail is delivered, but nothing protects it "
                          "from being read or diverted in transit."),
    [POSTURE_BROKEN] = N_("MTA-STS is published, but no sender can use it. Mail is delivered "
                          "without protection."),
    [POSTURE_NONE] = N_("MTA-STS is switched off (mode none). Mail is delivered without "
                        "protection."),
    [POSTURE_TESTING] = N_("MTA-STS is in testing mode. Mail is delivered without protection."),
    [POSTURE_ENFORCE] = N_("MTA-STS does not take effect. Mail is delivered without protection."),
};

/* The same where DANE protects every MX host. */
static const char *const dane_alone[POSTURE_COUNT] = {
    [POSTURE_ABSENT] = N_("the domain has no MTA-STS. DANE protects mail from senders that use it; "
                          "others deliver without protection."),
    [POSTURE_BROKEN] = N_("MTA-STS is published, but no sender can use it. DANE protects mail from "
                          "senders that use it; others deliver without protection."),
    [POSTURE_NONE] = N_("MTA-STS is switched off (mode none). DANE protects mail from senders that "
                        "use it; others deliver without protection."),
};

static const char *const deliveries[DELIVERY_COUNT] = {
    [DELIVERY_UNKNOWN] = N_("mail delivery could not be judged from here."),
    [DELIVERY_PROTECTED] = N_("mail is protected. Senders deliver only to the mail servers in the "
                              "policy, over TLS with a valid certificate; all of them pass."),
    [DELIVERY_REPORTED] = N_("testing mode. Senders deliver mail in any case and report failures."),
    [DELIVERY_PARTLY_REFUSED] = N_("senders that follow MTA-STS refuse some of the mail servers; "
                                   "mail arrives only through the others."),
    [DELIVERY_REFUSED] = N_(
        "mail is refused. Senders that follow MTA-STS cannot deliver to any of the mail servers."),
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
    const char *dane = d->by.dane == DELIVERY_PROTECTED ? dane_alone[d->posture] : NULL;

    if (d->delivery == DELIVERY_UNPROTECTED)
        return dane ? dane : unprotected[d->posture];
    if (d->delivery == DELIVERY_REPORTED && some_unusable(d))
        return N_("testing mode. Senders deliver mail in any case, but in enforce mode they "
                  "would refuse mail servers of this domain.");
    if (d->delivery == DELIVERY_REPORTED && asks_for_none(d))
        return N_("testing mode. Senders deliver mail in any case, but send no reports: there is "
                  "no usable TLSRPT record.");
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

/* ---- the whole ------------------------------------------------------------------------------- */

/* The worst finding, if it is of this severity at least; the findings are sorted. */
static const struct finding *worst_from(const struct diagnosis *d, enum severity least)
{
    return d->finding_count && d->findings[0].severity >= least ? &d->findings[0] : NULL;
}

/* Where the sentence alone would be a calm one beside a verdict that is not. */
static const char *delivered_yet(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    bool testing = d->delivery == DELIVERY_REPORTED;
    const struct finding *serious = worst_from(d, SEVERITY_HIGH);
    const struct finding *worst = serious ? serious : worst_from(d, SEVERITY_MEDIUM);
    const struct finding_info *info = worst ? finding_info(worst->code) : NULL;

    if (!info || worst->severity == SEVERITY_UNKNOWN || (testing && !serious))
        return NULL;
    return talloc_asprintf(
        ctx,
        testing   ? _("testing mode. Senders deliver mail in any case, but there is a serious "
                        "problem: %s [%s].")
        : serious ? _("mail is still delivered and protected, but there is a serious problem: "
                      "%s [%s].")
                  : _("mail is protected, but there is a problem: %s [%s]."),
        _(info->title), info->name);
}

/* What could not be judged comes first, so that nobody reads that all is well. */
static const char *not_judged(TALLOC_CTX *ctx, const struct diagnosis *d, const char *sentence)
{
    const struct finding_info *info = finding_info(d->findings[0].code);

    if (d->delivery == DELIVERY_UNKNOWN)
        return talloc_asprintf(ctx, _("%s [%s]: mail delivery could not be judged from here."),
                               _(info->title), info->name);
    return talloc_asprintf(ctx, _("%s [%s]. As far as can be seen from here: %s"), _(info->title),
                           info->name, sentence);
}

static const char *of_delivery(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    const char *troubled = NULL;

    if (d->delivery == DELIVERY_UNDELIVERABLE)
        return _(undeliverable(d));
    if (refuses(d->by.dane))
        return talloc_asprintf(ctx, "%s %s", _(dane_refuses(d)), _(others(d)));
    if (!refuses(d->delivery) && nobody_answers(d))
        return _(N_("no mail server of the domain can be reached; mail is delayed and eventually "
                    "bounces."));
    if (d->delivery == DELIVERY_PROTECTED ||
        (d->delivery == DELIVERY_REPORTED && !some_unusable(d)))
        troubled = delivered_yet(ctx, d);
    return troubled ? troubled : _(by_policy(d));
}

const char *headline(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    const char *sentence = of_delivery(ctx, d);

    return d->verdict == VERDICT_UNKNOWN && d->finding_count ? not_judged(ctx, d, sentence)
                                                             : sentence;
}
