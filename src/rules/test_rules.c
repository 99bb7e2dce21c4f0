/* SPDX-License-Identifier: MIT */
/* test_rules.c - the catalogue, the verdict, the order and the parameters of findings. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "rules/test_facts.h"

static const char *value(const struct finding *finding, const char *name)
{
    for (size_t i = 0; i < finding->param_count; i++)
        if (!strcmp(finding->params[i].name, name))
            return finding->params[i].value;
    return NULL;
}

static void test_catalogue(void **state)
{
    (void)state;
    for (int i = 0; i < FINDING_COUNT; i++) {
        const struct finding_info *info = finding_info((enum finding_code)i);

        assert_int_equal(finding_by_name(info->name), i);
        assert_true(info->enforce || info->testing || info->otherwise);
        assert_true(strlen(info->title) <= 60);
    }
    assert_int_equal(finding_by_name("no-such-code"), FINDING_COUNT);
}

static void test_verdict(void **state)
{
    static const struct {
        enum severity worst[2];
        enum verdict verdict;
    } cases[] = {
        {{SEVERITY_NONE, SEVERITY_NONE}, VERDICT_OK},
        {{SEVERITY_INFO, SEVERITY_LOW}, VERDICT_OK},
        {{SEVERITY_MEDIUM, SEVERITY_LOW}, VERDICT_WARNING},
        {{SEVERITY_MEDIUM, SEVERITY_UNKNOWN}, VERDICT_UNKNOWN},
        {{SEVERITY_UNKNOWN, SEVERITY_HIGH}, VERDICT_CRITICAL},
        {{SEVERITY_CRITICAL, SEVERITY_LOW}, VERDICT_CRITICAL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct finding findings[2] = {{.severity = cases[i].worst[0]},
                                      {.severity = cases[i].worst[1]}};

        assert_int_equal(findings_verdict(findings, 2), cases[i].verdict);
    }
    assert_int_equal(findings_verdict(NULL, 0), VERDICT_OK);
    assert_int_equal(severity_exit(SEVERITY_MEDIUM), 1);
    assert_int_equal(severity_exit(SEVERITY_HIGH), 2);
    assert_int_equal(severity_exit(SEVERITY_UNKNOWN), 3);
}

/* By severity, then topic, then line by number: line 3 before line 11. */
static void test_order(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct facts *f = healthy(ctx);
    struct diagnosis *d;

    (void)state;
    set_policy(f, "version: STSv1\nmode: enforce\n\nmx: mx1.example.com\nmax_age: 2592000\n"
                  "a: b\nc: d\ne: f\ng: h\ni: j\n\n");
    f->tlsrpt_txt = answer(f, "_smtp._tls.example.com", DNS_TXT, DNS_OUTCOME_FAILED);
    leaf(session(f)->tls)->not_after = NOW - DAY;
    assert_int_equal(diagnose(ctx, f, NOW, &d), STS_OK);
    assert_int_equal(d->findings[0].code, FINDING_MX_CERT_EXPIRED);
    assert_int_equal(d->findings[1].code, FINDING_TLSRPT_RECORD_LOOKUP_FAILED);
    assert_string_equal(d->findings[2].subject, "line 3");
    assert_string_equal(d->findings[3].subject, "line 11");
    assert_int_equal(d->findings[4].severity, SEVERITY_INFO);
    talloc_free(ctx);
}

