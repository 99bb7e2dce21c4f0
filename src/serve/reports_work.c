/* SPDX-License-Identifier: MIT */
/* reports_work.c - the file, what was read of it, and the page that shows it. */
#include "serve/reports_work.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "serve/exchange.h"
#include "serve/upload.h"

static int close_file(struct reports_work *reports)
{
    close(reports->upload.fd);
    return 0;
}

struct reports_work *reports_work_new(struct exchange *exchange, const struct upload *upload,
                                      void (*work)(struct computed *computed))
{
    int64_t offset;
    int fd = upload_open(upload, &offset);
    struct reports_work *reports = fd >= 0 ? talloc_zero(exchange, struct reports_work) : NULL;

    if (!reports) {
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    reports->computed.work = work;
    reports->upload = (struct read_upload){
        .fd = fd, .offset = offset, .length = upload->length, .now = clock_now()};
    talloc_set_destructor(reports, close_file);
    reports->upload.name =
        talloc_strdup(reports, upload->file_name && *upload->file_name ? upload->file_name : "-");
    if (!reports->upload.name)
        TALLOC_FREE(reports);
    return reports;
}

static struct report_page page_of(const struct upload_reading *reading)
{
    const struct gathered *gathered = reading->gathered;

    return (struct report_page){.view = reading->view,
                                .reports = gathered->reports,
                                .rejected = gathered->rejected,
                                .rejected_count = gathered->rejected_count,
                                .unread = gathered->unread,
                                .deviations = gathered->deviations,
                                .deviation_count = gathered->deviation_count,
                                .deviation_total = gathered->deviation_total,
                                .undated_left_out = gathered->undated_left_out,
                                .other_mails = gathered->other_mails};
}

bool reports_work_read(struct reports_work *reports)
{
    struct fault fault;

    if (read_upload(reports, &reports->upload, &reports->reading, &fault) == STS_OK) {
        reports->page = page_of(reports->reading);
        return true;
    }
    computed_problem(&reports->computed, 503, "not-read",
                     fault.why ? fault.why : _("The service is out of memory. Try again later."));
    return false;
}
