/* SPDX-License-Identifier: MIT */
/* rollback.c - mail is being refused: what helps fastest, and the way back to testing.
 *
 * A fault of a mail server that is repaired helps at the next attempt of every sender, whatever it
 * holds; a change of policy helps each sender only when it looks.  So the repair comes first. */
#include "rollout/plan.h"

#include <string.h>

#include "rollout/generate.h"
#include "verdict/mx_target.h"
#include "verdict/session.h"

#define CURE_FILE "keep-enforce/mta-sts.txt"

static const char *const check_commands[] = {"mtasts check {domain}", NULL};
static const char *const elsewhere_commands[] = {"mtasts observe {domain} > facts.json",
                                                 "mtasts rollback --from facts.json", NULL};
static const char *const mx_commands[] = {"dig +short MX {domain}", NULL};

/* ---- cures ----------------------------------------------------------------------------------- */

enum cure { CURE_CERTIFICATE, CURE_CHAIN, CURE_STARTTLS, CURE_PATTERN, CURE_DANE, CURE_COUNT };

static const struct {
    enum finding_code code;
    enum cure cure;
} cures[] = {
    {FINDING_MX_CERT_EXPIRED, CURE_CERTIFICATE},
    {FINDING_MX_CERT_NOT_YET_VALID, CURE_CERTIFICATE},
    {FINDING_MX_CERT_NAME_MISMATCH, CURE_CERTIFICATE},
    {FINDING_MX_CERT_COMMON_NAME_ONLY, CURE_CERTIFICATE},
    {FINDING_MX_CERT_SELF_SIGNED, CURE_CERTIFICATE},
    {FINDING_MX_CERT_UNTRUSTED_ROOT, CURE_CERTIFICATE},
    {FINDING_MX_CERT_DIFFERS_BY_ADDRESS, CURE_CERTIFICATE},
    {FINDING_MX_CERT_CHAIN_INCOMPLETE, CURE_CHAIN},
    {FINDING_MX_STARTTLS_MISSING, CURE_STARTTLS},
    {FINDING_MX_STARTTLS_REFUSED, CURE_STARTTLS},
    {FINDING_MX_TLS_HANDSHAKE_FAILED, CURE_STARTTLS},
    {FINDING_MX_TLS_VERSION_OLD, CURE_STARTTLS},
    {FINDING_MX_NOT_COVERED, CURE_PATTERN},
    {FINDING_MX_NONE_COVERED, CURE_PATTERN},
    {FINDING_MX_PATTERN_IS_POLICY_HOST, CURE_PATTERN},
    {FINDING_MX_WILDCARD_DEPTH, CURE_PATTERN},
    {FINDING_DANE_TLSA_MISMATCH, CURE_DANE},
    {FINDING_DANE_LOOKUP_FAILED, CURE_DANE},
};

/* What is to be done, and the code of the step. */
static const struct {
    const char *code, *text;
} steps[] = {
    [CURE_CERTIFICATE] = {"renew-certificate",
                          N_("Fastest, and protection stays: install a valid certificate from a "
                             "public CA for its own name on {hosts}, and reload the mail server. "
                             "Every sender delivers at its next attempt, whatever policy it has.")},
    [CURE_CHAIN] = {"complete-chain",
                    N_("Fastest, and protection stays: configure {hosts} to send the intermediate "
                       "certificates too (fullchain.pem instead of cert.pem), and reload the mail "
                       "server. Every sender delivers at its next attempt.")},
    [CURE_STARTTLS] = {"offer-starttls",
                       N_("Fastest, and protection stays: configure {hosts} to offer STARTTLS with "
                          "TLS 1.2 or newer again. Every sender delivers at its next attempt.")},
    [CURE_PATTERN] = {"add-mx-line", N_("Protection stays: publish the policy in {file}, which "
                                        "lists every MX host; file first, then the record with the "
                                        "new id. It reaches senders as fast as a rollback would.")},
    [CURE_DANE] = {"repair-tlsa",
                   N_("Fix the TLSA records of {hosts}. Senders with DANE refuse delivery because "
                      "of them, and no policy change helps with that.")},
};

