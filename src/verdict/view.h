/* SPDX-License-Identifier: MIT */
/* view.h - what a careful sender with an empty cache concludes of a domain, without a finding.
 *
 * domain_view_judge() is pure: facts and a time in; what is published, the posture, the policy in
 * force, each MX host and what becomes of mail out.  Rules tell people about it, a policy daemon
 * acts on it.  Nothing here holds a sentence. */
#ifndef VERDICT_VIEW_H
#define VERDICT_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/mtasts.h>

#include "facts/facts.h"
#include "verdict/lookup.h"

enum posture {
    POSTURE_ABSENT,
    POSTURE_BROKEN,
    POSTURE_NONE,
    POSTURE_TESTING,
    POSTURE_ENFORCE,
    POSTURE_NONEXISTENT, /* the domain itself does not exist */
    POSTURE_COUNT
};
enum delivery {
    DELIVERY_UNKNOWN,
    DELIVERY_PROTECTED,
    DELIVERY_REPORTED,
    DELIVERY_UNPROTECTED,
    DELIVERY_PARTLY_REFUSED,
    DELIVERY_REFUSED,
    DELIVERY_UNDELIVERABLE, /* nobody finds a mail server */
    DELIVERY_COUNT
};
/* What becomes of mail: by each kind of sender, and for one that keeps to both. */
struct deliveries {
    enum delivery policy; /* follows MTA-STS alone */
    enum delivery dane; /* applies DANE alone; UNPROTECTED where that does not protect every host */
    enum delivery all;
};
enum answer { ANSWER_NO, ANSWER_YES, ANSWER_UNKNOWN };

/* The policy a sender with an empty cache would use. */
struct live_policy {
    const char *id;
    enum sts_mode mode;
    int64_t max_age;
    const char *const *mx;
    size_t mx_count;
};

/* Which senders with DANE apply it at an MX host. */
enum dane_use {
    DANE_UNUSED,
    DANE_BY_POSTFIX, /* and whoever else passes over unsigned MX records (RFC 7672 section 2.2.1) */
    DANE_BY_ALL
};

struct mx_view {
    const struct mx_host *host;
    enum answer covered;     /* UNKNOWN where there is no usable policy */
    const char *pattern;     /* that covers it; NULL */
    enum answer usable;      /* would a sender that enforces deliver to it? */
    enum dane_use dane;      /* who applies DANE there */
    enum answer dane_usable; /* would they deliver to it?  YES where nobody does */
};

/* Would every kind of sender deliver to it: those that enforce the policy, and those with DANE? */
enum answer mx_view_usable(const struct mx_view *view);

/* What the domain publishes, parsed once for all rules (published.c). */
struct published {
    enum lookup_state record_seen;
    enum sts_selection selection;
    size_t record_index;       /* of the record selected, if ONE */
    struct sts_record *record; /* that record; NULL */
    bool record_usable;
    bool looks_like_record;         /* some text at the name was plainly meant as the record */
    const struct dns_answer *stray; /* where a misplaced record stands; NULL */
    size_t stray_index;
    const struct https_fetch *source; /* the answer whose text is the policy; NULL */
    struct sts_policy *policy;        /* that text, parsed; NULL: none was read */
    bool policy_served;               /* the text is usable, whatever the certificate */
    bool policy_fetched;              /* ... and a sender accepts the answer it came in */
    bool unsettled;                   /* something that decides the posture could not be seen */
};

struct domain_view {
    TALLOC_CTX *mem; /* owns what is pointed to below */
    const struct facts *facts;
    int64_t now;
    int64_t warn_days; /* of a certificate that expires so soon; 0: the default */
    struct published published;
    enum posture posture;
    struct live_policy *policy; /* NULL: none usable */
    struct mx_view *mx;
    size_t mx_count;
    bool no_memory; /* it ran out; what is here is not to be used */
};

/* mem, facts, now and warn_days are given; the rest is filled in. */
void domain_view_judge(struct domain_view *view);
/* What becomes of mail. */
struct deliveries domain_view_deliveries(const struct domain_view *view);
/* published.record and published.policy; they are not of mem. */
void domain_view_free(struct domain_view *view);

enum posture posture_of_mode(enum sts_mode mode);
/* Nothing is published, whether the domain exists or not. */
bool posture_is_absent(enum posture posture);
/* A copy in view->mem; NULL where memory ran out. */
struct live_policy *live_policy_new(struct domain_view *view, const struct sts_policy *policy,
                                    const char *id);

const char *posture_name(enum posture posture);
const char *delivery_name(enum delivery delivery);
const char *dane_use_name(enum dane_use use);

/* ---- the steps of domain_view_judge(), in their order -----------------------------------------
 */

void published_read(struct domain_view *view);
/* From what is published: the posture, and the policy a sender with an empty cache uses. */
void posture_judge(struct domain_view *view);
/* Cover and usability of each MX host. */
void mx_views_judge(struct domain_view *view);
/* A copy of the text in view->mem; never NULL. */
const char *view_text(struct domain_view *view, const char *text);

#endif
