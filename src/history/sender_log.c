/* SPDX-License-Identifier: MIT */
/* sender_log.c - who reports on a domain, how often, and who has stopped.
 *
 * A sender reports on the days on which it delivered something, so to some domains daily, to others
 * now and then.  Its usual interval is the median of those between its reports.  It is silent when
 * three of these, and two days for a report to arrive, have passed since the end of its last. */
#include "history/sender_log.h"

#include <stdlib.h>
#include <string.h>

#define REPORTS_LEAST 4 /* intervals of fewer say nothing */
#define ARRIVES       (2 * ADVISORY_DAY)
#define INTERVALS     3

static int by_sender(const void *left, const void *right)
{
    const struct reported *a = left, *b = right;
    int order = strcmp(a->submitter, b->submitter);

    return order ? order : (a->begins > b->begins) - (a->begins < b->begins);
}

static int by_number(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static int by_sessions(const void *left, const void *right)
{
    const struct logged_sender *a = left, *b = right;
    int64_t of_a = a->successful / 2 + a->failed / 2, of_b = b->successful / 2 + b->failed / 2;

    if (of_a != of_b)
        return of_a < of_b ? 1 : -1;
    return strcmp(a->name, b->name);
}

static void add(int64_t *sum, int64_t more)
{
    *sum = more > INT64_MAX - *sum ? INT64_MAX : *sum + more;
}

/* Reports of one day are one.  room: for as many numbers as there are reports. */
static int64_t usual_interval(const struct reported *list, size_t count, int64_t *room)
{
    size_t intervals = 0;

    for (size_t i = 1; i < count; i++)
        if (list[i].begins / ADVISORY_DAY > list[i - 1].begins / ADVISORY_DAY)
            room[intervals++] = list[i].begins - list[i - 1].begins;
    if (intervals + 1 < REPORTS_LEAST)
        return 0;
    qsort(room, intervals, sizeof(*room), by_number);
    return room[intervals / 2];
}

static struct logged_sender sender_of(const struct reported *list, size_t count, int64_t now,
                                      int64_t *room)
{
    struct logged_sender sender = {
        .name = list[0].submitter, .reports = count, .first = list[0].begins};

    for (size_t i = 0; i < count; i++) {
        sender.reports += list[i].more;
        add(&sender.successful, list[i].successful);
        add(&sender.failed, list[i].failed);
        if (list[i].ends > sender.last)
            sender.last = list[i].ends;
    }
    sender.interval = usual_interval(list, count, room);
    sender.silent = sender.interval && now - sender.last > INTERVALS * sender.interval + ARRIVES;
    return sender;
}

static size_t length_of(const struct reported *list, size_t count)
{
    size_t length = 1;

    while (length < count && !strcmp(list[length].submitter, list[0].submitter))
        length++;
    return length;
}

enum sts_status sender_log_of(TALLOC_CTX *ctx, const struct session_log *log, int64_t now,
                              struct sender_log *ret)
{
    unsigned count = (unsigned)log->count;
    struct reported *list = talloc_array(ctx, struct reported, count + 1);
    int64_t *room = talloc_array(ctx, int64_t, count + 1);
    size_t length;

    *ret = (struct sender_log){.senders = talloc_array(ctx, struct logged_sender, count + 1)};
    if (!list || !room || !ret->senders)
        return STS_E_NOMEM;
    if (count) {
        memcpy(list, log->reports, count * sizeof(*list));
        qsort(list, count, sizeof(*list), by_sender);
    }
    for (size_t i = 0; i < count; i += length) {
        length = length_of(list + i, count - i);
        ret->senders[ret->count] = sender_of(list + i, length, now, room);
        ret->silent += ret->senders[ret->count++].silent;
    }
    if (ret->count)
        qsort(ret->senders, ret->count, sizeof(*ret->senders), by_sessions);
    talloc_free(list);
    talloc_free(room);
    return STS_OK;
}
