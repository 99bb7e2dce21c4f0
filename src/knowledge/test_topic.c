/* SPDX-License-Identifier: MIT */
/* test_topic.c - every topic is complete, and a word leads to one topic. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "knowledge/topic.h"
#include "vendors/provider.h"
#include "vendors/senders.h"

static void demand(bool truth, const char *name, const char *what)
{
    if (!truth)
        fail_msg("%s: %s", name, what);
}

static size_t count_of(const char *const *lines)
{
    size_t count = 0;

    while (lines && lines[count])
        count++;
    return count;
}

static bool is_topic(const char *name)
{
    for (size_t i = 0; topic_at(i); i++)
        if (!strcmp(topic_at(i)->name, name))
            return true;
    return false;
}

static void every_topic_is_complete(void **state)
{
    for (size_t i = 0; topic_at(i); i++) {
        const struct topic *a = topic_at(i);

        demand(*a->title && strlen(a->title) <= 80 && a->title[strlen(a->title) - 1] != '.',
               a->name, "a title of one line without a stop");
        demand(strlen(a->meaning) > 60 && strlen(a->meaning) < 700, a->name,
               "a meaning to be read");
        demand(count_of(a->causes) && count_of(a->fix) && count_of(a->commands), a->name,
               "causes, steps and commands");
        demand(count_of(a->findings) > 0, a->name, "findings that belong to it");
        demand(strncmp(a->spec, "RFC ", 4) == 0, a->name, "a clause of a standard");
        demand(count_of(a->see) > 0, a->name, "topics to read next");
        for (size_t s = 0; s < count_of(a->see); s++)
            demand(is_topic(a->see[s]) && strcmp(a->see[s], a->name) != 0, a->name, a->see[s]);
        for (size_t f = 0; f < count_of(a->findings); f++)
            demand(finding_by_name(a->findings[f]) != FINDING_COUNT, a->name, a->findings[f]);
    }
}

static void every_provider_can_be_explained(void **state)
{
    for (size_t i = 0; i < provider_count; i++) {
        const struct provider *p = &providers[i];

        demand(p->meaning && *p->meaning, p->id, "a meaning");
        demand(count_of(p->faults) > 0, p->id, "typical faults");
        for (const char *const *see = topic_provider_see(p); *see; see++)
            demand(is_topic(*see), p->id, *see);
        demand(count_of(p->mx_steps) + count_of(p->cert_steps) + count_of(p->host_steps) > 0, p->id,
               "steps");
    }
}

/* How many topics and findings does this word name or mean? */
static size_t meant_by(const char *word)
{
    size_t count = 0;

    for (size_t i = 0; topic_at(i); i++)
        count += topic_word_is(topic_at(i)->name, strlen(topic_at(i)->name), word) ||
                 topic_word_among(topic_at(i)->aliases, word);
    for (size_t i = 0; i < provider_count; i++)
        count += topic_word_is(providers[i].id, strlen(providers[i].id), word);
    for (int code = 0; code < FINDING_COUNT; code++) {
        const char *name = finding_info((enum finding_code)code)->name;

        count += topic_word_is(name, strlen(name), word);
    }
    return count;
}

static void each_alias(const struct topic *topic)
{
    const char *at = topic->aliases;

    while (*at) {
        size_t length = strcspn(at, " ");
        char word[64] = "";

        demand(length && length < sizeof(word), topic->name, "an alias of a sensible length");
        memcpy(word, at, length);
        demand(meant_by(word) == 1, topic->name, word);
        at += length + (at[length] == ' ');
    }
}

static void a_word_leads_to_one_topic(void **state)
{
    for (size_t i = 0; topic_at(i); i++) {
        demand(meant_by(topic_at(i)->name) == 1, topic_at(i)->name, "its name twice");
        each_alias(topic_at(i));
    }
}

static void spelling_counts_for_nothing(void **state)
{
    static const char *const same[] = {"max_age", "max-age", "MaxAge", " Max Age ", "maxage"};
    static const char *const other[] = {"max_ag", "max_ages", "", "-"};

    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
        assert_true(topic_word_is("max_age", 7, same[i]));
    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
        assert_false(topic_word_is("max_age", 7, other[i]));
    assert_true(topic_word_among("one two-words three", "Two Words"));
    assert_false(topic_word_among("one two-words three", "words"));
    assert_false(topic_word_among("", "one"));
}

/* ---- where senders differ -------------------------------------------------------------------- */

/* Every model reads an example, each stands in one reading, and the standard's comes first. */
static void every_sender_reads_the_examples(void **state)
{
    size_t examples = 0;

    for (int code = 0; code < FINDING_COUNT; code++) {
        const char *name = finding_info((enum finding_code)code)->name;
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct sender_differences_reading *list;
        size_t count = sender_differences_readings(ctx, name, &list), readers = 0;

        for (size_t i = 0; i < count; i++)
            for (size_t s = 0; s < sender_count; s++) {
                char *one = talloc_asprintf(ctx, "%s %s", senders[s].name, senders[s].version);

                readers += list[i].senders && strstr(list[i].senders, one);
            }
        demand(!count || (!list[0].senders && readers == sender_count), name, "all readers once");
        examples += count > 0;
        talloc_free(ctx);
    }
    assert_true(examples > 20);
}

static void what_is_known_of_readings(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct sender_differences_reading *list;
    size_t count = sender_differences_readings(ctx, "policy-mode-invalid", &list);
    char *who = NULL;

    assert_true(count == 3); /* the standard, those with it, and mailauth */
    assert_int_equal(list[0].mode, STS_MODE_INVALID);
    assert_string_equal(list[2].senders, "mailauth 5.0.2");
    assert_int_equal(list[2].mode, STS_MODE_ENFORCE);
    assert_string_equal(sender_differences_example("policy-mode-invalid"), "mode: Enforce");
    assert_null(sender_differences_example("mx-null"));
    assert_int_equal(sender_differences_readings(ctx, "mx-null", &list), 0);
    assert_non_null(sender_differences_habit(ctx, "mx-wildcard-depth", &who));
    assert_non_null(strstr(who, "mailauth"));
    assert_null(strstr(who, "mox"));
    assert_null(sender_differences_habit(ctx, "mx-null", &who));
    talloc_free(ctx);
}

/* The findings, result types and topics for which something must be known. */
static void sentences_where_they_are_due(void **state)
{
    static const char *const due[] = {"starttls-not-supported",
                                      "certificate-host-mismatch",
                                      "certificate-expired",
                                      "certificate-not-trusted",
                                      "validation-failure",
                                      "tlsa-invalid",
                                      "dnssec-invalid",
                                      "dane-required",
                                      "sts-policy-fetch-error",
                                      "sts-policy-invalid",
                                      "sts-webpki-invalid",
                                      "mx-not-covered",
                                      "policy-mode-testing",
                                      "dane-sts-conflict",
                                      "propagation",
                                      "senders"};

    for (size_t i = 0; i < sizeof(due) / sizeof(due[0]); i++)
        demand(count_of(sender_differences_lines(due[i])) > 0, due[i], "no word on senders");
    assert_int_equal(count_of(sender_differences_lines("mx-null")), 0);
    assert_int_equal(count_of(sender_differences_lines("")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_topic_is_complete),
        cmocka_unit_test(every_provider_can_be_explained),
        cmocka_unit_test(a_word_leads_to_one_topic),
        cmocka_unit_test(spelling_counts_for_nothing),
        cmocka_unit_test(every_sender_reads_the_examples),
        cmocka_unit_test(what_is_known_of_readings),
        cmocka_unit_test(sentences_where_they_are_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
