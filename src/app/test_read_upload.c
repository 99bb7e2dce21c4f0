/* SPDX-License-Identifier: MIT */
/* test_read_upload.c - uploads of reports: whole files and parts of a form, good and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "app/read_upload.h"
#include "app/test_files.h"
#include "base/clock.h"
#include "event/jobs.h"
#include "event/loop.h"

#define NOW ((int64_t)1795446000) /* 2026-11-23T15:00:00Z */

static FILE *file_of(const char *text)
{
    FILE *file = tmpfile();

    assert_non_null(file);
    assert_true(fwrite(text, 1, strlen(text), file) == strlen(text) && fflush(file) == 0);
    return file;
}

static const struct upload_reading *reading_of(TALLOC_CTX *ctx, const struct read_upload *upload)
{
    struct upload_reading *reading;
    struct fault fault;

    assert_int_equal(read_upload(ctx, upload, &reading, &fault), STS_OK);
    return reading;
}

static void a_file_and_a_part_of_one(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *report = test_report(ctx, "r1", 1, 5, 2);
    FILE *whole = file_of(report),
         *form = file_of(talloc_asprintf(ctx, "--x\r\n\r\n%s\r\n--x--\r\n", report));
    int64_t length = (int64_t)strlen(report);
    struct read_upload upload = {
        .fd = fileno(whole), .length = length, .name = "a.json", .now = NOW};
    const struct upload_reading *reading = reading_of(ctx, &upload);

    (void)state;
    assert_int_equal(reading->view->tally->reports, 1);
    assert_int_equal(reading->view->tally->failed, 2);
    assert_int_equal(reading->gathered->rejected_count, 0);
    upload = (struct read_upload){.fd = fileno(form), .offset = 7, .length = length, .now = NOW};
    reading = reading_of(ctx, &upload);
    assert_int_equal(reading->view->tally->reports, 1);
    assert_int_equal(reading->gathered->rejected_count, 0);
    fclose(whole);
    fclose(form);
    talloc_free(ctx);
}

static void what_is_no_report_is_said(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    FILE *file = file_of("<script>alert(1)</script>");
    struct read_upload upload = {.fd = fileno(file), .length = 25, .name = "../../x", .now = NOW};
    const struct upload_reading *reading = reading_of(ctx, &upload);

    (void)state;
    assert_int_equal(reading->view->tally->reports, 0);
    assert_int_equal(reading->view->verdict, VERDICT_UNKNOWN);
    assert_int_equal(reading->gathered->rejected_count, 1);
    assert_string_equal(reading->gathered->rejected[0].path, "../../x");
    fclose(file);
    talloc_free(ctx);
}

/* What was read by then is told, and that it was not all. */
static void the_deadline_ends_it(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *report = test_report(ctx, "r1", 1, 5, 2);
    FILE *file = file_of(report);
    struct read_upload upload = {.fd = fileno(file),
                                 .length = (int64_t)strlen(report),
                                 .now = NOW,
                                 .deadline = clock_monotonic_ms() - 1};
    const struct upload_reading *reading = reading_of(ctx, &upload);

    (void)state;
    assert_true(reading->gathered->stopped);
    assert_int_equal(reading->view->verdict, VERDICT_UNKNOWN);
    fclose(file);
    talloc_free(ctx);
}

static void our_own_failure_is_ours(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct read_upload upload = {.fd = -1, .length = 1, .now = NOW};
    struct upload_reading *reading;
    struct fault fault;

    (void)state;
    assert_int_equal(read_upload(ctx, &upload, &reading, &fault), STS_E_IO);
    assert_non_null(fault.why);
    talloc_free(ctx);
}

/* ---- cancelled ------------------------------------------------------------------------------- */

static struct lab {
    struct read_upload upload;
    atomic_bool *hangs; /* the process that parses; shared with it */
} lab;

static void hang(struct bytes bytes)
{
    (void)bytes;
    atomic_store(lab.hangs, true);
    for (;;)
        ;
}

static void read_it(void *data)
{
    (void)reading_of(data, &lab.upload);
}

static void never(void *arg, void *data)
{
    (void)arg, (void)data;
    fail_msg("what was cancelled came back");
}

/* The job has an hour, and who frees the pool waits for it. */
static void nobody_waits_for_what_was_cancelled(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *report = test_report(ctx, "r1", 1, 5, 2);
    FILE *file = file_of(report);
    const struct jobs_request request = {read_it, never, talloc_new(NULL), NULL};
    struct loop *loop;
    struct jobs *jobs;
    struct jobs_handle *job;

    (void)state;
    lab.hangs =
        mmap(NULL, sizeof(*lab.hangs), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(lab.hangs, MAP_FAILED);
    lab.upload = (struct read_upload){.fd = fileno(file),
                                      .length = (int64_t)strlen(report),
                                      .now = NOW,
                                      .deadline = clock_monotonic_ms() + 3600000};
    assert_int_equal(loop_new(ctx, &loop), STS_OK);
    assert_int_equal(jobs_new(ctx, loop, 1, &jobs), STS_OK);
    parser_set_trap(hang, 3600000);
    assert_int_equal(jobs_start(ctx, jobs, &request, &job), STS_OK);
    while (!atomic_load(lab.hangs))
        (void)sched_yield();
    talloc_free(job);
    talloc_free(jobs);
    parser_set_trap(NULL, PARSER_SILENCE_MS);
    (void)munmap(lab.hangs, sizeof(*lab.hangs));
    fclose(file);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_and_a_part_of_one),
        cmocka_unit_test(what_is_no_report_is_said),
        cmocka_unit_test(the_deadline_ends_it),
        cmocka_unit_test(our_own_failure_is_ours),
        cmocka_unit_test(nobody_waits_for_what_was_cancelled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
