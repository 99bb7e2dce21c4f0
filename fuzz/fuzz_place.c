/* SPDX-License-Identifier: MIT */
/* fuzz_place.c - cursors of lists as clients send them back: what is taken for one is written again
 * as itself, and its numbers are none below zero. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hname.h"
#include "history/change_list.h"
#include "history/domain_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

/* Zeros before a number are not written again. */
static void try_change(TALLOC_CTX *ctx, const char *text)
{
    struct listed_change row = {.advisory = NULL};
    const struct change_list list = {.rows = &row, .row_count = 1};
    struct store_change_place again;
    char *written;

    if (!change_list_place_read(text, &row.place))
        return;
    demand(row.place.at >= 0 && row.place.check >= 0 && row.place.row >= 0);
    written = change_list_place(ctx, &list);
    demand(written && strlen(written) <= strlen(text));
    demand(change_list_place_read(written, &again));
    demand(again.at == row.place.at && again.check == row.place.check &&
           again.row == row.place.row);
}

static void try_domain(TALLOC_CTX *ctx, const char *text)
{
    struct store_list_place place;

    if (domain_list_place_read(ctx, text, &place))
        demand(hname_valid(bytes_of(place.name)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *text = talloc_strndup(ctx, (const char *)data, size);

    try_change(ctx, text);
    try_domain(ctx, text);
    talloc_free(ctx);
    return 0;
}
