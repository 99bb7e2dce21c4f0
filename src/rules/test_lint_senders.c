/* SPDX-License-Identifier: MIT */
/* test_lint_senders.c - the readings of all senders beside that of the standard. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/rules.h"
#include "vendors/senders.h"

#define V     "version: STSv1\n"
#define M     "mode: enforce\n"
#define X     "mx: mail.example.com\n"
#define A     "max_age: 604800\n"
#define NONE  "mode: none\n"
#define MX(v) V M "mx: " v "\n" A

/* What lint makes of it: who differs, from the RFC's own reading. */
static void lint_senders(void **state)
{
    static const struct {
        const char *text, *differ;
    } cases[] = {
        {V M X A, ""},
        {V M X A "note: hello\n", ""},
        {V M X A "note: a:b\n", "maddy=rejects "},
        {V NONE A, "chasquid=rejects Stalwart=rejects "},
        {V M X A V, "KumoMTA=rejects "},
        {"version: STSv1\n" M X A "\n",
         "postfix-mta-sts-resolver=enforce postfix-tlspol=enforce chasquid=enforce KumoMTA=enforce "
         "Stalwart=enforce mailauth=enforce "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *differ = talloc_strdup(ctx, "");
        struct lint *lint;

        assert_int_equal(lint_policy(ctx, cases[i].text, strlen(cases[i].text), NULL, 0, &lint),
                         STS_OK);
        assert_int_equal(lint->sender_count, sender_count);
        for (size_t j = 0; j < lint->sender_count; j++)
            if (lint->senders[j].differs)
                differ = talloc_asprintf_append(differ, "%s=%s ", lint->senders[j].name,
                                                lint->senders[j].reads_as);
        assert_string_equal(differ, cases[i].differ);
        talloc_free(ctx);
    }
}

static void lint_depth(void **state)
{
    static const char *const mx[] = {"mx.example.com", "a.b.example.com"};
    const char *text = MX("*.example.com");
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t otherwise = 0;
    struct lint *lint;

    (void)state;
    assert_int_equal(lint_policy(ctx, text, strlen(text), mx, 2, &lint), STS_OK);
    for (size_t i = 0; i < lint->sender_count; i++) {
        otherwise += lint->senders[i].mx_count;
        if (lint->senders[i].mx_count)
            assert_string_equal(lint->senders[i].mx[0], "a.b.example.com");
    }
    assert_int_equal(otherwise, 2);
    talloc_free(ctx);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(lint_senders),
        cmocka_unit_test(lint_depth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
