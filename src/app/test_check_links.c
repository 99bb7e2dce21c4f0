/* SPDX-License-Identifier: MIT */
/* test_check_links.c - a result that was stored is read again as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/check_links.h"
#include "base/clock.h"
#include "event/loop.h"
#include "facts/test_domain.h"
#include "store/readers.h"
#include "store/writer.h"

#define ID "0123456789abcdef0123456789abcdef"

static TALLOC_CTX *ctx;
static struct loop *loop;
static struct store_writer *writer;
static struct check_links *links;
static char folder[] = "/tmp/check-links-XXXXXX";
static int64_t today = NOW;
static size_t faults;

struct found {
    size_t calls;
    enum sts_status status;
    char id[CHECK_ID_SIZE], domain[STS_NAME_SIZE];
    enum check_state state;
    size_t events, findings;
};

static int64_t now(void)
{
    return today;
}

static void on_fault(void *arg, const struct store_fault *fault)
{
    (void)arg;
    assert_non_null(fault);
    faults++;
}

static void open_links(const char *where)
{
    struct check_links_request request = {.now = now, .fault = on_fault};

    ctx = talloc_new(NULL);
    assert_int_equal(loop_new(ctx, &loop), STS_OK);
    assert_int_equal(store_writer_new(ctx, loop, where, &writer), STS_OK);
    request.writer = writer;
    assert_int_equal(store_readers_new(ctx, loop, where, 1, &request.readers), STS_OK);
    links = check_links_new(ctx, &request);
    assert_non_null(links);
}

static void put(const char *id)
{
    struct check_run run = {.state = CHECK_DONE};
    struct facts *facts = healthy(ctx);
    struct diagnosis *diagnosis;

    snprintf(run.id, sizeof run.id, "%s", id);
    snprintf(run.domain, sizeof run.domain, "%s", facts->domain);
    assert_int_equal(diagnose(ctx, facts, NOW, &diagnosis), STS_OK);
    run.diagnosis = diagnosis;
    check_links_put(links, &run);
    talloc_free(facts); /* nothing is borrowed */
}

static void on_read(void *arg, const struct check_run *run, enum sts_status status)
{
    struct found *found = arg;

    found->calls++;
    found->status = status;
    if (run) {
        snprintf(found->id, sizeof found->id, "%s", run->id);
        snprintf(found->domain, sizeof found->domain, "%s", run->domain);
        found->state = run->state;
        found->events = run->event_count;
        found->findings = run->diagnosis->finding_count;
    }
    loop_stop(loop);
}

static struct found read_one(const char *id, const char *domain)
{
    struct found found = {0};
    struct check_link_read *read;
    const struct check_link link = {id, domain};

    assert_int_equal(check_links_read(ctx, links, &link, on_read, &found, &read), STS_OK);
    assert_int_equal(found.calls, 0);
    assert_int_equal(loop_run(loop), STS_OK);
    assert_int_equal(found.calls, 1);
    talloc_free(read);
    return found;
}

static void a_result_outlives_the_program(void **state)
{
    const char *where = *state;
    struct found found;

    open_links(where);
    assert_int_equal(read_one(ID, NULL).state, CHECK_QUEUED); /* there is not even a store */
    put(ID);
    talloc_free(writer); /* writes what is left */
    talloc_free(ctx);
    open_links(where);
    found = read_one(ID, NULL);
    assert_int_equal(found.status, STS_OK);
    assert_string_equal(found.id, ID);
    assert_string_equal(found.domain, "example.com");
    assert_int_equal(found.state, CHECK_DONE);
    assert_int_equal(found.events, LOOK_STEPS + 1); /* one MX host */
    assert_int_equal(found.findings, 0);
    assert_string_equal(read_one(NULL, "example.com").id, ID);
    assert_string_equal(read_one("0", NULL).id, "");
    assert_string_equal(read_one(NULL, "example.net").id, "");
    today = NOW + 100 * DAY;
    assert_string_equal(read_one(ID, NULL).id, "");
    today = NOW;
    talloc_free(ctx);
    assert_int_equal(faults, 0);
}

static void a_store_that_fails_is_told(void **state)
{
    int64_t enough = clock_monotonic_ms() + 30000;
    struct found found;

    (void)state;
    open_links("/proc/mtasts.db");
    put(ID);
    found = read_one(ID, NULL);
    assert_string_equal(found.id, "");
    while (!faults && clock_monotonic_ms() < enough)
        read_one(ID, NULL); /* the loop turns */
    talloc_free(ctx);
    assert_int_equal(faults, 1);
}

int main(void)
{
    static char where[64];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_result_outlives_the_program, where),
        cmocka_unit_test(a_store_that_fails_is_told),
    };
    int failed;

    if (!mkdtemp(folder))
        return 1;
    snprintf(where, sizeof where, "%s/store.db", folder);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    for (size_t i = 0; i < 3; i++) {
        char path[80];

        snprintf(path, sizeof path, "%s%s", where, ((const char *[]){"", "-wal", "-shm"})[i]);
        unlink(path);
    }
    rmdir(folder);
    return failed;
}
