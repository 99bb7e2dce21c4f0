/* SPDX-License-Identifier: MIT */
/* subject.c - the subject of a shard's message. */
#include "queue/subject.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/scanner.h"

#define BEGINNING  "mtasts.scan."
#define DIGITS_MAX 18

void subject_write(char subject[SUBJECT_SIZE], int64_t scan, int64_t shard)
{
    (void)snprintf(subject, SUBJECT_SIZE, BEGINNING "%" PRId64 ".%" PRId64, scan, shard);
}

bool subject_read(const char *subject, int64_t *ret_scan, int64_t *ret_shard)
{
    struct scanner s = scanner_begin(bytes_of(subject));

    if (!scanner_try_text(&s, BEGINNING))
        return false;
    *ret_scan = scanner_number(&s, 1, DIGITS_MAX);
    scanner_expect(&s, '.');
    *ret_shard = scanner_number(&s, 1, DIGITS_MAX);
    return scanner_finished(&s);
}
