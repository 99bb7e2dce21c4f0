/* SPDX-License-Identifier: MIT */
/* intake_page.c - /intake: how reports come in, and what was rejected: to administrators, as a mail
 * server's words and a quarantined mail are of no domain.  Others see what came for theirs. */
#include <stdlib.h>
#include <string.h>

#include "accounts/accounts.h"
#include "app/intake_overview.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "pages/intake.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/account_session.h"
#include "serve/exchange.h"
#include "serve/intake_arrivals.h"
#include "serve/intake_service.h"
#include "serve/page.h"
#include "serve/posting.h"
#include "serve/service.h"
#include "serve/stored_reports.h"

#define TEXT_SHOWN 20000 /* bytes */

/* ---- all of it ------------------------------------------------------------------------------- */

static const char *name_of(TALLOC_CTX *ctx, const struct store_way_name *name)
{
    if (strcmp(name->kind, STORE_WAY_HTTPS) == 0)
        return _("HTTPS (POST)");
    if (strcmp(name->kind, STORE_WAY_LMTP) == 0)
        return _("LMTP");
    if (strcmp(name->kind, STORE_WAY_UPLOAD) == 0)
        return _("Uploads");
    if (!*name->folder)
        return talloc_asprintf(ctx, _("Mailbox %s: sign-in"), name->account);
    return talloc_asprintf(ctx, _("Mailbox %s: %s"), name->account, name->folder);
}

static const struct intake_way_row *ways_of(TALLOC_CTX *ctx, const struct intake_overview *all)
{
    struct intake_way_row *rows =
        talloc_zero_array(ctx, struct intake_way_row, (unsigned)all->way_count + 1);

    for (size_t i = 0; rows && i < all->way_count; i++) {
        const struct store_way *way = &all->ways[i];
        const char *advice = intake_fault_advice(way->fault);

        rows[i] = (struct intake_way_row){.name = name_of(ctx, &way->name),
                                          .good = way->succeeded_at >= way->failed_at,
                                          .succeeded = way->succeeded_at,
                                          .failed = way->failed_at,
                                          .fault = way->fault ? _(way->fault) : NULL,
                                          .detail = way->detail,
                                          .advice = advice ? _(advice) : NULL,
                                          .messages = way->counts.messages,
                                          .added = way->counts.added,
                                          .duplicates = way->counts.duplicates,
                                          .revisions = way->counts.revisions,
                                          .rejected = way->counts.rejected,
                                          .foreign = way->counts.foreign};
    }
    return rows;
}

static struct intake_rejected_row row_of(const struct store_quarantined *one)
{
    return (struct intake_rejected_row){.id = one->id,
                                        .at = one->at,
                                        .size = one->size,
                                        .parts = one->parts,
                                        .source = one->source,
                                        .part = one->part,
                                        .why = _(one->why),
                                        .detail = one->detail};
}

static const struct intake_rejected_row *rejected_of(TALLOC_CTX *ctx,
                                                     const struct intake_overview *all)
{
    struct intake_rejected_row *rows =
        talloc_zero_array(ctx, struct intake_rejected_row, (unsigned)all->rejected_count + 1);

    for (size_t i = 0; rows && i < all->rejected_count; i++)
        rows[i] = row_of(&all->rejected[i]);
    return rows;
}

static const char *notice_of(const struct exchange *exchange)
{
    static const struct {
        const char *word, *sentence;
    } words[] = {{"stored", N_("The reports are stored now.")},
                 {"known", N_("Its reports were already stored.")},
                 {"deleted", N_("Deleted.")}};
    const char *word = exchange_query(exchange, "done");

    for (size_t i = 0; word && i < sizeof(words) / sizeof(*words); i++)
        if (strcmp(words[i].word, word) == 0)
            return _(words[i].sentence);
    return NULL;
}

static void show_intake(struct exchange *exchange, void *data)
{
    const struct intake_overview *all = data;
    struct intake_page page = {
        .frame = page_frame(exchange, _("How reports arrive"), FRAME_STORED_REPORTS),
        .said.notice = notice_of(exchange),
        .said.error = exchange_query(exchange, "rejected") ? _("It was rejected again.") : NULL,
        .address = intake_rua(exchange),
        .all = true,
        .ways = ways_of(exchange, all),
        .way_count = all->way_count,
        .kept = all->kept,
        .rejected = rejected_of(exchange, all),
        .rejected_count = all->rejected_count,
        .next = all->more ? all->rejected[all->rejected_count - 1].id : 0};
    struct html *out = page.ways && page.rejected ? page_begin(exchange) : NULL;

    if (!page.ways || !page.rejected)
        account_pages_no_room(exchange);
    if (!out)
        return;
    page_intake(out, &page);
    page_answer(exchange, 200, out);
}

static void answer_all(struct exchange *exchange)
{
    const char *before = exchange_query(exchange, "before");
    struct intake_overview *all = talloc_zero(exchange, struct intake_overview);

    if (all)
        all->before = before ? strtoll(before, NULL, 10) : INT64_MAX;
    account_pages_read(exchange, intake_overview_read, all, show_intake);
}

static void answer_intake(struct exchange *exchange)
{
    if (exchange_account(exchange)->administrator)
        answer_all(exchange);
    else
        intake_arrivals_answer(exchange);
}

/* ---- one that was rejected ------------------------------------------------------------------- */

struct item_reading {
    struct quarantined_item item; /* first: it is what is read */
    void (*done)(struct exchange *exchange, const struct store_quarantined *one);
};

static void on_item(struct exchange *exchange, void *data)
{
    const struct item_reading *reading = data;

    if (reading->item.one)
        reading->done(exchange, reading->item.one);
    else
        access_not_there(exchange);
}