/* The hosts with a fault of that cure, each once; NULL: none. */
static const char *hosts_with(struct advisory *a, const struct diagnosis *d, enum cure cure)
{
    const char **hosts = talloc_zero_array(a, const char *, (unsigned)d->finding_count + 1);
    size_t count = 0;

    for (size_t i = 0; hosts && i < d->finding_count; i++) {
        const struct finding *finding = &d->findings[i];
        const char *host = finding_value(finding, "host");
        bool known = false;

        for (size_t j = 0; j < sizeof(cures) / sizeof(cures[0]); j++)
            known |= cures[j].code == finding->code && cures[j].cure == cure;
        if (!known)
            continue;
        host = host ? host : finding->subject;
        for (size_t j = 0; j < count; j++)
            known &= strcmp(hosts[j], host) != 0;
        if (known)
            hosts[count++] = host;
    }
    if (!hosts)
        a->no_memory = true;
    return count ? advisory_join(a, hosts, count) : NULL;
}

/* The live policy with the lines that its MX hosts lack. */
static void complete_policy(struct advisory *a, const struct situation *s)
{
    const struct live_policy *live = s->d->policy;
    const char **missing = talloc_zero_array(a, const char *, (unsigned)s->d->mx_count + 1);
    const char **all;
    size_t count = 0, all_count = 0;

    for (size_t i = 0; missing && i < s->d->mx_count; i++) {
        if (s->d->mx[i].covered == ANSWER_NO && mx_target_findable(s->d->facts, s->d->mx[i].host))
            missing[count++] = s->d->mx[i].host->name;
    }
    all = missing ? generate_more_patterns(a, live, missing, count, &all_count) : NULL;
    if (!all) {
        a->no_memory = true;
        return;
    }
    advisory_artefact(a, CURE_FILE,
                      N_("the current policy with the missing mx lines, to keep protection; use it "
                         "with the same record"),
                      generate_policy(a, live->mode, live->max_age, all, all_count));
}

/* Which cures there are; the number of them. */
static size_t advise_cures(struct advisory *a, const struct situation *s, bool found[CURE_COUNT])
{
    size_t count = 0;

    for (int cure = 0; cure < CURE_COUNT; cure++) {
        const char *hosts = hosts_with(a, s->d, (enum cure)cure);
        struct step *step;

        found[cure] = hosts && !(cure == CURE_PATTERN && !s->d->policy);
        if (!found[cure])
            continue;
        count++;
        step = advisory_step(a, steps[cure].code, 0, steps[cure].text, "hosts", hosts, "file",
                             CURE_FILE, NULL);
        step->commands = check_commands;
        if (cure == CURE_PATTERN) {
            step->artefact = CURE_FILE;
            step->commands = show_policy_commands;
        }
    }
    return count;
}

/* For senders that never look at the id nothing but the DNS helps before max_age is over. */
static void advise_old_mx(struct advisory *a, const struct situation *s)
{
    advisory_step(
        a, "old-mx-back", 0,
        N_("If the mail servers that the policy lists ({patterns}) are still running, publish MX "
           "records for them again in addition to the new ones: that helps every sender, even "
           "those that never check the id, as soon as resolvers fetch the MX records again."),
        "patterns", advisory_join(a, s->d->policy->mx, s->d->policy->mx_count), NULL)
        ->commands = mx_commands;
}

/* ---- the way back ---------------------------------------------------------------------------- */

static void note_ttl(struct advisory *a, const struct facts *facts)
{
    const struct dns_answer *answer = facts->sts_txt;
    int64_t ttl = record_ttl(facts, -1);

    if (ttl < 0)
        advisory_note(a, SEVERITY_LOW, "ttl-unknown",
                      N_("The TTL of {record_name} is unknown; assuming {ttl|second|seconds}."),
                      "ttl", advisory_format(a, "%d", TTL_UNKNOWN), NULL);
    else if (answer->outcome != DNS_OUTCOME_FOUND)
        advisory_note(
            a, SEVERITY_LOW, "ttl-negative",
            N_("{record_name} does not exist now; resolvers cache that for {ttl|second|seconds}."),
            "ttl", advisory_format(a, "%lld", (long long)ttl), NULL);
}

/* The largest max_age that counts, and how it is known. */
static void note_max_age(struct advisory *a, const struct situation *s)
{
    int64_t largest = s->past->max_age_told;

    for (size_t i = 0; i < s->past->policy_count; i++) {
        const struct served *served = &s->past->policies[i];

        if (served->mode == STS_MODE_ENFORCE && copies_expire(served, s->now) > s->now &&
            served->max_age > largest)
            largest = served->max_age;
    }
    if (s->d->policy && s->d->policy->mode == STS_MODE_ENFORCE && s->d->policy->max_age > largest)
        largest = s->d->policy->max_age;
    advisory_number(a, "largest_max_age", largest);
    if (!s->past->policy_count && !s->past->max_age_told && !s->past->unread)
        advisory_note(
            a, SEVERITY_LOW, "past-unknown",
            N_("No earlier policy is known. If one with a longer max_age was served, specify it "
               "with --max-age-before SECONDS; the dates below change accordingly."),
            NULL);
}

