/* SPDX-License-Identifier: MIT */
/* rollups.c - what an earlier version stored is brought into the roll-ups. */
#include "app/rollups.h"

#include "history/rollup_fill.h"
#include "store/writer.h"

struct rollups_fill {
    struct store_writer *writer;
    bool more; /* the writer's while a piece is under way */
};

static enum sts_status put_next(struct rollups_fill *fill);

static enum sts_status write_piece(struct store *store, void *data)
{
    struct rollups_fill *fill = data;

    return rollup_fill(store, &fill->more);
}

static void on_written(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct rollups_fill *fill = data;

    (void)arg;
    (void)fault;
    if (status || !fill->more || put_next(fill) != STS_OK)
        talloc_free(fill);
}

static enum sts_status put_next(struct rollups_fill *fill)
{
    const struct store_writer_request request = {
        .write = write_piece, .done = on_written, .data = fill};

    return store_writer_put(fill->writer, &request);
}

enum sts_status rollups_fill_start(TALLOC_CTX *ctx, struct store_writer *writer)
{
    struct rollups_fill *fill = talloc_zero(ctx, struct rollups_fill);
    enum sts_status status = fill ? STS_OK : STS_E_NOMEM;

    if (status)
        return status;
    fill->writer = writer;
    status = put_next(fill);
    if (status)
        talloc_free(fill);
    return status;
}
