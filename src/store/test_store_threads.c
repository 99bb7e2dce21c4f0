/* SPDX-License-Identifier: MIT */
/* test_store_threads.c - the writer and the readers on their own, for the thread sanitizer. */
#include "store/test_store.h"

#include <stdlib.h>

static char folder[] = "/tmp/mtasts-threads-XXXXXX";

static const char *fresh(TALLOC_CTX *ctx)
{
    static int number;

    return talloc_asprintf(ctx, "%s/%d.db", folder, ++number);
}

const struct test_backend backend = {.name = "sqlite", .fresh = fresh};

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_told_is_durable),
        cmocka_unit_test(what_comes_meanwhile_is_one_batch),
        cmocka_unit_test(one_that_is_refused_leaves_the_others),
        cmocka_unit_test(those_that_wait_can_be_refused),
        cmocka_unit_test(a_fault_is_told_and_then_it_is_opened_again),
        cmocka_unit_test(what_is_left_is_written_at_the_end),
        cmocka_unit_test(others_write_while_a_batch_is_prepared),
        cmocka_unit_test(many_read_beside_a_writer),
        cmocka_unit_test(what_cannot_be_read_is_told),
        cmocka_unit_test(a_read_that_is_cancelled_is_not_told),
    };
    char *remove;
    int status;

    if (!mkdtemp(folder))
        return 1;
    status = cmocka_run_group_tests(tests, NULL, NULL);
    remove = talloc_asprintf(NULL, "rm -rf %s", folder);
    if (system(remove) != 0)
        status = 1;
    talloc_free(remove);
    return status;
}
