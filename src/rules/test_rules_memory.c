/* SPDX-License-Identifier: MIT */
/* test_rules_memory.c - where one allocation fails, a diagnosis is whole or there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/test_failing.h"
#include "rules/test_facts.h"

#define ALLOCATIONS_MIN 10 /* fewer: malloc() is not ours */
#define ALLOCATIONS_MAX 20000

/* ---- facts with much to tell ----------------------------------------------------------------- */

static void nothing(struct facts *f)
{
    (void)f;
}

static void broken_texts(struct facts *f)
{
    f->sts_txt = txt(f, "_mta-sts.example.com", "v=STSv1; id=a_b; x", "v=spf1", NULL);
    f->tlsrpt_txt =
        txt(f, "_smtp._tls.example.com", "v=TLSRPTv1; rua=a@example.com, ftp://x; y", NULL);
    set_policy(f, "version: STSv1\r\nmode: Enforce\nmx: mx1.example.com.\nmx *.example\n\n"
                  "max-age: 1\nmax_age: 99999999999\nother: x\n");
}

static void broken_hosts(struct facts *f)
{
    leaf(session(f)->tls)->not_after = NOW - DAY;
    add_mx(f, "mx2.example.com", "198.18.2.26");
    set_names(f, f->mx[1].sessions[0].tls, "other.example.com", "mx*.example.com", NULL);
    add_mx(f, "mx3.example.net", "198.18.2.27");
    session_stops(&f->mx[2].sessions[0], NET_PROTOCOL, PHASE_EHLO);
    add_mx(f, "192.0.2.1", "198.18.2.28");
    f->mx[3].is_address = true;
    leaf(fetch(f)->tls)->not_after = NOW + DAY;
    set_policy(f, "version: STSv1\nmode: enforce\nmx: mx1.exmaple.com\nmx: *.example.com\n"
                  "max_age: 86400\n");
}

static void nothing_published(struct facts *f)
{
    f->sts_txt = answer(f, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    f->tlsrpt_txt = answer(f, "_smtp._tls.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    f->sts_strays = txt(f, "example.com", "v=spf1 -all", "v=STSv1; id=1;", NULL);
    f->sts_stray_count = 1;
    fetch(f)->status = 404;
}

static void dane_of_one(struct facts *f)
{
    struct dns_answer *tlsa = answer(f, "_25._tcp.mx1.example.com", DNS_TLSA, DNS_OUTCOME_FOUND);

    tlsa->records = talloc_zero_array(f, struct dns_record, 2);
    tlsa->records[0] = (struct dns_record){.usage = 3, .selector = 1, .data = text_bytes("3082")};
    tlsa->records[1] = (struct dns_record){.usage = 1, .selector = 1, .data = text_bytes("3082")};
    tlsa->record_count = 2;
    f->mx_answer->security = f->mx[0].a->security = f->mx[0].aaaa->security = tlsa->security =
        DNS_SECURITY_SECURE;
    f->mx[0].tlsa = tlsa;
    session(f)->tls->tlsa = talloc_zero(f, struct tlsa_match);
    session(f)->tls->tlsa[0] =
        (struct tlsa_match){.usage = 3, .selector = 1, .result = TLSA_MISMATCH};
    session(f)->tls->tlsa_count = 1;
}

static void (*const changes[])(struct facts *f) = {nothing, broken_texts, broken_hosts,
                                                   nothing_published, dane_of_one};

/* ---- whole or not at all --------------------------------------------------------------------- */

static void assert_same(const struct diagnosis *a, const struct diagnosis *b, long n)
{
    if (a->finding_count != b->finding_count || a->posture != b->posture ||
        a->delivery != b->delivery || a->mx_count != b->mx_count)
        fail_msg("allocation %ld: %zu findings, expected %zu", n, a->finding_count,
                 b->finding_count);
    for (size_t i = 0; i < a->finding_count; i++) {
        const struct finding *one = &a->findings[i], *other = &b->findings[i];

        assert_int_equal(one->code, other->code);
        assert_string_equal(one->subject, other->subject);
        assert_int_equal(one->param_count, other->param_count);
        for (size_t j = 0; j < one->param_count; j++) {
            assert_string_equal(one->params[j].name, other->params[j].name);
            assert_string_equal(one->params[j].value, other->params[j].value);
        }
    }
}

/* Each allocation of the diagnosis in turn; the last round fails none. */
static void each_allocation(void (*change)(struct facts *f))
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct facts *f = healthy(ctx);
    struct diagnosis *whole;
    bool reached = true;
    long n;

    change(f);
    assert_int_equal(diagnose(ctx, f, NOW, &whole), STS_OK);
    for (n = 1; reached && n < ALLOCATIONS_MAX; n++) {
        TALLOC_CTX *work = talloc_new(ctx);
        struct diagnosis *d = NULL;
        enum sts_status status;

        failing_begin(n);
        status = diagnose(work, f, NOW, &d);
        reached = failing_end();
        if (status == STS_OK)
            assert_same(d, whole, n);
        else
            assert_true(reached && status == STS_E_NOMEM);
        talloc_free(work);
    }
    assert_true(!reached && n > ALLOCATIONS_MIN);
    talloc_free(ctx);
}

static void whole_or_none(void **state)
{
    (void)state;
    if (!failing_is_possible())
        skip();
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
        each_allocation(changes[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whole_or_none)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
