/* SPDX-License-Identifier: MIT */
/* test_repair.c - the 48 hours after a repair, hour by hour. */
#include "rollout/repair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define HOUR  ((int64_t)3600)
#define MAX_N 8

/* Times in hours; midnight is a multiple of 24. */
struct repair_case {
    const char *name;
    const char *looks; /* "24b 25c": bad, clean, unknown */
    struct {
        const char *sender;
        int begins, successful, failed; /* a day long */
    } reports[MAX_N];
    int now;
    enum repair_stage stage;
    int clean_since, done_at; /* 0: none */
    const char *senders;      /* "+a -b !c": confirmed, outstanding, failing */
};

static const struct repair_case cases[] = {
    {"never bad", "100c 106c", {{0}}, 110, REPAIR_NONE, 0, 0, ""},
    {"nothing known", "", {{0}}, 110, REPAIR_NONE, 0, 0, ""},
    {"bad", "100c 106b", {{0}}, 110, REPAIR_BROKEN, 0, 0, ""},
    {"repaired", "100b 106c", {{0}}, 110, REPAIR_COUNTING, 106, 154, ""},
    {"not seen is neither", "100b 103u 106c 109u", {{0}}, 110, REPAIR_COUNTING, 106, 154, ""},
    {"bad again", "100b 106c 112b 118c", {{0}}, 120, REPAIR_COUNTING, 118, 166, ""},
    {"an hour before the end", "100b 106c", {{0}}, 153, REPAIR_COUNTING, 106, 154, ""},
    {"at the end", "100b 106c", {{0}}, 154, REPAIR_DONE, 106, 154, ""},
    {"a sender that has not reported since",
     "100b 106c",
     {{"a", 72, 5, 2}},
     120,
     REPAIR_COUNTING,
     106,
     106 + 168,
     "-a"},
    {"the day of the repair proves nothing",
     "100b 106c",
     {{"a", 72, 5, 2}, {"a", 96, 5, 2}},
     150,
     REPAIR_COUNTING,
     106,
     106 + 168,
     "-a"},
    {"a sender whose trouble was over before",
     "100b 106c",
     {{"a", 72, 5, 2}, {"a", 96, 5, 0}},
     150,
     REPAIR_COUNTING,
     106,
     154,
     ""},
    {"confirmed",
     "100b 106c",
     {{"a", 72, 5, 2}, {"a", 120, 5, 0}},
     150,
     REPAIR_COUNTING,
     106,
     154,
     "+a"},
    {"confirmed and done",
     "100b 106c",
     {{"a", 72, 5, 2}, {"a", 120, 5, 0}},
     154,
     REPAIR_DONE,
     106,
     154,
     "+a"},
    {"a report without sessions confirms nothing",
     "100b 106c",
     {{"a", 72, 5, 2}, {"a", 120, 0, 0}},
     160,
     REPAIR_WAITING,
     106,
     106 + 168,
     "-a"},
    {"one confirmed, one not",
     "100b 106c",
     {{"a", 72, 5, 2}, {"a", 120, 5, 0}, {"b", 72, 0, 9}},
     160,
     REPAIR_WAITING,
     106,
     106 + 168,
     "+a -b"},
    {"a week is enough", "100b 106c", {{"b", 72, 0, 9}}, 274, REPAIR_DONE, 106, 274, "-b"},
    {"never failed, and reports",
     "100b 106c",
     {{"a", 72, 5, 0}, {"a", 120, 5, 0}},
     154,
     REPAIR_DONE,
     106,
     154,
     "+a"},
    {"never failed, and is silent", "100b 106c", {{"a", 72, 5, 0}}, 154, REPAIR_DONE, 106, 154, ""},
    {"failed long before and was well since",
     "1000b 1006c",
     {{"a", 600, 5, 1}, {"a", 624, 5, 0}},
     1010,
     REPAIR_COUNTING,
     1006,
     1054,
     ""},
    {"still failing",
     "100b 106c",
     {{"a", 72, 5, 2}, {"a", 120, 5, 1}},
     150,
     REPAIR_COUNTING,
     106,
     144 + 168,
     "!a"},
    {"failing once more, then clean: from its end on",
     "100b 106c",
     {{"a", 120, 5, 1}, {"a", 144, 5, 0}},
     190,
     REPAIR_COUNTING,
     106,
     192,
     "+a"},
    {"and its end",
     "100b 106c",
     {{"a", 120, 5, 1}, {"a", 144, 5, 0}},
     192,
     REPAIR_DONE,
     106,
     192,
     "+a"},
    {"a report of later is not known yet",
     "100b 106c",
     {{"a", 72, 5, 2}, {"a", 120, 5, 0}},
     143,
     REPAIR_COUNTING,
     106,
     106 + 168,
     "-a"},
    {"checks of later neither", "100b 106c", {{0}}, 105, REPAIR_BROKEN, 0, 0, ""},
};

