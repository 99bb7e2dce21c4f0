/* SPDX-License-Identifier: MIT */
/* test_pages_corpus.c - the pages, the JSON, the metrics and the plans of each observation of the
 * fuzz corpora. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/test_expected.h"
#include "facts/facts_json.h"
#include "render/advisory.h"
#include "render/commands.h"
#include "render/json.h"
#include "render/prometheus.h"
#include "render/text.h"
#include "rollout/plan.h"

static const struct textout_options wide = {.width = 80, .utf8 = true, .verbose = true},
                                    narrow = {.width = 40, .colour = true};

static char *put(char *to, char *made)
{
    assert_non_null(made);
    return talloc_strdup_append_buffer(to, made);
}

static char *put_pages(char *to, const struct diagnosis *d)
{
    struct command_list *commands = command_list_new(to, d);
    struct prometheus *prometheus = prometheus_new(to, true);

    to = put(to, text_check(to, d, &wide));
    to = put(to, text_check(to, d, &narrow));
    to = put(to, text_headline(to, d));
    to = put(to, json_check(to, d));
    to = put(to, text_command_list(to, commands, &wide));
    to = put(to, json_command_list(to, commands));
    prometheus_add(prometheus, d, NULL);
    return put(to, prometheus_text(to, prometheus));
}

static char *put_plans(char *to, const struct diagnosis *d)
{
    static void (*const makers[])(struct advisory *, const struct situation *,
                                  const struct plan_wish *) = {plan_next, plan_remove,
                                                               plan_rollback, plan_migration};
    static const char *const moved[] = {"mx9.d.example"};
    struct plan_wish wish = {.new_mx = moved, .new_mx_count = 1, .nsupdate = true};
    struct history past = {0};
    int64_t now = d->facts->observed_at;

    for (size_t i = 0; i < sizeof(makers) / sizeof(*makers); i++) {
        struct advisory *a = advisory_new(to, d->facts->domain, d->facts, now);
        struct situation s;

        assert_non_null(a);
        situation_read(&s, d, &past, 0, now);
        makers[i](a, &s, &wish);
        to = put(to, text_advisory(to, a, true, &wide));
        to = put(to, json_advisory(to, a, "mtasts.plan/1"));
    }
    return to;
}

static char *dump(char *to, const char *text, size_t length)
{
    struct diagnosis *d;
    struct facts *facts;
    char *why = NULL, *again;

    if (facts_read(to, text, length, &facts, &why) != STS_OK)
        return talloc_asprintf_append_buffer(to, "%s\n", why ? why : "-");
    assert_int_equal(facts_write(to, facts, &again), STS_OK);
    to = put(to, again);
    assert_int_equal(diagnose(to, facts, facts->observed_at, &d), STS_OK);
    return put_plans(put_pages(to, d), d);
}

static void each_observation(void **state)
{
    (void)state;
    expect_sums("cmd", "fuzz/corpus/pages", "", dump);
    expect_sums("cmd", "fuzz/grown/pages", "", dump);
    expect_sums("cmd", "fuzz/corpus/diagnose", "", dump);
    expect_sums("cmd", "fuzz/grown/diagnose", "", dump);
    expect_sums("cmd", "fuzz/grown/facts", "", dump);
    expect_sums("cmd", "test/golden/facts", ".json", dump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_observation)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
