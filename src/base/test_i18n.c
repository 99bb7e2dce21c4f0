/* SPDX-License-Identifier: MIT */
/* test_i18n.c - catalogues whole and damaged, and two threads with two languages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/catalogue.h"
#include "base/i18n.h"
#include "base/system_error.h"

struct pair {
    const char *msgid, *text;
    size_t msgid_length, text_length;
};
#define PAIR(msgid, text)                                                                          \
    {                                                                                              \
        msgid, text, sizeof(msgid) - 1, sizeof(text) - 1                                           \
    }
/* Sorted, as msgfmt writes them. */
static const struct pair pairs[] = {
    PAIR("", "Content-Type: text/plain; charset=UTF-8\n"),
    PAIR("empty", ""),
    PAIR("no key", "kein Schlüssel"),
    PAIR("not signed", "nicht signiert"),
    PAIR("one day\0{n} days", "ein Tag\0{n} Tage"),
    PAIR("signed", "signiert"),
};
#define COUNT (sizeof(pairs) / sizeof(pairs[0]))

/* ---- a catalogue ----------------------------------------------------------------------------- */

static unsigned char file[1024];
static size_t file_length;

static void put_number(size_t at, size_t value, bool big_endian)
{
    for (size_t i = 0; i < 4; i++)
        file[at + i] = (unsigned char)(value >> 8 * (big_endian ? 3 - i : i));
}

static void put_text(size_t row, const char *text, size_t length, bool big_endian)
{
    put_number(row, length, big_endian);
    put_number(row + 4, file_length, big_endian);
    memcpy(file + file_length, text, length + 1);
    file_length += length + 1;
}

static struct bytes write_catalogue(bool big_endian)
{
    const size_t head[] = {0x950412de, 0, COUNT, 28, 28 + 8 * COUNT, 0, 0};

    for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
        put_number(4 * i, head[i], big_endian);
    file_length = 28 + 16 * COUNT;
    for (size_t i = 0; i < COUNT; i++)
        put_text(28 + 8 * i, pairs[i].msgid, pairs[i].msgid_length, big_endian);
    for (size_t i = 0; i < COUNT; i++)
        put_text(28 + 8 * (COUNT + i), pairs[i].text, pairs[i].text_length, big_endian);
    return (struct bytes){(const char *)file, file_length};
}

static void each_sentence_is_found(void **state)
{
    struct catalogue catalogue;

    (void)state;
    for (int big_endian = 0; big_endian < 2; big_endian++) {
        assert_true(catalogue_read(write_catalogue(big_endian), &catalogue));
        for (size_t i = 0; i < COUNT; i++)
            assert_string_equal(catalogue_find(&catalogue, pairs[i].msgid, 0), pairs[i].text);
        assert_string_equal(catalogue_find(&catalogue, "one day", 1), "{n} Tage");
        assert_null(catalogue_find(&catalogue, "one day", 2));
        assert_null(catalogue_find(&catalogue, "signed", 1));
        assert_null(catalogue_find(&catalogue, "sign", 0));
        assert_null(catalogue_find(&catalogue, "not signed at all", 0));
        assert_null(catalogue_find(&catalogue, "zzz", 0));
    }
}

/* Whatever is found lies in the file and has an end; the sanitizers watch. */
static void look_around(struct bytes bytes)
{
    struct catalogue catalogue;

    if (!catalogue_read(bytes, &catalogue))
        return;
    for (size_t i = 0; i < COUNT; i++)
        for (unsigned form = 0; form < 3; form++) {
            const char *text = catalogue_find(&catalogue, pairs[i].msgid, form);

            assert_true(!text || text + strlen(text) < bytes.data + bytes.length);
        }
}

static void a_damaged_file_leads_nowhere(void **state)
{
    struct bytes whole = write_catalogue(false);
    static const unsigned char values[] = {0, 1, 0x7f, 0x80, 0xff};

    (void)state;
    for (size_t length = 0; length < whole.length; length++)
        look_around((struct bytes){whole.data, length});
    for (size_t at = 0; at < whole.length; at++)
        for (size_t i = 0; i < sizeof(values); i++) {
            unsigned char before = file[at];

            file[at] = values[i];
            look_around(whole);
            file[at] = before;
        }
}

static void what_is_no_catalogue_is_refused(void **state)
{
    struct catalogue catalogue;

    (void)state;
    assert_false(catalogue_read(bytes_of(""), &catalogue));
    assert_false(catalogue_read(bytes_of("msgid \"signed\" and more than a head"), &catalogue));
    assert_false(i18n_add(I18N_GERMAN, bytes_of("")));
}

/* ---- languages ------------------------------------------------------------------------------- */

