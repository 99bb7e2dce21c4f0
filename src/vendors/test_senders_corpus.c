/* SPDX-License-Identifier: MIT */
/* test_senders_corpus.c - what each known sender reads in each policy of the fuzz corpora. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <talloc.h>

#include "base/test_expected.h"
#include "vendors/senders.h"

static char *dump(char *to, const char *text, size_t length)
{
    for (size_t i = 0; i < sender_count; i++) {
        struct reading reading = sender_read(&senders[i], text, length);

        to = talloc_asprintf_append_buffer(to, "%s: %s %lld %d %u\n", senders[i].name,
                                           sts_mode_name(reading.mode), (long long)reading.max_age,
                                           (int)reading.cause, reading.line);
    }
    return to;
}

static void each_text(void **state)
{
    (void)state;
    expect_sums("vendors", "fuzz/corpus/senders", "", dump);
    expect_sums("vendors", "fuzz/grown/senders", "", dump);
    expect_sums("vendors", "fuzz/corpus/policy", "", dump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_text)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
