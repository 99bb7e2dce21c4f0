/* SPDX-License-Identifier: MIT */
/* rule_report_live.c - TLS reports joined with what a check sees now. */
#include "rules/rule_report.h"

#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "mtasts/result.h"

/* ---- does the fault still show? -------------------------------------------------------------- */

/* Senders write it for other faults of the stage as well. */
static bool is_vague(enum sts_result result)
{
    return result == STS_RESULT_CERTIFICATE_NOT_TRUSTED ||
           result == STS_RESULT_VALIDATION_FAILURE || result == STS_RESULT_STS_POLICY_FETCH_ERROR ||
           sts_result_stage(result) == STS_STAGE_DANE;
}

/* "a|b" holds it? */
static bool lists(const char *list, const char *name)
{
    size_t length = strlen(name);

    while (*list) {
        size_t piece = strcspn(list, "|");

        if (piece == length && !strncmp(list, name, length))
            return true;
        list += piece + (list[piece] == '|');
    }
    return false;
}

static bool of_stage(const char *list, enum sts_stage stage)
{
    for (int i = STS_RESULT_NONE + 1; i < STS_RESULT_COUNT; i++)
        if (sts_result_stage((enum sts_result)i) == stage &&
            lists(list, sts_result_name((enum sts_result)i)))
            return true;
    return false;
}

/* "mx1.example.com" or "mx1.example.com [192.0.2.1]" */
static bool about_host(const char *subject, const char *mx)
{
    size_t length = strlen(mx);

    return !length ||
           (!strncasecmp(subject, mx, length) && (!subject[length] || subject[length] == ' '));
}

bool report_type_fits(const char *result_type, const struct finding_info *info)
{
    enum sts_result result = sts_result_of(result_type);

    if (!result)
        return false;
    return is_vague(result) ? of_stage(info->result_types, sts_result_stage(result))
                            : lists(info->result_types, sts_result_name(result));
}

bool report_fits_host(const char *result_type, const char *subject, const char *mx)
{
    return sts_result_stage(sts_result_of(result_type)) != STS_STAGE_MX || about_host(subject, mx);
}

static const char *matching_codes(struct rules *r, const struct report_group *group,
                                  const struct diagnosis *check, const char *result_type)
{
    const char *list = NULL;

    for (size_t i = 0; i < check->finding_count; i++) {
        const struct finding *finding = &check->findings[i];
        const struct finding_info *info = finding_info(finding->code);

        if (report_type_fits(result_type, info) &&
            report_fits_host(result_type, finding->subject, group->mx))
            list = rule_list(r, list, info->name);
    }
    return list;
}

/* Did it get as far as its words on STARTTLS? */
static bool spoke(const struct mx_host *host)
{
    for (size_t i = 0; i < host->session_count; i++)
        if (host->sessions[i].ehlo_code)
            return true;
    return false;
}

/* Is the host's TLSA record set known, and a certificate to compare it with? */
static bool dane_was_seen(const struct diagnosis *check, const struct report_group *group)
{
    for (size_t i = 0; i < check->mx_count; i++) {
        const struct mx_host *host = check->mx[i].host;
        bool answered = host->tlsa && host->tlsa->outcome != DNS_OUTCOME_UNKNOWN &&
                        host->tlsa->outcome != DNS_OUTCOME_TIMEOUT;

        if ((!*group->mx || !strcasecmp(host->name, group->mx)) &&
            !(answered && host->session_count))
            return false;
    }
    return check->mx_count > 0;
}

/* Could the check see what the sender saw? */
static bool was_seen(const struct diagnosis *check, const struct report_group *group,
                     enum sts_stage stage)
{
    if (stage == STS_STAGE_POLICY)
        return check->delivery != DELIVERY_UNKNOWN;
    if (stage == STS_STAGE_DANE)
        return dane_was_seen(check, group);
    if (stage != STS_STAGE_MX)
        return false;
    for (size_t i = 0; i < check->mx_count; i++)
        if (!*group->mx || !strcasecmp(check->mx[i].host->name, group->mx))
            return spoke(check->mx[i].host);
    return *group->mx && check->mx_count; /* no MX host any more */
}

static bool is_mx(const struct diagnosis *check, const char *mx)
{
    for (size_t i = 0; i < check->mx_count; i++)
        if (!strcasecmp(check->mx[i].host->name, mx))
            return true;
    return !*mx;
}

static const char *not_confirmed(const struct report_group *group, const struct diagnosis *check)
{
    if (!is_mx(check, group->mx))
        return N_("{at} is no longer an MX host of {domain}. Senders reported {result_type} "
                  "until {last}.");
    return N_(
        "The check of {domain} does not show {result_type} at {at}; senders reported it until "
        "{last}. If later reports no longer mention it, it is over; if they do, only some "
        "senders see the fault, or it is intermittent.");
}

