/* SPDX-License-Identifier: MIT */
/* test_plan.c - each decision of plan, removal, migration and rollback, on a table of histories. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "rollout/generate.h"
#include "rollout/plan.h"
#include "rules/test_facts.h"

static const char *const mx_old[] = {"mx1.example.com"};
static const char *const mx_both[] = {"mx1.example.com", "mx2.example.net"};
static const char *const new_mx[] = {"mx2.example.net"};

#define TEXT(mode, age) "version: STSv1\nmode: " mode "\nmx: mx1.example.com\nmax_age: " age "\n"
#define SERVED(the_id, the_mode, age, from, to)                                                    \
    {                                                                                              \
        .id = the_id, .mode = STS_MODE_##the_mode, .max_age = age, .mx = mx_old, .mx_count = 1,    \
        .first_seen = from, .last_seen = to, .gone_at = (to) == NOW ? 0 : (to)                     \
    }

typedef void (*plan_fn)(struct advisory *a, const struct situation *s, const struct plan_wish *w);

struct world {
    TALLOC_CTX *ctx;
    struct facts *facts;
    struct history past;
    int64_t since;
    struct plan_wish wish;
    struct situation s;
    struct diagnosis *d;
};

static void begin(struct world *w, const char *policy)
{
    *w = (struct world){.ctx = talloc_new(NULL)};
    w->facts = healthy(w->ctx);
    if (policy)
        set_policy(w->facts, policy);
    w->wish.new_mx = new_mx;
    w->wish.new_mx_count = 1;
}

static struct advisory *plan(struct world *w, plan_fn fn)
{
    struct advisory *a = advisory_new(w->ctx, "example.com", w->facts, NOW);

    assert_non_null(a);
    assert_int_equal(diagnose(w->ctx, w->facts, NOW, &w->d), STS_OK);
    situation_read(&w->s, w->d, &w->past, w->since, NOW);
    fn(a, &w->s, &w->wish);
    assert_false(a->no_memory);
    return a;
}

static void end(struct world *w)
{
    talloc_free(w->ctx);
}

static bool has_note(const struct advisory *a, const char *code)
{
    for (size_t i = 0; i < a->note_count; i++) {
        if (strcmp(a->notes[i].code, code) == 0)
            return true;
    }
    return false;
}

static const struct step *step(const struct advisory *a, const char *code)
{
    for (size_t i = 0; i < a->step_count; i++) {
        if (strcmp(a->steps[i].code, code) == 0)
            return &a->steps[i];
    }
    return NULL;
}

static size_t place(const struct advisory *a, const char *code)
{
    const struct step *found = step(a, code);

    if (!found)
        fail_msg("no step %s", code);
    return (size_t)(found - a->steps);
}

static int64_t from(const struct advisory *a, const char *code)
{
    return a->steps[place(a, code)].from;
}

static const char *file(const struct advisory *a, const char *name)
{
    for (size_t i = 0; i < a->artefact_count; i++) {
        if (strcmp(a->artefacts[i].file, name) == 0)
            return a->artefacts[i].text;
    }
    return NULL;
}

static const struct member *member(const struct advisory *a, const char *name)
{
    for (size_t i = 0; i < a->member_count; i++) {
        if (strcmp(a->members[i].name, name) == 0)
            return &a->members[i];
    }
    fail_msg("no member %s", name);
    return NULL;
}

static int64_t when(const struct advisory *a, const char *name)
{
    return member(a, name)->number;
}

/* ---- the phases ------------------------------------------------------------------------------ */

static void each_phase_has_its_next(void **state)
{
    static const struct {
        const char *policy, *phase, *next; /* the next: NULL none */
        int64_t next_age, wait;
    } cases[] = {
        {TEXT("testing", "86400"), "testing", "testing", 604800, 14},
        {TEXT("testing", "604799"), "testing", "testing", 604800, 14},
        {TEXT("testing", "604800"), "testing-week", "enforce", 604800, 7},
        {TEXT("testing", "31557600"), "testing-week", "enforce", 604800, 7},
        {TEXT("enforce", "86400"), "enforce-day", "enforce", 604800, 14},
        {TEXT("enforce", "604800"), "enforce-week", "enforce", 2592000, 30},
        {TEXT("enforce", "2592000"), "enforce", NULL, 0, 0},
        {TEXT("none", "86400"), "none", "testing", 86400, 0},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t age = cases[i].wait * DAY;

        for (int early = 0; early < 2; early++) {
            struct world w;
            struct advisory *a;

            begin(&w, cases[i].policy);
            w.since = NOW - age + (early ? 60 : 0);
            a = plan(&w, plan_next);
            assert_string_equal(member(a, "phase")->text, cases[i].phase);
            assert_int_equal(severity_exit(advisory_worst(a)), 0);
            if (!cases[i].next) {
                assert_null(step(a, "publish-policy"));
            } else {
                bool due = !early || !cases[i].wait;

                assert_string_equal(member(a, "next_mode")->text, cases[i].next);
                assert_int_equal(when(a, "next_max_age"), cases[i].next_age);
                assert_int_equal(when(a, "next_at"), due ? NOW : NOW + 60);
                assert_int_equal(from(a, "publish-policy"), due ? 0 : NOW + 60);
                assert_true(place(a, "publish-policy") < place(a, "publish-record"));
                /* Files only on the day. */
                assert_int_equal(file(a, POLICY_FILE) != NULL, due);
            }
            end(&w);
        }
    }
}