static void the_thread_decides_then_the_process(void **state)
{
    (void)state;
    assert_string_equal(_("signed"), "signed");
    assert_true(i18n_add(I18N_GERMAN, write_catalogue(false)));
    assert_string_equal(_("signed"), "signed");
    i18n_set_default(I18N_GERMAN);
    assert_string_equal(_("signed"), "signiert");
    assert_string_equal(_("unknown"), "unknown");
    assert_string_equal(_(""), "");
    assert_int_equal(i18n_use(I18N_ENGLISH), I18N_DEFAULT);
    assert_string_equal(_("signed"), "signed");
    assert_int_equal(i18n_use(I18N_DEFAULT), I18N_ENGLISH);
    assert_string_equal(_("signed"), "signiert");
    i18n_set_default(I18N_ENGLISH);
}

static void numbers_have_their_forms(void **state)
{
    static const struct {
        enum i18n_language language;
        unsigned long n;
        const char *text;
    } cases[] = {
        {I18N_ENGLISH, 0, "{n} days"}, {I18N_ENGLISH, 1, "one day"}, {I18N_ENGLISH, 2, "{n} days"},
        {I18N_GERMAN, 0, "{n} Tage"},  {I18N_GERMAN, 1, "ein Tag"},  {I18N_GERMAN, 2, "{n} Tage"},
    };

    (void)state;
    assert_true(i18n_add(I18N_GERMAN, write_catalogue(false)));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        i18n_use(cases[i].language);
        assert_string_equal(ngettext("one day", "{n} days", cases[i].n), cases[i].text);
    }
    assert_string_equal(ngettext("one", "many", 1), "one");
    assert_string_equal(ngettext("one", "many", 5), "many");
    i18n_use(I18N_DEFAULT);
}

static void numbers_have_separators(void **state)
{
    static const struct {
        enum i18n_language language;
        int64_t number;
        const char *text;
    } cases[] = {
        {I18N_ENGLISH, 0, "0"},
        {I18N_ENGLISH, 999, "999"},
        {I18N_ENGLISH, 1000, "1,000"},
        {I18N_ENGLISH, -999, "-999"},
        {I18N_ENGLISH, -1000, "-1,000"},
        {I18N_GERMAN, 49467, "49.467"},
        {I18N_GERMAN, 123456, "123.456"},
        {I18N_GERMAN, 1234567, "1.234.567"},
        {I18N_GERMAN, INT64_MIN, "-9.223.372.036.854.775.808"},
    };
    char text[I18N_NUMBER_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        i18n_use(cases[i].language);
        assert_string_equal(i18n_number(cases[i].number, text), cases[i].text);
    }
    i18n_use(I18N_DEFAULT);
}

static void languages_have_names(void **state)
{
    (void)state;
    assert_int_equal(i18n_language_named("de"), I18N_GERMAN);
    assert_int_equal(i18n_language_named("en"), I18N_ENGLISH);
    assert_int_equal(i18n_language_named("fr"), I18N_DEFAULT);
    assert_int_equal(i18n_language_named(""), I18N_DEFAULT);
    assert_string_equal(i18n_language_name(I18N_GERMAN), "de");
}

static void the_system_has_its_words(void **state)
{
    static const struct {
        int number;
        const char *text;
    } rows[] = {
#define X(number, text) {number, text},
        SYSTEM_ERRORS(X)
#undef X
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(strerror(rows[i].number), rows[i].text);
}

/* ---- two at once ----------------------------------------------------------------------------- */

#define ROUNDS 20000

struct reader {
    enum i18n_language language;
    const char *text;
    pthread_barrier_t *start;
    size_t wrong;
};

static void *read_on(void *arg)
{
    struct reader *reader = arg;

    i18n_use(reader->language);
    pthread_barrier_wait(reader->start);
    for (size_t i = 0; i < ROUNDS; i++)
        reader->wrong += strcmp(_("not signed"), reader->text) != 0;
    return NULL;
}

static void two_threads_have_two_languages(void **state)
{
    pthread_barrier_t start;
    struct reader readers[] = {{I18N_ENGLISH, "not signed", &start, 0},
                               {I18N_GERMAN, "nicht signiert", &start, 0},
                               {I18N_DEFAULT, "not signed", &start, 0}};
    pthread_t threads[3];

    (void)state;
    assert_true(i18n_add(I18N_GERMAN, write_catalogue(false)));
    assert_int_equal(pthread_barrier_init(&start, NULL, 3), 0);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readers[i]), 0);
    for (size_t i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(readers[i].wrong, 0);
    }
    pthread_barrier_destroy(&start);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sentence_is_found),
        cmocka_unit_test(a_damaged_file_leads_nowhere),
        cmocka_unit_test(what_is_no_catalogue_is_refused),
        cmocka_unit_test(the_thread_decides_then_the_process),
        cmocka_unit_test(numbers_have_their_forms),
        cmocka_unit_test(numbers_have_separators),
        cmocka_unit_test(languages_have_names),
        cmocka_unit_test(the_system_has_its_words),
        cmocka_unit_test(two_threads_have_two_languages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