static size_t read_looks(const char *text, struct repair_check *checks)
{
    size_t count = 0;

    while (*text) {
        int hour = 0;

        for (; *text >= '0' && *text <= '9'; text++)
            hour = hour * 10 + (*text - '0');
        checks[count].at = hour * HOUR;
        checks[count++].look = *text == 'b' ? LOOK_BAD : *text == 'c' ? LOOK_CLEAN : LOOK_UNKNOWN;
        text++;
        text += *text == ' ';
    }
    return count;
}

static char *senders_of(const struct repair *repair)
{
    static const char marks[] = {'+', '-', '!'};
    char *text = talloc_strdup(NULL, "");

    for (size_t stage = 0; stage < SENDER_STAGES; stage++)
        for (size_t i = 0; i < repair->sender_count[stage]; i++)
            text = talloc_asprintf_append(text, "%s%c%s", *text ? " " : "", marks[stage],
                                          repair->senders[stage][i]);
    return text;
}

static void run_case(const struct repair_case *one)
{
    struct repair_check checks[MAX_N];
    struct reported reports[MAX_N];
    struct repair_evidence evidence;
    struct repair *repair;
    size_t count = 0, check_count = read_looks(one->looks, checks);
    char *found;

    for (; count < MAX_N && one->reports[count].sender; count++)
        reports[count] = (struct reported){.submitter = one->reports[count].sender,
                                           .begins = one->reports[count].begins * HOUR,
                                           .ends = (one->reports[count].begins + 24) * HOUR,
                                           .successful = one->reports[count].successful,
                                           .failed = one->reports[count].failed};
    evidence = (struct repair_evidence){checks, check_count, reports, count};
    assert_int_equal(repair_of(NULL, &evidence, one->now * HOUR, &repair), STS_OK);
    found = senders_of(repair);
    if (repair->stage != one->stage || repair->clean_since != one->clean_since * HOUR ||
        repair->done_at != one->done_at * HOUR || strcmp(found, one->senders) != 0)
        fail_msg("%s: %s, clean since %d, done at %d, senders %s", one->name,
                 repair_stage_name(repair->stage), (int)(repair->clean_since / HOUR),
                 (int)(repair->done_at / HOUR), found);
    talloc_free(found);
    talloc_free(repair);
}

static void test_repair(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        run_case(&cases[i]);
}

static const struct note *note_of(const struct advisory *a, const char *code)
{
    for (size_t i = 0; i < a->note_count; i++)
        if (strcmp(a->notes[i].code, code) == 0)
            return &a->notes[i];
    return NULL;
}

static void expect_two(const struct sentence *s, const char *first, const char *second)
{
    assert_string_equal(s->params[0].value, first);
    assert_string_equal(s->params[1].value, second);
}

static void test_telling(void **state)
{
    struct advisory *a = advisory_new(NULL, "example.com", NULL, 160 * HOUR);
    const struct repair_check checks[] = {{100 * HOUR, LOOK_BAD}, {106 * HOUR, LOOK_CLEAN}};
    const struct reported reports[] = {
        {"a", 72 * HOUR, 96 * HOUR, 100 * HOUR, 1, 1},
        {"a", 120 * HOUR, 144 * HOUR, 150 * HOUR, 1, 0},
        {"b", 96 * HOUR, 120 * HOUR, 140 * HOUR, 1, 7},
        {"b", 96 * HOUR, 120 * HOUR, 141 * HOUR, 1, 5},
    };
    const struct repair_evidence one = {checks, 2, reports, 1}, two = {checks, 2, reports, 2},
                                 four = {checks, 2, reports, 4};
    struct repair *then, *now;
    const struct note *failing;

    (void)state;
    assert_int_equal(repair_of(a, &one, 110 * HOUR, &then), STS_OK);
    assert_int_equal(repair_news(a, reports, 1, then, then), 0);
    repair_tell(a, then, then);
    assert_non_null(note_of(a, "repair-counting"));
    assert_non_null(note_of(a, "senders-outstanding"));
    assert_null(note_of(a, "senders-confirmed"));

    assert_int_equal(repair_of(a, &four, 160 * HOUR, &now), STS_OK);
    assert_int_equal(repair_news(a, reports, 4, then, now), 1);
    failing = note_of(a, "reports-failing");
    if (!failing)
        fail_msg("no failures told");
    else
        expect_two(&failing->sentence, "12", "b");

    assert_int_equal(repair_of(a, &two, 160 * HOUR, &now), STS_OK);
    assert_int_equal(repair_news(a, reports, 2, then, now), 1);
    repair_tell(a, then, now);
    assert_non_null(note_of(a, "repair-done"));
    assert_non_null(note_of(a, "senders-confirmed"));
    assert_int_equal(repair_news(a, reports, 2, now, now), 0);
    assert_false(a->no_memory);
    talloc_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_repair),
                                       cmocka_unit_test(test_telling)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
