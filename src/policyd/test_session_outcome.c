/* SPDX-License-Identifier: MIT */
/* test_session_outcome.c - what becomes of a session, as a report counts it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts/test_domain.h"
#include "policyd/session_outcome.h"

static void fine(struct facts *f)
{
    (void)f;
}

static void refused(struct facts *f)
{
    session_stops(session(f), NET_REFUSED, PHASE_CONNECT);
}

static void silent(struct facts *f)
{
    session_stops(session(f), NET_TIMEOUT, PHASE_GREETING);
}

static void rejected(struct facts *f)
{
    session_stops(session(f), NET_OK, PHASE_QUIT);
    session(f)->greeting_code = 554;
}

static void not_offered(struct facts *f)
{
    session_is_plain(session(f));
}

static void starttls_refused(struct facts *f)
{
    session_stops(session(f), NET_OK, PHASE_QUIT);
    session(f)->starttls_code = 454;
}

static void no_handshake(struct facts *f)
{
    session_has_no_handshake(session(f));
}

static void self_signed(struct facts *f)
{
    session(f)->tls->trust = CHAIN_SELF_SIGNED;
}

static void unknown_ca(struct facts *f)
{
    session(f)->tls->trust = CHAIN_UNTRUSTED_ROOT;
}

static void expired(struct facts *f)
{
    leaf(session(f)->tls)->not_after = NOW - DAY;
}

static void expired_and_unknown(struct facts *f)
{
    unknown_ca(f);
    expired(f);
}

static void other_name(struct facts *f)
{
    set_names(f, session(f)->tls, "www.example.com", NULL);
}

static void test_outcomes(void **state)
{
    static const struct {
        void (*change)(struct facts *f);
        enum sts_outcome outcome;
    } cases[] = {
        {fine, STS_OUTCOME_SUCCESS},
        {refused, STS_OUTCOME_NOT_CONNECTED},
        {silent, STS_OUTCOME_NOT_CONNECTED},
        {rejected, STS_OUTCOME_SMTP_REJECTED},
        {not_offered, STS_OUTCOME_STARTTLS_NOT_OFFERED},
        {starttls_refused, STS_OUTCOME_STARTTLS_REFUSED},
        {no_handshake, STS_OUTCOME_TLS_HANDSHAKE_FAILED},
        {self_signed, STS_OUTCOME_CERTIFICATE_SELF_SIGNED},
        {unknown_ca, STS_OUTCOME_CERTIFICATE_UNKNOWN_CA},
        {expired, STS_OUTCOME_CERTIFICATE_EXPIRED},
        {expired_and_unknown, STS_OUTCOME_CERTIFICATE_EXPIRED},
        {other_name, STS_OUTCOME_CERTIFICATE_NAME},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct facts *f = healthy(ctx);
        enum sts_outcome outcome;

        cases[i].change(f);
        outcome = session_outcome(f, session(f), "mx1.example.com", NOW);
        if (outcome != cases[i].outcome)
            fail_msg("case %zu: %s", i, sts_outcome_name(outcome));
        talloc_free(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_outcomes)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
