/* SPDX-License-Identifier: MIT */
/* would_deliver_host.c - the level that applies at a host, and what its servers lead to there. */
#include "policyd/would_deliver_host.h"

#include <string.h>

#include "base/hname.h"
#include "base/text.h"
#include "verdict/cert.h"
#include "verdict/dane.h"

/* ---- the level ------------------------------------------------------------------------------- */

enum host_level {
    LEVEL_MAY,
    LEVEL_ENCRYPT, /* TLSA records, and none that can be used */
    LEVEL_DANE,
    LEVEL_SECURE,
    LEVEL_NO_TLSA,  /* dane-only without records */
    LEVEL_UNUSABLE, /* dane-only, and none that can be used */
    LEVEL_LOOKUP,   /* of the TLSA records, which fails */
};

static enum host_level dane_level(const struct host_trial *trial)
{
    const struct facts *facts = trial->view->facts;
    const struct mx_host *host = trial->mx->host;
    bool only = trial->would->answer == POLICY_ANSWER_DANE_ONLY;

    if (dane_use(facts, host) == DANE_UNUSED)
        return only ? LEVEL_NO_TLSA : LEVEL_MAY;
    if (dns_lookup_state(dane_records(host)) != LOOKUP_FOUND)
        return LEVEL_LOOKUP;
    if (dane_count_usable(host))
        return LEVEL_DANE;
    return only ? LEVEL_UNUSABLE : LEVEL_ENCRYPT;
}

static enum host_level level_of(const struct host_trial *trial)
{
    return trial->would->answer == POLICY_ANSWER_STS ? LEVEL_SECURE : dane_level(trial);
}

/* As 3.11 logs it. */
static const char *level_name(const struct host_trial *trial, enum host_level level)
{
    if (trial->would->answer == POLICY_ANSWER_DANE_ONLY)
        return "dane-only";
    switch (level) {
    case LEVEL_SECURE:
        return "secure";
    case LEVEL_ENCRYPT:
        return "encrypt";
    case LEVEL_MAY:
        return "may";
    default:
        return trial->mx->dane == DANE_BY_POSTFIX ? "halfdane" : "dane";
    }
}

/* ---- what comes of it ------------------------------------------------------------------------ */

static void defer(struct mail_attempt *ret, const char *dsn, const char *why)
{
    ret->fate = FATE_DEFERRED;
    ret->dsn = dsn;
    ret->why = why ? why : "";
}

static void deliver(struct mail_attempt *ret, enum mail_fate fate)
{
    ret->fate = fate;
    ret->dsn = "2.0.0";
}

static const char *marked(const struct host_trial *trial, enum host_level level, const char *before,
                          const char *behind)
{
    const char *text =
        talloc_asprintf(trial->would, "%s%s%s", before, level_name(trial, level), behind);

    return text ? text : "";
}

bool host_is_skipped(const struct host_trial *trial, struct mail_attempt *ret)
{
    enum host_level level = level_of(trial);
    const char *host = trial->mx->host->name;

    *ret = (struct mail_attempt){.host = host, .tls = marked(trial, level, "", "?")};
    if (level == LEVEL_SECURE && trial->would->mailer >= MAILER_POSTFIX_3_10 &&
        trial->mx->covered == ANSWER_NO)
        defer(ret, "4.3.0", "server unavailable or unable to receive mail");
    else if (level == LEVEL_NO_TLSA)
        defer(ret, "4.7.5", "no TLSA records found");
    else if (level == LEVEL_UNUSABLE)
        defer(ret, "4.7.5", "TLSA records unusable");
    else if (level == LEVEL_LOOKUP)
        defer(ret, "4.7.5", talloc_asprintf(trial->would, "TLSA lookup error for %s:25", host));
    return ret->dsn != NULL;
}

/* ---- certificates ---------------------------------------------------------------------------- */

/* Postfix's ".name" is for names of any depth below; whatever the MX host is called, a name of the
 * certificate has to be one of the policy. */
static bool name_fits(const struct live_policy *policy, const char *presented)
{
    for (size_t i = 0; i < policy->mx_count; i++) {
        const char *meant = policy->mx[i];
        bool below = meant[0] == '*';

        if (below ? hname_ends_with(presented, meant + 1) : sts_name_match(presented, meant))
            return true;
    }
    return false;
}