static void stay(struct advisory *a, int64_t until)
{
    advisory_step(
        a, "keep-until", until,
        N_("No sender has the old policy any longer. Until then, do not remove the "
           "record, {policy_host}, its certificate or a mail server that only the old "
           "policy lists: senders with the old policy need them to learn of the new one."),
        NULL);
    advisory_time(a, "enforced_until", until);
}

static void back_to_testing(struct advisory *a, const struct situation *s,
                            const struct plan_wish *wish, bool after_cures)
{
    struct plan_change change = {
        .mode = STS_MODE_TESTING, .max_age = AGE_DAY, .due = true, .ttl = EMERGENCY_TTL};

    if (after_cures)
        change.text = N_("If that takes longer than you can wait, go back: publish the policy with "
                         "mode {mode}, max_age {max_age}. Publish the file first, then the record: "
                         "senders that see the new id must find the new policy.");
    change.mx = plan_patterns(a, s, &change.mx_count);
    plan_change(a, s, wish, &change);
    note_ttl(a, s->d->facts);
    note_max_age(a, s);
    stay(a, plan_effective_by(a, s, s->now, served_enforces, NULL));
}

/* ---- cases ----------------------------------------------------------------------------------- */

/* Testing, none, or nothing is live: is an enforce policy still held by somebody? */
static void rolled_back(struct advisory *a, const struct situation *s)
{
    int64_t until = held_until(s->past, NULL, s->now, served_enforces, NULL);
    bool found[CURE_COUNT];

    if (until <= s->now) {
        advisory_headline(a, SEVERITY_INFO,
                          s->d->policy
                              ? N_("there is nothing to roll back: mode {mode} refuses no mail, "
                                   "and no earlier policy that does is known.")
                              : N_("there is nothing to roll back: no policy is published, and no "
                                   "earlier policy that refuses mail is known."),
                          "mode", s->d->policy ? sts_mode_name(s->d->policy->mode) : NULL, NULL);
        advisory_note(
            a, SEVERITY_INFO, "not-the-policy",
            N_("If mail is still refused, read the senders' error messages and the findings of the "
               "check: the cause may be DANE, the certificate or the server itself."),
            NULL);
        advisory_step(a, "check", 0, N_("Check the complete setup."), NULL)->commands =
            check_commands;
        return;
    }
    advisory_headline(a, SEVERITY_MEDIUM,
                      N_("mode {mode} is already in effect. Senders with an earlier policy may "
                         "still refuse mail, until {until} at the latest."),
                      "mode", sts_mode_name(s->d->policy->mode), "until",
                      advisory_time_text(a, until), NULL);
    situation_notes(a, s, false, SEVERITY_MEDIUM);
    advise_cures(a, s, found);
    if (found[CURE_PATTERN])
        advise_old_mx(a, s);
    note_max_age(a, s);
    stay(a, plan_effective_by(a, s, s->now, served_enforces, NULL));
}

/* Nothing can be fetched: whoever holds an enforce policy goes by it until it expires. */
static void host_first(struct advisory *a, const struct situation *s, const struct plan_wish *wish)
{
    struct plan_change change = {
        .mode = STS_MODE_TESTING, .max_age = AGE_DAY, .due = true, .ttl = EMERGENCY_TTL};
    int64_t until = held_until(s->past, NULL, s->now, served_enforces, NULL);
    bool found[CURE_COUNT];

    situation_notes(a, s, false, SEVERITY_CRITICAL);
    if (until > s->now || s->past->max_age_told)
        plan_note_held(a, s);
    else
        advisory_note(
            a, SEVERITY_UNKNOWN, "held-unknown",
            N_("Whether senders still have an earlier policy, and for how long, is unknown: no "
               "earlier policy is stored. Specify its max_age with --max-age-before SECONDS."),
            NULL);
    advisory_headline(
        a, SEVERITY_CRITICAL,
        N_("nothing can be rolled back yet: record or policy is not available. Fix that first."),
        NULL);
    advise_cures(a, s, found);
    advisory_step(a, "repair-host", 0,
                  N_("Make {policy_host} serve the file below with a valid certificate and status "
                     "200, and publish exactly one valid record at {record_name}. Until then no "
                     "sender learns of a change."),
                  NULL)
        ->commands = show_policy_commands;
    change.mx = plan_patterns(a, s, &change.mx_count);
    plan_change(a, s, wish, &change);
    /* From when they count is not known: from the repair. */
    advisory_effective_by(a, BEHAVIOUR_EACH_DELIVERY, 0);
    advisory_effective_by(a, BEHAVIOUR_DAILY, 0);
    advisory_effective_by(a, BEHAVIOUR_MAX_AGE, until > s->now ? until : 0);
    advisory_time(a, "enforced_until", until > s->now ? until : 0);
}