static void test_parameters(void **state)
{
    static const char *const resolvers[] = {"198.51.100.53@5353"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct facts *f = healthy(ctx);
    struct diagnosis *d;

    (void)state;
    f->observer.https_port = 8443;
    f->observer.ca_file = "lab.pem";
    f->observer.resolvers = talloc_memdup(f, resolvers, sizeof(resolvers));
    f->observer.resolver_count = 1;
    f->observer.resolvers_given = true;
    fetch(f)->status = 404;
    assert_int_equal(diagnose(ctx, f, NOW, &d), STS_OK);
    assert_int_equal(d->finding_count, 1);
    assert_string_equal(value(d->findings, "policy_url"),
                        "https://mta-sts.example.com:8443/.well-known/mta-sts.txt");
    assert_string_equal(value(d->findings, "resolver"), "198.51.100.53");
    assert_string_equal(value(d->findings, "resolver_port"), "5353");
    assert_string_equal(value(d->findings, "ca_file"), "lab.pem");
    assert_string_equal(value(d->findings, "new_id"), "20261123150000");
    assert_string_equal(value(d->findings, "status"), "404");
    f->observer.resolvers_given = false;
    assert_int_equal(diagnose(ctx, f, NOW, &d), STS_OK);
    assert_null(value(d->findings, "resolver"));
    talloc_free(ctx);
}

/* All that were asked are named where none answered, the first and the last too. */
static void test_resolvers_asked(void **state)
{
    static const char *const resolvers[] = {"192.0.2.53", "198.51.100.53", "203.0.113.53"};
    static const char *const named[] = {"-", "192.0.2.53", "192.0.2.53, 198.51.100.53",
                                        "192.0.2.53, 198.51.100.53, 203.0.113.53"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct facts *f = healthy(ctx);
    struct vantage_point point = {VANTAGE_RESOLVER, VANTAGE_STATE_CLOSED, NULL};
    struct diagnosis *d;

    (void)state;
    f->observer.resolvers = talloc_memdup(f, resolvers, sizeof(resolvers));
    f->vantage = talloc_zero(f, struct vantage);
    f->vantage->points = talloc_memdup(f, &point, sizeof(point));
    f->vantage->point_count = 1;
    f->sts_txt->outcome = f->mx_answer->outcome = f->tlsrpt_txt->outcome = DNS_OUTCOME_TIMEOUT;
    f->policy_host.a->outcome = f->policy_host.aaaa->outcome = DNS_OUTCOME_TIMEOUT;
    f->sts_txt->record_count = f->mx_answer->record_count = f->tlsrpt_txt->record_count = 0;
    for (unsigned count = 0; count < sizeof(named) / sizeof(named[0]); count++) {
        f->observer.resolver_count = count;
        assert_int_equal(diagnose(ctx, f, NOW, &d), STS_OK);
        assert_int_equal(d->findings[0].code, FINDING_RESOLVER_UNREACHABLE);
        assert_string_equal(value(d->findings, "server"), named[count]);
    }
    talloc_free(ctx);
}

/* Strangers' bytes reach a parameter as text that can be passed on. */
static void test_hostile_text(void **state)
{
    static const char text[] = "v=STSv1; id=\x1b[2J\0x;";
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct facts *f = healthy(ctx);
    struct diagnosis *d;
    const char *text_shown;

    (void)state;
    f->sts_txt->records[0].text = (struct bytes){text, sizeof(text) - 1};
    assert_int_equal(diagnose(ctx, f, NOW, &d), STS_OK);
    assert_true(d->finding_count > 0);
    text_shown = value(d->findings, "text");
    assert_non_null(text_shown);
    assert_true(text_shown && strstr(text_shown, "\\x00x;"));
    talloc_free(ctx);
}

static void test_live_policy(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct diagnosis *d;

    (void)state;
    assert_int_equal(diagnose(ctx, healthy(ctx), NOW, &d), STS_OK);
    assert_int_equal(d->verdict, VERDICT_OK);
    assert_string_equal(d->policy->id, "20261101000000");
    assert_int_equal(d->policy->mode, STS_MODE_ENFORCE);
    assert_int_equal(d->policy->max_age, 2592000);
    assert_int_equal(d->policy->mx_count, 1);
    assert_string_equal(d->policy->mx[0], "mx1.example.com");
    talloc_free(ctx);
}

/* The same facts give the same diagnosis, and a later time another one. */
static void test_time_is_an_argument(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct facts *f = healthy(ctx);
    struct diagnosis *d;

    (void)state;
    assert_int_equal(diagnose(ctx, f, NOW + 3650 * DAY, &d), STS_OK);
    assert_int_equal(d->finding_count, 2);
    assert_int_equal(d->findings[0].code, FINDING_POLICY_CERT_EXPIRED);
    assert_int_equal(d->findings[1].code, FINDING_MX_CERT_EXPIRED);
    assert_int_equal(d->posture, POSTURE_BROKEN);
    talloc_free(ctx);
}

static void test_severity_names(void **state)
{
    (void)state;
    for (int i = SEVERITY_NONE; i <= SEVERITY_CRITICAL; i++)
        assert_int_equal(severity_by_name(severity_name((enum severity)i)), i);
    assert_int_equal(severity_by_name(""), SEVERITY_NONE);
    assert_int_equal(severity_by_name("High"), SEVERITY_NONE);
    assert_int_equal(severity_by_name("hig"), SEVERITY_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_catalogue),       cmocka_unit_test(test_verdict),
        cmocka_unit_test(test_order),           cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_resolvers_asked), cmocka_unit_test(test_hostile_text),
        cmocka_unit_test(test_live_policy),     cmocka_unit_test(test_time_is_an_argument),
        cmocka_unit_test(test_severity_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
