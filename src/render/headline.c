/* SPDX-License-Identifier: MIT */
/* headline.c - what becomes of mail, in one sentence or two. */
#include "render/headline.h"

#include "base/i18n.h"
#include "rules/session.h"

/* Where mail is delivered without protection, why. */
static const char *const unprotected[] = {
    [POSTURE_ABSENT] = N_("the domain has no MTA-STS. Mail is delivered, but nothing protects it "
                          "from being read or diverted on its way."),
    [POSTURE_BROKEN] = N_("MTA-STS is published, but no sender can use it. Mail is delivered "
                          "without protection."),
    [POSTURE_NONE] = N_("MTA-STS is switched off (mode none). Mail is delivered without "
                        "protection."),
    [POSTURE_TESTING] = N_("MTA-STS is in testing mode. Mail is delivered without protection."),
    [POSTURE_ENFORCE] = N_("MTA-STS does not take effect. Mail is delivered without protection."),
    [POSTURE_NONEXISTENT] = NULL, /* then nothing is delivered */
};

static const char *const deliveries[] = {
    [DELIVERY_UNKNOWN] = N_("what happens to mail could not be judged from here."),
    [DELIVERY_PROTECTED] = N_("mail is protected. Senders deliver only to mail servers of this "
                              "policy, over TLS with a valid certificate, and all of them pass."),
    [DELIVERY_REPORTED] = N_("testing mode. Senders deliver mail in any case and report the "
                             "failures they see."),
    [DELIVERY_UNPROTECTED] = NULL,
    [DELIVERY_UNDELIVERABLE] = NULL,
    [DELIVERY_PARTLY_REFUSED] = N_("senders that follow MTA-STS refuse some of the mail servers. "
                                   "Mail arrives by way of the others only."),
    [DELIVERY_REFUSED] = N_("mail is refused. Senders that follow MTA-STS can deliver to none of "
                            "the mail servers."),
};

/* In testing mode: would enforce lose mail? */
static bool some_unusable(const struct diagnosis *d)
{
    for (size_t i = 0; i < d->mx_count; i++) {
        if (d->mx[i].usable == ANSWER_NO)
            return true;
    }
    return false;
}

/* Where nobody can deliver, why. */
static const char *undeliverable(const struct diagnosis *d)
{
    if (d->posture == POSTURE_NONEXISTENT)
        return N_("the domain does not exist, so no mail can be delivered to it. Is the name "
                  "spelled correctly?");
    if (mx_is_null(d->facts))
        return N_("the domain takes no mail (null MX).");
    if (d->facts->mx_answer->security == DNS_SECURITY_BOGUS)
        return N_("DNSSEC validation of the MX records fails. Senders behind validating resolvers "
                  "find no mail server and cannot deliver mail.");
    return N_("senders find no mail server for the domain, so no mail can be delivered to it.");
}

const char *headline(const struct diagnosis *d)
{
    if (d->delivery == DELIVERY_UNDELIVERABLE)
        return _(undeliverable(d));
    if (d->delivery == DELIVERY_UNPROTECTED)
        return _(unprotected[d->posture]);
    if (d->delivery == DELIVERY_REPORTED && some_unusable(d))
        return _(N_("testing mode. Senders deliver mail in any case, but in enforce mode they "
                    "would refuse mail servers of this domain."));
    return _(deliveries[d->delivery]);
}
