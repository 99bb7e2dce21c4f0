/* SPDX-License-Identifier: MIT */
/* test_ingest.c - reports go into the store batch by batch; whose signature holds, and what becomes
 * of the others.  Nobody answers questions for keys here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "app/ingest.h"
#include "app/test_files.h"
#include "history/test_history.h"

#define NOW ((int64_t)1795446000) /* 2026-11-23T15:00:00Z */
#define SIGNED                                                                                     \
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=sender.example; s=k; h=from:to;\r\n"  \
    " bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n"

static const char *const nobody[] = {"127.0.0.1@1"};

struct heard {
    size_t progress, faults;
    size_t stored; /* as progress said last */
    enum sts_status fault;
    const struct store *fault_of;
    char why[200];
};

static void on_progress(void *arg, size_t stored)
{
    struct heard *heard = arg;

    assert_true(stored >= heard->stored);
    heard->stored = stored;
    heard->progress++;
}

static void on_fault(void *arg, const struct fault *fault)
{
    struct heard *heard = arg;

    heard->faults++;
    heard->fault = fault->status;
    heard->fault_of = fault->store;
    strncat(heard->why, fault->why ? fault->why : "", sizeof(heard->why) - 1);
}

/* What is in the store: ids and levels of trust. */
static bool on_stored(void *arg, const struct store_receipt *receipt)
{
    strncat(arg, receipt->report_id, 20);
    strncat(arg, receipt->trust ? "=" : "", 2);
    strncat(arg, receipt->trust ? receipt->trust : "", 20);
    strncat(arg, " ", 2);
    return true;
}

static void assert_stored(struct store *store, const char *expected)
{
    char stored[300] = "";

    assert_int_equal(store_reports(store, NULL, INT64_MIN, on_stored, stored), STS_OK);
    assert_string_equal(stored, expected);
}

static struct ingest_request request_of(struct heard *heard, struct store *store,
                                        const char *const *paths, size_t count)
{
    return (struct ingest_request){.store = store,
                                   .paths = paths,
                                   .path_count = count,
                                   .now = NOW,
                                   .progress = on_progress,
                                   .fault = on_fault,
                                   .arg = heard};
}

static void new_again_and_revised(void **state)
{
    char *directory = test_directory(*state);
    const char *paths[] = {
        test_file(directory, "a", test_report(*state, "r1", 1, 5, 1)),
        test_file(directory, "b", test_report(*state, "r2", 2, 7, 0)),
        test_file(directory, "c", test_report(*state, "r1", 1, 5, 1)),
        test_file(directory, "d", test_report(*state, "r2", 2, 8, 0)),
    };
    struct heard heard = {0};
    const struct ingest_request request = request_of(&heard, *state, paths, 4);
    struct ingested found;

    assert_int_equal(ingest_reports(*state, &request, &found), STS_OK);
    assert_true(found.added == 2 && found.duplicates == 1 && found.revisions == 1);
    assert_true(found.complete && heard.faults == 0);
    assert_int_equal(heard.stored, 4);
    assert_stored(*state, "r1 r2 r2 ");
    assert_int_equal(ingest_reports(*state, &request, &found), STS_OK); /* it may be repeated */
    assert_true(found.added == 0 && found.duplicates == 4 && found.revisions == 0);
}

static void one_that_is_broken_stops_nothing(void **state)
{
    char *directory = test_directory(*state);
    const char *paths[] = {
        test_file(directory, "a", "no report"),
        test_file(directory, "b", test_report(*state, "r1", 1, 5, 1)),
    };
    struct heard heard = {0};
    const struct ingest_request request = request_of(&heard, *state, paths, 2);
    struct ingested found;

    assert_int_equal(ingest_reports(*state, &request, &found), STS_OK);
    assert_true(found.complete && found.added == 1);
    assert_true(found.rejected_count == 1 && found.listed == 1 && found.rejected_more == 0);
    assert_string_equal(found.rejected[0].path, paths[0]);
    assert_stored(*state, "r1 ");
}

static void the_list_has_a_ceiling(void **state)
{
    char *directory = test_directory(*state), *path = test_file(directory, "a", "no report");
    const char **paths = talloc_array(*state, const char *, INGEST_LISTED_MAX + 3);
    struct heard heard = {0};
    struct ingest_request request = request_of(&heard, *state, paths, INGEST_LISTED_MAX + 3);
    struct ingested found;

    for (size_t i = 0; i < request.path_count; i++)
        paths[i] = path;
    assert_int_equal(ingest_reports(*state, &request, &found), STS_OK);
    assert_int_equal(found.rejected_count, INGEST_LISTED_MAX + 3);
    assert_int_equal(found.listed, INGEST_LISTED_MAX);
    assert_int_equal(found.rejected_more, 3);
}

/* More than one batch: of each it is told when it is there for good. */
static void in_batches(void **state)
{
    char *directory = test_directory(*state), *text = talloc_strdup(*state, "");
    struct heard heard = {0};
    struct ingest_request request = request_of(&heard, *state, NULL, 1);
    struct ingested found;
    const char *path;

    for (int i = 0; i < 1500; i++) {
        char *id = talloc_asprintf(*state, "r%d", i);

        text = talloc_asprintf_append_buffer(text, "%s\n", test_report(id, id, 1, 5, 1));
        talloc_free(id);
    }
    path = test_file(directory, "a", text);
    request.paths = &path;
    assert_int_equal(ingest_reports(*state, &request, &found), STS_OK);
    assert_int_equal(found.added, 1500);
    assert_true(heard.progress >= 2);
    assert_int_equal(heard.stored, 1500);
}

