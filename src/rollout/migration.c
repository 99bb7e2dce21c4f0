/* SPDX-License-Identifier: MIT */
/* migration.c - to other MX hosts without a mail refused: the policy first, the MX records behind
 * it, and the old hosts until nobody holds a policy that knows only them. */
#include "rollout/plan.h"

#include <inttypes.h>
#include <string.h>

#include "rollout/generate.h"

static const char *const mx_commands[] = {"dig +short MX {domain}", NULL};
static const char *const check_commands[] = {"mtasts check {domain}", NULL};
static const char *const plan_commands[] = {"mtasts plan {domain}", NULL};

struct migration {
    const struct situation *s;
    const struct plan_wish *wish;
    const char **uncovered; /* new hosts that the live policy does not list */
    size_t uncovered_count;
    const char **live; /* new hosts that are MX already and that it does not list */
    size_t live_count;
    const char **old; /* MX hosts that are not among the new */
    size_t old_count;
};

/* ---- who covers what ------------------------------------------------------------------------- */

static bool covers_all(const struct served *served, const struct plan_wish *wish)
{
    for (size_t i = 0; i < wish->new_mx_count; i++) {
        if (!patterns_cover(served->mx, served->mx_count, wish->new_mx[i]))
            return false;
    }
    return true;
}

/* Whoever holds it refuses a new host. */
static bool refuses_new(void *arg, const struct served *served)
{
    const struct migration *m = arg;

    return served->mode == STS_MODE_ENFORCE && !covers_all(served, m->wish);
}

static bool is_mx(const struct facts *facts, const char *host)
{
    for (size_t i = 0; i < facts->mx_count; i++) {
        if (strcmp(facts->mx[i].name, host) == 0)
            return true;
    }
    return false;
}

static bool is_new(const struct plan_wish *wish, const char *host)
{
    for (size_t i = 0; i < wish->new_mx_count; i++) {
        if (strcmp(wish->new_mx[i], host) == 0)
            return true;
    }
    return false;
}

static bool look(struct advisory *a, struct migration *m)
{
    const struct live_policy *live = m->s->d->policy;
    const struct facts *facts = m->s->d->facts;
    unsigned room = (unsigned)(m->wish->new_mx_count + facts->mx_count) + 1;

    m->uncovered = talloc_zero_array(a, const char *, room);
    m->live = talloc_zero_array(a, const char *, room);
    m->old = talloc_zero_array(a, const char *, room);
    if (!m->uncovered || !m->live || !m->old) {
        a->no_memory = true;
        return false;
    }
    for (size_t i = 0; i < m->wish->new_mx_count; i++) {
        const char *host = m->wish->new_mx[i];

        if (!live || live->mode == STS_MODE_NONE || patterns_cover(live->mx, live->mx_count, host))
            continue;
        m->uncovered[m->uncovered_count++] = host;
        if (is_mx(facts, host))
            m->live[m->live_count++] = host;
    }
    for (size_t i = 0; i < facts->mx_count; i++) {
        if (!is_new(m->wish, facts->mx[i].name))
            m->old[m->old_count++] = facts->mx[i].name;
    }
    return true;
}

/* ---- notes ----------------------------------------------------------------------------------- */

