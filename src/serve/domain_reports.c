/* SPDX-License-Identifier: MIT */
/* domain_reports.c - /d/{domain}/reports: the stored reports on a domain, page by page. */
#include "serve/domain_reports.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/report_list.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "history/sender_names.h"
#include "pages/domain_reports.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/exchange.h"
#include "serve/page.h"
#include "store/pages.h"

#define PAGE 50
#define DAY  86400

struct listing {
    const char *domain, *day;
    struct store_report_filter filter;
    struct store_report_place after, last;
    struct domain_report reports[PAGE];
    struct names written; /* how senders write their names */
    size_t count;
    bool more;
};

/* ---- reading --------------------------------------------------------------------------------- */

static const char *shown(TALLOC_CTX *ctx, const char *text)
{
    return text ? text_printable(ctx, text, strlen(text), 200) : "";
}

static bool take(void *arg, const struct store_listed_report *from)
{
    struct listing *listing = arg;
    bool dated = from->ends != STORE_RANGE_ENDS;

    if (listing->count == PAGE) {
        listing->more = true;
        return false;
    }
    listing->last = from->place;
    listing->reports[listing->count++] = (struct domain_report){
        .id = from->place.id,
        .begins = dated ? from->begins : 0,
        .ends = dated ? from->ends : 0,
        .sender =
            shown(listing,
                  from->submitter ? sender_names_find(&listing->written, from->submitter) : NULL),
        .failed = from->failed,
        .superseded = from->superseded,
        .trust = _(report_trust_text(from->trust)),
        .received_at = from->received_at};
    return true;
}

static enum sts_status read_reports(struct store *store, void *data)
{
    struct listing *listing = data;
    enum sts_status status = sender_names_read(listing, store, listing->domain, &listing->written);

    return status ? status
                  : store_reports_page(store, &listing->filter, listing->after, PAGE + 1, take,
                                       listing);
}

/* ---- the page -------------------------------------------------------------------------------- */

static void show(struct exchange *exchange, void *data)
{
    struct listing *listing = talloc_steal(exchange, data);
    struct html *html = page_begin(exchange);
    struct domain_reports_page page = {.domain = listing->domain,
                                       .day = listing->day,
                                       .only_failed = listing->filter.failed,
                                       .reports = listing->reports,
                                       .report_count = listing->count};

    if (!html)
        return;
    if (listing->more)
        page.next = talloc_asprintf(exchange, "%" PRId64 "-%" PRId64, listing->last.begins,
                                    listing->last.id);
    page.frame = page_frame(
        exchange, talloc_asprintf(exchange, "%s: %s", page.domain, _("Reports")), FRAME_DOMAINS);
    page_domain_reports(html, &page);
    page_answer(exchange, 200, html);
}

/* ---- what is asked for ----------------------------------------------------------------------- */

/* "BEGINS-ID"; what is none begins at the newest. */
static struct store_report_place place_of(const char *text)
{
    struct store_report_place place;
    char *end;

    if (!text || !*text)
        return STORE_NEWEST;
    place.begins = strtoll(text, &end, 10);
    if (*end != '-')
        return STORE_NEWEST;
    place.id = strtoll(end + 1, &end, 10);
    return *end ? STORE_NEWEST : place;
}

/* Of one day, "2026-11-30". */
static void pick_day(struct listing *listing, const char *day)
{
    char *text = day && strlen(day) == strlen("2026-11-30")
                     ? talloc_asprintf(listing, "%sT00:00:00Z", day)
                     : NULL;
    int64_t begins;

    if (!text || !clock_parse(text, &begins))
        return;
    listing->day = talloc_strdup(listing, day);
    listing->filter.since = begins;
    listing->filter.until = begins + DAY - 1;
}

static void on_allowed(struct exchange *exchange, const struct access *access)
{
    struct listing *listing = talloc_zero(exchange, struct listing);
    const char *failed = exchange_query(exchange, "failed");

    if (listing) {
        listing->domain = talloc_strdup(listing, access->domain);
        listing->after = place_of(exchange_query(exchange, "after"));
        listing->filter = (struct store_report_filter){.domain = listing->domain,
                                                       .since = INT64_MIN,
                                                       .until = INT64_MAX,
                                                       .failed = failed && *failed};
        pick_day(listing, exchange_query(exchange, "day"));
    }
    account_pages_read(exchange, read_reports, listing && listing->domain ? listing : NULL, show);
}

void domain_reports_answer(struct exchange *exchange)
{
    access_domain(exchange, exchange_place(exchange, "domain"), STORE_ROLE_VIEWER, on_allowed);
}