static bool names_fit(const struct live_policy *policy, const struct certificate *leaf)
{
    for (size_t i = 0; i < leaf->dns_name_count; i++)
        if (name_fits(policy, leaf->dns_names[i]))
            return true;
    return !leaf->dns_name_count && leaf->common_name && name_fits(policy, leaf->common_name);
}

static bool is_authentic(const struct host_trial *trial, enum host_level level,
                         const struct smtp_session *session)
{
    const struct domain_view *view = trial->view;
    const struct mx_host *host = trial->mx->host;

    if (level == LEVEL_DANE)
        return dane_judge(view->facts, host, dane_tls(session), view->now).fit == DANE_FITS;
    return session->tls->chain_count &&
           !(tls_faults(session->tls, host->name, view->now) & FAULTS_FATAL & ~FAULTS_NAME) &&
           names_fit(trial->known->policy, &session->tls->chain[0]);
}

static void secured(const struct host_trial *trial, enum host_level level,
                    const struct smtp_session *session, struct mail_attempt *ret)
{
    if (level < LEVEL_DANE) {
        deliver(ret, FATE_UNPROTECTED);
        return;
    }
    if (is_authentic(trial, level, session)) {
        deliver(ret, FATE_DELIVERED);
        return;
    }
    ret->tls = marked(trial, level, "!", "");
    defer(ret, "4.7.5", "Server certificate not verified");
}

/* ---- sessions -------------------------------------------------------------------------------- */

/* Without TLS: at the level may Postfix goes on in the clear. */
static void unsecured(const struct host_trial *trial, enum host_level level, const char *mark,
                      const char *dsn, const char *why, struct mail_attempt *ret)
{
    if (level == LEVEL_MAY) {
        ret->tls = "may:none";
        deliver(ret, FATE_UNPROTECTED);
        return;
    }
    ret->tls = *mark == '!' ? marked(trial, level, mark, "") : marked(trial, level, "", mark);
    defer(ret, dsn, why);
}

static const char *connect_error(const struct smtp_session *session)
{
    switch (session->outcome) {
    case NET_REFUSED:
        return "Connection refused";
    case NET_TIMEOUT:
        return "Connection timed out";
    default:
        return "No route to host";
    }
}

static const char *refusal(const struct host_trial *trial, const struct smtp_session *session)
{
    struct session_reply reply = session_reply(session);

    return talloc_asprintf(trial->would, "host %s[%s] refused to talk to me: %s",
                           trial->mx->host->name, session->address,
                           text_printable(trial->would, reply.text.data, reply.text.length, 200));
}

void host_try(const struct host_trial *trial, const struct smtp_session *session,
              struct mail_attempt *ret)
{
    enum host_level level = level_of(trial);
    const char *host = trial->mx->host->name, *address = session->address;

    *ret = (struct mail_attempt){.host = host,
                                 .address = address,
                                 .fate = FATE_UNKNOWN,
                                 .tls = marked(trial, level, "", "")};
    switch (session_state(trial->view->facts, session)) {
    case SESSION_FINE:
        secured(trial, level, session, ret);
        return;
    case SESSION_UNCONNECTED:
        ret->tls = marked(trial, level, "", "?");
        defer(ret, "4.4.1",
              talloc_asprintf(trial->would, "connect to %s[%s]:25: %s", host, address,
                              connect_error(session)));
        return;
    case SESSION_REJECTED:
        ret->tls = marked(trial, level, "", "?");
        defer(ret, "4.0.0", refusal(trial, session));
        return;
    case SESSION_NO_STARTTLS:
        unsecured(trial, level, "!", "4.7.4",
                  talloc_asprintf(trial->would,
                                  "TLS is required, but was not offered by host %s[%s]", host,
                                  address),
                  ret);
        return;
    case SESSION_STARTTLS_REFUSED:
        unsecured(trial, level, "!", "4.7.4",
                  talloc_asprintf(trial->would,
                                  "TLS is required, but host %s[%s] refused to start TLS", host,
                                  address),
                  ret);
        return;
    case SESSION_CLIENT_CERT:
    case SESSION_NO_TLS:
        unsecured(trial, level, "?", "4.7.5", "Cannot start TLS: handshake failure", ret);
        return;
    default:
        return;
    }
}
