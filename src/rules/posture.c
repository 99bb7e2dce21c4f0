/* SPDX-License-Identifier: MIT */
/* posture.c - what a sender with an empty cache makes of the domain and of each MX host. */
#include "rules/rule.h"

#include <string.h>

#include "rules/dane.h"
#include "rules/mx_target.h"
#include "rules/session.h"

/* ---- posture --------------------------------------------------------------------------------- */

enum posture posture_of_mode(enum sts_mode mode)
{
    static const enum posture postures[] = {[STS_MODE_INVALID] = POSTURE_BROKEN,
                                            [STS_MODE_NONE] = POSTURE_NONE,
                                            [STS_MODE_TESTING] = POSTURE_TESTING,
                                            [STS_MODE_ENFORCE] = POSTURE_ENFORCE};

    return postures[mode];
}

static bool nothing_published(const struct rules *r)
{
    const struct published *p = &r->published;

    if (p->record_meant || p->stray || p->policy_served)
        return false;
    if (p->record_seen == SEEN_THERE) /* other texts only */
        return true;
    /* An alias is an intention, even one that leads nowhere. */
    return p->record_seen == SEEN_ABSENT &&
           !(r->facts->sts_txt->cname_count && r->facts->sts_txt->outcome == DNS_OUTCOME_NXDOMAIN);
}

static bool exists(const struct dns_answer *answer)
{
    return dns_seen(answer) == SEEN_THERE || (answer && answer->outcome == DNS_OUTCOME_NODATA) ||
           (answer && answer->cname_count);
}

/* An alias exists, wherever it leads; and so does a name below which there is another, whatever a
 * server says that knows no empty name. */
static bool domain_is_missing(const struct facts *facts)
{
    const struct dns_answer *mx = facts->mx_answer;
    const struct dns_answer *const others[] = {facts->domain_soa, facts->sts_txt, facts->tlsrpt_txt,
                                               facts->policy_host.a, facts->policy_host.aaaa};

    if (dns_seen(mx) != SEEN_ABSENT || mx->outcome != DNS_OUTCOME_NXDOMAIN || mx->cname_count)
        return false;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (exists(others[i]))
            return false;
    return true;
}

struct live_policy *live_policy_new(struct rules *r, const struct sts_policy *policy,
                                    const char *id)
{
    struct live_policy *live = talloc_zero(r->mem, struct live_policy);
    const char *const *mx;
    const char **copy;

    if (!live) {
        r->no_memory = true;
        return NULL;
    }
    mx = sts_policy_mx(policy, &live->mx_count);
    copy = talloc_zero_array(live, const char *, live->mx_count + 1);
    for (size_t i = 0; copy && i < live->mx_count; i++)
        if (!(copy[i] = talloc_strdup(copy, mx[i])))
            r->no_memory = true;
    if (!copy)
        r->no_memory = true;
    live->mx = copy;
    live->mode = sts_policy_mode(policy);
    live->max_age = sts_policy_max_age(policy);
    live->id = id ? rule_text(r, "%s", id) : NULL;
    return live;
}

void posture_judge(struct rules *r)
{
    const struct published *p = &r->published;

    r->posture = POSTURE_BROKEN;
    if (nothing_published(r))
        r->posture = domain_is_missing(r->facts) ? POSTURE_NONEXISTENT : POSTURE_ABSENT;
    if (!p->record_usable || !p->policy_fetched)
        return;
    r->policy = live_policy_new(r, p->policy, sts_record_id(p->record));
    r->posture = posture_of_mode(sts_policy_mode(p->policy));
}

bool posture_is_absent(const struct rules *r)
{
    return r->posture == POSTURE_ABSENT || r->posture == POSTURE_NONEXISTENT;
}

/* ---- each MX --------------------------------------------------------------------------------- */

static bool policy_applies(const struct rules *r)
{
    return r->posture == POSTURE_ENFORCE || r->posture == POSTURE_TESTING;
}

