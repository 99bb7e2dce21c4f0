/* SPDX-License-Identifier: MIT */
/* test_size.c - threads, domains and sockets: as wanted, and never more files than there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/limits.h"
#include "scan/size.h"

static void as_wanted(void **state)
{
    static const struct {
        size_t threads, jobs, expect_threads, expect_jobs;
    } cases[] = {
        {1, 0, 1, 500}, {4, 0, 4, 2000}, {4, 100, 4, 100}, {4, 3, 3, 3}, {1, 1, 1, 1}, {8, 8, 8, 8},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct scan_config config = {.threads = cases[i].threads, .jobs = cases[i].jobs};
        struct net_options net = {0};

        scan_set_size(&config, &net, 4096);
        assert_int_equal(config.threads, cases[i].expect_threads);
        assert_int_equal(config.jobs, cases[i].expect_jobs);
    }
}

static void what_the_machine_has(void **state)
{
    struct scan_config config = {.threads = 0};
    struct net_options net = {0};

    (void)state;
    scan_set_size(&config, &net, 1024);
    assert_true(config.threads >= 1 && config.threads <= 64);
    assert_int_equal(config.jobs, 500 * config.threads);
}

/* Something is always under way, else everything would wait for ever. */
static void few_files(void **state)
{
    (void)state;
    for (size_t threads = 1; threads <= 8; threads *= 2) {
        for (size_t files = 16; files <= 65536; files *= 2) {
            struct scan_config config = {.threads = threads};
            struct net_options net = {0};
            size_t used;

            scan_set_size(&config, &net, files);
            assert_true(net.dns_sockets >= 16 && net.connections >= 1);
            assert_true((size_t)net.dns_sockets * threads <= LIMIT_QUESTIONS + 16 * threads);
            assert_true((size_t)net.connections * threads <= LIMIT_CONNECTIONS);
            used = (size_t)(net.dns_sockets + net.connections) * threads;
            if (net.connections > 1)
                assert_true(used < files);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_wanted),
        cmocka_unit_test(what_the_machine_has),
        cmocka_unit_test(few_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