/* Whether there is anything to take back is not known; and it may be our own network's fault. */
static void unseen(struct advisory *a, const struct situation *s)
{
    advisory_headline(a, SEVERITY_UNKNOWN,
                      N_("what is published could not be determined from here, so it is unknown "
                         "what to roll back."),
                      NULL);
    situation_notes(a, s, false, SEVERITY_UNKNOWN);
    plan_note_held(a, s);
    advisory_step(a, "check", 0, N_("mtasts check shows what could not be determined and why."),
                  NULL)
        ->commands = check_commands;
    advisory_step(a, "elsewhere", 0,
                  N_("If this network is the cause, observe the domain from another network, and "
                     "plan the rollback from the file written there."),
                  NULL)
        ->commands = elsewhere_commands;
}

static void nothing_seen(struct advisory *a, const struct situation *s)
{
    bool open = s->worst == BLOCKS_VIEW;

    advisory_headline(a, open ? SEVERITY_UNKNOWN : SEVERITY_MEDIUM,
                      open ? N_("mode enforce is in effect. Whether senders refuse mail could not "
                                "be determined from here.")
                           : N_("mode enforce is in effect, and no reason was found why senders "
                                "would refuse mail now. Going back may not help."),
                      NULL);
    advisory_note(
        a, SEVERITY_INFO, "look-elsewhere",
        N_("Check the senders' error messages and the reports: a sender may have an older "
           "policy, reach another address of a mail server, or refuse for a reason "
           "unrelated to the policy. If mail must flow at once, the way back is below. "
           "This reads reports:\n$ mtasts report PATH"),
        NULL);
}

/* No policy is the reason. */
static void nobody_delivers(struct advisory *a, const struct situation *s)
{
    advisory_headline(
        a, SEVERITY_CRITICAL,
        mx_is_null(s->d->facts)
            ? N_("the domain accepts no mail (null MX), so going back to testing changes nothing.")
            : N_("senders find no mail server for the domain, whatever the policy contains, so "
                 "going back to testing does not help. Fix the MX records."),
        NULL);
}

void plan_rollback(struct advisory *a, const struct situation *s, const struct plan_wish *wish)
{
    bool found[CURE_COUNT];
    size_t count;

    plan_members(a, s);
    if (advisory_no_plan(a, s->d))
        return;
    if (s->past->unread)
        advisory_note(a, SEVERITY_MEDIUM, "past-unread",
                      N_("The store could not be read, so earlier policies, checks and reports are "
                         "unknown here. If an earlier policy had a longer max_age, the dates below "
                         "are too early: specify it with --max-age-before SECONDS."),
                      NULL);
    if (s->stage == STAGE_UNSEEN) {
        unseen(a, s);
        return;
    }
    if (s->stage == STAGE_BROKEN ||
        (s->stage == STAGE_ABSENT &&
         held_until(s->past, NULL, s->now, served_enforces, NULL) > s->now)) {
        host_first(a, s, wish);
        return;
    }
    if (s->stage < STAGE_ENFORCE_DAY) {
        rolled_back(a, s);
        return;
    }
    situation_notes(a, s, false, SEVERITY_CRITICAL);
    advisory_note(a, SEVERITY_INFO, "queued",
                  N_("Senders keep refused mail in their queues and retry, usually for some days: "
                     "if you fix the problem in time, that mail arrives late but is not lost."),
                  NULL);
    count = advise_cures(a, s, found);
    advisory_bool(a, "cure_known", count > 0);
    if (s->d->delivery == DELIVERY_UNDELIVERABLE)
        nobody_delivers(a, s);
    else if (s->worst != BLOCKS_MAIL)
        nothing_seen(a, s);
    else if (found[CURE_DANE] && count == 1)
        advisory_headline(
            a, SEVERITY_CRITICAL,
            N_("senders refuse mail because of DANE, not because of the policy: going "
               "back to testing does not help."),
            NULL);
    else
        advisory_headline(
            a, SEVERITY_CRITICAL,
            N_("senders refuse mail servers of the domain. If you can fix them at once, that is "
               "the fastest way (step 1); otherwise go back to testing."),
            NULL);
    if (found[CURE_PATTERN]) {
        complete_policy(a, s);
        advise_old_mx(a, s);
    }
    back_to_testing(a, s, wish, count > 0);
}