/* Senders try one address after the other: one good one is enough. */
static enum answer any_session_usable(const struct rules *r, const struct mx_host *host)
{
    enum answer best = ANSWER_NO;

    for (size_t i = 0; i < host->session_count; i++) {
        enum answer one = session_usable(r->facts, host, &host->sessions[i], r->now);

        if (one == ANSWER_YES)
            return ANSWER_YES;
        if (one == ANSWER_UNKNOWN)
            best = ANSWER_UNKNOWN;
    }
    return best;
}

static enum answer host_usable(const struct rules *r, const struct mx_view *view)
{
    const struct mx_host *host = view->host;
    enum seen seen = host_seen(host->a, host->aaaa);
    enum answer usable;

    if (r->facts->shortage)
        return ANSWER_UNKNOWN;
    if (host->is_address || view->covered == ANSWER_NO)
        return ANSWER_NO;
    if (seen == SEEN_BOGUS || !mx_target_findable(r->facts, host))
        return ANSWER_NO;
    if (r->facts->observer.no_smtp || !host->session_count || port25_blocked(r->facts))
        return ANSWER_UNKNOWN;
    usable = any_session_usable(r, host);
    if (usable == ANSWER_NO && host->addresses_omitted)
        return ANSWER_UNKNOWN;
    return usable;
}

void mx_views_judge(struct rules *r)
{
    const struct facts *facts = r->facts;

    r->mx = talloc_zero_array(r->mem, struct mx_view, facts->mx_count + 1);
    if (!r->mx) {
        r->no_memory = true;
        return;
    }
    r->mx_count = facts->mx_count;
    for (size_t i = 0; i < r->mx_count; i++) {
        struct mx_view *view = &r->mx[i];
        const char *pattern = NULL;

        *view = (struct mx_view){.host = &facts->mx[i], .covered = ANSWER_UNKNOWN};
        if (policy_applies(r)) {
            bool covers = sts_policy_covers(r->published.policy, view->host->name, &pattern);

            view->covered = covers ? ANSWER_YES : ANSWER_NO;
        }
        view->pattern = pattern ? rule_text(r, "%s", pattern) : NULL;
        view->usable = host_usable(r, view);
        view->dane = dane_use(facts, view->host);
        view->dane_usable = dane_usable(facts, view->host, r->now);
    }
}

/* ---- the codes of each MX -------------------------------------------------------------------- */

static bool is_about(const struct facts *facts, const struct finding *finding,
                     const struct mx_view *view)
{
    const char *host;

    if (finding->code == FINDING_MX_NONE_COVERED ||
        finding->code == FINDING_MX_PATTERN_IS_POLICY_HOST)
        return view->covered == ANSWER_NO;
    if (finding->code == FINDING_MX_PORT25_BLOCKED)
        return true;
    if (finding->code == FINDING_ADDRESS_FAMILY_UNREACHABLE)
        return mx_families_missing(facts, view->host);
    if (finding_info(finding->code)->topic == TOPIC_DANE)
        return !strcmp(finding->subject, view->host->name);
    if (finding_info(finding->code)->topic != TOPIC_MX)
        return false;
    host = finding_value(finding, "host");
    return host && !strcmp(host, view->host->name);
}

static bool has_code(const struct mx_view *view, enum finding_code code)
{
    for (size_t i = 0; i < view->code_count; i++)
        if (view->codes[i] == code)
            return true;
    return false;
}

void mx_views_codes(struct rules *r)
{
    for (size_t i = 0; i < r->mx_count; i++) {
        struct mx_view *view = &r->mx[i];

        view->codes = talloc_array(r->mx, enum finding_code, r->finding_count + 1);
        if (!view->codes) {
            r->no_memory = true;
            return;
        }
        for (size_t j = 0; j < r->finding_count; j++)
            if (is_about(r->facts, &r->findings[j], view) && !has_code(view, r->findings[j].code))
                view->codes[view->code_count++] = r->findings[j].code;
    }
}
