/* SPDX-License-Identifier: MIT */
/* test_look_view.c - what is shown of a look while it is under way: what is known, and what is not
 * yet; and the same as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "facts/test_domain.h"
#include "render/json_run.h"
#include "rules/test_facts.h"

static const struct look_event events[] = {
    {LOOK_TLSRPT, LOOK_NO_HOST, 4}, {LOOK_DNS, LOOK_NO_HOST, 7}, {LOOK_MX, 1, 30}, {LOOK_MX, 0, 40},
    {LOOK_MX, LOOK_NO_HOST, 40},
};

static struct facts *facts;
static struct diagnosis *diagnosis;

static int begin(void **state)
{
    (void)state;
    facts = healthy(NULL);
    add_mx(facts, "mx2.example.com", "198.18.2.26");
    assert_int_equal(diagnose(facts, facts, NOW, &diagnosis), STS_OK);
    return 0;
}

static int end(void **state)
{
    (void)state;
    talloc_free(facts);
    return 0;
}

static const struct look_row *row_of(const struct look_view *view, const char *name,
                                     const char *host)
{
    for (size_t i = 0; i < view->row_count; i++) {
        const struct look_row *row = &view->rows[i];

        if (!strcmp(row->name, name) && (host ? row->host && !strcmp(row->host, host) : !row->host))
            return row;
    }
    fail_msg("no row %s %s", name, host ? host : "");
    return NULL;
}

static void nothing_is_known_yet(void **state)
{
    struct look_view *view = look_view_new(facts, NULL, NULL, 0);

    (void)state;
    assert_int_equal(view->row_count, LOOK_STEPS);
    for (size_t i = 0; i < view->row_count; i++) {
        assert_string_equal(view->rows[i].state, "pending");
        assert_null(view->rows[i].text);
        assert_int_equal(view->rows[i].number, 0);
        assert_int_equal(view->rows[i].elapsed_ms, -1);
    }
    assert_string_equal(view->rows[LOOK_TLSRPT].label, "TLS-RPT");
    assert_null(look_view_row(view, 0));
    assert_null(look_view_row(view, 1));
}

/* What the facts hold beyond the events is not shown. */
static void what_is_known_has_its_number_and_time(void **state)
{
    struct look_view *view = look_view_new(facts, diagnosis, events, 3);
    const struct look_row *row;

    (void)state;
    assert_int_equal(view->row_count, LOOK_STEPS + 2);
    row = row_of(view, "dns", NULL);
    assert_string_equal(row->state, "good");
    assert_non_null(strstr(row->text, "20261101000000"));
    assert_int_equal(row->number, 2);
    assert_int_equal(row->elapsed_ms, 7);
    assert_ptr_equal(look_view_row(view, 2), row);
    assert_string_equal(row_of(view, "policy", NULL)->state, "pending");
    assert_string_equal(row_of(view, "mx", NULL)->state, "pending");
    assert_string_equal(row_of(view, "mx", "mx1.example.com")->state, "pending");
    assert_null(row_of(view, "mx", "mx1.example.com")->text);
    row = row_of(view, "mx", "mx2.example.com");
    assert_string_equal(row->state, "bad");
    assert_non_null(strstr(row->text, "mx2.example.com: "));
    assert_int_equal(row->number, 3);
    view = look_view_new(facts, diagnosis, events, 5);
    assert_string_equal(row_of(view, "mx", "mx1.example.com")->state, "good");
    assert_int_equal(row_of(view, "mx", NULL)->number, 5);
}

static void a_run_as_json(void **state)
{
    struct run_view run = {.id = "0a",
                           .domain = "example.com",
                           .state = "queued",
                           .place = 3,
                           .asked_at = NOW,
                           .look = look_view_new(facts, diagnosis, events, 2)};
    char *text = json_run(facts, &run);

    (void)state;
    assert_non_null(strstr(text, "\"format\":\"mtasts.check-run/1\",\"id\":\"0a\","
                                 "\"domain\":\"example.com\",\"state\":\"queued\",\"place\":3,"
                                 "\"asked_at\":\"2026-11-23T15:00:00Z\",\"steps\":[{\"step\":"
                                 "\"dns\",\"host\":null,\"state\":\"good\",\"text\":"));
    assert_non_null(strstr(text, "{\"step\":\"mx\",\"host\":\"mx1.example.com\",\"state\":"
                                 "\"pending\",\"text\":null,\"number\":null,\"elapsed_ms\":null}"));
    run.place = 0;
    run.look = NULL;
    assert_non_null(strstr(json_run(facts, &run), "\"place\":null,"));
    assert_non_null(strstr(json_run(facts, &run), "\"steps\":[]}"));
    run.look = look_view_new(facts, diagnosis, events, 2);
    text = json_run_step(facts, look_view_row(run.look, 1));
    assert_string_equal(text, "{\"step\":\"tlsrpt\",\"host\":null,\"state\":\"good\",\"text\":"
                              "\"reports go to mailto:tls@example.com\",\"number\":1,"
                              "\"elapsed_ms\":4}");
    run.state = "done";
    text = json_run_end(facts, &run, diagnosis);
    assert_non_null(strstr(text, "{\"id\":\"0a\",\"state\":\"done\",\"verdict\":\"critical\","));
    assert_string_equal(json_run_end(facts, &run, NULL),
                        "{\"id\":\"0a\",\"state\":\"done\",\"verdict\":null,\"headline\":null}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_known_yet, begin, end),
        cmocka_unit_test_setup_teardown(what_is_known_has_its_number_and_time, begin, end),
        cmocka_unit_test_setup_teardown(a_run_as_json, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