/* Each policy that may still be held and that refuses a new host. */
static void note_policies(struct advisory *a, struct migration *m)
{
    const struct history *past = m->s->past;
    const struct live_policy *live = m->s->d->policy;

    for (size_t i = 0; i < past->policy_count; i++) {
        const struct served *served = &past->policies[i];
        int64_t until = copies_expire(served, m->s->now);

        if (!refuses_new(m, served) || until <= m->s->now ||
            (live && live->id && served->id && strcmp(live->id, served->id) == 0))
            continue;
        advisory_note(a, SEVERITY_LOW, "held-policy",
                      N_("The policy with id {id}, last seen {last}, does not list the new host; "
                         "senders may keep it until {until}."),
                      "id", served->id ? served->id : "-", "last",
                      advisory_time_text(a, served->last_seen), "until",
                      advisory_time_text(a, until), NULL);
    }
    if (live && m->uncovered_count)
        advisory_note(
            a, SEVERITY_LOW, "live-policy",
            N_("The current policy (mode {mode}, max_age {max_age}) does not list {hosts}."),
            "mode", sts_mode_name(live->mode), "max_age",
            advisory_format(a, "%" PRId64, live->max_age), "hosts",
            advisory_join(a, m->uncovered, m->uncovered_count), NULL);
    if (!past->policy_count && !past->max_age_told)
        advisory_note(
            a, SEVERITY_LOW, "past-unknown",
            N_("No earlier policy is known. If one with a longer max_age was served, specify it "
               "with --max-age-before SECONDS; the dates below change accordingly."),
            NULL);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static void step_prepare(struct advisory *a, const struct migration *m)
{
    const char *const *commands = NULL;

    for (size_t i = 0; i < m->wish->new_mx_count; i++)
        commands = advisory_command(
            a, commands,
            advisory_format(a,
                            "openssl s_client -starttls smtp -connect %s:25 -servername %s "
                            "-verify_hostname %s -verify_return_error -brief </dev/null",
                            m->wish->new_mx[i], m->wish->new_mx[i], m->wish->new_mx[i]));
    advisory_step(a, "prepare-mx", 0,
                  N_("Before an MX record points to {hosts}, configure STARTTLS there with a "
                     "certificate from a public CA that contains the host name. It is ready when "
                     "the command prints Verification: OK."),
                  "hosts", advisory_join(a, m->wish->new_mx, m->wish->new_mx_count), NULL)
        ->commands = commands;
}

static void step_policy(struct advisory *a, struct migration *m)
{
    const struct live_policy *live = m->s->d->policy;
    struct plan_change change = {.due = true};
    const char **all;

    if (!live) /* then nothing is uncovered, and nobody comes here */
        return;
    change.mode = live->mode;
    change.max_age = live->max_age;
    all = generate_more_patterns(a, live, m->uncovered, m->uncovered_count, &change.mx_count);
    if (!all)
        return;
    change.mx = all;
    advisory_list(a, "new_mx_lines", all + live->mx_count, change.mx_count - live->mx_count);
    plan_change(a, m->s, m->wish, &change);
}

/* beside: when senders that look at the id know the new host; alone: when all do. */
static void steps_mx(struct advisory *a, const struct migration *m, int64_t beside, int64_t alone)
{
    const struct dns_answer *mx = m->s->d->facts->mx_answer;
    /* What a resolver tells may be the rest of it. */
    int64_t ttl = mx && mx->ttl > TTL_UNKNOWN ? mx->ttl : TTL_UNKNOWN;
    int64_t off = (alone ? alone : m->s->now) + ttl;
    const char *old = m->old_count ? advisory_join(a, m->old, m->old_count) : NULL;

    advisory_step(
        a, "add-mx", beside,
        old ? N_("Add the MX records of {hosts} and keep those of {old}: senders that still have "
                 "the old policy skip the new host and deliver to the old ones.")
            : N_("You can publish the MX records of {hosts}."),
        "hosts", advisory_join(a, m->wish->new_mx, m->wish->new_mx_count), "old", old, NULL)
        ->commands = mx_commands;
    if (!old)
        return;
    advisory_step(a, "remove-mx", alone,
                  N_("Remove the MX records of {old}: by now every sender has a policy that lists "
                     "the new host."),
                  "old", old, NULL)
        ->commands = mx_commands;
    advisory_step(a, "switch-off", off,
                  N_("Once those records have expired from all caches, you can switch off {old}. "
                     "Until then its certificate must stay valid."),
                  "old", old, NULL)
        ->commands = check_commands;
    advisory_step(a, "clean-policy", off,
                  N_("Finally, remove the mx lines of {old} from the policy: file first, then the "
                     "record with a new id. This is not urgent."),
                  "old", old, NULL)
        ->commands = plan_commands;
}

/* ---- cases ----------------------------------------------------------------------------------- */

static void nobody_refuses(struct advisory *a, struct migration *m)
{
    bool testing = m->uncovered_count > 0;

    advisory_headline(a, SEVERITY_INFO,
                      testing ? N_("no current policy refuses {hosts}: mode {mode} only reports. "
                                   "The policy should list it before the MX changes.")
                              : N_("no current policy refuses {hosts}. You can change the MX now."),
                      "hosts", advisory_join(a, m->wish->new_mx, m->wish->new_mx_count), "mode",
                      m->s->d->policy ? sts_mode_name(m->s->d->policy->mode) : NULL, NULL);
    step_prepare(a, m);
    if (testing)
        step_policy(a, m);
    steps_mx(a, m, 0, 0);
    advisory_time(a, "safe_beside_at", m->s->now);
    advisory_time(a, "safe_alone_at", m->s->now);
}

/* The MX was changed first: senders that enforce refuse the new host now. */
static void wrong_order(struct advisory *a, struct migration *m, int64_t alone)
{
    const struct live_policy *live = m->s->d->policy;

    advisory_headline(a, SEVERITY_CRITICAL,
                      N_("senders that enforce the policy refuse {hosts} now: it is an MX, but the "
                         "policy does not list it."),
                      "hosts", advisory_join(a, m->live, m->live_count), NULL);
    advisory_step(
        a, "old-mx-back", 0,
        N_("Fastest for all senders, even those that never check the id: in addition to the new MX "
           "records, add MX records for hosts that the policy lists ({patterns}). This takes "
           "effect as soon as resolvers fetch the MX records again."),
        "patterns", advisory_join(a, live->mx, live->mx_count), NULL)
        ->commands = mx_commands;
    step_policy(a, m);
    advisory_step(
        a, "remove-mx", alone,
        N_("By then every sender has a policy that lists the new host, and you can remove "
           "the old MX records."),
        NULL)
        ->commands = mx_commands;
}

static void in_order(struct advisory *a, struct migration *m, int64_t alone)
{
    advisory_headline(a, SEVERITY_INFO,
                      m->uncovered_count
                          ? N_("first the policy, then the MX: the old mail servers are needed "
                               "until {date}.")
                          : N_("the current policy lists {hosts}, an earlier one does not: the old "
                               "mail servers are needed until {date}."),
                      "date", advisory_time_text(a, alone), "hosts",
                      advisory_join(a, m->wish->new_mx, m->wish->new_mx_count), NULL);
    step_prepare(a, m);
    if (m->uncovered_count)
        step_policy(a, m);
    steps_mx(a, m, a->effective_by[BEHAVIOUR_DAILY].until, alone);
}

void plan_migration(struct advisory *a, const struct situation *s, const struct plan_wish *wish)
{
    struct migration m = {.s = s, .wish = wish};
    const struct live_policy *live = s->d->policy;
    struct served now = {.mode = STS_MODE_NONE};
    int64_t alone;

    plan_members(a, s);
    if (advisory_no_plan(a, s->d))
        return;
    advisory_list(a, "new_mx", wish->new_mx, wish->new_mx_count);
    if (!look(a, &m))
        return;
    if (s->stage == STAGE_BROKEN || s->stage == STAGE_UNSEEN) {
        situation_notes(a, s, false, SEVERITY_CRITICAL);
        plan_note_held(a, s);
        advisory_headline(a, s->stage == STAGE_UNSEEN ? SEVERITY_UNKNOWN : SEVERITY_HIGH,
                          N_("the policy is not available, so no sender can learn of new mail "
                             "servers. Fix that first."),
                          NULL);
        advisory_step(a, "repair", 0,
                      N_("Fix the problems above first. The check explains each step."), NULL)
            ->commands = check_commands;
        return;
    }
    situation_notes(a, s, false, SEVERITY_CRITICAL);
    note_policies(a, &m);
    if (live)
        now = (struct served){.mode = live->mode, .mx = live->mx, .mx_count = live->mx_count};
    if (!refuses_new(&m, &now) && held_until(s->past, NULL, s->now, refuses_new, &m) <= s->now) {
        nobody_refuses(a, &m);
        return;
    }
    alone = plan_effective_by(a, s, s->now, refuses_new, &m);
    advisory_time(a, "safe_beside_at", a->effective_by[BEHAVIOUR_DAILY].until);
    advisory_time(a, "safe_alone_at", alone);
    if (live && m.live_count && live->mode == STS_MODE_ENFORCE)
        wrong_order(a, &m, alone);
    else
        in_order(a, &m, alone);
}
