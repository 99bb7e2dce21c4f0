/* SPDX-License-Identifier: MIT */
/* shared_lines.c - names to scan_run() and lines from it, each to its shard. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "render/scan_line.h"
#include "scan/shared_parts.h"

#define PIECE 65536ul
#define LINES_MAX                                                                                  \
    (16u << 20) /* unfinished: that of a domain with very many findings is a megabyte */

/* ---- names and lines ------------------------------------------------------------------------- */

void shared_feed(struct shared *shared)
{
    size_t length = shared->pending ? strlen(shared->pending) : 0;

    while (shared->written < length) {
        ssize_t put =
            write(shared->names[1], shared->pending + shared->written, length - shared->written);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return;
        shared->written += (size_t)put;
    }
    TALLOC_FREE(shared->pending);
}

/* A domain of two scans at once was looked at for the first of them. */
static void take_line(struct shared *shared, const char *text, size_t length)
{
    size_t size;
    const char *subject = scan_line_subject(SCAN_JSON, text, &size);
    char *domain = subject ? talloc_strndup(shared->mem, subject, size) : NULL;
    struct store_scan_line *line = NULL;
    struct share *share;

    STAILQ_FOREACH(share, &shared->shares, link)
    {
        line = domain ? share_find(share, domain) : NULL;
        if (line)
            break;
    }
    if (line && share_fill(share, line, text, length))
        shared->under_way--;
    talloc_free(domain);
}

static void take_lines(struct shared *shared)
{
    char *at = shared->text, *end;

    shared->text[shared->length] = '\0';
    while ((end = memchr(at, '\n', shared->length - (size_t)(at - shared->text)))) {
        *end = '\0';
        take_line(shared, at, (size_t)(end - at));
        at = end + 1;
    }
    shared->length -= (size_t)(at - shared->text);
    memmove(shared->text, at, shared->length);
}

static bool make_room(struct shared *shared)
{
    char *larger;

    if (shared->size - shared->length > PIECE)
        return true;
    if (shared->size >= LINES_MAX)
        return false;
    larger = talloc_realloc_size(shared->mem, shared->text, 2 * shared->size + 2 * PIECE);
    if (!larger)
        return false;
    shared->text = larger;
    shared->size = 2 * shared->size + 2 * PIECE;
    return true;
}

/* False: nothing more will come. */
bool shared_read(struct shared *shared)
{
    ssize_t got;

    if (!make_room(shared))
        return false;
    got = read(shared->lines[0], shared->text + shared->length, PIECE);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR;
    shared->length += (size_t)got;
    take_lines(shared);
    return got > 0;
}
