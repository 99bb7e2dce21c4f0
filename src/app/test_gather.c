/* SPDX-License-Identifier: MIT */
/* test_gather.c - reports out of files and out of the store, each counted once, also where they can
 * be read only once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/gather.h"
#include "app/ingest.h"
#include "app/test_files.h"
#include "history/test_history.h"

#define NOW ((int64_t)1795446000) /* 2026-11-23T15:00:00Z */

struct counted {
    size_t reports;
    char ids[200];
};

static void on_counted(void *arg, const struct sts_report *report, const char *path,
                       const struct reports_item *item)
{
    struct counted *counted = arg;

    (void)path;
    (void)item;
    counted->reports++;
    strncat(counted->ids, sts_report_id(report), 20);
    strncat(counted->ids, " ", 2);
}

static struct gather_request request_of(const char *const *paths, size_t count)
{
    return (struct gather_request){.paths = paths,
                                   .path_count = count,
                                   .filter = report_filter_none(),
                                   .deviations = true,
                                   .deviations_max = 2};
}

/* counted NULL: as without a table. */
static const struct gathered *gather(TALLOC_CTX *ctx, const struct gather_request *request,
                                     struct counted *counted)
{
    struct gather *gather;
    struct fault fault;

    assert_int_equal(gather_new(ctx, request, &gather), STS_OK);
    assert_int_equal(gather_read(gather, &fault), STS_OK);
    assert_int_equal(gather_count(gather, counted ? on_counted : NULL, counted, &fault), STS_OK);
    return gather_result(gather);
}

static const struct tally_domain *totals(const struct gathered *gathered)
{
    return names_at(&reports_tally(gathered->reports)->domains, 0);
}

/* ---- files ----------------------------------------------------------------------------------- */

static void each_is_counted_once(void **state)
{
    char *directory = test_directory(*state);
    const char *paths[] = {
        test_file(directory, "a", test_report(*state, "r1", 1, 5, 1)),
        test_file(directory, "b", test_report(*state, "r1", 1, 5, 1)),
        test_file(directory, "c", test_report(*state, "r2", 2, 7, 0)),
    };
    const struct gather_request request = request_of(paths, 3);
    const struct gathered *gathered = gather(*state, &request, NULL);

    assert_int_equal(totals(gathered)->successful, 12);
    assert_int_equal(totals(gathered)->failed, 1);
    assert_int_equal(reports_duplicates(gathered->reports), 1);
    assert_true(gathered->rejected_count == 0 && gathered->unread == 0 && gathered->faults == 0);
}

/* The first content was in the totals already. */
static void the_last_revision_counts(void **state)
{
    char *directory = test_directory(*state);
    const char *paths[] = {
        test_file(directory, "a", test_report(*state, "r1", 1, 5, 1)),
        test_file(directory, "b", test_report(*state, "r1", 1, 9, 0)),
    };
    const struct gather_request request = request_of(paths, 2);
    struct counted counted = {0};

    assert_int_equal(totals(gather(*state, &request, NULL))->successful, 9);
    assert_int_equal(totals(gather(*state, &request, &counted))->successful, 9);
    assert_string_equal(counted.ids, "r1 ");
}

static void what_cannot_be_read(void **state)
{
    char *directory = test_directory(*state);
    const char *paths[] = {
        test_file(directory, "a", test_report(*state, "r1", 1, 5, 1)),
        test_file(directory, "b", "no report"),
        talloc_asprintf(directory, "%s/absent", directory),
    };
    const struct gather_request request = request_of(paths, 3);
    const struct gathered *gathered = gather(*state, &request, NULL);
    struct report_view *view;

    assert_int_equal(gathered->rejected_count, 2);
    assert_int_equal(gathered->unread, 2);
    assert_string_equal(gathered->rejected[0].path, paths[1]);
    assert_string_equal(gathered->rejected[1].path, paths[2]);
    assert_non_null(gathered->rejected[1].why);
    assert_int_equal(gather_judge(*state, gathered, NULL, 0, NOW, &view), STS_OK);
    assert_int_not_equal(view->verdict, VERDICT_OK);
}

static void nothing_is_not_good(void **state)
{
    const struct gather_request request = request_of(NULL, 0);
    struct report_view *view;

    assert_int_equal(gather_judge(*state, gather(*state, &request, NULL), NULL, 0, NOW, &view),
                     STS_OK);
    assert_int_equal(view->verdict, VERDICT_UNKNOWN);
}

