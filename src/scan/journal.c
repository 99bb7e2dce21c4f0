/* SPDX-License-Identifier: MIT */
/* journal.c - read a file of results as far as it goes, and stand at its end. */
#include "scan/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE     262144
#define HEAD_KEPT 4096 /* of a line: its first members tell which domain it is */

struct journal_reading {
    struct journal *journal;
    enum scan_format format;
    char head[HEAD_KEPT + 1];
    size_t kept;
    off_t at, end_of_last; /* bytes read; the end of the last whole line */
    int64_t line;
};

/* The line of names that stands before all others. */
static bool is_head(const struct journal_reading *reading)
{
    const char *head = scan_line_head(reading->format);
    size_t length = strcspn(head, "\r\n");

    return reading->line == 1 && length && strncmp(reading->head, head, length) == 0;
}

static enum journal_outcome end_line(struct journal_reading *reading)
{
    struct journal *journal = reading->journal;
    size_t length;
    const char *name;
    int64_t time;

    reading->head[reading->kept] = '\0';
    reading->kept = 0;
    reading->line++;
    if (is_head(reading))
        return JOURNAL_OPEN;
    name = scan_line_subject(reading->format, reading->head, &length);
    if (!name) {
        journal->line = reading->line;
        return JOURNAL_STRANGE;
    }
    if (scan_line_time(reading->format, reading->head, &time) && time < journal->earliest)
        journal->earliest = time;
    return seen_add(journal->seen, name, length) == STS_OK ? JOURNAL_OPEN : JOURNAL_NO_MEMORY;
}

static enum journal_outcome read_piece(struct journal_reading *reading, const char *data,
                                       size_t length)
{
    enum journal_outcome outcome = JOURNAL_OPEN;

    while (length && outcome == JOURNAL_OPEN) {
        const char *end = memchr(data, '\n', length);
        size_t part = end ? (size_t)(end - data) : length;
        size_t room = HEAD_KEPT - reading->kept;

        memcpy(reading->head + reading->kept, data, part < room ? part : room);
        reading->kept += part < room ? part : room;
        part += end ? 1 : 0;
        reading->at += (off_t)part;
        data += part;
        length -= part;
        if (end) {
            outcome = end_line(reading);
            reading->end_of_last = reading->at;
        }
    }
    return outcome;
}

static enum journal_outcome read_all(TALLOC_CTX *ctx, enum scan_format format,
                                     struct journal *journal)
{
    struct journal_reading *reading = talloc_zero(ctx, struct journal_reading);
    char *data = talloc_size(reading, PIECE);
    enum journal_outcome outcome = JOURNAL_OPEN;
    ssize_t got = 1;

    if (!reading || !data)
        return JOURNAL_NO_MEMORY;
    reading->journal = journal;
    reading->format = format;
    while (outcome == JOURNAL_OPEN && (got = read(journal->fd, data, PIECE)) > 0)
        outcome = read_piece(reading, data, (size_t)got);
    if (got < 0)
        outcome = JOURNAL_FAILED;
    if (outcome == JOURNAL_OPEN &&
        (ftruncate(journal->fd, reading->end_of_last) != 0 || lseek(journal->fd, 0, SEEK_END) < 0))
        outcome = JOURNAL_FAILED;
    journal->empty = !reading->end_of_last;
    talloc_free(reading);
    return outcome;
}

static enum journal_outcome continue_or_begin(TALLOC_CTX *ctx, enum scan_format format, bool resume,
                                              struct journal *journal)
{
    struct stat stat;

    if (flock(journal->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return JOURNAL_BUSY;
    if (fstat(journal->fd, &stat) != 0)
        return JOURNAL_FAILED;
    journal->empty = true;
    journal->earliest = (int64_t)stat.st_mtime; /* of one that is empty: when it was made */
    if (!resume)
        return S_ISREG(stat.st_mode) && stat.st_size ? JOURNAL_EXISTS : JOURNAL_OPEN;
    if (seen_new(ctx, &journal->seen) != STS_OK)
        return JOURNAL_NO_MEMORY;
    return read_all(ctx, format, journal);
}

enum journal_outcome journal_open(TALLOC_CTX *ctx, const char *path, enum scan_format format,
                                  bool resume, struct journal *ret)
{
    enum journal_outcome outcome;

    *ret = (struct journal){.fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666)};
    if (ret->fd < 0 && !resume) /* a pipe or a terminal may be for writing only */
        ret->fd = open(path, O_WRONLY | O_CLOEXEC);
    if (ret->fd < 0)
        return JOURNAL_FAILED;
    outcome = continue_or_begin(ctx, format, resume, ret);
    if (outcome != JOURNAL_OPEN) {
        int error = errno;

        close(ret->fd);
        errno = error;
    }
    return outcome;
}
