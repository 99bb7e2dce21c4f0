/* SPDX-License-Identifier: MIT */
/* test_policy_diff.c - what a change from one policy to another needs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "rollout/policy_diff.h"

#define POLICY(mode, mx, age) "version: STSv1\nmode: " mode "\n" mx "max_age: " age "\n"
#define A                     "mx: a.example.com\n"
#define B                     "mx: b.example.net\n"
#define STAR                  "mx: *.example.com\n"

static const char *const hosts[] = {"a.example.com", "b.example.net"};

static struct lint *read(TALLOC_CTX *ctx, const char *text, size_t host_count)
{
    struct lint *lint;

    assert_int_equal(lint_policy(ctx, text, strlen(text), hosts, host_count, &lint), STS_OK);
    return lint;
}

static bool has_note(const struct advisory *a, const char *code)
{
    for (size_t i = 0; i < a->note_count; i++) {
        if (strcmp(a->notes[i].code, code) == 0)
            return true;
    }
    return false;
}

/* -1: not said. */
static int64_t new_id_needed(const struct advisory *a)
{
    for (size_t i = 0; i < a->member_count; i++) {
        if (strcmp(a->members[i].name, "new_id_needed") == 0)
            return a->members[i].number;
    }
    return -1;
}

static void changes(void **state)
{
    static const struct {
        const char *name, *old, *new;
        size_t hosts;      /* of --mx */
        int new_id;        /* -1: not said */
        const char *note;  /* that must be there; NULL: none at all */
        const char *steps; /* codes, in their order */
        enum severity worst;
    } cases[] = {
        {"the same", POLICY("enforce", A B, "604800"), POLICY("enforce", B A, "604800"), 0, 0, NULL,
         "", SEVERITY_INFO},
        {"a mode", POLICY("testing", A, "86400"), POLICY("enforce", A, "86400"), 0, 1, "to-enforce",
         "publish-policy publish-record", SEVERITY_LOW},
        {"back", POLICY("enforce", A, "604800"), POLICY("testing", A, "86400"), 0, 1,
         "from-enforce", "publish-policy publish-record", SEVERITY_LOW},
        {"max_age alone", POLICY("enforce", A, "604800"), POLICY("enforce", A, "86400"), 0, 1,
         "shorter", "publish-policy publish-record", SEVERITY_INFO},
        {"one more", POLICY("enforce", A, "604800"), POLICY("enforce", A B, "604800"), 0, 1,
         "gained", "publish-policy publish-record mx-last", SEVERITY_MEDIUM},
        {"one more that is an MX", POLICY("enforce", A, "604800"), POLICY("enforce", A B, "604800"),
         2, 1, "refused-by-old", "publish-policy publish-record mx-last", SEVERITY_HIGH},
        {"one more, in testing", POLICY("testing", A, "604800"), POLICY("testing", A B, "604800"),
         2, 1, NULL, "publish-policy publish-record", SEVERITY_INFO},
        {"one less", POLICY("enforce", A B, "604800"), POLICY("enforce", A, "604800"), 0, 1, "lost",
         "mx-first publish-policy publish-record", SEVERITY_MEDIUM},
        {"narrower", POLICY("enforce", STAR, "604800"), POLICY("enforce", A, "604800"), 0, 1,
         "lost", "mx-first publish-policy publish-record", SEVERITY_MEDIUM},
        {"wider", POLICY("enforce", A, "604800"), POLICY("enforce", STAR, "604800"), 0, 1, "gained",
         "publish-policy publish-record mx-last", SEVERITY_MEDIUM},
        {"given up", POLICY("enforce", A B, "604800"), POLICY("none", A, "86400"), 0, 1,
         "from-enforce", "publish-policy publish-record", SEVERITY_LOW},
        {"new invalid", POLICY("enforce", A, "604800"), POLICY("forced", A, "604800"), 0, -1, NULL,
         "", SEVERITY_HIGH},
        {"old invalid", POLICY("forced", A, "604800"), POLICY("enforce", A, "604800"), 0, 1, NULL,
         "", SEVERITY_INFO},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct advisory *a = advisory_new(NULL, NULL, NULL, 0);
        char *steps = talloc_strdup(a, "");

        policy_diff(a, read(a, cases[i].old, cases[i].hosts),
                    read(a, cases[i].new, cases[i].hosts));
        assert_false(a->no_memory);
        for (size_t j = 0; j < a->step_count; j++)
            steps = talloc_asprintf_append(steps, "%s%s", j ? " " : "", a->steps[j].code);
        if (strcmp(steps, cases[i].steps) != 0)
            fail_msg("%s: %s", cases[i].name, steps);
        if (new_id_needed(a) != cases[i].new_id)
            fail_msg("%s: new id", cases[i].name);
        if (cases[i].note ? !has_note(a, cases[i].note) : a->note_count)
            fail_msg("%s: %s", cases[i].name, cases[i].note ? cases[i].note : a->notes[0].code);
        if (advisory_worst(a) != cases[i].worst)
            fail_msg("%s: %s", cases[i].name, severity_name(advisory_worst(a)));
        talloc_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(changes)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
