/* SPDX-License-Identifier: MIT */
/* gather.h - TLS reports out of files, directories, mailboxes or the store, each counted once.
 *
 * All of it waits for files and for the process that parses (intake/parser.h): in a program with a
 * loop it is a job. */
#ifndef APP_GATHER_H
#define APP_GATHER_H

#include "app/verify_sender.h"
#include "history/report_filter.h"
#include "intake/parser.h"
#include "reports/notes.h"
#include "reports/reports.h"
#include "rules/report_rules.h"

/* One that is open, and can be read from its beginning more than once. */
struct gather_file {
    int fd;
    const char *name;
};

/* All is borrowed until the gathering is freed. */
struct gather_request {
    const char *const *paths; /* "-": standard input */
    size_t path_count;
    const struct gather_file *file;     /* in place of paths; NULL */
    const struct parser_limits *limits; /* of the reading; NULL: those of a person's own files */
    struct store *store;                /* where there are no paths; NULL: nothing is stored */
    struct report_filter filter;
    bool aligned; /* of the store: only what DKIM found signed by the domain that reports */
    const struct verify_sender_request *verify; /* of mails behind the paths; NULL: not asked for */
    bool deviations;                            /* note them */
    size_t deviations_max;                      /* of more, their number */
};

struct gathered {
    struct reports *reports;
    struct report_rejected *rejected;
    size_t rejected_count;
    size_t unread; /* reports or parts that could not be read, those not listed too */
    struct report_deviation *deviations;
    size_t deviation_count, deviation_total;
    size_t undated_left_out; /* reports without a date, where some time was asked for */
    size_t other_mails;
    size_t faults; /* of the parser: steps that were passed over */
    bool stopped;  /* a limit of the reading was reached */
};

struct gather;

STS_MUST_USE enum sts_status gather_new(TALLOC_CTX *ctx, const struct gather_request *request,
                                        struct gather **ret);
/* Read all, then gather_count().  On an error *ret_fault tells why. */
STS_MUST_USE enum sts_status gather_read(struct gather *gather, struct fault *ret_fault);
/* What counts of a report that was revised is known when all was read: then all is read once more.
 * counted (NULL: nobody) is called for each report that counts; with it all is always read again.
 */
STS_MUST_USE enum sts_status gather_count(struct gather *gather, reports_counts_fn *counted,
                                          void *arg, struct fault *ret_fault);
/* Complete after gather_count().  Borrowed. */
const struct gathered *gather_result(const struct gather *gather);

/* Judge what was gathered, beside checks of some of the domains.  Where there is nothing, or a part
 * could not be read, nothing is said to be good. */
STS_MUST_USE enum sts_status gather_judge(TALLOC_CTX *ctx, const struct gathered *gathered,
                                          const struct diagnosis *const *checks, size_t check_count,
                                          int64_t now, struct report_view **ret);

#endif