static void find_item(struct exchange *exchange,
                      void (*done)(struct exchange *exchange, const struct store_quarantined *one))
{
    struct item_reading *reading = talloc_zero(exchange, struct item_reading);

    if (reading) {
        reading->item.id = exchange_place_number(exchange, "id");
        reading->done = done;
    }
    account_pages_read(exchange, quarantined_item_read, reading, on_item);
}

static void show_item(struct exchange *exchange, const struct store_quarantined *one)
{
    struct intake_one_page page = {.frame =
                                       page_frame(exchange, _("Rejected"), FRAME_STORED_REPORTS),
                                   .row = row_of(one),
                                   .has_text = one->raw.length > 0,
                                   .text = text_printable_lines(exchange, one->raw, TEXT_SHOWN),
                                   .cut = one->raw.length > TEXT_SHOWN};
    struct html *out = page_begin(exchange);

    if (!out)
        return;
    page_intake_one(out, &page);
    page_answer(exchange, 200, out);
}

static void answer_item(struct exchange *exchange)
{
    find_item(exchange, show_item);
}

/* A stranger's bytes: never anything that a browser would show. */
static void show_raw(struct exchange *exchange, const struct store_quarantined *one)
{
    char *name = talloc_asprintf(exchange, "attachment; filename=\"rejected-%lld%s\"",
                                 (long long)one->id, one->mail ? ".eml" : "");

    exchange_field(exchange, "Content-Disposition", name ? name : "attachment");
    exchange_answer(exchange, 200, "application/octet-stream", one->raw);
}

static void answer_raw(struct exchange *exchange)
{
    find_item(exchange, show_raw);
}

/* ---- what is done with it -------------------------------------------------------------------- */

static void on_again(struct exchange *exchange, const struct receiver_item *item)
{
    if (!item)
        exchange_redirect(exchange, "/intake");
    else if (item->outcome == RECEIVER_STORED || item->outcome == RECEIVER_SEEN)
        exchange_redirect(exchange, item->outcome == RECEIVER_STORED ? "/intake?done=stored"
                                                                     : "/intake?done=known");
    else
        exchange_redirect(exchange, "/intake?rejected=1");
}

/* Out of the quarantine, when its reports are in the store: in the same batch.  What is rejected
 * again is put there anew, with the reason of now. */
static enum sts_status leave_quarantine(struct store *store, void *arg)
{
    const struct quarantined_item *item = arg;
    bool done;

    return store_drop_quarantined(store, item->id, &done);
}

static struct receiver_set *set_of(struct exchange *exchange, const struct store_quarantined *one)
{
    bool posted = strcmp(one->kind, STORE_WAY_HTTPS) == 0;
    struct receiver_set *set =
        posting_set(exchange, posted ? STORE_WAY_HTTPS : STORE_WAY_LMTP, one->source);
    struct quarantined_item *item = set ? talloc_zero(set, struct quarantined_item) : NULL;

    if (!item)
        return NULL;
    item->id = one->id;
    set->way.kind = talloc_strdup(set, one->kind);
    set->again = true;
    set->first = leave_quarantine;
    set->first_arg = item;
    set->items[0].mail = one->mail;
    set->items[0].bytes =
        (struct bytes){talloc_memdup(set, one->raw.data, one->raw.length), one->raw.length};
    set->known_only = posted && !exchange_service(exchange)->any_domain;
    return set->way.kind && set->items[0].bytes.data ? set : NULL;
}

static void read_again(struct exchange *exchange, const struct store_quarantined *one)
{
    const struct posting_request request = {.receiver = exchange_service(exchange)->intake->mails,
                                            .set = one->raw.length ? set_of(exchange, one) : NULL,
                                            .done = on_again};

    if (!one->raw.length)
        exchange_redirect(exchange, "/intake?rejected=1");
    else if (!request.set || !posting_start(exchange, &request))
        account_pages_no_room(exchange);
}

struct dropping {
    struct exchange *exchange;
};

static void on_dropped(void *arg, void *data, enum sts_status status)
{
    const struct dropping *dropping = arg;

    (void)data;
    exchange_redirect(dropping->exchange, status ? "/intake" : "/intake?done=deleted");
}

static void drop_item(struct exchange *exchange)
{
    struct dropping *dropping = talloc_zero(exchange, struct dropping);
    struct quarantined_item *item = talloc_zero(NULL, struct quarantined_item);
    struct accounts_work work = {.work = quarantined_item_drop,
                                 .writes = true,
                                 .data = item,
                                 .done = on_dropped,
                                 .arg = dropping};
    struct accounts_handle *handle;

    if (dropping && item) {
        dropping->exchange = exchange;
        item->id = exchange_place_number(exchange, "id");
        if (!accounts_work_start(exchange, account_session_service(exchange), &work, &handle))
            return;
    }
    talloc_free(item);
    account_pages_no_room(exchange);
}

static void take_item(struct exchange *exchange)
{
    const char *what = exchange_form(exchange, "do");

    if (what && strcmp(what, "drop") == 0)
        drop_item(exchange);
    else
        find_item(exchange, read_again);
}

static const struct route routes[] = {
    {HTTP_GET, "/intake", answer_intake, ROUTE_PAGE, NEED_SIGNED_IN, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/intake/{id}", answer_item, ROUTE_PAGE, NEED_ADMINISTRATOR, ROUTE_NO_BODY, 0},
    {HTTP_GET, "/intake/{id}/raw", answer_raw, ROUTE_PLAIN, NEED_ADMINISTRATOR, ROUTE_NO_BODY, 0},
    {HTTP_POST, "/intake/{id}", take_item, ROUTE_PAGE, NEED_ADMINISTRATOR, ROUTE_FORM, 0},
};

const struct route_table intake_page_routes = {.routes = routes,
                                               .count = sizeof(routes) / sizeof(routes[0])};
