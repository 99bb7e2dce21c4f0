/* SPDX-License-Identifier: MIT */
/* generate.c - policy, records and hosting for a domain, from its live MX or those given. */
#include "cmd/cmd.h"

#include <string.h>

#include <mtasts/mtasts.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/live.h"
#include "cmd/write_files.h"
#include "cmd/console.h"
#include "cmd/from_file.h"
#include "rollout/generate.h"
#include "rollout/plan.h"

#define FORMAT "mtasts.generate/1"

/* ---- what to report to ----------------------------------------------------------------------- */

/* "a@b" is meant as mailto:a@b. */
static const char *as_uri(TALLOC_CTX *ctx, const char *given)
{
    return strchr(given, ':') ? given : talloc_asprintf(ctx, "mailto:%s", given);
}

/* The URIs of --rua must make a sound record. */
static int check_rua(TALLOC_CTX *ctx, struct options *options)
{
    for (size_t i = 0; i < options->rua_count; i++) {
        char *text;
        struct lint *lint;

        options->rua[i] = as_uri(ctx, options->rua[i]);
        text = options->rua[i] ? talloc_asprintf(ctx, "v=TLSRPTv1; rua=%s", options->rua[i]) : NULL;
        if (!text || lint_tlsrpt_record(ctx, text, &lint) != STS_OK)
            return console_no_memory();
        if (!lint->valid || lint->rua_count != 1)
            return console_usage(
                _("--rua %s: expected an email address or a mailto: or https: URI; "
                  "write , ; and ! inside it as %%2C %%3B %%21"),
                options->rua[i]);
    }
    return 0;
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

static void choose_rua(struct advisory *a, const struct options *options, const struct facts *facts,
                       struct generate_wish *wish)
{
    const char **one;

    wish->rua = options->rua;
    wish->rua_count = options->rua_count;
    if (wish->rua_count || published_rua(a, facts, wish))
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

/* ---- the advisory -----------------------------------------------------------------------------
 */

static enum sts_mode mode_of(const struct options *options)
{
    if (!options->mode || strcmp(options->mode, "testing") == 0)
        return STS_MODE_TESTING;
    return strcmp(options->mode, "none") == 0 ? STS_MODE_NONE : STS_MODE_ENFORCE;
}

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

static char *show(TALLOC_CTX *ctx, const struct options *options, const char *domain,
                  const struct facts *facts, const char *const *hosts, size_t host_count,
                  int *ret_status)
{
    int64_t now = options->now != NOW_UNSET ? options->now : facts ? facts->observed_at : 0;
    struct advisory *a = advisory_new(ctx, domain, facts, now);
    struct generate_wish wish = {.domain = domain,
                                 .mode = mode_of(options),
                                 .max_age = options->max_age ? options->max_age : FIRST_MAX_AGE};
    const struct diagnosis *d;
    const struct live_policy *live;
    const char *seen;
    char *text;

    if (!a)
        return NULL;
    d = judge(a, facts, now);
    live = d ? d->policy : NULL;
    if (facts)
        hosts = generate_hosts(a, facts, &host_count);
    wish.mx = generate_patterns(a, hosts, host_count, &wish.mx_count);
    seen = live ? live->id : NULL;
    wish.id = new_id(a, now, &seen, 1);
    choose_rua(a, options, facts, &wish);
    if (d && advisory_no_plan(a, d)) {
        ; /* nothing to publish there */
    } else if (!wish.mx_count && wish.mode != STS_MODE_NONE) {
        advisory_headline(
            a, SEVERITY_UNKNOWN,
            !facts || mx_was_seen(facts)
                ? N_("no MX host found to write a policy for. Specify the MX hosts with --mx.")
                : N_("the MX records could not be looked up, so the MX hosts are unknown. Specify "
                     "them with --mx."),
            NULL);
    } else {
        advisory_headline(
            a, SEVERITY_INFO,
            N_("a policy in mode {mode} for {mx}, with everything needed to publish it."), "mode",
            sts_mode_name(wish.mode), "mx", advisory_join(a, wish.mx, wish.mx_count), NULL);
        note_step_back(a, d, &wish);
        generate(a, &wish);
    }
    text = wish.id ? write_outline(ctx, options, a, FORMAT, ret_status) : NULL;
    talloc_free(a);
    return text;
}

static enum sts_status show_live(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                                 struct live_output *ret)
{
    ret->text = show(ctx, arg, facts->domain, facts, NULL, 0, &ret->status);
    return ret->text ? STS_OK : STS_E_NOMEM;
}

/* The hosts of --mx; a pattern is welcome too. */
static int check_mx(const struct options *options)
{
    for (size_t i = 0; i < options->mx_count; i++) {
        size_t star = strncmp(options->mx[i], "*.", 2) == 0 ? 2 : 0;
        char name[STS_NAME_SIZE];

        if (sts_name_from_user(options->mx[i] + star, name) != STS_OK)
            return console_usage(_("--mx %s: not a host name"), options->mx[i]);
    }
    return 0;
}

static int offline(TALLOC_CTX *ctx, const struct options *options)
{
    struct options own = *options;
    struct input_names names;
    int status = input_names(ctx, options, &names);
    char *text;

    if (status)
        return status;
    if (own.now == NOW_UNSET)
        own.now = clock_now();
    text = show(ctx, &own, names.names[0], NULL, own.mx, own.mx_count, &status);
    return exit_status_worse(status, console_text(text));
}

int cmd_generate(TALLOC_CTX *ctx, const struct options *options)
{
    struct options own = *options;
    int status = check_rua(ctx, &own);

    if (!status)
        status = check_mx(&own);
    if (status)
        return status;
    if (own.operand_count > 1)
        return console_usage(_("only one domain at a time; unexpected: %s"), own.operands[1]);
    if (own.from && own.operand_count)
        return console_usage(_("--from and a domain (%s) cannot be combined"), own.operands[0]);
    if (own.from)
        return from_file_run(ctx, &own, show_live, &own);
    /* Of the MX hosts only the names are asked for. */
    own.no_smtp = true;
    return own.mx_count ? offline(ctx, &own) : live_run(ctx, &own, show_live, &own);
}
