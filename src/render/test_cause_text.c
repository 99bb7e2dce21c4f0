/* SPDX-License-Identifier: MIT */
/* test_cause_text.c - what to do about a cause is said with the values of what is wrong in fact,
 * and of several domains with those that they share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "render/cause_text.h"

static struct param params[] = {{"domain", "one.example"},
                                {"policy_host", "mta-sts.one.example"},
                                {"record_name", "_mta-sts.one.example"},
                                {"new_id", "20261130120000"},
                                {"host", "mx.shared.example"},
                                {"names", "www.one.example"}};

static struct finding finding_of(enum finding_code code)
{
    return (struct finding){.code = code,
                            .severity = SEVERITY_HIGH,
                            .params = params,
                            .param_count = sizeof(params) / sizeof(params[0])};
}

/* No name of a place, in capitals or in braces, is left. */
static void expect_filled(const char *text)
{
    assert_null(strchr(text, '{'));
    assert_null(strstr(text, "DOMAIN"));
    assert_null(strstr(text, "POLICY_HOST"));
    assert_null(strstr(text, "NAMES"));
}

static char *action_of(enum finding_code code, enum cause_kind kind, const char *value,
                       int64_t domains)
{
    struct finding finding = finding_of(code);
    const struct cause cause = {.key = "",
                                .kind = kind,
                                .value = value,
                                .code = code,
                                .domains = domains,
                                .example = "one.example",
                                .finding = &finding};

    return cause_action(NULL, &cause);
}

static void one_domain_has_its_first_step(void **state)
{
    char *text =
        action_of(FINDING_POLICY_CERT_NAME_MISMATCH, CAUSE_CERTIFICATE, "00:www.one.example", 1);

    (void)state;
    assert_non_null(text);
    assert_non_null(strstr(text, "DNS:mta-sts.one.example"));
    assert_non_null(strstr(text, "www.one.example"));
    talloc_free(text);
}

static void several_have_what_they_share(void **state)
{
    char *text = action_of(FINDING_MX_CERT_EXPIRED, CAUSE_CERTIFICATE, "00:mx.shared.example", 3);

    (void)state;
    assert_non_null(text);
    assert_non_null(strstr(text, "mx.shared.example"));
    assert_null(strstr(text, "one.example"));
    talloc_free(text);
}

static void what_each_has_for_itself_is_not_shown(void **state)
{
    (void)state;
    assert_null(action_of(FINDING_STS_RECORD_MISSING, CAUSE_CODE, "sts-record-missing", 2));
    assert_non_null(cause_action_general());
    expect_filled(cause_action_general());
}

static void none_names_a_place(void **state)
{
    (void)state;
    for (int code = 0; code < FINDING_COUNT; code++)
        for (int64_t domains = 1; domains <= 2; domains++) {
            char *text = action_of((enum finding_code)code, CAUSE_MX, "mx.shared.example", domains);

            if (!text)
                continue;
            expect_filled(text);
            if (domains == 2)
                assert_null(strstr(text, "one.example"));
            talloc_free(text);
        }
}

static void without_a_finding_there_is_none(void **state)
{
    const struct cause cause = {.code = FINDING_MX_CERT_EXPIRED, .domains = 1, .example = "a"};

    (void)state;
    assert_null(cause_action(NULL, &cause));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_domain_has_its_first_step),
        cmocka_unit_test(several_have_what_they_share),
        cmocka_unit_test(what_each_has_for_itself_is_not_shown),
        cmocka_unit_test(none_names_a_place),
        cmocka_unit_test(without_a_finding_there_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
