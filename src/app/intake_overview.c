/* SPDX-License-Identifier: MIT */
/* intake_overview.c - ways and quarantine, read in one go. */
#include "app/intake_overview.h"

#include <string.h>

#include "base/array.h"
#include "base/i18n.h"

static const char *copy(TALLOC_CTX *ctx, const char *text, bool *no_memory)
{
    const char *own = text ? talloc_strdup(ctx, text) : NULL;

    *no_memory |= text && !own;
    return own;
}

/* ---- the ways -------------------------------------------------------------------------------- */

static bool take_way(void *arg, const struct store_way *way)
{
    struct intake_overview *all = arg;
    struct store_way *own = array_grow(all, &all->ways, &all->way_count, sizeof(*own));

    all->no_memory |= !own;
    if (!own)
        return false;
    *own = *way;
    own->name = (struct store_way_name){copy(all, way->name.kind, &all->no_memory),
                                        copy(all, way->name.account, &all->no_memory),
                                        copy(all, way->name.folder, &all->no_memory)};
    own->fault = copy(all, way->fault, &all->no_memory);
    own->detail = copy(all, way->detail, &all->no_memory);
    return !all->no_memory;
}

/* By words that faults have; those that are not here say what to do themselves. */
static const struct {
    const char *word, *advice;
} advices[] = {
    {"user name or the password", N_("Check the user and its password file.")},
    {"password or token", N_("Check the path and the permissions of the file.")},
    {"certificate", N_("Check the host name, or use --ca-file for a CA of your own.")},
    {"TLS handshake", N_("Check port and tls of the account.")},
    {"no address was found", N_("Check the host name.")},
    {"folder cannot be opened", N_("Check the name of the folder.")},
    {"could not be moved", N_("Check that the account may write to that folder.")},
    {"connection", N_("Check host, port and firewall. The service tries again by itself.")},
};

const char *intake_fault_advice(const char *fault)
{
    for (size_t i = 0; fault && i < sizeof(advices) / sizeof(*advices); i++)
        if (strstr(fault, advices[i].word))
            return advices[i].advice;
    return NULL;
}

/* ---- the quarantine -------------------------------------------------------------------------- */

static bool copy_quarantined(TALLOC_CTX *ctx, const struct store_quarantined *from,
                             struct store_quarantined *to)
{
    bool no_memory = false;

    *to = *from;
    to->kind = copy(ctx, from->kind, &no_memory);
    to->source = copy(ctx, from->source, &no_memory);
    to->part = copy(ctx, from->part, &no_memory);
    to->why = copy(ctx, from->why, &no_memory);
    to->detail = copy(ctx, from->detail, &no_memory);
    if (from->raw.length)
        to->raw.data = talloc_memdup(ctx, from->raw.data, from->raw.length);
    return !no_memory && (to->raw.data || !from->raw.length);
}

static bool take_rejected(void *arg, const struct store_quarantined *one)
{
    struct intake_overview *all = arg;
    struct store_quarantined *own;

    all->more = all->rejected_count == INTAKE_OVERVIEW_PAGE;
    if (all->more)
        return false;
    own = array_grow(all, &all->rejected, &all->rejected_count, sizeof(*own));
    all->no_memory |= !own || !copy_quarantined(all, one, own);
    return !all->no_memory;
}

enum sts_status intake_overview_read(struct store *store, void *data)
{
    struct intake_overview *all = data;
    enum sts_status status = store_ways(store, take_way, all);

    if (!status)
        status =
            store_quarantine_page(store, all->before, INTAKE_OVERVIEW_PAGE + 1, take_rejected, all);
    if (!status)
        status = store_count_quarantine(store, &all->kept);
    return all->no_memory ? STS_E_NOMEM : status;
}

static bool take_item(void *arg, const struct store_quarantined *one)
{
    struct quarantined_item *item = arg;

    item->one = talloc_zero(item, struct store_quarantined);
    item->no_memory = !item->one || !copy_quarantined(item->one, one, item->one);
    return false;
}

enum sts_status quarantined_item_read(struct store *store, void *data)
{
    struct quarantined_item *item = data;
    enum sts_status status = store_quarantine_one(store, item->id, take_item, item);

    return item->no_memory ? STS_E_NOMEM : status;
}

enum sts_status quarantined_item_drop(struct store *store, void *data)
{
    const struct quarantined_item *item = data;
    bool done;

    return store_drop_quarantined(store, item->id, &done);
}
