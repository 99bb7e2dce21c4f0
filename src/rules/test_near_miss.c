/* SPDX-License-Identifier: MIT */
/* test_near_miss.c - suggestions for names that do not exist. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "rules/near_miss.h"

static const struct {
    const char *typed, *meant; /* NULL: nothing is near */
} cases[] = {
    {"gmial.com", "gmail.com"},
    {"gmai.com", "gmail.com"},
    {"gmaill.com", "gmail.com"},
    {"gmaik.com", "gmail.com"},
    {"gmail.cmo", "gmail.com"},
    {"hotmial.com", "hotmail.com"},
    {"t-onlin.de", "t-online.de"},
    {"example.con", "example.com"},
    {"mail.example.ogr", "mail.example.org"},
    {"www.example.com", "example.com"},
    {"gmail.com", NULL},
    {"gmxx.dee", "gmxx.de"},
    {"bmw.de", NULL}, /* too short to be a slip of web.de */
    {"www.a.com", "a.com"},
    {"www.com", NULL},
    {"example.com", NULL},
    {"con", NULL},
    {"gamil.org", NULL},
    {"", NULL},
};

static void near_names_are_suggested(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        const char *found = near_miss(ctx, cases[i].typed);

        if (!found != !cases[i].meant || (found && strcmp(found, cases[i].meant) != 0))
            fail_msg("%s: %s", cases[i].typed, found ? found : "nothing");
        talloc_free(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(near_names_are_suggested)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
