/* SPDX-License-Identifier: MIT */
/* test_resources.c - what of the facts speaks of this process, and what of a peer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts/facts.h"
#include "net/resources.h"

static void errors_are_told_apart(void **state)
{
    static const struct {
        const char *error, *shortage;
    } cases[] = {
        {NULL, NULL},
        {"", NULL},
        {"Connection refused", NULL},
        {"handshake failure", NULL},
        {"out of memory here", NULL},
        {OUT_OF_MEMORY, "memory"},
        {OUT_OF_FILES, "files"},
        {OUT_OF_PORTS, "ports"},
        {"OpenSSL SSL_connect: malloc failure", "memory"},
        {"Out of memory", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *shortage = resources_shortage(cases[i].error);

        if (cases[i].shortage)
            assert_string_equal(shortage, cases[i].shortage);
        else
            assert_null(shortage);
    }
}

static void it_is_found_wherever_it_stands(void **state)
{
    struct tls_session tls = {.error = "malloc failure"};
    struct dns_answer answer = {.rcode = OUT_OF_MEMORY}, fine = {.rcode = "SERVFAIL"};
    struct smtp_session session = {.tls = &tls}, waiting = {.error = OUT_OF_FILES};
    struct https_fetch fetch = {.error = OUT_OF_PORTS};
    struct mx_host hosts[] = {{.a = &fine}, {.sessions = &session, .session_count = 1}};
    struct facts facts = {.mx = hosts, .mx_count = 1, .sts_txt = &fine};

    (void)state;
    assert_null(resources_shortage_of(&facts));
    facts.mx_count = 2;
    assert_string_equal(resources_shortage_of(&facts), "memory");
    hosts[1].sessions = &waiting;
    assert_string_equal(resources_shortage_of(&facts), "files");
    hosts[0].tlsa = &answer;
    assert_string_equal(resources_shortage_of(&facts), "memory");
    facts.policy_host = (struct policy_host){.fetches = &fetch, .fetch_count = 1};
    assert_string_equal(resources_shortage_of(&facts), "ports");
}

static void memory_is_tried(void **state)
{
    (void)state;
    assert_true(resources_memory(1 << 20));
    assert_false(resources_memory(SIZE_MAX / 2));
    assert_true(resources_files() > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_told_apart),
        cmocka_unit_test(it_is_found_wherever_it_stands),
        cmocka_unit_test(memory_is_tried),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
