/* SPDX-License-Identifier: MIT */
/* report_list.h - reports of the store that somebody sees: listed page by page, and one of them as
 * it came.
 *
 * Each is a talloc context that owns what is read into it; the functions are for a thread that may
 * wait for the store. */
#ifndef APP_REPORT_LIST_H
#define APP_REPORT_LIST_H

#include "app/report_seen.h"

#define REPORT_LIST_PAGE    50
#define REPORT_LIST_MAX     5000 /* rows of a table to download */
#define REPORT_LIST_DOMAINS 10   /* of one report that a list names */

struct report_list_row {
    struct store_report_place place;
    /* NULL as in struct store_receipt; report_id, source: or where they name a domain unseen */
    const char *submitter, *report_id, *source, *trust; /* submitter: as the sender writes it */
    const char **domains;                               /* the first that are seen */
    size_t domain_count;
    int64_t others; /* more domains, seen or not */
    int64_t begins, ends, received_at;
    bool superseded, failed;
};

struct report_list {
    /* to be set */
    struct store_sight sight;
    const char *domain, *submitter; /* NULL: any */
    int64_t since, until;           /* as in struct store_report_filter */
    bool failed;
    struct store_report_place after;
    size_t limit;
    /* found */
    struct report_list_row *rows;
    size_t row_count;
    bool more;
    bool no_memory;
};
/* "example.com, example.net": those that are seen; owned by ctx.  NULL: no memory. */
char *report_list_domains(TALLOC_CTX *ctx, const struct report_list_row *row);
/* Where the domain is none of theirs there is nothing. */
STS_MUST_USE enum sts_status report_list_read(struct store *store, void *data);

struct stored_report {
    /* to be set */
    struct store_sight sight;
    int64_t id;
    /* found */
    bool found; /* false: there is none, or it is not for their eyes */
    const char *submitter, *report_id, *source, *trust, *file_name, *subject;
    int64_t begins, ends, received_at, mailed_at, revision;
    bool superseded;
    struct report_seen *seen;
    struct bytes raw; /* where it is not whole: the policies that are seen */
    bool no_memory;
};
STS_MUST_USE enum sts_status stored_report_find(struct store *store, void *data);

/* What DKIM said of its mail, a msgid. */
const char *report_trust_text(const char *trust);

#endif
