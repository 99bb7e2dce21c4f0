/* SPDX-License-Identifier: MIT */
/* test_policy_steps.c - reading a policy takes steps in proportion to its size, whatever is in it.
 *
 * The library is compiled a second time for this, with a call at each basic block (trace-pc), and
 * the calls are counted: the same on any machine, however busy. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <talloc.h>

#include <mtasts/policy.h>

#define VERSION "version: STSv1\n"

static unsigned long steps;

void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    steps++;
}

/* Of a policy of that size, which is the piece again and again. */
static unsigned long steps_of(const char *piece, size_t length)
{
    char *text = talloc_zero_size(NULL, length);
    struct sts_policy *policy = NULL;

    assert_non_null(text);
    for (size_t at = 0; at < length; at++)
        text[at] =
            at < strlen(VERSION) ? VERSION[at] : piece[(at - strlen(VERSION)) % strlen(piece)];
    steps = 0;
    assert_int_equal(sts_policy_parse(text, length, &policy), STS_OK);
    sts_policy_free(policy);
    talloc_free(text);
    return steps;
}

/* Twice the size is twice the steps.  A quadratic parser takes four times as many. */
static void test_steps(void **state)
{
    static const char *const pieces[] = {"\n",          "x\n",          "a:\n", "mx:a\n",
                                         "mode:none\n", "\r",           " ",    "a",
                                         ":",           "mx: a \"#;//", "\xff", "x:\xc3\xbc\n"};

    (void)state;
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        unsigned long half = steps_of(pieces[i], STS_POLICY_MAX / 2);
        unsigned long whole = steps_of(pieces[i], STS_POLICY_MAX);

        if (half < STS_POLICY_MAX / 64 || whole > half * 11 / 5)
            fail_msg("\"%s\": %lu steps, then %lu", pieces[i], half, whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_steps)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
