/* SPDX-License-Identifier: MIT */
/* test_command_note.c - every command of the advice is told what it shows, and the right thing. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "knowledge/advice.h"
#include "knowledge/command_note.h"

static void all_noted(const char *name, const char *const *templates)
{
    for (; *templates; templates++) {
        const struct command_note *note = command_note_of(*templates);

        if (!note || !*note->shows || !*note->expect)
            fail_msg("%s: nothing is said of %s", name, *templates);
    }
}

static void every_command_has_a_note(void **state)
{
    for (int code = 0; code < FINDING_COUNT; code++)
        all_noted(finding_info((enum finding_code)code)->name,
                  advice_for((enum finding_code)code)->commands);
    all_noted("the seven", basic_commands);
    all_noted("the seventh", (const char *const[]){basic_mx_command, NULL});
    all_noted("the seventh", basic_all_mx_commands);
    assert_null(command_note_of("ls"));
}

static void the_first_row_that_fits(void **state)
{
    static const struct {
        const char *template, *shows;
    } cases[] = {
        {"dig +short TXT {record_name}", "announces the policy"},
        {"dig +noall +answer TXT {record_name}", "seconds"},
        {"dig +short TXT {tlsrpt_name}", "where reports go"},
        {"dig +short MX {domain}", "MX hosts with"},
        {"dig +short MX {domain}; curl -sS {policy_url} | grep '^mx:'", "below them"},
        {"curl -sS {policy_url}", "the policy"},
        {"curl -sSI {policy_url}", "the head"},
        {"delv MX {domain}", "validator"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_non_null(strstr(command_note_of(cases[i].template)->shows, cases[i].shows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_has_a_note),
        cmocka_unit_test(the_first_row_that_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
