/* SPDX-License-Identifier: MIT */
/* domains_importing.h - a list of domains on its way: read and compared with the store by a job;
 * private to serve/. */
#ifndef SERVE_DOMAINS_IMPORTING_H
#define SERVE_DOMAINS_IMPORTING_H

#include "app/domain_import.h"
#include "serve/domains_batch.h"
#include "serve/upload.h"

struct importing {
    int fd; /* of an upload; < 0: none */
    int64_t offset;
    size_t length;
    char *text;       /* typed; or read out of the upload */
    const char *tags; /* of all of them, as typed */
    const char *group_name;
    bool json;   /* the content is a JSON object with a list */
    bool stores; /* confirmed */
    struct domain_import *import;
    struct domain_batch *batch;
    enum { IMPORT_FINE, IMPORT_UNREAD, IMPORT_TOO_LONG, IMPORT_WRONG_TAGS, IMPORT_NO_JSON } fault;
};

/* Of whoever asks, for that group.  NULL: no memory. */
struct importing *importing_new(struct exchange *exchange, int64_t group);
/* False: no memory, or no descriptor. */
bool importing_take_upload(struct importing *importing, const struct upload *upload);
bool importing_take_text(struct importing *importing, const char *typed);
/* The job: data is a struct importing. */
STS_MUST_USE enum sts_status importing_read(struct store *store, void *data);
/* What is wrong with the list, translated; NULL: nothing. */
const char *importing_fault(const struct importing *importing);
/* The group has no room for it, which was answered. */
bool importing_is_refused(struct exchange *exchange, const struct domain_batch *batch);

#endif
