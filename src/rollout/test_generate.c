/* SPDX-License-Identifier: MIT */
/* test_generate.c - what is generated passes our own lint; ids only grow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "rollout/generate.h"

#define NOW ((int64_t)1795446000) /* 2026-11-23T15:00:00Z */

static const char *const long_rua[] = {
    "mailto:tls@example.com",
    "https://reports.example.com/"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aa",
};

static struct advisory *advisory(TALLOC_CTX *ctx)
{
    struct advisory *a = advisory_new(ctx, "example.com", NULL, NOW);

    assert_non_null(a);
    return a;
}

static const char *file(const struct advisory *a, const char *name)
{
    for (size_t i = 0; i < a->artefact_count; i++) {
        if (strcmp(a->artefacts[i].file, name) == 0)
            return a->artefacts[i].text;
    }
    fail_msg("no file %s", name);
    return NULL;
}

static void lints(TALLOC_CTX *ctx, const char *policy, enum sts_mode mode)
{
    struct lint *lint;

    assert_int_equal(lint_policy(ctx, policy, strlen(policy), NULL, 0, &lint), STS_OK);
    assert_true(lint->valid);
    assert_int_equal(lint->policy->mode, mode);
    for (size_t i = 0; i < lint->finding_count; i++)
        assert_true(lint->findings[i].severity <= SEVERITY_LOW);
}

static void every_mode_passes_lint(void **state)
{
    static const char *const mx[] = {"mx1.example.com", "*.example.net"};
    static const enum sts_mode modes[] = {STS_MODE_TESTING, STS_MODE_ENFORCE, STS_MODE_NONE};
    TALLOC_CTX *ctx = talloc_new(NULL);

    for (size_t i = 0; i < 3; i++) {
        struct advisory *a = advisory(ctx);
        struct generate_wish wish = {.domain = "example.com",
                                     .mode = modes[i],
                                     .max_age = FIRST_MAX_AGE,
                                     .mx = mx,
                                     .mx_count = 2,
                                     .id = "20261123150000"};

        generate(a, &wish);
        assert_false(a->no_memory);
        lints(ctx, file(a, POLICY_FILE), modes[i]);
        lints(ctx, file(a, "pages/.well-known/mta-sts.txt"), modes[i]);
    }
    talloc_free(ctx);
}

/* The text between the quotes of one line of a zone file, strings joined. */
static char *txt_of(TALLOC_CTX *ctx, const char *zone, const char *name)
{
    const char *at = strstr(zone, name);
    char *text = talloc_strdup(ctx, "");
    bool inside = false;

    assert_non_null(at);
    for (; *at && *at != '\n'; at++) {
        if (*at == '"')
            inside = !inside;
        else if (inside)
            text = talloc_asprintf_append(text, "%c", *at);
    }
    return text;
}

static void records_pass_lint(void **state)
{
    static const char *const mx[] = {"mx1.example.com"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct advisory *a = advisory(ctx);
    struct generate_wish wish = {.domain = "example.com",
                                 .mode = STS_MODE_TESTING,
                                 .max_age = FIRST_MAX_AGE,
                                 .mx = mx,
                                 .mx_count = 1,
                                 .rua = long_rua,
                                 .rua_count = 2,
                                 .id = "20261123150000"};
    struct lint *lint;

    generate(a, &wish);
    assert_int_equal(lint_record(ctx, txt_of(ctx, file(a, ZONE_FILE), "_mta-sts."), 1, &lint),
                     STS_OK);
    assert_true(lint->valid);
    assert_string_equal(lint->id, "20261123150000");
    assert_int_equal(lint_tlsrpt_record(ctx, txt_of(ctx, file(a, ZONE_FILE), "_smtp._tls."), &lint),
                     STS_OK);
    assert_true(lint->valid);
    assert_int_equal(lint->rua_count, 2);
    /* Longer than one character-string. */
    assert_non_null(strstr(file(a, ZONE_FILE), "\" \""));
    assert_non_null(
        strstr(file(a, NSUPDATE_FILE), "update add _smtp._tls.example.com. 3600 IN TXT"));
    assert_string_equal(strstr(file(a, NSUPDATE_FILE), "send"), "send\n");
    talloc_free(ctx);
}

static void patterns(void **state)
{
    static const char *const hosts[] = {"MX1.Example.com.", "mx1.example.com", "no name",
                                        "example-com.mail.protection.outlook.com", "*.example.net"};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct advisory *a = advisory(ctx);
    size_t count;
    const char **list = generate_patterns(a, hosts, 5, &count);

    assert_int_equal(count, 3);
    assert_string_equal(list[0], "mx1.example.com");
    assert_string_equal(list[1], "*.mail.protection.outlook.com");
    assert_string_equal(list[2], "*.example.net");
    assert_int_equal(a->note_count, 1);
    assert_string_equal(a->notes[0].code, "mx-no-name");
    talloc_free(ctx);
}

static void ids(void **state)
{
    static const struct {
        const char *seen[2], *id;
    } cases[] = {
        {{NULL, NULL}, "20261123150000"},
        {{"1", "20261101T120000Z"}, "20261123150000"},
        {{"20261123150000", NULL}, "20261123150001"},
        {{"20271231235959", "20261123150000"}, "20271231235960"},
        {{"9999999999999999", NULL}, "10000000000000000"},
        {{"99999999999999999999999999999999", NULL}, "20261123150000"}, /* no room above it */
        {{"zzz", NULL}, "20261123150000"},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(new_id(ctx, NOW, cases[i].seen, 2), cases[i].id);
    talloc_free(ctx);
}

static void nginx_is_told_of_long_names(void **state)
{
    static const struct {
        const char *domain;
        bool told;
    } cases[] = {
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com", false},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com", true},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    for (size_t i = 0; i < 2; i++) {
        struct advisory *a = advisory_new(ctx, cases[i].domain, NULL, NOW);
        struct generate_wish wish = {.domain = cases[i].domain, .mode = STS_MODE_NONE, .id = "1"};

        generate_hosting(a, &wish);
        assert_int_equal(strstr(file(a, "nginx.conf"), "hash_bucket_size") != NULL, cases[i].told);
    }
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mode_passes_lint),
        cmocka_unit_test(records_pass_lint),
        cmocka_unit_test(patterns),
        cmocka_unit_test(ids),
        cmocka_unit_test(nginx_is_told_of_long_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
