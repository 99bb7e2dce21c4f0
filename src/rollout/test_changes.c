/* SPDX-License-Identifier: MIT */
/* test_changes.c - checks one after the other, and what each is told to have changed. */
#include "rollout/changes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "rules/test_facts.h"

#define STEPS 5

/* Each step is a healthy domain, changed; "" where nothing may be told. */
struct change_case {
    const char *name;
    struct {
        void (*change)(struct facts *f);
        const char *expect; /* codes, in their order */
    } steps[STEPS];
};

static void as_it_is(struct facts *f)
{
    (void)f;
}

/* ---- record and policy ----------------------------------------------------------------------- */

static void record_gone(struct facts *f)
{
    f->sts_txt = answer(f, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
}

static void record_unknown(struct facts *f)
{
    f->sts_txt = answer(f, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_TIMEOUT);
}

static void new_id(struct facts *f)
{
    f->sts_txt = txt(f, "_mta-sts.example.com", "v=STSv1; id=20261123000000;", NULL);
}

static void testing(struct facts *f)
{
    set_policy(f, "version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 2592000\n");
}

static void testing_new_id(struct facts *f)
{
    testing(f);
    new_id(f);
}

static void longer(struct facts *f)
{
    set_policy(f, "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 5184000\n");
    new_id(f);
}

static void another_line(struct facts *f)
{
    set_policy(f, "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: mx2.example.com\n"
                  "max_age: 2592000\n");
    new_id(f);
}

static void host_down(struct facts *f)
{
    fetch_stops(fetch(f), NET_REFUSED, PHASE_CONNECT);
}

static void wildcard(struct facts *f)
{
    set_policy(f, "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 2592000\n");
}

/* ---- MX -------------------------------------------------------------------------------------- */

static void second_mx(struct facts *f)
{
    add_mx(f, "mx2.example.com", "198.18.2.26");
}

static void wildcard_second_mx(struct facts *f)
{
    wildcard(f);
    second_mx(f);
}

static void second_mx_with_line(struct facts *f)
{
    another_line(f);
    second_mx(f);
}

static void mx_unknown(struct facts *f)
{
    f->mx_answer->outcome = DNS_OUTCOME_TIMEOUT;
    f->mx_answer->record_count = 0;
    f->mx_count = 0;
}

/* The resolver answers nothing. */
static void all_unknown(struct facts *f)
{
    record_unknown(f);
    mx_unknown(f);
    f->tlsrpt_txt->outcome = DNS_OUTCOME_TIMEOUT;
    f->tlsrpt_txt->record_count = 0;
    f->policy_host.a->outcome = f->policy_host.aaaa->outcome = DNS_OUTCOME_TIMEOUT;
    f->policy_host.a->record_count = 0;
    f->policy_host.fetch_count = 0;
}

static void mx_at(struct facts *f, const char *at)
{
    f->mx[0].a = address(f, "mx1.example.com", at);
    session(f)->address = at;
}

static void mx_moved(struct facts *f)
{
    mx_at(f, "198.18.2.77");
}

static void mx_moved_on(struct facts *f)
{
    mx_at(f, "198.18.2.78");
}

static void mx_expired(struct facts *f)
{
    leaf(session(f)->tls)->not_after = NOW - DAY;
}

static void mx_expired_unseen(struct facts *f)
{
    session_stops(session(f), NET_UNKNOWN, PHASE_CONNECT);
    f->interrupted = true;
}

static void mx_expires_soon(struct facts *f)
{
    leaf(session(f)->tls)->not_after = NOW + 7 * DAY;
}

static void mx_renewed(struct facts *f)
{
    leaf(session(f)->tls)->sha256 = "11";
    leaf(session(f)->tls)->not_after = NOW + 90 * DAY;
}

static void mx_replaced(struct facts *f)
{
    leaf(session(f)->tls)->sha256 = "22";
    leaf(session(f)->tls)->not_after = NOW + 30 * DAY;
}

static void two_addresses(struct facts *f)
{
    struct dns_record *records = talloc_zero_array(f, struct dns_record, 2);

    records[0].address = "198.18.2.25";
    records[1].address = "198.18.2.26";
    f->mx[0].a->records = records;
    f->mx[0].a->record_count = 2;
    add_session(f, &f->mx[0], "198.18.2.26");
}

static void two_addresses_renewed(struct facts *f)
{
    two_addresses(f);
    for (size_t i = 0; i < 2; i++)
        leaf(f->mx[0].sessions[i].tls)->sha256 = "33";
}

/* From here no MX can be reached. */
static void blocked(struct facts *f)
{
    session_stops(session(f), NET_TIMEOUT, PHASE_CONNECT);
    f->port25_controls = talloc_zero_array(f, struct port25_control, 1);
    f->port25_controls[0] = (struct port25_control){"mx.example.net", "198.51.100.25", NET_TIMEOUT};
    f->port25_control_count = 1;
}

static void blocked_second_mx(struct facts *f)
{
    blocked(f);
    add_mx(f, "mx2.example.com", "198.18.2.26");
    session_stops(&f->mx[1].sessions[0], NET_TIMEOUT, PHASE_CONNECT);
}

static void mx_address_unknown(struct facts *f)
{
    f->mx[0].a->outcome = DNS_OUTCOME_TIMEOUT;
    f->mx[0].a->record_count = 0;
    f->mx[0].session_count = 0;
}

static void no_reports(struct facts *f)
{
    f->tlsrpt_txt = answer(f, "_smtp._tls.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
}

static void vanishes(struct facts *f)
{
    record_gone(f);
    f->mx_answer = answer(f, "example.com", DNS_MX, DNS_OUTCOME_NXDOMAIN);
    f->mx_count = 0;
    f->tlsrpt_txt = answer(f, "_smtp._tls.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.a = answer(f, "mta-sts.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.aaaa = answer(f, "mta-sts.example.com", DNS_AAAA, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.fetch_count = 0;
}

static void other_reports(struct facts *f)
{
    f->tlsrpt_txt = txt(f, "_smtp._tls.example.com", "v=TLSRPTv1; rua=mailto:b@example.com", NULL);
}

static const struct change_case cases[] = {
    {"nothing", {{as_it_is, ""}, {as_it_is, ""}, {as_it_is, ""}}},
    {"the first check is no news", {{record_gone, ""}}},
    {"record gone and back",
     {{as_it_is, ""},
      {record_gone,
       "posture-changed delivery-changed verdict-changed record-gone finding-appeared"},
      {as_it_is, "posture-changed delivery-changed verdict-changed record-appeared finding-gone"}}},
    {"the domain vanishes",
     {{as_it_is, ""},
      {vanishes, "posture-changed delivery-changed verdict-changed finding-appeared"},
      {vanishes, ""}}},
    {"an unreachable resolver changes nothing",
     {{as_it_is, ""}, {all_unknown, ""}, {as_it_is, ""}}},
    {"what happens behind an outage is told after it",
     {{as_it_is, ""},
      {all_unknown, ""},
      {second_mx_with_line, "mx-line-added mx-appeared id-changed"}}},
    {"first seen behind an outage is no news",
     {{all_unknown, ""}, {all_unknown, ""}, {as_it_is, ""}}},
    {"record not seen, twice: a finding",
     {{as_it_is, ""},
      {record_unknown, ""},
      {record_unknown, "finding-appeared"},
      {as_it_is, "finding-gone"}}},
    {"policy changed, id not, then it follows",
     {{as_it_is, ""},
      {testing, "delivery-changed mode-changed policy-changed-id-same finding-appeared"},
      {testing_new_id, "id-followed"},
      {testing_new_id, ""}}},
    {"policy and id changed", {{as_it_is, ""}, {longer, "max-age-changed id-changed"}}},
    {"id alone", {{as_it_is, ""}, {new_id, "id-changed-policy-same"}}},
    {"a policy changed while the host was down",
     {{as_it_is, ""},
      {host_down, "posture-changed delivery-changed verdict-changed finding-appeared"},
      {another_line, "posture-changed delivery-changed verdict-changed mx-line-added id-changed "
                     "finding-appeared finding-gone"}}},
    {"an MX host the policy does not cover",
     {{as_it_is, ""},
      {second_mx, "delivery-changed verdict-changed mx-appeared mx-changed-policy-same "
                  "finding-appeared"},
      {as_it_is, "delivery-changed verdict-changed mx-gone mx-changed-policy-same finding-gone"}}},
    {"one that it covers",
     {{wildcard, ""}, {wildcard_second_mx, "mx-appeared mx-changed-policy-same"}}},
    {"with its line",
     {{as_it_is, ""}, {second_mx_with_line, "mx-line-added mx-appeared id-changed"}}},
    {"MX not seen", {{second_mx, ""}, {mx_unknown, ""}, {second_mx, ""}}},
    {"a move", {{as_it_is, ""}, {mx_moved, "address-appeared address-gone"}, {mx_moved, ""}}},
    {"addresses that rotate are news once",
     {{as_it_is, ""},
      {mx_moved, "address-appeared address-gone"},
      {as_it_is, ""},
      {mx_moved, ""},
      {mx_moved_on, "address-appeared"}}},
    {"addresses not seen", {{as_it_is, ""}, {mx_address_unknown, ""}, {as_it_is, ""}}},
    {"another address and its certificate",
     {{as_it_is, ""}, {two_addresses, "address-appeared"}, {as_it_is, "address-gone"}}},
    {"renewed", {{as_it_is, ""}, {mx_renewed, "certificate-renewed"}, {mx_renewed, ""}}},
    {"replaced", {{as_it_is, ""}, {mx_replaced, "certificate-replaced"}}},
    {"renewed at two addresses, one note",
     {{two_addresses, ""}, {two_addresses_renewed, "certificate-renewed"}}},
    {"about to expire, expired, not seen, renewed",
     {{as_it_is, ""},
      {mx_expires_soon, "verdict-changed finding-appeared"},
      {mx_expired, "delivery-changed verdict-changed finding-appeared finding-gone"},
      {mx_expired_unseen, ""},
      {mx_renewed, "delivery-changed verdict-changed certificate-renewed finding-gone"}}},
    {"where port 25 is blocked, what can be seen is told",
     {{blocked, ""},
      {blocked, ""},
      {blocked_second_mx, "mx-appeared mx-changed-policy-same finding-appeared"},
      {blocked, "mx-gone mx-changed-policy-same finding-gone"}}},
    {"a fault of sessions stays where they are blocked",
     {{as_it_is, ""},
      {mx_expired, "delivery-changed verdict-changed finding-appeared"},
      {blocked, ""},
      {mx_expired, ""}}},
    {"reports asked for no more, and elsewhere",
     {{as_it_is, ""},
      {no_reports, "verdict-changed tlsrpt-gone finding-appeared"},
      {other_reports, "verdict-changed tlsrpt-appeared finding-gone"},
      {as_it_is, "tlsrpt-changed"}}},
};

/* ---- running --------------------------------------------------------------------------------- */

static bool has_param(const struct sentence *s, const char *name, size_t length)
{
    for (size_t i = 0; i < s->param_count; i++)
        if (strlen(s->params[i].name) == length && !strncmp(s->params[i].name, name, length))
            return true;
    return false;
}

/* Each place of a sentence has its value, once. */
static void check_sentence(const struct change_case *one, const struct note *note)
{
    const struct sentence *s = &note->sentence;

    for (const char *open = s->text; (open = strchr(open, '{')); open++)
        if (!has_param(s, open + 1, strcspn(open + 1, "|}")))
            fail_msg("%s: %s: no value for %.20s in: %s", one->name, note->code, open, s->text);
    for (size_t i = 0; i < s->param_count; i++)
        for (size_t j = 0; j < i; j++)
            if (!strcmp(s->params[i].name, s->params[j].name))
                fail_msg("%s: %s: %s twice", one->name, note->code, s->params[i].name);
}

static char *codes_of(struct advisory *a)
{
    char *codes = talloc_strdup(a, "");

    for (size_t i = 0; i < a->note_count; i++)
        codes = talloc_asprintf_append(codes, "%s%s", i ? " " : "", a->notes[i].code);
    return codes;
}

static void run_case(const struct change_case *one)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct state *known = state_new(ctx);

    for (size_t i = 0; i < STEPS && one->steps[i].change; i++) {
        struct facts *f = healthy(ctx);
        struct advisory *a = advisory_new(ctx, f->domain, f, NOW);
        struct diagnosis *d;
        struct state *seen, *after;
        size_t told;

        one->steps[i].change(f);
        f->observed_at = NOW + (int64_t)i;
        assert_int_equal(diagnose(ctx, f, NOW, &d), STS_OK);
        seen = state_of(ctx, d);
        assert_non_null(seen);
        after = state_merge(ctx, known, seen);
        assert_non_null(after);
        told = changes(a, known, after);
        assert_int_equal(told, a->note_count);
        assert_false(a->no_memory);
        for (size_t j = 0; j < a->note_count; j++)
            check_sentence(one, &a->notes[j]);
        if (strcmp(codes_of(a), one->steps[i].expect) != 0)
            fail_msg("%s, step %zu:\n   found %s\nexpected %s", one->name, i, codes_of(a),
                     one->steps[i].expect);
        known = after;
    }
    talloc_free(ctx);
}

static void test_changes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        run_case(&cases[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_changes)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
