/* SPDX-License-Identifier: MIT */
/* test_journal.c - a file of results is continued where it ends, and a stranger's is left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "render/json_scan.h"
#include "scan/journal.h"

#define A "{\"format\":\"mtasts.check/1\",\"domain\":\"a.example\",\"x\":1}\n"
#define B "{\"format\":\"mtasts.check/1\",\"domain\":\"b.example\"}\n"
#define C "{\"format\":\"mtasts.scan-error/1\",\"given\":\"no name\",\"line\":3}\n"

#define HEAD                                                                                       \
    "domain,verdict,posture,delivery,worst_severity,worst_code,codes,observed_at,headline,mode,"   \
    "max_age,id,mx,error\r\n"
#define ROW(name, time)                                                                            \
    "\"" name "\",\"ok\",\"enforce\",\"protected\",\"\",\"\",\"\",\"" time "\",\"well\"\r\n"

static const struct {
    const char *text;
    enum journal_outcome outcome;
    size_t kept; /* bytes */
    const char *has, *lacks;
} cases[] = {
    {"", JOURNAL_OPEN, 0, NULL, "a.example"},
    {A B C, JOURNAL_OPEN, sizeof(A B C) - 1, "no name", "c.example"},
    {A "{\"format\":\"mtasts.check/1\",\"domain\":\"b.example\"", JOURNAL_OPEN, sizeof(A) - 1,
     "a.example", "b.example"},
    {"{", JOURNAL_OPEN, 0, NULL, "a.example"},
    {A "something else\n", JOURNAL_STRANGE, sizeof(A "something else\n") - 1, NULL, NULL},
    {"precious\ndata", JOURNAL_STRANGE, sizeof("precious\ndata") - 1, NULL, NULL},
};

static void test_resume(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[] = "/tmp/mtasts-journal-XXXXXX";
        int fd = mkstemp(path);
        struct journal journal;

        assert_true(fd >= 0);
        assert_int_equal(write(fd, cases[i].text, strlen(cases[i].text)), strlen(cases[i].text));
        assert_int_equal(journal_open(ctx, path, SCAN_JSON, true, &journal), cases[i].outcome);
        assert_int_equal(lseek(fd, 0, SEEK_END), cases[i].kept);
        if (cases[i].has)
            assert_true(seen_has(journal.seen, cases[i].has));
        if (cases[i].lacks)
            assert_false(seen_has(journal.seen, cases[i].lacks));
        if (cases[i].outcome == JOURNAL_OPEN) {
            struct journal second;

            assert_int_equal(journal_open(ctx, path, SCAN_JSON, true, &second), JOURNAL_BUSY);
            close(journal.fd);
        }
        close(fd);
        unlink(path);
    }
    talloc_free(ctx);
}

/* The head is no domain, and the earliest time is found. */
static void test_resume_of_csv(void **state)
{
    static const char text[] = HEAD ROW("a.example", "2026-11-23T15:00:00Z")
        ROW("b.example", "2026-11-23T14:59:59Z") "\"c.exam";
    char path[] = "/tmp/mtasts-journal-XXXXXX";
    TALLOC_CTX *ctx = talloc_new(NULL);
    int fd = mkstemp(path);
    struct journal journal;

    (void)state;
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(journal_open(ctx, path, SCAN_JSON, true, &journal), JOURNAL_STRANGE);
    assert_int_equal(journal.line, 1);
    assert_int_equal(journal_open(ctx, path, SCAN_CSV, true, &journal), JOURNAL_OPEN);
    assert_int_equal(seen_count(journal.seen), 2);
    assert_true(seen_has(journal.seen, "b.example"));
    assert_false(journal.empty);
    assert_int_equal(journal.earliest, 1795445999);
    assert_int_equal(lseek(fd, 0, SEEK_END), strlen(text) - strlen("\"c.exam"));
    close(journal.fd);
    close(fd);
    unlink(path);
    talloc_free(ctx);
}

/* A head that was cut is written anew. */
static void test_resume_of_a_cut_head(void **state)
{
    char path[] = "/tmp/mtasts-journal-XXXXXX";
    TALLOC_CTX *ctx = talloc_new(NULL);
    int fd = mkstemp(path);
    struct journal journal;

    (void)state;
    assert_int_equal(write(fd, "domain,ver", 10), 10);
    assert_int_equal(journal_open(ctx, path, SCAN_CSV, true, &journal), JOURNAL_OPEN);
    assert_true(journal.empty);
    close(journal.fd);
    close(fd);
    unlink(path);
    talloc_free(ctx);
}

static void test_without_resume(void **state)
{
    char path[] = "/tmp/mtasts-journal-XXXXXX";
    int fd = mkstemp(path);
    struct journal journal;

    (void)state;
    assert_int_equal(journal_open(NULL, path, SCAN_JSON, false, &journal), JOURNAL_OPEN);
    assert_null(journal.seen);
    close(journal.fd);
    assert_int_equal(write(fd, A, strlen(A)), strlen(A));
    assert_int_equal(journal_open(NULL, path, SCAN_JSON, false, &journal), JOURNAL_EXISTS);
    close(fd);
    unlink(path);
}

static void test_error_lines_are_found_again(void **state)
{
    const char *given = "a \"quoted\\\x1b\xff line";
    char *line = json_scan_error(NULL, 7, given, "not a domain name");
    size_t length;

    (void)state;
    assert_non_null(line);
    assert_non_null(json_scan_subject(line, &length));
    assert_int_equal(length, strlen("a ?quoted???x1b?xff line"));
    talloc_free(line);
}

static void test_many_names(void **state)
{
    struct seen *seen;
    char name[32];

    (void)state;
    assert_int_equal(seen_new(NULL, &seen), STS_OK);
    for (int i = 0; i < 100000; i++) {
        snprintf(name, sizeof name, "d%d.example", i);
        assert_int_equal(seen_add(seen, name, strlen(name)), STS_OK);
        assert_int_equal(seen_add(seen, name, strlen(name)), STS_OK);
    }
    assert_int_equal(seen_count(seen), 100000);
    assert_true(seen_has(seen, "d99999.example"));
    assert_false(seen_has(seen, "d100000.example"));
    talloc_free(seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resume),
        cmocka_unit_test(test_resume_of_csv),
        cmocka_unit_test(test_resume_of_a_cut_head),
        cmocka_unit_test(test_without_resume),
        cmocka_unit_test(test_error_lines_are_found_again),
        cmocka_unit_test(test_many_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
