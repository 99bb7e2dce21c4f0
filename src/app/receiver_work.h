/* SPDX-License-Identifier: MIT */
/* receiver_work.h - a set of messages on its way: receiver.c (the loop), receiver_read.c (a
 * reader's thread) and receiver_write.c (the writer's).  Private to app/. */
#ifndef APP_RECEIVER_WORK_H
#define APP_RECEIVER_WORK_H

#include <sys/queue.h>

#include "app/receiver.h"
#include "intake/intake.h"

struct received_report {
    STAILQ_ENTRY(received_report) link;
    struct sts_report *report;
    struct receiver_item *item;
    struct intake_source source;
    struct sts_report_origin origin;
};

struct received_rejection {
    STAILQ_ENTRY(received_rejection) link;
    struct receiver_item *item;
    const char *part, *why, *detail;
};

/* What reads sets, one at a time, on a thread of its own. */
struct receiver_reader {
    const struct verify_sender_request *verify;
    TALLOC_CTX *reading; /* parser and keys; NULL: not begun */
    struct parser *parser;
    struct intake_sink sink;
    int64_t keys_until;
    struct reception *reception; /* that is being read */
};

/* All hangs on it. */
struct reception {
    struct receiver_reader *reader;
    struct receiver_set *set;
    struct receiver_item *item; /* that is being read */
    STAILQ_HEAD(, received_report) reports;
    STAILQ_HEAD(, received_rejection) rejections;
    enum sts_status status; /* of the reading */
};

/* Of a job: data is a struct reception. */
void receiver_read(void *data);
/* Of a batch, which may be given up and written again; data likewise. */
enum sts_status receiver_write(struct store *store, void *data);

#endif