/* That a phase has lasted says nothing of failures that nobody would have recorded. */
static void without_records_no_failure_is_ruled_out(void **state)
{
    static const struct reported clean[] = {
        {.submitter = "x", .begins = NOW - 3 * DAY, .ends = NOW - 2 * DAY, .successful = 1}};
    static const struct {
        struct history past;
        bool known;
    } cases[] = {
        {{0}, false},
        {{.check_count = 1, .first_check = NOW - 30 * DAY, .last_check = NOW - 21 * DAY}, false},
        {{.check_count = 1, .first_check = NOW - DAY, .last_check = NOW - DAY}, true},
        {{.reports = clean, .report_count = 1}, true},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world w;
        struct advisory *a;

        begin(&w, TEXT("testing", "86400"));
        w.since = NOW - 20 * DAY;
        w.past = cases[i].past;
        a = plan(&w, plan_next);
        assert_non_null(step(a, "publish-policy"));
        assert_int_equal(strstr(a->headline.text, "without a failure") != NULL, cases[i].known);
        assert_int_equal(strstr(a->headline.text, "is unknown") != NULL, !cases[i].known);
        end(&w);
    }
}

static void not_published(void **state)
{
    struct world w;
    struct advisory *advisory;

    begin(&w, NULL);
    w.facts->sts_txt = answer(w.facts, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    w.facts->policy_host.a = answer(w.facts, "mta-sts.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    w.facts->policy_host.aaaa =
        answer(w.facts, "mta-sts.example.com", DNS_AAAA, DNS_OUTCOME_NXDOMAIN);
    w.facts->policy_host.fetch_count = 0;
    leaf(session(w.facts)->tls)->not_after = NOW - DAY;
    advisory = plan(&w, plan_next);
    assert_string_equal(member(advisory, "phase")->text, "absent");
    assert_non_null(step(advisory, "generate"));
    /* Testing may begin all the same, but it is said. */
    assert_true(has_note(advisory, "mx-cert-expired"));
    assert_int_equal(severity_exit(advisory_worst(advisory)), 1);
    /* Taken away while it was enforced: another thing. */
    static const struct served gone[] = {SERVED("1", ENFORCE, 2592000, NOW - 9 * DAY, NOW - DAY)};
    w.past = (struct history){.policies = gone, .policy_count = 1};
    advisory = plan(&w, plan_next);
    assert_true(has_note(advisory, "still-enforced"));
    assert_int_equal(severity_exit(advisory_worst(advisory)), 2);
    assert_int_equal(when(advisory, "enforced_until"), NOW - DAY + 2592000);
    end(&w);
}

static void no_mail_no_policy(void **state)
{
    struct world w;
    struct advisory *advisory;

    begin(&w, NULL);
    w.facts->sts_txt = answer(w.facts, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    w.facts->policy_host.a = answer(w.facts, "mta-sts.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    w.facts->policy_host.aaaa =
        answer(w.facts, "mta-sts.example.com", DNS_AAAA, DNS_OUTCOME_NXDOMAIN);
    w.facts->policy_host.fetch_count = 0;
    w.facts->mx_answer->records[0].host = ".";
    w.facts->mx_count = 0;
    advisory = plan(&w, plan_next);
    assert_int_equal(advisory->step_count, 0);
    assert_int_equal(severity_exit(advisory_worst(advisory)), 0);
    end(&w);
}

static void broken_comes_first(void **state)
{
    struct world w;
    struct advisory *a;

    begin(&w, TEXT("testing", "86400"));
    fetch(w.facts)->status = 404;
    w.since = NOW - 100 * DAY;
    a = plan(&w, plan_next);
    assert_string_equal(member(a, "phase")->text, "broken");
    assert_null(step(a, "publish-policy"));
    assert_true(has_note(a, "policy-not-found"));
    assert_int_equal(severity_exit(advisory_worst(a)), 2);
    end(&w);
}

/* ---- what blocks ----------------------------------------------------------------------------- */

static void expired(struct facts *f)
{
    leaf(session(f)->tls)->not_after = NOW - DAY;
}

static void uncovered(struct facts *f)
{
    add_mx(f, "mx9.example.org", "198.18.2.9");
}

static void no_starttls(struct facts *f)
{
    session(f)->starttls_offered = false;
    session(f)->tls = NULL;
}

static void unreachable(struct facts *f)
{
    session_stops(session(f), NET_REFUSED, PHASE_CONNECT);
}

static void no_smtp(struct facts *f)
{
    f->observer.no_smtp = true;
    f->mx[0].session_count = 0;
}

static void two_policies(struct facts *f)
{
    add_fetch(f, "198.18.2.2")->body = text_bytes(TEXT("enforce", "604800"));
}

static void ends_soon(struct facts *f)
{
    leaf(session(f)->tls)->not_after = NOW + 5 * DAY;
}

static void no_reports(struct facts *f)
{
    f->tlsrpt_txt = answer(f, "_smtp._tls.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
}

static void the_next_phase_is_refused(void **state)
{
    static const struct {
        const char *name;
        void (*change)(struct facts *f);
        const char *code;
        int exit;
        bool goes_on;
    } cases[] = {
        {"expired", expired, "mx-cert-expired", 2, false},
        {"uncovered", uncovered, "mx-not-covered", 2, false},
        {"no STARTTLS", no_starttls, "mx-starttls-missing", 2, false},
        {"two policies", two_policies, "policy-host-inconsistent", 2, false},
        {"unreachable", unreachable, "mx-unreachable", 3, false},
        {"not contacted", no_smtp, "mx-not-contacted", 3, false},
        {"ends soon", ends_soon, "mx-cert-expires-soon", 1, true},
        {"no reports", no_reports, "tlsrpt-record-missing", 1, true},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world w;
        struct advisory *a;

        begin(&w, TEXT("testing", "604800"));
        cases[i].change(w.facts);
        w.since = NOW - 100 * DAY;
        a = plan(&w, plan_next);
        if (!has_note(a, cases[i].code))
            fail_msg("%s: no note %s", cases[i].name, cases[i].code);
        if (severity_exit(advisory_worst(a)) != cases[i].exit)
            fail_msg("%s: status %d", cases[i].name, severity_exit(advisory_worst(a)));
        if ((step(a, "publish-policy") != NULL) != cases[i].goes_on)
            fail_msg("%s: %s", cases[i].name, cases[i].goes_on ? "held up" : "goes on");
        end(&w);
    }
}

static void enforced_and_refused(void **state)
{
    struct world w;
    struct advisory *a;

    begin(&w, TEXT("enforce", "604800"));
    expired(w.facts);
    a = plan(&w, plan_next);
    assert_int_equal(a->severity, SEVERITY_CRITICAL);
    assert_int_equal(place(a, "rollback"), 0);
    end(&w);
}

/* ---- since when ------------------------------------------------------------------------------ */

static void nothing_is_known(void **state)
{
    struct world w;
    struct advisory *a;

    begin(&w, TEXT("testing", "86400"));
    a = plan(&w, plan_next);
    assert_true(has_note(a, "since-unknown"));
    assert_true(has_note(a, "no-reports"));
    assert_int_equal(severity_exit(advisory_worst(a)), 3);
    assert_null(step(a, "publish-policy"));
    assert_non_null(step(a, "keep"));
    end(&w);
}

static void since_is_read_from_what_was_served(void **state)
{
    static const struct served straight[] = {
        SERVED("1", TESTING, 86400, NOW - 60 * DAY, NOW - 30 * DAY),
        SERVED("2", TESTING, 604800, NOW - 30 * DAY, NOW - 20 * DAY),
        SERVED("3", TESTING, 1209600, NOW - 19 * DAY, NOW)};
    static const struct served back[] = {
        SERVED("1", TESTING, 604800, NOW - 60 * DAY, NOW), /* again after an excursion */
        SERVED("2", ENFORCE, 604800, NOW - 30 * DAY, NOW - 10 * DAY)};
    static const struct served other[] = {
        SERVED("1", ENFORCE, 604800, NOW - 60 * DAY, NOW - 10 * DAY)};
    static const struct {
        const struct served *policies;
        size_t count;
        int64_t since;
    } cases[] = {
        {straight, 3, NOW - 30 * DAY},
        {back, 2, NOW - 10 * DAY},
        {other, 1, 0}, /* the live one was never seen before */
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world w;

        begin(&w, TEXT("testing", "604800"));
        w.past = (struct history){.policies = cases[i].policies,
                                  .policy_count = cases[i].count,
                                  .check_count = 9,
                                  .first_check = NOW - 60 * DAY,
                                  .last_check = NOW - DAY,
                                  .clean_since = NOW - 60 * DAY};
        (void)plan(&w, plan_next);
        assert_int_equal(w.s.since, cases[i].since);
        assert_int_equal(w.s.clean, cases[i].since);
        end(&w);
    }
}

static void failures_begin_the_time_anew(void **state)
{
    static const struct served policies[] = {SERVED("1", TESTING, 86400, NOW - 40 * DAY, NOW)};
    static const struct reported reports[] = {
        {"a", NOW - 41 * DAY, NOW - 40 * DAY + 1, 0, 9, 9}, /* of the time before, too */
        {"a", NOW - 35 * DAY, NOW - 34 * DAY, 0, 10, 0},
        {"b", NOW - 13 * DAY, NOW - 12 * DAY, 0, 10, 2}};
    static const struct {
        int64_t last_bad, clean_since;
        size_t reports;
        int64_t clean;
    } cases[] = {
        {0, NOW - 40 * DAY, 0, NOW - 40 * DAY},
        {NOW - 50 * DAY, NOW - 45 * DAY, 2, NOW - 40 * DAY}, /* before the phase */
        {NOW - 9 * DAY, NOW - 8 * DAY, 0, NOW - 8 * DAY},
        {NOW - 9 * DAY, 0, 0, NOW}, /* good again only now */
        {NOW - 30 * DAY, NOW - 29 * DAY, 3, NOW - 12 * DAY},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world w;
        struct advisory *a;

        begin(&w, TEXT("testing", "86400"));
        w.past = (struct history){.policies = policies,
                                  .policy_count = 1,
                                  .check_count = 9,
                                  .last_check = NOW - DAY,
                                  .last_bad = cases[i].last_bad,
                                  .clean_since = cases[i].clean_since,
                                  .reports = reports,
                                  .report_count = cases[i].reports};
        a = plan(&w, plan_next);
        if (w.s.clean != cases[i].clean)
            fail_msg("case %zu: %lld days", i, (long long)((NOW - w.s.clean) / DAY));
        assert_int_equal(when(a, "next_at"),
                         w.s.clean + 14 * DAY > NOW ? w.s.clean + 14 * DAY : NOW);
        end(&w);
    }
}

/* ---- the files ------------------------------------------------------------------------------- */

static void what_is_written_passes_lint(void **state)
{
    static const struct served seen[] = {
        SERVED("20991231235959", ENFORCE, 86400, NOW - 60 * DAY, NOW - 50 * DAY)};
    static const plan_fn all[] = {plan_next, plan_remove, plan_migration, plan_rollback};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct world w;
        struct advisory *a;
        struct lint *lint;
        const char *policy;

        begin(&w, TEXT("enforce", "604800"));
        w.past = (struct history){.policies = seen, .policy_count = 1};
        w.since = NOW - 50 * DAY;
        w.wish.nsupdate = true;
        a = plan(&w, all[i]);
        policy = file(a, POLICY_FILE);
        assert_non_null(policy);
        assert_int_equal(lint_policy(w.ctx, policy, strlen(policy), mx_old, 1, &lint), STS_OK);
        assert_true(lint->valid);
        assert_true(lint->mx[0].covered || lint->policy->mode == STS_MODE_NONE);
        /* Greater than any id ever seen. */
        assert_non_null(strstr(file(a, ZONE_FILE), "id=20991231235960\""));
        assert_non_null(strstr(file(a, NSUPDATE_FILE), "id=20991231235960\""));
        assert_non_null(strstr(file(a, NSUPDATE_FILE), "\nsend\n"));
        /* A change of the record leaves the one for reports alone. */
        assert_null(strstr(file(a, NSUPDATE_FILE), "_smtp._tls"));
        end(&w);
    }
}

/* ---- removal --------------------------------------------------------------------------------- */

static void the_longest_copy_decides(void **state)
{
    static const struct served month[] = {
        SERVED("1", ENFORCE, 2592000, NOW - 90 * DAY, NOW - 10 * DAY)};
    struct world w;
    struct advisory *a;

    begin(&w, TEXT("enforce", "604800"));
    a = plan(&w, plan_remove);
    assert_int_equal(when(a, "remove_record_at"), NOW + 604800);
    assert_int_equal(when(a, "remove_host_at"), NOW + 604800 + 3600);
    assert_true(place(a, "publish-policy") < place(a, "publish-record"));
    assert_true(place(a, "publish-record") < place(a, "remove-record"));
    assert_true(place(a, "remove-record") < place(a, "remove-host"));
    assert_non_null(strstr(file(a, POLICY_FILE), "mode: none\r\nmx: mx1.example.com\r\n"));
    w.past = (struct history){.policies = month, .policy_count = 1};
    a = plan(&w, plan_remove);
    assert_int_equal(when(a, "remove_record_at"), NOW - 10 * DAY + 2592000);
    end(&w);
}

static void mode_none_waits_for_what_was_before(void **state)
{
    static const struct served policies[] = {
        SERVED("1", ENFORCE, 2592000, NOW - 90 * DAY, NOW - 10 * DAY),
        SERVED("2", NONE, 86400, NOW - 10 * DAY, NOW)};
    struct world w;
    struct advisory *a;

    begin(&w, TEXT("none", "86400"));
    w.past = (struct history){.policies = policies, .policy_count = 2};
    a = plan(&w, plan_remove);
    assert_int_equal(when(a, "remove_record_at"), NOW - 10 * DAY + 2592000);
    assert_int_equal(from(a, "remove-record"), NOW - 10 * DAY + 2592000);
    /* As told: 20 days of mode none, a max_age of 5 days before. */
    w.past = (struct history){.max_age_told = 5 * DAY};
    w.since = NOW - 20 * DAY;
    a = plan(&w, plan_remove);
    assert_int_equal(when(a, "remove_record_at"), NOW);
    assert_int_equal(from(a, "remove-record"), 0);
    assert_int_equal(from(a, "remove-host"), NOW + 3600);
    /* Nothing known: no step at all. */
    w.past = (struct history){0};
    a = plan(&w, plan_remove);
    assert_int_equal(a->step_count, 0);
    assert_int_equal(severity_exit(advisory_worst(a)), 3);
    end(&w);
}

static void a_policy_nobody_goes_by_lends_no_lines(void **state)
{
    struct world w;

    begin(&w, "version: STSv1\nmode: none\nmx: gone.example.org\nmax_age: 86400\n");
    assert_non_null(strstr(file(plan(&w, plan_next), POLICY_FILE),
                           "mode: testing\r\nmx: mx1.example.com\r\nmax_age"));
    end(&w);
}

static void removed_too_early(void **state)
{
    static const struct served month[] = {
        SERVED("1", ENFORCE, 2592000, NOW - 90 * DAY, NOW - 10 * DAY)};
    struct world w;
    struct advisory *advisory;

    begin(&w, NULL);
    w.facts->sts_txt = answer(w.facts, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    w.facts->policy_host.a = answer(w.facts, "mta-sts.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    w.facts->policy_host.aaaa =
        answer(w.facts, "mta-sts.example.com", DNS_AAAA, DNS_OUTCOME_NXDOMAIN);
    w.facts->policy_host.fetch_count = 0;
    w.past = (struct history){.policies = month, .policy_count = 1};
    advisory = plan(&w, plan_remove);
    assert_int_equal(severity_exit(advisory_worst(advisory)), 2);
    assert_int_equal(place(advisory, "repair-host"), 0);
    w.past = (struct history){0};
    advisory = plan(&w, plan_remove);
    assert_int_equal(advisory->step_count, 0);
    assert_int_equal(severity_exit(advisory_worst(advisory)), 0);
    end(&w);
}

/* ---- migration ------------------------------------------------------------------------------- */

static void first_the_policy_then_the_mx(void **state)
{
    struct world w;
    struct advisory *a;

    begin(&w, TEXT("enforce", "604800"));
    a = plan(&w, plan_migration);
    assert_int_equal(when(a, "safe_beside_at"), NOW + 3600 + DAY);
    assert_int_equal(when(a, "safe_alone_at"), NOW + 604800);
    assert_true(place(a, "prepare-mx") < place(a, "publish-policy"));
    assert_true(place(a, "publish-record") < place(a, "add-mx"));
    assert_int_equal(from(a, "add-mx"), NOW + 3600 + DAY);
    assert_int_equal(from(a, "remove-mx"), NOW + 604800);
    assert_int_equal(from(a, "switch-off"), NOW + 604800 + 3600);
    assert_non_null(strstr(file(a, POLICY_FILE), "mx: mx1.example.com\r\nmx: mx2.example.net\r\n"));
    assert_int_equal(severity_exit(advisory_worst(a)), 0);
    end(&w);
}

static void an_older_policy_counts(void **state)
{
    static const struct served policies[] = {
        SERVED("1", ENFORCE, 2592000, NOW - 90 * DAY, NOW - DAY),
        {.id = "2",
         .mode = STS_MODE_ENFORCE,
         .max_age = 604800,
         .mx = mx_both,
         .mx_count = 2,
         .first_seen = NOW - DAY,
         .last_seen = NOW}};
    struct world w;
    struct advisory *a;

    begin(&w, "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: mx2.example.net\n"
              "max_age: 604800\n");
    w.past = (struct history){.policies = policies, .policy_count = 2};
    a = plan(&w, plan_migration);
    assert_true(has_note(a, "held-policy"));
    assert_null(step(a, "publish-policy"));
    assert_int_equal(when(a, "safe_alone_at"), NOW - DAY + 2592000);
    /* Without it: at once. */
    w.past = (struct history){.policies = policies + 1, .policy_count = 1};
    a = plan(&w, plan_migration);
    assert_int_equal(when(a, "safe_alone_at"), NOW);
    end(&w);
}

static void testing_refuses_nothing(void **state)
{
    struct world w;
    struct advisory *a;

    begin(&w, TEXT("testing", "604800"));
    a = plan(&w, plan_migration);
    assert_int_equal(when(a, "safe_alone_at"), NOW);
    assert_int_equal(a->effective_by_count, 0);
    assert_non_null(step(a, "publish-policy"));
    end(&w);
}

static void the_mx_was_changed_first(void **state)
{
    struct world w;
    struct advisory *a;

    begin(&w, TEXT("enforce", "2592000"));
    w.facts->mx_count = 0;
    w.facts->mx_answer->record_count = 0;
    add_mx(w.facts, "mx2.example.net", "198.18.2.26");
    a = plan(&w, plan_migration);
    assert_int_equal(a->severity, SEVERITY_CRITICAL);
    assert_int_equal(place(a, "old-mx-back"), 0);
    assert_true(place(a, "publish-policy") < place(a, "publish-record"));
    assert_int_equal(from(a, "remove-mx"), NOW + 2592000);
    end(&w);
}

/* ---- rollback -------------------------------------------------------------------------------- */

static void a_repair_comes_before_the_way_back(void **state)
{
    static const struct {
        void (*change)(struct facts *f);
        const char *step;
    } cases[] = {{expired, "renew-certificate"},
                 {uncovered, "add-mx-line"},
                 {no_starttls, "offer-starttls"}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct world w;
        struct advisory *a;

        begin(&w, TEXT("enforce", "2592000"));
        cases[i].change(w.facts);
        a = plan(&w, plan_rollback);
        assert_int_equal(place(a, cases[i].step), 0);
        assert_true(place(a, "publish-policy") < place(a, "publish-record"));
        assert_true(member(a, "cure_known")->number);
        assert_int_equal(severity_exit(advisory_worst(a)), 2);
        assert_non_null(strstr(file(a, POLICY_FILE), "mode: testing\r\nmx: mx1.example.com\r\n"));
        assert_int_equal(a->effective_by[BEHAVIOUR_EACH_DELIVERY].until, NOW + 3600);
        assert_int_equal(a->effective_by[BEHAVIOUR_DAILY].until, NOW + 3600 + DAY);
        assert_int_equal(a->effective_by[BEHAVIOUR_MAX_AGE].until, NOW + 2592000);
        assert_int_equal(from(a, "keep-until"), NOW + 2592000);
        end(&w);
    }
}

static void the_missing_line_is_at_hand(void **state)
{
    struct world w;
    struct advisory *a;

    begin(&w, TEXT("enforce", "604800"));
    uncovered(w.facts);
    a = plan(&w, plan_rollback);
    assert_non_null(strstr(file(a, "keep-enforce/mta-sts.txt"),
                           "mode: enforce\r\nmx: mx1.example.com\r\nmx: mx9.example.org\r\n"));
    assert_non_null(step(a, "old-mx-back"));
    end(&w);
}

static void nothing_to_be_seen(void **state)
{
    struct world w;
    struct advisory *a;

    begin(&w, TEXT("enforce", "604800"));
    a = plan(&w, plan_rollback);
    assert_true(has_note(a, "look-elsewhere"));
    assert_false(member(a, "cure_known")->number);
    assert_int_equal(severity_exit(advisory_worst(a)), 1);
    assert_non_null(file(a, POLICY_FILE)); /* all the same: it may be wanted */
    end(&w);
}

static void a_broken_host_takes_nothing_back(void **state)
{
    static const struct served month[] = {
        SERVED("7", ENFORCE, 2592000, NOW - 90 * DAY, NOW - 10 * DAY)};
    struct world w;
    struct advisory *a;

    begin(&w, NULL);
    leaf(fetch(w.facts)->tls)->not_after = NOW - DAY;
    w.past = (struct history){.policies = month, .policy_count = 1};
    a = plan(&w, plan_rollback);
    assert_int_equal(a->severity, SEVERITY_CRITICAL);
    assert_true(has_note(a, "policy-cert-expired"));
    assert_true(place(a, "repair-host") < place(a, "publish-policy"));
    assert_int_equal(a->effective_by[BEHAVIOUR_DAILY].until, 0);
    assert_int_equal(a->effective_by[BEHAVIOUR_MAX_AGE].until, NOW - 10 * DAY + 2592000);
    assert_null(step(a, "keep-until"));
    end(&w);
}

static void what_the_person_knows_counts(void **state)
{
    struct world w;
    struct advisory *a;

    begin(&w, TEXT("enforce", "86400"));
    w.past.max_age_told = 31557600;
    a = plan(&w, plan_rollback);
    assert_int_equal(when(a, "largest_max_age"), 31557600);
    assert_int_equal(when(a, "enforced_until"), NOW + 31557600);
    assert_false(has_note(a, "past-unknown"));
    end(&w);
}

static void it_was_taken_back_already(void **state)
{
    static const struct served policies[] = {
        SERVED("1", ENFORCE, 2592000, NOW - 90 * DAY, NOW - 2 * DAY),
        SERVED("2", TESTING, 86400, NOW - DAY, NOW)};
    struct world w;
    struct advisory *a;

    begin(&w, TEXT("testing", "86400"));
    w.past = (struct history){.policies = policies, .policy_count = 2};
    expired(w.facts);
    a = plan(&w, plan_rollback);
    assert_int_equal(when(a, "enforced_until"), NOW - 2 * DAY + 2592000);
    assert_non_null(step(a, "renew-certificate"));
    assert_null(file(a, POLICY_FILE));
    w.past = (struct history){0};
    a = plan(&w, plan_rollback);
    assert_int_equal(a->effective_by_count, 0);
    assert_true(has_note(a, "not-the-policy"));
    end(&w);
}

/* ---- nobody can deliver ---------------------------------------------------------------------- */

static void mx_is_bogus(struct facts *f)
{
    f->mx_answer->security = DNS_SECURITY_BOGUS;
    f->mx_count = 0;
}

static bool headline_says(const struct advisory *a, const char *words)
{
    return strstr(a->headline.text, words) != NULL;
}

/* Neither the policy nor going back has a part in it. */
static void no_policy_is_the_reason(void **state)
{
    struct world w;
    struct advisory *a;

    begin(&w, NULL);
    mx_is_bogus(w.facts);
    a = plan(&w, plan_next);
    assert_true(headline_says(a, "find no mail server"));
    assert_null(step(a, "rollback"));
    a = plan(&w, plan_rollback);
    assert_true(headline_says(a, "going back to testing does not help"));
    end(&w);
}

static void a_policy_without_mail(void **state)
{
    struct world w;
    struct advisory *a;

    begin(&w, NULL);
    w.facts->mx_answer->records[0].host = ".";
    w.facts->mx_count = 0;
    a = plan(&w, plan_next);
    assert_int_equal(a->step_count, 0);
    assert_true(headline_says(a, "accepts no mail"));
    assert_true(headline_says(plan(&w, plan_rollback), "accepts no mail"));
    end(&w);
}

/* No mode is named where there is none. */
static void nothing_was_published(void **state)
{
    struct world w;

    (void)state;
    begin(&w, NULL);
    w.facts->sts_txt = answer(w.facts, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    w.facts->policy_host.a = answer(w.facts, "mta-sts.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    w.facts->policy_host.fetch_count = 0;
    assert_true(headline_says(plan(&w, plan_rollback), "no policy is published"));
    end(&w);
}

/* ---- no such domain -------------------------------------------------------------------------- */

static void vanishes(struct facts *f)
{
    f->mx_answer = answer(f, "example.com", DNS_MX, DNS_OUTCOME_NXDOMAIN);
    f->mx_count = 0;
    f->sts_txt = answer(f, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    f->tlsrpt_txt = answer(f, "_smtp._tls.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.a = answer(f, "mta-sts.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.aaaa = answer(f, "mta-sts.example.com", DNS_AAAA, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.fetch_count = 0;
}

/* Whatever is asked for: one sentence, and nothing to publish. */
static void a_domain_that_is_not_there_has_no_plan(void **state)
{
    static const plan_fn all[] = {plan_next, plan_rollback, plan_remove};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct world w;
        struct advisory *a;

        begin(&w, TEXT("enforce", "604800"));
        vanishes(w.facts);
        a = plan(&w, all[i]);
        assert_int_equal(a->severity, SEVERITY_HIGH);
        assert_true(headline_says(a, "does not exist"));
        assert_int_equal(a->step_count, 1);
        assert_int_equal(a->artefact_count, 0);
        end(&w);
    }
}

static void place_point(struct facts *f, enum vantage_name name, enum vantage_state state)
{
    f->vantage = talloc_zero(f, struct vantage);
    f->vantage->points = talloc_zero(f->vantage, struct vantage_point);
    f->vantage->points[0] = (struct vantage_point){(int)name, (int)state, NULL};
    f->vantage->point_count = 1;
}

/* ---- nothing was seen ------------------------------------------------------------------------ */

static void is_unanswered(struct facts *f, const char *name, enum dns_type type,
                          struct dns_answer **one)
{
    *one = answer(f, name, type, DNS_OUTCOME_TIMEOUT);
}

static void no_resolver(struct facts *f)
{
    is_unanswered(f, "example.com", DNS_MX, &f->mx_answer);
    is_unanswered(f, "_mta-sts.example.com", DNS_TXT, &f->sts_txt);
    is_unanswered(f, "_smtp._tls.example.com", DNS_TXT, &f->tlsrpt_txt);
    is_unanswered(f, "mta-sts.example.com", DNS_A, &f->policy_host.a);
    is_unanswered(f, "mta-sts.example.com", DNS_AAAA, &f->policy_host.aaaa);
    f->mx_count = f->policy_host.fetch_count = 0;
    f->vantage = NULL;
}

static void no_memory(struct facts *f)
{
    no_resolver(f);
    f->shortage = "memory";
}

/* It is our fault, so there is nothing to be done about the domain. */
static void what_was_not_seen_has_no_plan(void **state)
{
    static const plan_fn all[] = {plan_next, plan_rollback, plan_remove};
    static void (*const faults[])(struct facts *) = {no_resolver, no_memory};

    for (size_t i = 0; i < 2 * sizeof(all) / sizeof(all[0]); i++) {
        struct world w;
        struct advisory *a;

        begin(&w, TEXT("enforce", "604800"));
        faults[i % 2](w.facts);
        a = plan(&w, all[i / 2]);
        assert_int_equal(a->severity, SEVERITY_UNKNOWN);
        assert_true(headline_says(a, "nothing could be looked up from here"));
        assert_true(has_note(a, i % 2 ? "own-shortage" : "resolver-unreachable"));
        assert_int_equal(a->note_count, 1);
        assert_int_equal(a->step_count, 1);
        assert_int_equal(a->artefact_count, 0);
        end(&w);
    }
    (void)state;
}

/* The record is there, and port 443 is closed to this network: no fault of the policy host's. */
static void a_policy_not_seen_is_not_taken_back(void **state)
{
    struct world w;
    struct advisory *a;

    (void)state;
    begin(&w, TEXT("enforce", "604800"));
    w.facts->policy_host.fetches[0].outcome = NET_REFUSED;
    w.facts->policy_host.fetches[0].phase = PHASE_CONNECT;
    w.facts->policy_host.fetches[0].status = 0;
    w.facts->policy_host.fetches[0].tls = NULL;
    w.facts->policy_host.fetches[0].body = (struct bytes){NULL, 0};
    place_point(w.facts, VANTAGE_PORT443, VANTAGE_STATE_CLOSED);
    a = plan(&w, plan_rollback);
    assert_int_equal(a->severity, SEVERITY_UNKNOWN);
    assert_true(headline_says(a, "could not be determined from here"));
    assert_true(has_note(a, "policy-port443-blocked"));
    assert_null(step(a, "repair-host"));
    assert_int_equal(a->artefact_count, 0);
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_phase_has_its_next),
        cmocka_unit_test(without_records_no_failure_is_ruled_out),
        cmocka_unit_test(not_published),
        cmocka_unit_test(no_mail_no_policy),
        cmocka_unit_test(broken_comes_first),
        cmocka_unit_test(a_domain_that_is_not_there_has_no_plan),
        cmocka_unit_test(what_was_not_seen_has_no_plan),
        cmocka_unit_test(a_policy_not_seen_is_not_taken_back),
        cmocka_unit_test(the_next_phase_is_refused),
        cmocka_unit_test(enforced_and_refused),
        cmocka_unit_test(nothing_is_known),
        cmocka_unit_test(since_is_read_from_what_was_served),
        cmocka_unit_test(failures_begin_the_time_anew),
        cmocka_unit_test(what_is_written_passes_lint),
        cmocka_unit_test(the_longest_copy_decides),
        cmocka_unit_test(mode_none_waits_for_what_was_before),
        cmocka_unit_test(a_policy_nobody_goes_by_lends_no_lines),
        cmocka_unit_test(removed_too_early),
        cmocka_unit_test(first_the_policy_then_the_mx),
        cmocka_unit_test(an_older_policy_counts),
        cmocka_unit_test(testing_refuses_nothing),
        cmocka_unit_test(the_mx_was_changed_first),
        cmocka_unit_test(a_repair_comes_before_the_way_back),
        cmocka_unit_test(the_missing_line_is_at_hand),
        cmocka_unit_test(nothing_to_be_seen),
        cmocka_unit_test(a_broken_host_takes_nothing_back),
        cmocka_unit_test(what_the_person_knows_counts),
        cmocka_unit_test(it_was_taken_back_already),
        cmocka_unit_test(no_policy_is_the_reason),
        cmocka_unit_test(a_policy_without_mail),
        cmocka_unit_test(nothing_was_published),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