static void of_a_time(void **state)
{
    char *directory = test_directory(*state);
    const char *paths[] = {
        test_file(directory, "a", test_report(*state, "r1", 1, 5, 1)),
        test_file(directory, "b", test_report(*state, "r9", 9, 7, 0)),
        test_file(directory, "c", test_report(*state, "r0", 0, 1, 0)),
    };
    struct gather_request request = request_of(paths, 3);
    const struct gathered *gathered;
    struct counted counted = {0};

    request.filter.since = NOW - 16 * (int64_t)86400; /* 2026-11-07 */
    gathered = gather(*state, &request, &counted);
    assert_string_equal(counted.ids, "r9 ");
    assert_int_equal(gathered->undated_left_out, 1);
}

static void deviations_have_a_ceiling(void **state)
{
    char *directory = test_directory(*state);
    const char *paths[] = {test_file(
        directory, "a",
        "{\"report-id\":7,\"policies\":[{\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":"
        "\"example.com\"},\"summary\":{\"total-successful-session-count\":\"5\","
        "\"total-failure-session-count\":\"1\"}}]}")};
    struct gather_request request = request_of(paths, 1);
    const struct gathered *gathered = gather(*state, &request, NULL);

    assert_int_equal(gathered->deviation_count, 2);
    assert_true(gathered->deviation_total > 2);
    assert_string_equal(gathered->deviations[0].path, paths[0]);
    assert_non_null(gathered->deviations[0].code);
    request.deviations = false;
    assert_int_equal(gather(*state, &request, NULL)->deviation_total, 0);
}

/* ---- what can be read only once -------------------------------------------------------------- */

struct writing {
    const char *path, *text;
};

static void *write_pipe(void *arg)
{
    const struct writing *writing = arg;
    FILE *file = fopen(writing->path, "we");

    assert_non_null(file);
    assert_true(fputs(writing->text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return NULL;
}

static void a_pipe_is_read_twice(void **state)
{
    char *directory = test_directory(*state);
    char *pipe = talloc_asprintf(directory, "%s/pipe", directory);
    const char *paths[] = {pipe};
    struct writing writing = {pipe, talloc_asprintf(*state, "%s\n%s\n",
                                                    test_report(*state, "r1", 1, 5, 1),
                                                    test_report(*state, "r1", 1, 9, 0))};
    const struct gather_request request = request_of(paths, 1);
    struct counted counted = {0};
    pthread_t thread;

    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(pthread_create(&thread, NULL, write_pipe, &writing), 0);
    assert_int_equal(totals(gather(*state, &request, &counted))->successful, 9);
    assert_string_equal(counted.ids, "r1 ");
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void changed_while_being_read(void **state)
{
    char *directory = test_directory(*state);
    const char *paths[] = {test_file(directory, "a", test_report(*state, "r1", 1, 5, 1))};
    const struct gather_request request = request_of(paths, 1);
    const struct gathered *gathered;
    struct gather *gather;
    struct counted counted = {0};
    struct fault fault;

    assert_int_equal(gather_new(*state, &request, &gather), STS_OK);
    assert_int_equal(gather_read(gather, &fault), STS_OK);
    (void)test_file(directory, "a", test_report(*state, "r2", 1, 5, 1));
    assert_int_equal(gather_count(gather, on_counted, &counted, &fault), STS_OK);
    gathered = gather_result(gather);
    assert_int_equal(gathered->rejected_count, 1);
    assert_string_equal(gathered->rejected[0].path, "-");
    assert_int_equal(gathered->unread, 1);
}

/* ---- the store ------------------------------------------------------------------------------- */

static void no_fault(void *arg, const struct fault *fault)
{
    (void)arg;
    fail_msg("status %d", (int)fault->status);
}

static void out_of_the_store(void **state)
{
    struct store *store = test_store_open();
    char *directory = test_directory(*state);
    const char *paths[] = {
        test_file(directory, "a", test_report(*state, "r1", 1, 5, 1)),
        test_file(directory, "b", test_report(*state, "r2", 2, 7, 0)),
    };
    const struct ingest_request into = {
        .store = store, .paths = paths, .path_count = 2, .now = NOW, .fault = no_fault};
    struct gather_request request = request_of(NULL, 0);
    struct ingested ingested;
    struct counted counted = {0};

    assert_int_equal(ingest_reports(*state, &into, &ingested), STS_OK);
    request.store = store;
    assert_int_equal(totals(gather(*state, &request, &counted))->successful, 12);
    assert_int_equal(counted.reports, 2);
    request.aligned = true; /* nobody looked at their signatures */
    assert_int_equal(reports_tally(gather(*state, &request, NULL)->reports)->reports, 0);
    test_store_close(store);
}

static int setup(void **state)
{
    *state = talloc_new(NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    talloc_free(*state);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_is_counted_once),
        TEST(the_last_revision_counts),
        TEST(what_cannot_be_read),
        TEST(nothing_is_not_good),
        TEST(of_a_time),
        TEST(deviations_have_a_ceiling),
        TEST(a_pipe_is_read_twice),
        TEST(changed_while_being_read),
        TEST(out_of_the_store),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
