/* SPDX-License-Identifier: MIT */
/* change.c - the steps and files of one change of policy, file first and record second. */
#include "rollout/plan.h"

#include <inttypes.h>

#include "rollout/generate.h"
#include "vendors/provider.h"

const char *plan_days(struct advisory *a, int64_t seconds)
{
    if (seconds % ADVISORY_DAY == 0)
        return advisory_format(a, "%" PRId64, seconds / ADVISORY_DAY);
    return advisory_format(a, "%.1f", (double)seconds / (double)ADVISORY_DAY);
}

void plan_members(struct advisory *a, const struct situation *s)
{
    const struct live_policy *live = s->d->policy;

    advisory_text(a, "phase", stage_name(s->stage));
    advisory_time(a, "since", s->since);
    advisory_time(a, "clean_since", s->clean);
    advisory_text(a, "mode", live ? sts_mode_name(live->mode) : NULL);
    advisory_text(a, "id", live ? live->id : NULL);
    if (live) {
        advisory_number(a, "max_age", live->max_age);
        advisory_list(a, "mx", live->mx, live->mx_count);
    }
}

static const char *const *from_hosts(struct advisory *a, const struct facts *facts,
                                     size_t *ret_count)
{
    size_t count;
    const char **hosts = generate_hosts(a, facts, &count);

    *ret_count = 0;
    return hosts ? generate_patterns(a, hosts, count, ret_count) : NULL;
}

const char *const *plan_patterns(struct advisory *a, const struct situation *s, size_t *ret_count)
{
    const struct live_policy *live = s->d->policy;
    const struct served *last = NULL;

    /* Lines that nobody goes by may be of former days. */
    if (live && live->mode == STS_MODE_NONE) {
        const char *const *hosts = from_hosts(a, s->d->facts, ret_count);

        if (*ret_count)
            return hosts;
    }
    if (live && live->mx_count) {
        *ret_count = live->mx_count;
        return live->mx;
    }
    for (size_t i = 0; i < s->past->policy_count; i++) {
        const struct served *one = &s->past->policies[i];

        if (one->mx_count && (!last || one->last_seen >= last->last_seen))
            last = one;
    }
    if (last) {
        *ret_count = last->mx_count;
        return last->mx;
    }
    return from_hosts(a, s->d->facts, ret_count);
}

static const char *const check_commands[] = {"mtasts check {domain}", NULL};

/* The record of a domain whose _mta-sts is an alias is not in its own zone. */
static void note_alias(struct advisory *a, const struct facts *facts)
{
    const struct provider *service = provider_of_policy_host(facts);
    const struct dns_answer *answer = facts->sts_txt;

    if (service && service->kinds & PROVIDER_DELEGATION)
        advisory_note(
            a, SEVERITY_LOW, "policy-is-hosted",
            N_("{provider} serves the policy: change the file there, in the provider's settings."),
            "provider", service->name, NULL);

    if (answer && answer->cname_count)
        advisory_note(a, SEVERITY_LOW, "record-is-alias",
                      N_("{record_name} is an alias of {target}: the operator of that name must "
                         "change the record there, not in the zone of {domain}."),
                      "target", answer->cnames[answer->cname_count - 1], NULL);
}

void plan_change(struct advisory *a, const struct situation *s, const struct plan_wish *wish,
                 const struct plan_change *change)
{
    const char *id = situation_new_id(a, s);
    struct generate_wish files = {.domain = a->domain,
                                  .mode = change->mode,
                                  .max_age = change->max_age,
                                  .mx = change->mx,
                                  .mx_count = change->mx_count,
                                  .id = id,
                                  .ttl = change->ttl};
    const char *mode = sts_mode_name(change->mode);
    struct step *step = advisory_step(
        a, "publish-policy", change->from,
        change->text
            ? change->text
            : N_("Publish the policy: mode {mode}, max_age {max_age}. Publish the file first, then "
                 "the record: senders that see the new id must find the new policy."),
        "mode", mode, "max_age", advisory_format(a, "%" PRId64, change->max_age), NULL);

    step->commands = show_policy_commands;
    step->artefact = change->due ? POLICY_FILE : NULL;
    if (change->due)
        step = advisory_step(a, "publish-record", change->from,
                             N_("Once the command above shows the new policy, publish the record "
                                "with the new id {id}."),
                             "id", id, NULL);
    else
        step = advisory_step(
            a, "publish-record", change->from,
            N_("Then publish the record with a new id. Run this on that day to write both files:\n"
               "$ mtasts plan {domain}"),
            NULL);
    step->commands = show_record_commands;
    step->artefact = change->due ? ZONE_FILE : NULL;
    advisory_step(a, "check", change->from,
                  N_("Verify that policy, record and mail servers match."), NULL)
        ->commands = check_commands;
    if (!change->due)
        return;
    note_alias(a, s->d->facts);
    advisory_text(a, "new_id", id);
    generate_change(a, &files);
    if (wish->nsupdate)
        generate_nsupdate(a, &files);
}

int64_t plan_effective_by(struct advisory *a, const struct situation *s, int64_t at,
                          served_matters matters, void *arg)
{
    const struct live_policy *live = s->d->policy;
    struct served served = {.mode = live ? live->mode : STS_MODE_NONE,
                            .max_age = live ? live->max_age : 0,
                            .mx = live ? live->mx : NULL,
                            .mx_count = live ? live->mx_count : 0};
    bool counts = live && (!matters || matters(arg, &served));
    struct change change = {.file_at = at,
                            .record_at = at,
                            .record_ttl = record_ttl(s->d->facts, TTL_UNKNOWN),
                            .old_max_age = counts ? live->max_age : 0,
                            .held_until = held_until(s->past, NULL, at, matters, arg)};
    int64_t last = 0;

    forecast_all(a, &change);
    for (size_t i = 0; i < a->effective_by_count; i++)
        last = a->effective_by[i].until > last ? a->effective_by[i].until : last;
    return last;
}

bool plan_note_held(struct advisory *a, const struct situation *s)
{
    int64_t until = held_until(s->past, NULL, s->now, served_enforces, NULL);

    if (until <= s->now)
        return false;
    advisory_time(a, "enforced_until", until);
    advisory_note(
        a, SEVERITY_HIGH, "still-enforced",
        N_("Until {until}, senders may still apply an earlier enforce policy. They do not "
           "notice changes until record and policy are available again."),
        "until", advisory_time_text(a, until), NULL);
    return true;
}
