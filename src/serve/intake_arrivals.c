/* SPDX-License-Identifier: MIT */
/* intake_arrivals.c - /intake for others than administrators: the reports on their domains. */
#include "serve/intake_arrivals.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "pages/intake.h"
#include "serve/account_pages.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/page.h"
#include "serve/stored_reports_parts.h"
#include "store/ways.h"

const char *intake_rua(struct exchange *exchange)
{
    const char *address = exchange_address(exchange, "/tlsrpt");

    return address && strncmp(address, "https:", 6) == 0 ? address + 6 : NULL;
}

/* How it came, by the beginning of its source; what is behind that may be another's. */
static const char *arrived_by(const char *source)
{
    static const struct {
        const char *kind, *name;
    } ways[] = {{STORE_WAY_HTTPS, N_("HTTPS (POST)")},
                {STORE_WAY_LMTP, N_("LMTP")},
                {STORE_WAY_IMAP, N_("Mailbox")},
                {STORE_WAY_UPLOAD, N_("Uploads")}};

    for (size_t i = 0; source && i < sizeof(ways) / sizeof(*ways); i++) {
        size_t length = strlen(ways[i].kind);

        if (strncmp(source, ways[i].kind, length) == 0 && source[length] == ':')
            return _(ways[i].name);
    }
    return "–";
}

static int compare_arrivals(const void *a, const void *b)
{
    const struct report_list_row *one = a, *other = b;

    if (one->received_at != other->received_at)
        return one->received_at < other->received_at ? 1 : -1;
    return (one->place.id < other->place.id) - (one->place.id > other->place.id);
}

static const struct intake_arrival_row *arrivals_of(TALLOC_CTX *ctx, struct report_list *list,
                                                    size_t *ret_count)
{
    struct intake_arrival_row *rows =
        talloc_zero_array(ctx, struct intake_arrival_row, LIMIT_ARRIVALS);

    if (list->row_count)
        qsort(list->rows, list->row_count, sizeof(*list->rows), compare_arrivals);
    *ret_count = list->row_count < LIMIT_ARRIVALS ? list->row_count : LIMIT_ARRIVALS;
    for (size_t i = 0; rows && i < *ret_count; i++) {
        const struct report_list_row *row = &list->rows[i];

        rows[i] = (struct intake_arrival_row){.id = row->place.id,
                                              .received = row->received_at,
                                              .submitter = row->submitter,
                                              .domains = report_list_domains(rows, row),
                                              .others = row->others,
                                              .way = arrived_by(row->source)};
    }
    return rows;
}

static void show_arrivals(struct exchange *exchange, void *data)
{
    struct report_list *list = data;
    struct intake_page page = {
        .frame = page_frame(exchange, _("How reports arrive"), FRAME_STORED_REPORTS),
        .address = intake_rua(exchange)};
    struct html *out;

    page.arrivals = arrivals_of(exchange, list, &page.arrival_count);
    if (!page.arrivals) {
        account_pages_no_room(exchange);
        return;
    }
    out = page_begin(exchange);
    if (!out)
        return;
    page_intake(out, &page);
    page_answer(exchange, 200, out);
}

/* Of the newest by their period, the last to arrive. */
void intake_arrivals_answer(struct exchange *exchange)
{
    struct report_list *list = talloc_zero(exchange, struct report_list);

    if (list) {
        list->sight = stored_reports_sight(exchange, STORE_ROLE_VIEWER);
        list->since = INT64_MIN;
        list->until = INT64_MAX;
        list->after = STORE_NEWEST;
        list->limit = LIMIT_ARRIVALS_READ;
    }
    account_pages_read(exchange, report_list_read, list, show_arrivals);
}
