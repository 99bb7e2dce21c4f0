/* SPDX-License-Identifier: MIT */
/* receiver_work.h - sets of messages on their way: receiver.c (the loop), receiver_read.c (a
 * reader's thread) and receiver_write.c (the writer's).  Private to app/. */
#ifndef APP_RECEIVER_WORK_H
#define APP_RECEIVER_WORK_H

#include <sys/queue.h>

#include "app/receiver.h"
#include "intake/intake.h"

struct reception;
struct reception_ticket;

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

/* An item while it is read. */
struct reading_item {
    struct reception *reception;
    struct receiver_item *item;
    struct reading_item *self; /* whose address is the argument of the sink */
    struct intake_sink sink;
    struct intake_result result;
};

/* What reads sets, several at a time, on a thread of its own. */
struct receiver_reader {
    const struct verify_sender_request *verify;
    TALLOC_CTX *reading; /* parser and keys; NULL: not begun */
    struct parser *parser;
    struct intake_sink sink;
    int64_t keys_until;
    struct reading_item *item; /* that is being read through `sink` */
};

/* All hangs on it. */
struct reception {
    STAILQ_ENTRY(reception) link; /* while it waits, and of those that are read together */
    struct reception_ticket *ticket;
    struct receiver_set *set;
    struct reading_item *items;
    STAILQ_HEAD(, received_report) reports;
    STAILQ_HEAD(, received_rejection) rejections;
    enum sts_status status; /* of the reading */
};

STAILQ_HEAD(reception_list, reception);

/* Receptions hang on it. */
struct receiver_job {
    struct receiver_reader *reader;
    struct reception_list list;
};

/* Of a job: data is a struct receiver_job. */
void receiver_read(void *data);
/* Of a batch, which may be given up and written again; data likewise. */
enum sts_status receiver_write(struct store *store, void *data);

#endif
