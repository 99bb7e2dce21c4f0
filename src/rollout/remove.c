/* SPDX-License-Identifier: MIT */
/* remove.c - to give MTA-STS up without a mail refused (RFC 8461 section 8.3).
 *
 * Mode none takes the place of the policy; record, host and certificate stay until the last copy
 * of every policy that demanded anything has expired. */
#include "rollout/plan.h"

#include "rollout/generate.h"

static const char *const check_commands[] = {"mtasts check {domain}", NULL};
static const char *const plan_commands[] = {"mtasts plan --remove {domain}", NULL};

/* The last steps; `from` 0: now. */
static void remove_steps(struct advisory *a, const struct situation *s, int64_t from)
{
    int64_t ttl = record_ttl(s->d->facts, TTL_UNKNOWN);
    int64_t file = (from ? from : s->now) + ttl;

    advisory_step(a, "remove-record", from,
                  N_("Remove the TXT record {record_name}. From then on, no other sender starts to "
                     "apply the policy."),
                  NULL)
        ->commands = show_record_commands;
    advisory_step(
        a, "remove-host", file,
        N_("Once the record has expired from all caches, remove the policy file, the website and "
           "the name {policy_host}. {tlsrpt_name} can stay: reports are useful without MTA-STS."),
        NULL);
    advisory_time(a, "remove_record_at", from ? from : s->now);
    advisory_time(a, "remove_host_at", file);
}

static void from_live(struct advisory *a, const struct situation *s, const struct plan_wish *wish)
{
    struct plan_change change = {.mode = STS_MODE_NONE, .max_age = AGE_DAY, .due = true};
    int64_t last;

    situation_notes(a, s, false, SEVERITY_CRITICAL);
    change.mx = plan_patterns(a, s, &change.mx_count);
    plan_change(a, s, wish, &change);
    last = plan_effective_by(a, s, s->now, served_matters_at_all, NULL);
    advisory_note(a, SEVERITY_INFO, "keep-until",
                  N_("Keep {policy_host}, its certificate and the record until {until}: senders "
                     "with an earlier policy apply it until then, or until they fetch this one. If "
                     "the certificate expires before then, they stay with the old policy."),
                  "until", advisory_time_text(a, last), NULL);
    advisory_step(
        a, "wait", last,
        N_("Check whether the last copy has expired. If you publish the policy later than "
           "today, this date moves accordingly."),
        NULL)
        ->commands = plan_commands;
    remove_steps(a, s, last);
    advisory_headline(a, SEVERITY_INFO,
                      N_("orderly withdrawal: mode none now; remove record and policy host on "
                         "{date} at the earliest."),
                      "date", advisory_time_text(a, last), NULL);
}

/* With mode none live: when has the last copy of what was before expired?  0: not known. */
static int64_t last_copy(const struct situation *s)
{
    struct history past = *s->past;
    int64_t until, told = past.max_age_told;

    if (!s->since)
        return 0;
    past.max_age_told = 0;
    until = held_until(&past, NULL, s->now, served_matters_at_all, NULL);
    if (told && s->since + told > until)
        until = s->since + told;
    return until;
}

/* Was anything but mode none ever seen, or told of? */
static bool before_is_known(const struct situation *s)
{
    for (size_t i = 0; i < s->past->policy_count; i++) {
        if (served_matters_at_all(NULL, &s->past->policies[i]))
            return true;
    }
    return s->past->max_age_told > 0;
}

static void from_none(struct advisory *a, const struct situation *s)
{
    int64_t until = last_copy(s);

    if (!until || !before_is_known(s)) {
        advisory_headline(
            a, SEVERITY_UNKNOWN,
            N_("mode none is in effect. When you can remove record and policy host is "
               "unknown: that depends on the previous policy."),
            NULL);
        advisory_note(
            a, SEVERITY_UNKNOWN, "before-unknown",
            N_("No check of the previous policy is stored. Specify its max_age with "
               "--max-age-before SECONDS, and the first day of mode none with --since DATE; the "
               "last copy expires that long after that day, at most 31557600 seconds (one year)."),
            NULL);
        return;
    }
    if (until > s->now) {
        advisory_headline(
            a, SEVERITY_INFO,
            N_("mode none since {since}; remove record and policy host on {date} at the earliest."),
            "since", advisory_time_text(a, s->since), "date", advisory_time_text(a, until), NULL);
        remove_steps(a, s, until);
        return;
    }
    advisory_headline(
        a, SEVERITY_INFO,
        N_("mode none since {since}, and the last copy of the previous policy expired "
           "on {date}: you can remove record and policy host."),
        "since", advisory_time_text(a, s->since), "date", advisory_time_text(a, until), NULL);
    remove_steps(a, s, 0);
}

static void put_back_first(struct advisory *a, const struct situation *s,
                           const struct plan_wish *wish)
{
    struct plan_change change = {.mode = STS_MODE_NONE, .max_age = AGE_DAY, .due = true};

    change.mx = plan_patterns(a, s, &change.mx_count);
    advisory_step(a, "repair-host", 0,
                  N_("Make {policy_host} respond again with a valid certificate. Until then, no "
                     "sender learns that the policy is withdrawn."),
                  NULL)
        ->commands = check_commands;
    plan_change(a, s, wish, &change);
}

static void from_nothing(struct advisory *a, const struct situation *s,
                         const struct plan_wish *wish)
{
    int64_t until = held_until(s->past, NULL, s->now, served_matters_at_all, NULL);

    advisory_time(a, "held_until", until);
    if (until <= s->now) {
        advisory_headline(a, SEVERITY_INFO,
                          s->past->policy_count
                              ? N_("nothing is published, and the last copy of the former policy "
                                   "has expired. The withdrawal is complete.")
                              : N_("nothing is published, and no earlier policy is known. There is "
                                   "nothing to withdraw."),
                          NULL);
        return;
    }
    advisory_headline(a, plan_note_held(a, s) ? SEVERITY_HIGH : SEVERITY_LOW,
                      N_("record or policy was removed too early: senders may keep an earlier "
                         "policy until {date}."),
                      "date", advisory_time_text(a, until), NULL);
    put_back_first(a, s, wish);
}

void plan_remove(struct advisory *a, const struct situation *s, const struct plan_wish *wish)
{
    plan_members(a, s);
    if (advisory_no_plan(a, s->d))
        return;
    switch (s->stage) {
    case STAGE_UNSEEN:
        advisory_headline(a, SEVERITY_UNKNOWN,
                          N_("what is published could not be determined, so no step can be "
                             "recommended. Try again, or from another network."),
                          NULL);
        return;
    case STAGE_ABSENT:
        from_nothing(a, s, wish);
        return;
    case STAGE_NONE:
        from_none(a, s);
        return;
    case STAGE_BROKEN:
        situation_notes(a, s, false, SEVERITY_HIGH);
        plan_note_held(a, s);
        put_back_first(a, s, wish);
        advisory_headline(
            a, SEVERITY_HIGH,
            N_("the policy is not available, so it cannot be withdrawn. Fix that first."), NULL);
        return;
    default:
        from_live(a, s, wish);
    }
}
