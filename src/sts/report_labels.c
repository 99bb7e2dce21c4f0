/* SPDX-License-Identifier: MIT */
/* report_labels.c - how a report, its file and its mail are named (RFC 8460 sections 5.1, 5.3). */
#include "mtasts/report_builder.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/scanner.h"

#define LAST_SECOND 253402300799 /* of the year 9999 */

/* Letters and digits only: it stands in a file name between '!' and '.'. */
static bool unique_valid(const char *unique)
{
    struct scanner scanner = scanner_begin(bytes_of(unique));

    scanner_while(&scanner, ascii_is_alnum);
    return *unique && strlen(unique) <= STS_REPORT_UNIQUE_MAX && scanner_at_end(&scanner);
}

/* The forms that report_infer.c finds the domain in: behind the date and '.', or behind '+'. */
static void make_id(struct sts_report_labels *labels, int64_t begin, const char *unique)
{
    char day[CLOCK_TEXT_SIZE];

    clock_format(begin, day);
    snprintf(labels->id, sizeof(labels->id), "%.4s%.2s%.2s.%s%s%s@%s", day, day + 5, day + 8,
             unique ? unique : "", unique ? "+" : "", labels->domain, labels->submitter);
}

enum sts_status sts_report_labels_make(const char *domain, const char *submitter, int64_t begin,
                                       int64_t end, const char *unique,
                                       struct sts_report_labels *ret)
{
    struct sts_report_labels labels;
    enum sts_status status;

    if (begin < 0 || end < begin || end > LAST_SECOND || (unique && !unique_valid(unique)))
        return STS_E_INVALID;
    status = sts_name_from_user(domain, labels.domain);
    if (status == STS_OK)
        status = sts_name_from_user(submitter, labels.submitter);
    if (status != STS_OK)
        return status;
    make_id(&labels, begin, unique);
    snprintf(labels.file_name, sizeof(labels.file_name), "%s!%s!%" PRId64 "!%" PRId64 "%s%s.json",
             labels.submitter, labels.domain, begin, end, unique ? "!" : "", unique ? unique : "");
    snprintf(labels.subject, sizeof(labels.subject),
             "Report Domain: %s Submitter: %s Report-ID: <%s>", labels.domain, labels.submitter,
             labels.id);
    *ret = labels;
    return STS_OK;
}
