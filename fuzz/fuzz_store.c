/* SPDX-License-Identifier: MIT */
/* fuzz_store.c - a store from anyone: a database file of any bytes is opened and read, or turned
 * away with its reason; nothing is believed of what it holds. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "history/policy_history.h"
#include "store/pages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool see_report(void *arg, const struct store_receipt *receipt)
{
    *(size_t *)arg += receipt->raw.length;
    return true;
}

static bool see_domain(void *arg, const struct store_domain_state *state)
{
    *(size_t *)arg += strlen(state->domain) + strlen(state->verdict);
    return true;
}

static bool see_listed(void *arg, const struct store_listed_report *report)
{
    *(size_t *)arg += strlen(report->submitter) + strlen(report->report_id);
    return true;
}

/* A failure says what it is. */
static void told(const struct store *store, enum sts_status status)
{
    if (status == STS_E_IO && store_fault(store)->trouble == STORE_TROUBLE_NONE)
        abort();
}

static void read_all(TALLOC_CTX *ctx, struct store *store)
{
    struct history *past;
    struct store_check *check;
    const struct store_domain_filter domains = {NULL, NULL};
    const struct store_report_filter reports = {.since = INT64_MIN, .until = INT64_MAX};
    size_t bytes = 0;

    told(store, policy_history_read(ctx, store, "example.com", INT64_MAX, &past));
    told(store, store_last_check(store, ctx, "example.com", INT64_MAX, &check));
    told(store, store_reports(store, NULL, INT64_MIN, see_report, &bytes));
    told(store, store_domains(store, &domains, NULL, 100, see_domain, &bytes));
    told(store, store_reports_page(store, &reports, STORE_NEWEST, 100, see_listed, &bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char path[] = "/tmp/mtasts-fuzz-XXXXXX";
    int fd = mkstemp(path);
    struct store_fault *fault = NULL;
    struct store *store;

    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    close(fd);
    if (store_open(ctx, path, STORE_READ, &store, &fault) == STS_OK)
        read_all(ctx, store);
    else if (!fault)
        abort();
    talloc_free(ctx);
    unlink(path);
    for (size_t i = 0; i < 3; i++) {
        static const char *const ends[] = {"-wal", "-shm", "-journal"};
        char beside[sizeof(path) + 8];

        snprintf(beside, sizeof(beside), "%s%s", path, ends[i]);
        unlink(beside);
    }
    return 0;
}