static void a_store_that_takes_nothing(void **state)
{
    char *directory = test_directory(*state);
    const char *paths[] = {
        test_file(directory, "a", test_report(*state, "r1", 1, 5, 1)),
        test_file(directory, "b", test_report(*state, "r2", 1, 5, 1)),
    };
    struct heard heard = {0};
    struct ingest_request request = request_of(&heard, NULL, paths, 2);
    struct store_fault *fault;
    struct ingested found;

    assert_int_equal(store_open(*state, store_name(*state), STORE_READ, &request.store, &fault),
                     STS_OK);
    assert_int_equal(ingest_reports(*state, &request, &found), STS_OK);
    assert_false(found.complete);
    assert_int_equal(heard.faults, 1); /* nothing more was read */
    assert_ptr_equal(heard.fault_of, request.store);
    assert_true(found.added == 0 && heard.progress == 0);
    talloc_free(request.store);
}

/* ---- whose are they? ------------------------------------------------------------------------- */

static void levels_of_trust(void **state)
{
    char *directory = test_directory(*state);
    const char *paths[] = {
        test_file(directory, "a", test_report(*state, "r1", 1, 5, 1)),
        test_file(directory, "b", test_mail(*state, "", test_report(*state, "r2", 1, 5, 1))),
        test_file(directory, "c", test_mail(*state, SIGNED, test_report(*state, "r3", 1, 5, 1))),
    };
    const struct verify_sender_request verify = {
        .resolvers = nobody, .resolver_count = 1, .wait_ms = 300};
    struct heard heard = {0};
    struct ingest_request request = request_of(&heard, *state, paths, 3);
    struct ingested found;

    request.verify = &verify;
    assert_int_equal(ingest_reports(*state, &request, &found), STS_OK);
    assert_stored(*state, "r1=no-mail r2=unsigned r3=unanswered ");
}

static void those_of_nobody_are_rejected(void **state)
{
    char *directory = test_directory(*state);
    const char *paths[] = {
        test_file(directory, "a", test_report(*state, "r1", 1, 5, 1)),
        test_file(directory, "b", test_mail(*state, "", test_report(*state, "r2", 1, 5, 1))),
        test_file(directory, "c", "no report"),
    };
    const struct verify_sender_request verify = {
        .required = true, .resolvers = nobody, .resolver_count = 1, .wait_ms = 300};
    struct heard heard = {0};
    struct ingest_request request = request_of(&heard, *state, paths, 3);
    struct ingested found;

    request.verify = &verify;
    assert_int_equal(ingest_reports(*state, &request, &found), STS_OK);
    assert_true(found.complete && found.added == 0);
    assert_int_equal(found.rejected_count, 3);
    assert_string_equal(found.rejected[0].why, "not received by mail; sender cannot be verified");
    assert_string_equal(found.rejected[1].why, "not signed");
    assert_stored(*state, "");
}

/* What they wait for in vain is bounded for all of them together: each asks for a key of its own.
 */
static void keys_that_never_come(void **state)
{
    char *directory = test_directory(*state);
    const char *paths[8];
    const struct verify_sender_request verify = {
        .resolvers = nobody, .resolver_count = 1, .wait_ms = 1};
    struct heard heard = {0};
    struct ingest_request request = request_of(&heard, *state, paths, 8);
    struct ingested found;

    for (int i = 0; i < 8; i++) {
        char *id = talloc_asprintf(*state, "r%d", i);
        char *header = talloc_strdup(*state, SIGNED);

        strstr(header, "s=k;")[2] = (char)('a' + i);
        paths[i] =
            test_file(directory, id, test_mail(*state, header, test_report(*state, id, 1, 5, 1)));
    }
    request.verify = &verify;
    assert_int_equal(ingest_reports(*state, &request, &found), STS_OK);
    assert_int_equal(found.added, 8);
}

static void what_is_wrong_with_the_resolver(void **state)
{
    static const char *const nonsense[] = {"not an address"};
    const struct verify_sender_request verify = {.resolvers = nonsense, .resolver_count = 1};
    struct heard heard = {0};
    struct ingest_request request = request_of(&heard, *state, NULL, 0);
    struct ingested found;

    request.verify = &verify;
    assert_int_equal(ingest_reports(*state, &request, &found), STS_E_INVALID);
    assert_true(heard.faults == 1 && heard.fault == STS_E_INVALID && !heard.fault_of);
    assert_non_null(strstr(heard.why, "not an address"));
}

static int open_store(void **state)
{
    *state = test_store_open();
    return 0;
}

static int close_store(void **state)
{
    test_store_close(*state);
    return 0;
}

#define WITH_STORE(name) cmocka_unit_test_setup_teardown(name, open_store, close_store)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(new_again_and_revised),           WITH_STORE(one_that_is_broken_stops_nothing),
        WITH_STORE(the_list_has_a_ceiling),          WITH_STORE(in_batches),
        WITH_STORE(a_store_that_takes_nothing),      WITH_STORE(levels_of_trust),
        WITH_STORE(those_of_nobody_are_rejected),    WITH_STORE(keys_that_never_come),
        WITH_STORE(what_is_wrong_with_the_resolver),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
