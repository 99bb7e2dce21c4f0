/* SPDX-License-Identifier: MIT */
/* test_publication.c - what is published first comes from the facts, from a person, or from what is
 * published already. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "rollout/publication.h"
#include "rules/test_facts.h"

static const char *const two_hosts[] = {"mx1.example.com", "mx2.example.com"};

static struct advisory *advise(TALLOC_CTX *ctx, struct publication publication)
{
    struct generate_wish wish;
    struct advisory *a;
    bool usable;

    publication.domain = "example.com";
    publication.now = NOW;
    a = publication_judge(ctx, &publication, &wish, &usable);
    assert_non_null(a);
    if (usable)
        publication_complete(a, &wish);
    assert_false(a->no_memory);
    return a;
}

/* NULL: there is no such file. */
static const char *file(const struct advisory *a, const char *name)
{
    for (size_t i = 0; i < a->artefact_count; i++)
        if (strcmp(a->artefacts[i].file, name) == 0)
            return a->artefacts[i].text;
    return NULL;
}

static bool has_note(const struct advisory *a, const char *code)
{
    for (size_t i = 0; i < a->note_count; i++)
        if (strcmp(a->notes[i].code, code) == 0)
            return true;
    return false;
}

static void from_what_a_person_says(void **state)
{
    static const char *const rua[] = {"mailto:a@b.example"};
    const struct advisory *a = advise(*state, (struct publication){.hosts = two_hosts,
                                                                   .host_count = 2,
                                                                   .mode = STS_MODE_ENFORCE,
                                                                   .max_age = 604800,
                                                                   .rua = rua,
                                                                   .rua_count = 1});

    assert_string_equal(file(a, POLICY_FILE),
                        "version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\n"
                        "mx: mx2.example.com\r\nmax_age: 604800\r\n");
    assert_non_null(strstr(file(a, ZONE_FILE), "rua=mailto:a@b.example"));
    assert_int_equal(a->severity, SEVERITY_INFO);
    assert_false(has_note(a, "step-back"));
}

static void from_what_was_observed(void **state)
{
    struct facts *facts = healthy(*state);
    const struct advisory *a;

    facts->observed_at = NOW;
    a = advise(*state, (struct publication){.facts = facts, .mode = STS_MODE_ENFORCE});
    assert_string_equal(file(a, POLICY_FILE), "version: STSv1\r\nmode: enforce\r\n"
                                              "mx: mx1.example.com\r\nmax_age: 86400\r\n");
    /* The reports go on to where they go. */
    assert_non_null(strstr(file(a, ZONE_FILE), "rua=mailto:tls@example.com"));
    assert_false(has_note(a, "step-back"));
}

static void a_mailbox_where_nothing_is_published(void **state)
{
    const struct advisory *a =
        advise(*state,
               (struct publication){.hosts = two_hosts, .host_count = 1, .mode = STS_MODE_TESTING});

    assert_non_null(strstr(file(a, ZONE_FILE), "rua=mailto:tls-reports@example.com"));
}

static void a_step_back(void **state)
{
    struct facts *facts = healthy(*state);

    facts->observed_at = NOW;
    assert_true(
        has_note(advise(*state, (struct publication){.facts = facts, .mode = STS_MODE_TESTING}),
                 "step-back"));
    facts->policy_host.fetches[0].outcome = NET_UNKNOWN; /* time was up */
    assert_true(
        has_note(advise(*state, (struct publication){.facts = facts, .mode = STS_MODE_TESTING}),
                 "live-unseen"));
}

static void without_a_host(void **state)
{
    struct facts *facts = healthy(*state);
    const struct advisory *none, *unknown;

    none = advise(*state, (struct publication){.mode = STS_MODE_TESTING});
    assert_int_equal(none->severity, SEVERITY_UNKNOWN);
    assert_int_equal(none->artefact_count, 0);
    facts->observed_at = NOW;
    facts->mx_count = 0;
    facts->mx_answer->outcome = DNS_OUTCOME_TIMEOUT;
    unknown = advise(*state, (struct publication){.facts = facts, .mode = STS_MODE_TESTING});
    assert_int_equal(unknown->artefact_count, 0);
    assert_string_not_equal(unknown->headline.text, none->headline.text);
    /* Mode none names no host. */
    assert_non_null(file(advise(*state, (struct publication){.mode = STS_MODE_NONE}), POLICY_FILE));
}

static void a_domain_that_is_not_there(void **state)
{
    struct facts *facts = healthy(*state);
    const struct advisory *a;

    facts->observed_at = NOW;
    facts->shortage = "memory";
    a = advise(*state, (struct publication){.facts = facts, .mode = STS_MODE_TESTING});
    assert_int_equal(a->artefact_count, 0);
}

static void reporting_addresses(void **state)
{
    static const struct {
        const char *given, *uri; /* NULL: none */
    } cases[] = {
        {"a@b.example", "mailto:a@b.example"},
        {"mailto:a@b.example", "mailto:a@b.example"},
        {"https://b.example/tlsrpt", "https://b.example/tlsrpt"},
        {"nobody", NULL},
        {"http://b.example/", NULL},
        {"mailto:a@b.example,mailto:c@d.example", NULL},
        {"", NULL},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *uri = NULL;
        enum sts_status status = publication_rua(*state, cases[i].given, &uri);

        if (!uri || status != (cases[i].uri ? STS_OK : STS_E_INVALID) ||
            (cases[i].uri && strcmp(uri, cases[i].uri) != 0))
            fail_msg("%s: %s", cases[i].given, uri ? uri : "(none)");
    }
}

static int setup(void **state)
{
    *state = talloc_new(NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    talloc_free(*state);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(from_what_a_person_says),
        TEST(from_what_was_observed),
        TEST(a_mailbox_where_nothing_is_published),
        TEST(a_step_back),
        TEST(without_a_host),
        TEST(a_domain_that_is_not_there),
        TEST(reporting_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
