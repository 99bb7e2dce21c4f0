/* SPDX-License-Identifier: MIT */
/* check.c - from facts to a diagnosis in the store. */
#include "app/check.h"

#include "event/loop.h"
#include "history/stored_check.h"
#include "store/writer.h"
#include "verdict/place.h"

#define AHEAD_MAX 1000 /* checks that are not yet stored, where they come faster than they are */

/* ---- storing --------------------------------------------------------------------------------- */

static void fail(struct check *check, enum sts_status status)
{
    struct store *store = check->request.store;

    if (check->store_failed)
        return;
    check->store_failed = true;
    check->request.fault(check->request.arg, &(struct fault){.status = status, .store = store});
}

/* The store can take those of other domains. */
static void say_too_large(const struct check *check, const char *domain)
{
    check->request.fault(check->request.arg,
                         &(struct fault){.status = STS_E_LIMIT, .domain = domain});
}

struct check_write {
    const char *domain;
    struct stored_check *check;
};

static enum sts_status write_check(struct store *store, void *data)
{
    const struct check_write *write = data;
    int64_t seq;

    return stored_check_write(store, write->check, &seq);
}

static void on_written(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct check *check = arg;
    const struct check_write *write = data;

    if (status == STS_E_LIMIT) {
        say_too_large(check, write->domain);
    } else if (status && !check->store_failed) {
        if (fault)
            store_take_fault(check->request.store, fault);
        fail(check, status);
        store_writer_refuse(check->writer, status, fault); /* they would wait for the same */
    }
    if (check->settling && store_writer_pending(check->writer) <= check->enough)
        loop_stop(check->request.loop);
}

static enum sts_status put(struct check *check, const struct diagnosis *diagnosis)
{
    struct check_write *write = talloc_zero(NULL, struct check_write);
    const struct store_writer_request request = {NULL, write_check, on_written, write, check};
    enum sts_status status =
        write ? stored_check_new(write, diagnosis, &write->check) : STS_E_NOMEM;

    if (!status) {
        write->domain = talloc_strdup(write, diagnosis->facts->domain);
        status = write->domain ? STS_OK : STS_E_NOMEM;
    }
    if (!status && write->check)
        status = store_writer_put(check->writer, &request);
    if (status || !write->check)
        talloc_free(write);
    return status;
}

static void settle(struct check *check, size_t enough)
{
    check->enough = enough;
    check->settling = true;
    if (store_writer_pending(check->writer) > enough && loop_run(check->request.loop) != STS_OK)
        fail(check, STS_E_NOMEM);
    check->settling = false;
}

static void keep(struct check *check, const struct diagnosis *diagnosis)
{
    struct store *store = check->request.store;
    enum sts_status status;

    if (!store || check->store_failed)
        return;
    status = check->writer ? put(check, diagnosis) : stored_check_put(store, diagnosis);
    if (status == STS_E_LIMIT)
        say_too_large(check, diagnosis->facts->domain);
    else if (status)
        fail(check, status);
    if (check->writer && !check->request.live)
        settle(check, AHEAD_MAX);
}

bool check_has_room(const struct check *check)
{
    return store_writer_pending(check->writer) < AHEAD_MAX;
}

enum sts_status check_begin(TALLOC_CTX *ctx, struct check *check)
{
    const struct check_request *request = &check->request;

    if (!request->store || !request->loop)
        return STS_OK;
    return store_writer_new(ctx, request->loop, request->where, &check->writer);
}

void check_end(struct check *check)
{
    if (check->writer)
        settle(check, 0);
    TALLOC_FREE(check->writer);
}

/* ---- one domain ------------------------------------------------------------------------------ */

/* The reason is our own place, and so it is the same for all domains. */
static bool told_already(struct check *check, const struct facts *facts)
{
    bool told = check->blindness_told;

    if (!place_is_blind(facts))
        return false;
    check->blindness_told = true;
    return told;
}

enum sts_status check_facts(TALLOC_CTX *ctx, struct check *check, const struct facts *facts,
                            struct checked *ret)
{
    const struct check_request *request = &check->request;
    const struct judging by = {.now = request->at_now ? request->now : facts->observed_at,
                               .warn_days = request->warn_days};
    struct diagnosis *diagnosis;
    enum sts_status status = diagnose_by(ctx, facts, &by, &diagnosis);

    if (status)
        return status;
    keep(check, diagnosis);
    *ret = (struct checked){diagnosis, told_already(check, facts)};
    return STS_OK;
}
