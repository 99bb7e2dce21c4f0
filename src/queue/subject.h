/* SPDX-License-Identifier: MIT */
/* subject.h - the subject of a shard's message: "mtasts.scan.SCAN.SHARD"; private to queue/. */
#ifndef QUEUE_SUBJECT_H
#define QUEUE_SUBJECT_H

#include <stdbool.h>
#include <stdint.h>

#define SUBJECT_ALL  "mtasts.scan.*.*"
#define SUBJECT_SIZE 64

void subject_write(char subject[SUBJECT_SIZE], int64_t scan, int64_t shard);
/* False: it is no such subject. */
bool subject_read(const char *subject, int64_t *ret_scan, int64_t *ret_shard);

#endif
