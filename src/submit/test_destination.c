/* SPDX-License-Identifier: MIT */
/* test_destination.c - records as they are published, and where their reports go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "submit/destination.h"
#include "submit/limits.h"

static const char *shown(TALLOC_CTX *ctx, const struct destination *one)
{
    switch (one->kind) {
    case DESTINATION_MAIL:
        return talloc_asprintf(ctx, "mail %s @%s", one->address, one->host);
    case DESTINATION_POST:
        return talloc_asprintf(ctx, "post %s @%s", one->url, one->host);
    default:
        return talloc_asprintf(ctx, "unusable %s", one->uri);
    }
}

static char *all_of(TALLOC_CTX *ctx, const char *record)
{
    struct destination *list;
    size_t count;
    char *text = talloc_strdup(ctx, "");

    assert_int_equal(destinations_of(ctx, record, &list, &count), STS_OK);
    for (size_t i = 0; i < count; i++)
        text = talloc_asprintf_append(text, "%s%s", i ? "; " : "", shown(ctx, &list[i]));
    return text;
}

static void records_are_read(void **state)
{
    static const struct {
        const char *record, *expected;
    } cases[] = {
        {"v=TLSRPTv1; rua=mailto:tls@a.example", "mail tls@a.example @a.example"},
        {"v=TLSRPTv1;rua=https://r.a.example/v1?d=a,mailto:tls@a.example",
         "post https://r.a.example/v1?d=a @r.a.example; mail tls@a.example @a.example"},
        /* an extension before rua, a blank before the semicolon */
        {"v=TLSRPTv1 ; x=y; rua=mailto:tls@a.example", "mail tls@a.example @a.example"},
        {"v=TLSRPTv1; rua=mailto:tls@a.example ; ", "mail tls@a.example @a.example"},
        /* each once, however it is written */
        {"v=TLSRPTv1; rua=mailto:tls@a.example,mailto:tls@A.example,mailto:tl%73@a.example",
         "mail tls@a.example @a.example"},
        {"v=TLSRPTv1; rua=mailto:t%2Cls@a.example?subject=x",
         "unusable mailto:t%2Cls@a.example?subject=x"},
        {"v=TLSRPTv1; rua=mailto:tls@a.example?subject=x", "mail tls@a.example @a.example"},
        {"v=TLSRPTv1; rua=https://a.example:8443/x", "post https://a.example:8443/x @a.example"},
        /* nothing in it becomes another field or recipient */
        {"v=TLSRPTv1; rua=mailto:a%0ABcc:b@a.example", "unusable mailto:a%0ABcc:b@a.example"},
        {"v=TLSRPTv1; rua=mailto:a%40b@a.example", "unusable mailto:a%40b@a.example"},
        {"v=TLSRPTv1; rua=mailto:-oQ@a.example", "unusable mailto:-oQ@a.example"},
        {"v=TLSRPTv1", ""},
        {"v=spf1 -all", ""},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);

        assert_string_equal(all_of(ctx, cases[i].record), cases[i].expected);
        talloc_free(ctx);
    }
}

static void there_is_a_ceiling(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *record = talloc_strdup(ctx, "v=TLSRPTv1; rua=mailto:a@a.example");
    struct destination *list;
    size_t count;

    (void)state;
    for (int i = 0; i < 100; i++)
        record = talloc_asprintf_append(record, ",mailto:a%d@a.example", i);
    assert_int_equal(destinations_of(ctx, record, &list, &count), STS_OK);
    assert_int_equal(count, LIMIT_DESTINATIONS);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_read),
        cmocka_unit_test(there_is_a_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
