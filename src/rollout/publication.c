/* SPDX-License-Identifier: MIT */
/* publication.c - what to publish first, chosen from facts and wishes. */
#include "rollout/publication.h"

#include <string.h>

#include <mtasts/mtasts.h>

#include "base/i18n.h"
#include "rollout/plan.h"

/* ---- what to report to ----------------------------------------------------------------------- */

enum sts_status publication_rua(TALLOC_CTX *ctx, const char *given, const char **ret)
{
    const char *uri = strchr(given, ':') ? given : talloc_asprintf(ctx, "mailto:%s", given);
    char *text = uri ? talloc_asprintf(ctx, "v=TLSRPTv1; rua=%s", uri) : NULL;
    struct lint *lint;

    if (!text || lint_tlsrpt_record(ctx, text, &lint) != STS_OK)
        return STS_E_NOMEM;
    *ret = uri;
    return lint->valid && lint->rua_count == 1 ? STS_OK : STS_E_INVALID;
}

enum sts_status publication_take_rua(TALLOC_CTX *ctx, struct publication *publication,
                                     const char *const *rua, size_t count, const char **ret_wrong)
{
    const char **uris = talloc_zero_array(ctx, const char *, (unsigned)count + 1);

    if (!uris)
        return STS_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        enum sts_status status = publication_rua(uris, rua[i], &uris[i]);

        *ret_wrong = uris[i];
        if (status)
            return status;
    }
    publication->rua = uris;
    publication->rua_count = count;
    return STS_OK;
}

enum sts_status publication_take_hosts(struct publication *publication, const char *const *hosts,
                                       size_t count, const char **ret_wrong)
{
    for (size_t i = 0; i < count; i++) {
        size_t star = strncmp(hosts[i], "*.", 2) == 0 ? 2 : 0;
        char name[STS_NAME_SIZE];
        enum sts_status status = sts_name_from_user(hosts[i] + star, name);

        *ret_wrong = hosts[i];
        if (status)
            return status == STS_E_NOMEM ? STS_E_NOMEM : STS_E_INVALID;
    }
    publication->hosts = hosts;
    publication->host_count = count;
    return STS_OK;
}

static bool published_rua(TALLOC_CTX *ctx, const struct facts *facts, struct generate_wish *wish)
{
    const struct dns_answer *answer = facts ? facts->tlsrpt_txt : NULL;
    struct lint *lint;
    char *text;

    if (!answer || answer->outcome != DNS_OUTCOME_FOUND || answer->record_count != 1)
        return false;
    text = talloc_strndup(ctx, answer->records[0].text.data, answer->records[0].text.length);
    if (!text || lint_tlsrpt_record(ctx, text, &lint) != STS_OK || !lint->valid)
        return false;
    wish->rua = lint->rua;
    wish->rua_count = lint->rua_count;
    return lint->rua_count > 0;
}

static void choose_rua(struct advisory *a, const struct publication *publication,
                       struct generate_wish *wish)
{
    const char **one;

    wish->rua = publication->rua;
    wish->rua_count = publication->rua_count;
    if (wish->rua_count || published_rua(a, publication->facts, wish))
        return;
    one = talloc_zero_array(a, const char *, 1);
    if (!one) {
        a->no_memory = true;
        return;
    }
    one[0] = advisory_format(a, "mailto:tls-reports@%s", wish->domain);
    wish->rua = one;
    wish->rua_count = 1;
}

/* ---- the advisory ---------------------------------------------------------------------------- */

/* NULL: nothing was looked at. */
static const struct diagnosis *judge(struct advisory *a, const struct facts *facts, int64_t now)
{
    struct diagnosis *d = NULL;

    if (facts && diagnose(a, facts, now, &d) != STS_OK)
        a->no_memory = true;
    return d;
}

static bool mx_was_seen(const struct facts *facts)
{
    const struct dns_answer *mx = facts->mx_answer;

    return mx && (mx->outcome == DNS_OUTCOME_FOUND || mx->outcome == DNS_OUTCOME_NODATA ||
                  mx->outcome == DNS_OUTCOME_NXDOMAIN);
}

/* Whoever has come further should not begin again unawares. */
static void note_step_back(struct advisory *a, const struct diagnosis *d,
                           const struct generate_wish *wish)
{
    const struct live_policy *live = d ? d->policy : NULL;

    if (d && !live && d->unsettled && wish->mode != STS_MODE_ENFORCE)
        advisory_note(a, SEVERITY_LOW, "live-unseen",
                      N_("The current policy of {domain} could not be fetched from here. If its "
                         "mode is enforce, this new policy would end the protection."),
                      NULL);
    if (live && live->mode == STS_MODE_ENFORCE && wish->mode != STS_MODE_ENFORCE)
        advisory_note(a, SEVERITY_MEDIUM, "step-back",
                      N_("{domain} already publishes mode enforce; this policy would remove that "
                         "protection. mtasts plan {domain} shows the next step, mtasts rollback "
                         "{domain} the way back in an emergency."),
                      NULL);
}

static void fill_wish(struct advisory *a, const struct publication *publication,
                      const struct diagnosis *d, struct generate_wish *wish)
{
    const char *const *hosts = publication->hosts;
    size_t host_count = publication->host_count;
    const char *seen = d && d->policy ? d->policy->id : NULL;

    wish->domain = publication->domain;
    wish->mode = publication->mode;
    wish->max_age = publication->max_age ? publication->max_age : FIRST_MAX_AGE;
    if (publication->facts)
        hosts = generate_hosts(a, publication->facts, &host_count);
    wish->mx = generate_patterns(a, hosts, host_count, &wish->mx_count);
    wish->id = new_id(a, publication->now, &seen, 1);
    choose_rua(a, publication, wish);
}

static void headline_without_hosts(struct advisory *a, const struct facts *facts)
{
    advisory_headline(
        a, SEVERITY_UNKNOWN,
        !facts || mx_was_seen(facts)
            ? N_("no MX host found to write a policy for. Specify the MX hosts with --mx.")
            : N_("the MX records could not be looked up, so the MX hosts are unknown. Specify "
                 "them with --mx."),
        NULL);
}

struct advisory *publication_judge(TALLOC_CTX *ctx, const struct publication *publication,
                                   struct generate_wish *ret, bool *ret_usable)
{
    const struct facts *facts = publication->facts;
    struct advisory *a = advisory_new(ctx, publication->domain, facts, publication->now);
    const struct diagnosis *d;

    *ret = (struct generate_wish){.domain = NULL};
    *ret_usable = false;
    if (!a)
        return NULL;
    d = judge(a, facts, publication->now);
    fill_wish(a, publication, d, ret);
    a->no_memory = a->no_memory || !ret->id;
    if (d && advisory_no_plan(a, d)) {
        ; /* nothing to publish there */
    } else if (!ret->mx_count && ret->mode != STS_MODE_NONE) {
        headline_without_hosts(a, facts);
    } else {
        *ret_usable = !a->no_memory;
        advisory_headline(
            a, SEVERITY_INFO,
            N_("a policy in mode {mode} for {mx}, with everything needed to publish it."), "mode",
            sts_mode_name(ret->mode), "mx", advisory_join(a, ret->mx, ret->mx_count), NULL);
        note_step_back(a, d, ret);
    }
    return a;
}

void publication_complete(struct advisory *a, const struct generate_wish *wish)
{
    generate(a, wish);
}
