/* SPDX-License-Identifier: MIT */
/* count.c - the names of a list, counted. */
#include "scan/count.h"

#include <sys/stat.h>
#include <unistd.h>

#include "scan/list.h"

#define PIECE     65536
#define COUNT_MAX (16 << 20) /* bytes: a million names, which take a tenth of a second */

static bool count_one(void *arg, int64_t line, const char *given)
{
    int64_t *count = arg;

    (void)line;
    (void)given;
    (*count)++;
    return true;
}

/* Returns how far it came. */
static off_t count_from(struct list *list, int fd, off_t begin, char *data)
{
    off_t at = begin;
    ssize_t got = 0;

    while (at - begin < COUNT_MAX && (got = pread(fd, data, PIECE, at)) > 0) {
        at += got;
        if (!list_feed(list, data, (size_t)got))
            break;
    }
    if (got == 0)
        list_end(list);
    return at;
}

static int64_t count_file(TALLOC_CTX *ctx, int fd, off_t begin, off_t size, const char *column,
                          bool *ret_is_guess)
{
    char *data = talloc_size(ctx, PIECE);
    int64_t count = 0;
    struct list *list;
    off_t end;

    if (!data || list_new(ctx, column, count_one, &count, &list) != STS_OK)
        return -1;
    end = count_from(list, fd, begin, data);
    *ret_is_guess = end < size;
    if (*ret_is_guess && end > begin)
        count = (int64_t)((double)count / (double)(end - begin) * (double)(size - begin));
    return count;
}

int64_t count_names(TALLOC_CTX *ctx, int fd, const char *column, bool *ret_is_guess)
{
    off_t begin = lseek(fd, 0, SEEK_CUR);
    TALLOC_CTX *work;
    struct stat stat;
    int64_t count;

    *ret_is_guess = false;
    if (begin < 0 || fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode))
        return -1;
    work = talloc_new(ctx);
    count = work ? count_file(work, fd, begin, stat.st_size, column, ret_is_guess) : -1;
    talloc_free(work);
    return count;
}
