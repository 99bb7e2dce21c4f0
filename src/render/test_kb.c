/* SPDX-License-Identifier: MIT */
/* test_kb.c - every entry of the knowledge base, as `explain` shows it: nothing is missing, and
 * what is shown is compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/test_expected.h"
#include "render/json.h"
#include "knowledge/other_words.h"
#include "render/kb_entry.h"
#include "render/kb_search.h"
#include "render/kb_find.h"
#include "render/text.h"

#define NOW ((int64_t)1764547200) /* 2025-12-01 */

static const struct textout_options options = {.width = 80, .utf8 = true};

static size_t count_of(char **lines)
{
    size_t count = 0;

    while (lines && lines[count])
        count++;
    return count;
}

/* What each kind of entry must have. */
static void assert_whole(const struct kb_entry *entry)
{
    if (!*entry->title || !*entry->meaning || !entry->causes || !entry->commands || !entry->fix)
        fail_msg("%s lacks a part", entry->code);
    if (!strcmp(entry->kind, "finding") && (!count_of(entry->fix) || !*entry->spec))
        fail_msg("%s has no step or no clause", entry->code);
}

static void each_entry(void **state)
{
    (void)state;
    for (size_t i = 0; i < kb_entry_count(); i++) {
        struct kb_entry *entry = kb_entry_new(NULL, i, NOW);
        char *text, *json;

        assert_non_null(entry);
        assert_string_equal(entry->code, kb_entry_name(i));
        assert_whole(entry);
        text = text_explain(entry, entry, &options);
        json = json_explain(entry, entry);
        assert_true(text && json);
        expect_text(
            "render", entry->code,
            talloc_asprintf(entry,
                            "%s: %s, %zu causes, %zu commands, %zu steps, %zu "
                            "findings, %zu topics, %zu differ, %016" PRIx64 " %016" PRIx64 "\n",
                            entry->code, entry->kind, count_of(entry->causes),
                            count_of(entry->commands), count_of(entry->fix),
                            count_of(entry->findings), count_of(entry->topics),
                            count_of(entry->differs), expected_sum(text), expected_sum(json)));
        talloc_free(entry);
    }
    assert_null(kb_entry_name(kb_entry_count()));
}

/* Errors of the web service have the same parts, are found by their names only, and stand in no
 * list. */
static void each_error(void **state)
{
    struct kb_error error;
    size_t i = 0;

    (void)state;
    for (; kb_error_at(i, &error); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        char *name = talloc_asprintf(ctx, "api-%s", error.code);
        struct kb_entry *entry = kb_entry_error(ctx, name, NOW);
        char *text, *json;

        assert_non_null(entry);
        assert_whole(entry);
        assert_true(count_of(entry->fix) > 0);
        assert_true(error.status >= 300 && error.status < 600);
        assert_string_equal(entry->code, name);
        text = text_explain(ctx, entry, &options);
        json = json_explain(ctx, entry);
        assert_non_null(text);
        assert_non_null(strstr(json, "\"kind\":\"api-error\""));
        talloc_free(ctx);
    }
    assert_true(i > 50);
    assert_null(kb_entry_error(NULL, "api-", NOW));
    assert_null(kb_entry_error(NULL, "api", NOW));
    assert_null(kb_entry_error(NULL, "api-no-such-error", NOW));
    assert_null(kb_entry_error(NULL, "not-found", NOW));
}

/* ---- names ----------------------------------------------------------------------------------- */

static size_t index_of(const char *name)
{
    for (size_t i = 0; kb_entry_name(i); i++)
        if (!strcmp(kb_entry_name(i), name))
            return i;
    fail_msg("no entry %s", name);
    return 0;
}

static void names_in_any_spelling(void **state)
{
    size_t age = index_of("max_age"), expired = index_of("mx-cert-expired");

    (void)state;
    assert_true(kb_entry_is_named(age, "max-age"));
    assert_true(kb_entry_is_named(age, "max_age"));
    assert_true(kb_entry_is_named(age, "Max-Age"));
    assert_false(kb_entry_is_named(age, "max-ages"));
    assert_false(kb_entry_is_named(age, "max-ag"));
    assert_false(kb_entry_is_named(age, ""));
    assert_true(kb_entry_is_named(expired, "MX-CERT-EXPIRED"));
    assert_false(kb_entry_is_named(expired, "mx-cert-expires"));
    assert_false(kb_entry_is_called(expired, "mx-cert"));
}

