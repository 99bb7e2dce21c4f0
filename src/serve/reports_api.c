/* SPDX-License-Identifier: MIT */
/* reports_api.c - reports that somebody sends, read and forgotten. */
#include "serve/reports_work.h"

#include "base/i18n.h"
#include "serve/exchange.h"
#include "serve/tools.h"
#include "serve/upload.h"

static void work(struct computed *computed)
{
    struct reports_work *reports = (struct reports_work *)computed;

    if (reports_work_read(reports))
        computed_text(computed, "application/json", json_report(reports, &reports->page));
}

void api_report(struct exchange *exchange)
{
    const struct upload *upload = exchange_upload(exchange, "file");
    struct reports_work *reports;

    if (!upload || !upload->length) {
        exchange_problem(
            exchange, 400, "no-report",
            _("Send a report in the request body, or in the field \"file\" of a form."));
        return;
    }
    reports = reports_work_new(exchange, upload, work);
    compute_answer(exchange, tools_of(exchange)->reports, reports ? &reports->computed : NULL);
}
