/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/publish.h"
#include "facts/test_domain.h"

static struct publishing published_of(struct facts *facts, struct publish_request request)
{
    struct diagnosis *diagnosis;
    struct publishing ret;

    assert_int_equal(diagnose(facts, facts, facts->observed_at, &diagnosis), STS_OK);
    request.diagnosis = diagnosis;
    assert_int_equal(publish(facts, &request, &ret), STS_OK);
    return ret;
}

static void good_hosts(void **state)
{
    struct facts *facts = healthy(NULL);
    struct publishing ret = published_of(facts, (struct publish_request){.mode = STS_MODE_ENFORCE});

    (void)state;
    assert_true(ret.usable);
    assert_false(ret.asks);
    assert_int_equal(ret.doubt_count, 0);
    assert_true(ret.advisory->artefact_count > 3);
    talloc_free(facts);
}

/* Mode enforce is asked about, and given where the person insists; testing harms nobody. */
static void a_host_without_good_tls(void **state)
{
    struct facts *facts = healthy(NULL);
    struct publishing ret;

    (void)state;
    leaf(session(facts)->tls)->not_after = NOW - DAY;
    ret = published_of(facts, (struct publish_request){.mode = STS_MODE_ENFORCE});
    assert_true(ret.asks);
    assert_false(ret.usable);
    assert_int_equal(ret.advisory->artefact_count, 0);
    assert_int_equal(ret.doubt_count, 1);
    assert_false(ret.doubts[0].unknown);
    assert_non_null(strstr(ret.doubts[0].title, "expired"));
    ret = published_of(facts, (struct publish_request){.mode = STS_MODE_ENFORCE, .anyway = true});
    assert_true(ret.usable);
    ret = published_of(facts, (struct publish_request){.mode = STS_MODE_TESTING});
    assert_true(ret.usable);
    assert_int_equal(ret.doubt_count, 1);
    talloc_free(facts);
}

static void reports_to(void **state)
{
    static const char *const wrong[] = {"nobody"}, *const right[] = {"a@example.com"};
    struct facts *facts = healthy(NULL);
    struct publishing ret = published_of(
        facts, (struct publish_request){.mode = STS_MODE_TESTING, .rua = wrong, .rua_count = 1});

    (void)state;
    assert_non_null(ret.wrong_rua);
    assert_null(ret.advisory);
    ret = published_of(
        facts, (struct publish_request){.mode = STS_MODE_TESTING, .rua = right, .rua_count = 1});
    assert_non_null(strstr(ret.advisory->artefacts[1].text, "mailto:a@example.com"));
    talloc_free(facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_hosts),
        cmocka_unit_test(a_host_without_good_tls),
        cmocka_unit_test(reports_to),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