static const char *day(struct rules *r, int64_t when)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format(when, text);
    return rule_text(r, "%.10s", text);
}

void rule_report_live(struct rules *r, const struct report_group *group,
                      const struct diagnosis *check)
{
    const char *result_type = group->list[0]->result_type;
    enum sts_result result = sts_result_of(result_type);
    const char *codes = matching_codes(r, group, check, result_type);
    struct finding *finding;

    if (!codes && (!result || !was_seen(check, group, sts_result_stage(result))))
        return;
    finding = finding_add(
        r, codes ? FINDING_REPORT_CONFIRMED : FINDING_REPORT_NOT_CONFIRMED, report_subject(group),
        codes ? N_("The check of {domain} shows the same fault: {codes}. mtasts check {domain} "
                   "explains how to fix it.")
              : not_confirmed(group, check),
        "codes", codes, "result_type", result_type, "at", report_subject(group), "last",
        group->last ? day(r, group->last) : "?", "host", *group->mx ? group->mx : NULL, NULL);
    report_params(r, finding, group->domain);
}

/* ---- policies that senders still keep -------------------------------------------------------- */

static bool has_pattern(const char *const *list, size_t count, const char *pattern)
{
    for (size_t i = 0; i < count; i++)
        if (!strcasecmp(list[i], pattern))
            return true;
    return false;
}

/* The mx lines of the policy-string, and how many of them the live policy lacks. */
static size_t missing_patterns(struct rules *r, const struct tally_policy *used,
                               const struct live_policy *live, size_t *ret_count)
{
    size_t missing = 0;

    *ret_count = 0;
    for (size_t i = 0; i < used->policy->string_count; i++) {
        struct bytes line = bytes_trim(bytes_of(used->policy->strings[i]));
        struct bytes pattern = bytes_trim(bytes_from(line, line.length < 3 ? line.length : 3));

        if (!bytes_begin_nocase(line, "mx:"))
            continue;
        ++*ret_count;
        missing += !has_pattern(live->mx, live->mx_count,
                                rule_text(r, "%.*s", (int)pattern.length, pattern.data));
    }
    return missing;
}

static const char *difference(struct rules *r, const struct tally_policy *used,
                              const struct live_policy *live)
{
    const char *list = NULL;
    size_t count, missing = missing_patterns(r, used, live, &count);

    if (strcasecmp(policy_strings_mode(used->policy), sts_mode_name(live->mode)) != 0)
        list = rule_list(r, list, "mode");
    if (policy_strings_max_age(used->policy) != live->max_age)
        list = rule_list(r, list, "max_age");
    if (missing || count != live->mx_count)
        list = rule_list(r, list, "mx");
    return list;
}

static void stale(struct rules *r, const struct tally_policy *used, const struct live_policy *live)
{
    int64_t max_age = policy_strings_max_age(used->policy);
    const char *differs = difference(r, used, live);
    /* A sender may have fetched it in the last second of its report. */
    int64_t until = used->end + (max_age < 0                 ? 0
                                 : max_age > STS_MAX_AGE_MAX ? STS_MAX_AGE_MAX
                                                             : max_age);

    if (!differs || until < r->view.now)
        return;
    report_params(
        r,
        finding_add(r, FINDING_REPORT_STALE_POLICY, used->domain,
                    N_("On {last}, {senders} used a policy other than the one published now: "
                       "{differs} differs (its mode was {mode}). It may keep that policy until "
                       "{until}."),
                    "senders", *used->sender ? used->sender : "?", "last", day(r, used->end),
                    "until", day(r, until), "differs", differs, "mode",
                    *policy_strings_mode(used->policy) ? policy_strings_mode(used->policy) : "?",
                    NULL),
        used->domain);
}

void rule_report_stale(struct rules *r, const struct tally *tally, const struct diagnosis *check)
{
    for (size_t i = 0; check->policy && i < tally->policies.count; i++) {
        const struct tally_policy *used = names_at(&tally->policies, i);

        if (used->policy && !strcmp(used->domain, check->facts->domain))
            stale(r, used, check->policy);
    }
}

void rule_report_none(struct rules *r, const struct tally *tally, const struct diagnosis *check)
{
    for (size_t i = 0; check->policy && i < tally->none.count; i++) {
        const struct tally_policy *none = names_at(&tally->none, i);
        const struct tally_policy *used = names_find(&tally->policies, none->name);

        if (!none->policy || strcmp(none->domain, check->facts->domain) != 0 ||
            (used && used->end >= none->end))
            continue;
        report_params(
            r,
            finding_add(r, FINDING_REPORT_NO_POLICY_FOUND, none->domain,
                        N_("On {last}, {senders} found no policy for {domain}, but one is "
                           "published now. If it was already published that day, this sender "
                           "does not see it or does not use MTA-STS."),
                        "senders", *none->sender ? none->sender : "?", "last", day(r, none->end),
                        NULL),
            none->domain);
    }
}
