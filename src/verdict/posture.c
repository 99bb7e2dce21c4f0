/* SPDX-License-Identifier: MIT */
/* posture.c - what a sender with an empty cache makes of the domain and of each MX host. */
#include "verdict/view.h"

#include <string.h>

#include "verdict/dane.h"
#include "verdict/mx_target.h"
#include "verdict/session.h"

/* ---- posture --------------------------------------------------------------------------------- */

enum posture posture_of_mode(enum sts_mode mode)
{
    static const enum posture postures[] = {[STS_MODE_INVALID] = POSTURE_BROKEN,
                                            [STS_MODE_NONE] = POSTURE_NONE,
                                            [STS_MODE_TESTING] = POSTURE_TESTING,
                                            [STS_MODE_ENFORCE] = POSTURE_ENFORCE};

    return postures[mode];
}

static bool nothing_published(const struct domain_view *v)
{
    const struct published *p = &v->published;

    if (p->looks_like_record || p->stray || p->policy_served)
        return false;
    if (p->record_seen == LOOKUP_FOUND) /* other texts only */
        return true;
    /* An alias is an intention, even one that leads nowhere. */
    return p->record_seen == LOOKUP_ABSENT &&
           !(v->facts->sts_txt->cname_count && v->facts->sts_txt->outcome == DNS_OUTCOME_NXDOMAIN);
}

static bool exists(const struct dns_answer *answer)
{
    return dns_lookup_state(answer) == LOOKUP_FOUND ||
           (answer && answer->outcome == DNS_OUTCOME_NODATA) || (answer && answer->cname_count);
}

/* An alias exists, wherever it leads; and so does a name below which there is another, whatever a
 * server says that knows no empty name. */
static bool domain_is_missing(const struct facts *facts)
{
    const struct dns_answer *mx = facts->mx_answer;
    const struct dns_answer *const others[] = {facts->domain_soa, facts->sts_txt, facts->tlsrpt_txt,
                                               facts->policy_host.a, facts->policy_host.aaaa};

    if (dns_lookup_state(mx) != LOOKUP_ABSENT || mx->outcome != DNS_OUTCOME_NXDOMAIN ||
        mx->cname_count)
        return false;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (exists(others[i]))
            return false;
    return true;
}

struct live_policy *live_policy_new(struct domain_view *v, const struct sts_policy *policy,
                                    const char *id)
{
    struct live_policy *live = talloc_zero(v->mem, struct live_policy);
    const char *const *mx;
    const char **copy;

    if (!live) {
        v->no_memory = true;
        return NULL;
    }
    mx = sts_policy_mx(policy, &live->mx_count);
    copy = talloc_zero_array(live, const char *, live->mx_count + 1);
    for (size_t i = 0; copy && i < live->mx_count; i++)
        if (!(copy[i] = talloc_strdup(copy, mx[i])))
            v->no_memory = true;
    if (!copy)
        v->no_memory = true;
    live->mx = copy;
    live->mode = sts_policy_mode(policy);
    live->max_age = sts_policy_max_age(policy);
    live->id = id ? view_text(v, id) : NULL;
    return live;
}

void posture_judge(struct domain_view *v)
{
    const struct published *p = &v->published;

    v->posture = POSTURE_BROKEN;
    if (nothing_published(v))
        v->posture = domain_is_missing(v->facts) ? POSTURE_NONEXISTENT : POSTURE_ABSENT;
    if (!p->record_usable || !p->policy_fetched)
        return;
    v->policy = live_policy_new(v, p->policy, sts_record_id(p->record));
    v->posture = posture_of_mode(sts_policy_mode(p->policy));
}

bool posture_is_absent(enum posture posture)
{
    return posture == POSTURE_ABSENT || posture == POSTURE_NONEXISTENT;
}

/* ---- each MX --------------------------------------------------------------------------------- */

static bool policy_applies(const struct domain_view *v)
{
    return v->posture == POSTURE_ENFORCE || v->posture == POSTURE_TESTING;
}

/* Senders try one address after the other: one good one is enough. */
static enum answer any_session_usable(const struct domain_view *v, const struct mx_host *host)
{
    enum answer best = ANSWER_NO;

    for (size_t i = 0; i < host->session_count; i++) {
        enum answer one = session_usable(v->facts, host, &host->sessions[i], v->now);

        if (one == ANSWER_YES)
            return ANSWER_YES;
        if (one == ANSWER_UNKNOWN)
            best = ANSWER_UNKNOWN;
    }
    return best;
}

static enum answer host_usable(const struct domain_view *v, const struct mx_view *view)
{
    const struct mx_host *host = view->host;
    enum lookup_state seen = host_lookup_state(host->a, host->aaaa);
    enum answer usable;

    if (v->facts->shortage)
        return ANSWER_UNKNOWN;
    if (host->is_address || view->covered == ANSWER_NO)
        return ANSWER_NO;
    if (seen == LOOKUP_BOGUS || !mx_target_findable(v->facts, host))
        return ANSWER_NO;
    if (v->facts->observer.no_smtp || !host->session_count || port25_blocked(v->facts))
        return ANSWER_UNKNOWN;
    usable = any_session_usable(v, host);
    if (usable == ANSWER_NO && host->addresses_omitted)
        return ANSWER_UNKNOWN;
    return usable;
}

void mx_views_judge(struct domain_view *v)
{
    const struct facts *facts = v->facts;

    v->mx = talloc_zero_array(v->mem, struct mx_view, facts->mx_count + 1);
    if (!v->mx) {
        v->no_memory = true;
        return;
    }
    v->mx_count = facts->mx_count;
    for (size_t i = 0; i < v->mx_count; i++) {
        struct mx_view *view = &v->mx[i];
        const char *pattern = NULL;

        *view = (struct mx_view){.host = &facts->mx[i], .covered = ANSWER_UNKNOWN};
        if (policy_applies(v)) {
            bool covers = sts_policy_covers(v->published.policy, view->host->name, &pattern);

            view->covered = covers ? ANSWER_YES : ANSWER_NO;
        }
        view->pattern = pattern ? view_text(v, pattern) : NULL;
        view->usable = host_usable(v, view);
        view->dane = dane_use(facts, view->host);
        view->dane_usable = dane_usable(facts, view->host, v->now);
    }
}
