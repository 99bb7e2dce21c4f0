/* SPDX-License-Identifier: MIT */
/* reader.c - the list, read piece by piece as fast as the workers take names.
 *
 * A thread that blocks: the list may be a file, for which no loop can wait, or a slow pipe, and the
 * queue of names may be full.  A scan that stops closes that, and ends the wait for a pipe. */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include <mtasts/match.h>

#include "base/pasted.h"
#include "scan/count.h"
#include "scan/list.h"
#include "scan/work.h"

#define PIECE 65536

/* A line of the list that cannot be looked at is told once, in its place among the results. */
static bool tell_unusable(struct work *work, int64_t line, const char *given)
{
    enum scan_format format = work->config->format;
    char *text = scan_line_error(NULL, format, line, given, "not a domain name");
    const char *subject;
    char *name;
    size_t length;
    bool known;

    subject = text ? scan_line_subject(format, text, &length) : NULL;
    name = subject ? talloc_strndup(text, subject, length) : NULL;
    if (!name) {
        talloc_free(text);
        work_fail(work, SCAN_NO_MEMORY);
        return false;
    }
    known = work->config->seen && seen_has(work->config->seen, name);
    atomic_fetch_add(known ? &work->done_before : &work->unusable, 1);
    if (known) {
        talloc_free(text);
        return true;
    }
    return work_put_line(work, text);
}

static bool take_name(void *arg, int64_t line, const char *given)
{
    struct work *work = arg;
    char ascii[STS_NAME_SIZE];
    enum pasted_form form;
    struct name *name;
    bool woke, put;

    work->read++;
    if (pasted_domain(given, ascii, &form) != STS_OK)
        return tell_unusable(work, line, given);
    if (work->config->seen && seen_has(work->config->seen, ascii)) {
        atomic_fetch_add(&work->done_before, 1);
        return true;
    }
    name = talloc_zero(NULL, struct name);
    if (name) {
        name->given = talloc_strdup(name, form == PASTED_PLAIN ? given : ascii);
        name->name = talloc_strdup(name, ascii);
    }
    if (!name || !name->given || !name->name) {
        talloc_free(name);
        work_fail(work, SCAN_NO_MEMORY);
        return false;
    }
    put = queue_put(work->names, name, &woke);
    if (!put)
        atomic_store(&work->dropped, true);
    else if (woke)
        work_wake(work);
    return put;
}

/* Something can be read, or the scan stops. */
static void wait_for_input(const struct work *work)
{
    struct pollfd polled[] = {{.fd = work->config->in, .events = POLLIN},
                              {.fd = work->reader_stops, .events = POLLIN}};

    (void)poll(polled, 2, -1);
}

/* -1: end, or trouble. */
static ssize_t read_piece(struct work *work, char *data)
{
    for (;;) {
        ssize_t got;

        wait_for_input(work);
        if (atomic_load(&work->stop) != STOP_NO)
            break;
        got = read(work->config->in, data, PIECE);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got < 0) {
            atomic_store(&work->read_errno, errno);
            work_fail(work, SCAN_READ_FAILED);
        }
        return got > 0 ? got : -1;
    }
    atomic_store(&work->dropped, true);
    return -1;
}

static void count_list(struct work *work, TALLOC_CTX *mem)
{
    bool is_guess;
    int64_t count = count_names(mem, work->config->in, work->config->column, &is_guess);

    atomic_store(&work->listed_is_guess, is_guess);
    atomic_store(&work->listed, count);
}

static void read_list(struct work *work, struct list *list, char *data)
{
    bool more = true;
    ssize_t got;

    while (more && (got = read_piece(work, data)) > 0) {
        more = list_feed(list, data, (size_t)got);
    }
    if (more && atomic_load(&work->stop) == STOP_NO) {
        list_end(list);
        atomic_store(&work->listed_is_guess, false);
        atomic_store(&work->listed, work->read);
    }
    if (list_lacks_column(list))
        work_fail(work, SCAN_NO_COLUMN);
}

void *reader_main(void *arg)
{
    struct work *work = arg;
    TALLOC_CTX *mem = talloc_new(NULL);
    char *data = talloc_size(mem, PIECE);
    struct list *list;

    if (mem)
        count_list(work, mem);
    if (mem && data && list_new(mem, work->config->column, take_name, work, &list) == STS_OK)
        read_list(work, list, data);
    else
        work_fail(work, SCAN_NO_MEMORY);
    talloc_free(mem);
    queue_close(work->names);
    work_wake(work);
    work_leave(work);
    return NULL;
}
