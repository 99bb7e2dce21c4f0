/* SPDX-License-Identifier: MIT */
/* test_bundle.c - many domains: policies that are the same share a file, one server has them all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rollout/bundle.h"

static const char *const one_host[] = {"mx.example.net"};
static const char *const other_host[] = {"mx.example.org"};
static const char *const rua[] = {"mailto:tls-reports@example.net"};

static struct generate_wish wish_of(const char *domain, const char *const *mx)
{
    return (struct generate_wish){.domain = domain,
                                  .mode = STS_MODE_TESTING,
                                  .max_age = 86400,
                                  .mx = mx,
                                  .mx_count = 1,
                                  .rua = rua,
                                  .rua_count = 1,
                                  .id = "20261123150000"};
}

static bool add(struct bundle *bundle, const char *domain, const char *const *mx)
{
    struct advisory *a = advisory_new(bundle, domain, NULL, 0);
    struct generate_wish wish = wish_of(domain, mx);

    return bundle_add(bundle, a, &wish);
}

static const char *file(const struct advisory *a, const char *name)
{
    for (size_t i = 0; i < a->artefact_count; i++)
        if (strcmp(a->artefacts[i].file, name) == 0)
            return a->artefacts[i].text;
    return NULL;
}

/* How often a word stands in a text. */
static int times(const char *text, const char *word)
{
    int count = 0;

    for (; (text = strstr(text, word)); text += strlen(word))
        count++;
    return count;
}

static void the_same_policies_share_a_file(void **state)
{
    struct bundle *bundle = bundle_new(NULL);
    struct advisory *a;

    (void)state;
    assert_true(add(bundle, "b.example", one_host)); /* in the order in which answers come */
    assert_true(add(bundle, "c.example", other_host));
    assert_true(add(bundle, "a.example", one_host));
    assert_true(add(bundle, "a.example", one_host)); /* twice */
    a = bundle_advise(bundle, bundle, 0);
    assert_false(a->no_memory);
    assert_string_equal(
        file(a, "policies/a.example.txt"),
        "version: STSv1\r\nmode: testing\r\nmx: mx.example.net\r\nmax_age: 86400\r\n");
    assert_null(file(a, "policies/b.example.txt"));
    assert_string_equal(file(a, "domains.txt"), "a.example\nb.example\nc.example\n");
    assert_string_equal(file(a, "apache.map"), "mta-sts.a.example a.example.txt\n"
                                               "mta-sts.b.example a.example.txt\n"
                                               "mta-sts.c.example c.example.txt\n");
    assert_int_equal(times(file(a, ZONE_FILE), "_mta-sts."), 3);
    assert_int_equal(times(file(a, NSUPDATE_FILE), "send\n"), 3);
    talloc_free(bundle);
}

static void every_server_has_every_host(void **state)
{
    static const char *const files[] = {"nginx.conf", "Caddyfile", "apache.map"};
    struct bundle *bundle = bundle_new(NULL);
    struct advisory *a;

    (void)state;
    add(bundle, "a.example", one_host);
    add(bundle, "b.example", other_host);
    a = bundle_advise(bundle, bundle, 0);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        assert_non_null(strstr(file(a, files[i]), "mta-sts.a.example a.example.txt"));
        assert_non_null(strstr(file(a, files[i]), "mta-sts.b.example b.example.txt"));
    }
    assert_non_null(strstr(file(a, "apache.conf"), "ServerAlias mta-sts.b.example\n"));
    talloc_free(bundle);
}

/* A certificate holds a hundred names; a long name needs larger tables in nginx. */
static void many_and_long_ones(void **state)
{
    struct bundle *bundle = bundle_new(NULL);
    struct advisory *a;

    (void)state;
    for (int i = 0; i < 201; i++)
        assert_true(add(bundle, talloc_asprintf(bundle, "d%d.example", i), one_host));
    a = bundle_advise(bundle, bundle, 0);
    assert_int_equal(times(file(a, "nginx.conf"), "server {\n"), 3);
    assert_int_equal(times(file(a, "nginx.conf"), "map $host"), 1);
    assert_non_null(strstr(file(a, "nginx.conf"), "/live/mta-sts-3/fullchain.pem"));
    assert_null(strstr(file(a, "nginx.conf"), "hash_bucket_size"));
    assert_int_equal(times(file(a, "apache.conf"), "<VirtualHost"), 3);
    assert_int_equal(times(file(a, "Caddyfile"), "file_server"), 1);
    add(bundle, "a-name-of-forty-seven-characters-with-mta-sts.example", one_host);
    assert_non_null(
        strstr(file(bundle_advise(bundle, bundle, 0), "nginx.conf"), "map_hash_bucket_size 256;"));
    talloc_free(bundle);
}

static void one_in_enforce_is_enough_for_the_note(void **state)
{
    struct bundle *bundle = bundle_new(NULL);
    struct advisory *a = advisory_new(bundle, "a.example", NULL, 0);
    struct generate_wish wish = wish_of("a.example", one_host);

    (void)state;
    wish.mode = STS_MODE_ENFORCE;
    assert_true(bundle_add(bundle, a, &wish));
    assert_true(add(bundle, "b.example", one_host)); /* in testing */
    a = bundle_advise(bundle, bundle, 0);
    assert_int_equal(a->note_count, 1);
    assert_string_equal(a->notes[0].code, "enforce-first");
    talloc_free(bundle);
}

static void none(void **state)
{
    struct bundle *bundle = bundle_new(NULL);
    const struct advisory *a = bundle_advise(bundle, bundle, 0);

    (void)state;
    assert_int_equal(a->severity, SEVERITY_UNKNOWN);
    assert_int_equal(a->artefact_count, 0);
    talloc_free(bundle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_policies_share_a_file),
        cmocka_unit_test(every_server_has_every_host),
        cmocka_unit_test(many_and_long_ones),
        cmocka_unit_test(one_in_enforce_is_enough_for_the_note),
        cmocka_unit_test(none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