static void every_name_is_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; kb_entry_name(i); i++)
        for (size_t j = 0; j < i; j++)
            if (kb_entry_is_named(i, kb_entry_name(j)))
                fail_msg("%s is %s too", kb_entry_name(i), kb_entry_name(j));
}

/* Each word is for entries that there are, and for none by its name. */
static void other_words_lead_somewhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < other_words_count; i++) {
        size_t entry = index_of(other_words[i].name);
        char word[64];

        for (const char *at = other_words[i].words; *at; at += strspn(at, " ")) {
            size_t length = strcspn(at, " ");

            assert_true(length < sizeof word);
            memcpy(word, at, length);
            word[length] = '\0';
            at += length;
            assert_true(kb_entry_is_called(entry, word));
            for (size_t k = 0; kb_entry_name(k); k++)
                if (kb_entry_is_named(k, word))
                    fail_msg("%s is the name of an entry", word);
        }
    }
}

/* Nobody reads through more than three. */
static void no_word_leads_everywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < other_words_count; i++) {
        char *words = strdup(other_words[i].words), *rest = words;

        for (char *word; (word = strsep(&rest, " "));) {
            size_t count = 0;

            for (size_t k = 0; kb_entry_name(k); k++)
                count += kb_entry_is_called(k, word);
            if (count < 1 || count > 3)
                fail_msg("%s leads to %zu entries", word, count);
        }
        free(words);
    }
}

/* A name in any spelling, a word that several share, one that is near, and nothing. */
static void words_are_found(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct kb_found found;

    (void)state;
    assert_int_equal(kb_find(ctx, "MX_Cert_Expired", &found), STS_OK);
    assert_int_equal(found.count, 1);
    assert_string_equal(kb_entry_name(found.entries[0]), "mx-cert-expired");
    assert_int_equal(kb_find(ctx, "microsoft", &found), STS_OK);
    assert_true(found.count > 1);
    assert_int_equal(kb_find(ctx, "mx-cert-expird", &found), STS_OK);
    assert_int_equal(found.count, 0);
    assert_string_equal(found.near.names[0], "mx-cert-expired");
    assert_int_equal(kb_find(ctx, "", &found), STS_OK);
    assert_int_equal(found.count + found.near.count, 0);
    assert_int_equal(kb_find(ctx, "<script>alert(1)</script>", &found), STS_OK);
    assert_int_equal(found.count + found.near.count, 0);
    talloc_free(ctx);
}

static void assert_first(const struct kb_index *index, const char *query, const char *name)
{
    size_t *found = talloc_array(NULL, size_t, (unsigned)kb_entry_count());

    if (!kb_search(index, query, found) || strcmp(kb_entry_name(found[0]), name) != 0)
        fail_msg("%s does not find %s", query, name);
    talloc_free(found);
}

/* Names before titles before texts; every word must be there; a head says what the entry says. */
static void texts_are_found(void **state)
{
    size_t *found = talloc_array(NULL, size_t, (unsigned)kb_entry_count());
    struct kb_index *index = kb_index_new(found);

    (void)state;
    assert_first(index, "mx-cert-expired", "mx-cert-expired");
    assert_first(index, "MX_Cert_Expired", "mx-cert-expired");
    assert_first(index, "  renewal   EXPIRED mx-cert ", "mx-cert-expired");
    assert_first(index, "Max-Age", "max_age");
    assert_int_equal(kb_search(index, "", found), 0);
    assert_int_equal(kb_search(index, " ,; ", found), 0);
    assert_int_equal(kb_search(index, "certificate no-such-word-anywhere", found), 0);
    assert_true(kb_search(index, "the", found) > 100);
    for (size_t i = 0; i < kb_entry_count(); i++) {
        struct kb_entry_head head = kb_entry_head(i);
        struct kb_entry *entry = kb_entry_new(found, i, NOW);

        assert_string_equal(head.code, entry->code);
        assert_string_equal(head.kind, entry->kind);
        assert_string_equal(head.group, entry->group);
        assert_string_equal(head.title, entry->title);
        talloc_free(entry);
    }
    talloc_free(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_entry),
        cmocka_unit_test(each_error),
        cmocka_unit_test(words_are_found),
        cmocka_unit_test(texts_are_found),
        cmocka_unit_test(names_in_any_spelling),
        cmocka_unit_test(every_name_is_its_own),
        cmocka_unit_test(other_words_lead_somewhere),
        cmocka_unit_test(no_word_leads_everywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
