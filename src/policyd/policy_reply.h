/* SPDX-License-Identifier: MIT */
/* policy_reply.h - what a mail server is told of a domain: pure, from what is known of it.
 *
 * DANE goes before MTA-STS (RFC 8461 section 2) where it protects every MX host.  Where it protects
 * some of them only, Postfix delivers to the others at its level "dane" without a look at any
 * certificate; so then a policy in enforce counts.  A policy in testing is not told: at a level
 * that does not enforce, Postfix reports success whatever the certificate. */
#ifndef POLICYD_POLICY_REPLY_H
#define POLICYD_POLICY_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include "base/bytes.h"
#include "policyd/postfix_model.h"
#include "verdict/view.h"

/* How the client wants it. */
enum reply_profile {
    PROFILE_PLAIN,      /* Postfix up to 3.9, Sendmail: attributes that they do not know defer */
    PROFILE_ATTRIBUTES, /* Postfix from 3.10 on: checks MX hosts against patterns, and reports */
    PROFILES
};
/* By the name of the map: those of postfix-mta-sts-resolver and postfix-tlspol.  Of another name it
 * is PROFILE_PLAIN, which no version refuses; *ret_known: was it one of ours? */
enum reply_profile reply_profile_of(struct bytes map, bool *ret_known);
/* The first version that such a reply is meant for. */
enum postfix_version reply_profile_version(enum reply_profile profile);

enum dane_cover {
    DANE_COVER_NONE, /* or not known */
    DANE_COVER_SOME, /* of the MX hosts, or the MX records are not signed */
    DANE_COVER_ALL,  /* signed MX records, each host with usable TLSA records */
};

struct policy_known {
    const char *domain;               /* lower-case A-labels */
    const struct live_policy *policy; /* that applies; NULL: none */
    enum dane_cover dane;
    const char *const *mx_hosts; /* as far as known */
    size_t mx_host_count;
};

enum policy_answer {
    POLICY_ANSWER_NONE, /* NOTFOUND */
    POLICY_ANSWER_TESTING,
    POLICY_ANSWER_DANE,      /* dane */
    POLICY_ANSWER_STS,       /* secure */
    POLICY_ANSWER_DANE_ONLY, /* dane-only */
    POLICY_ANSWERS
};
enum policy_answer policy_answer_of(const struct policy_known *known);
const char *policy_answer_name(enum policy_answer answer);

/* What had to be left out for the reply to be short enough. */
enum reply_cut {
    REPLY_WHOLE,
    REPLY_NO_STRINGS,    /* the policy's text, which is for reports only */
    REPLY_KNOWN_MX_ONLY, /* likewise, and patterns that match no MX host */
    REPLY_CUT_OFF,       /* likewise, and patterns at the end: hosts that they match are refused */
};

/* The payload, owned by ctx: whatever the policy, Postfix takes it.  NULL: no memory. */
char *policy_reply(TALLOC_CTX *ctx, enum reply_profile profile, const struct policy_known *known,
                   enum reply_cut *ret_cut);

#endif
