/* SPDX-License-Identifier: MIT */
/* twice.c - copies of what can be read only once, made before the first reading. */
#include "app/twice.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/write_all.h"

struct twice {
    const char *const *paths;
    size_t count;
    int *copies;    /* of each path; -1: it can be read by its path */
    off_t standard; /* where standard input begins */
};

static bool copy_all(int from, int to)
{
    char buffer[65536];
    ssize_t got;

    while ((got = read(from, buffer, sizeof(buffer))) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || !write_all(to, buffer, (size_t)got))
            return false;
    }
    return true;
}

/* -1: errno tells. */
static int copy_of(int from)
{
    FILE *file = tmpfile();
    int to = file ? fcntl(fileno(file), F_DUPFD_CLOEXEC, 0) : -1;

    if (file)
        (void)fclose(file);
    if (to >= 0 && !copy_all(from, to)) {
        int error = errno;

        close(to);
        errno = error;
        to = -1;
    }
    return to;
}

static bool is_read_twice(int fd)
{
    struct stat status;

    return !fstat(fd, &status) && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

static int twice_close(struct twice *twice)
{
    for (size_t i = 0; i < twice->count; i++)
        if (twice->copies[i] >= 0)
            close(twice->copies[i]);
    return 0;
}

/* False: it had to be copied and could not be; errno tells. */
static bool copy_path(struct twice *twice, size_t i)
{
    bool standard = !strcmp(twice->paths[i], "-"), good = true;
    int fd = standard ? STDIN_FILENO : open(twice->paths[i], O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd < 0) /* the reader tells why */
        return true;
    if (!is_read_twice(fd)) {
        twice->copies[i] = copy_of(fd);
        good = twice->copies[i] >= 0;
    }
    if (!standard) {
        int error = errno;

        close(fd);
        errno = error;
    }
    return good;
}

static struct twice *twice_alloc(TALLOC_CTX *ctx, const char *const *paths, size_t count)
{
    struct twice *twice = talloc_zero(ctx, struct twice);
    int *copies = twice ? talloc_array(twice, int, (unsigned)count + 1) : NULL;

    if (!copies) {
        talloc_free(twice);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        copies[i] = -1;
    *twice = (struct twice){paths, count, copies, lseek(STDIN_FILENO, 0, SEEK_CUR)};
    talloc_set_destructor(twice, twice_close);
    return twice;
}

enum sts_status twice_new(TALLOC_CTX *ctx, const char *const *paths, size_t count,
                          struct twice **ret, struct fault *ret_fault)
{
    struct twice *twice = twice_alloc(ctx, paths, count);

    *ret_fault = (struct fault){.status = STS_E_NOMEM};
    if (!twice)
        return STS_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        if (copy_path(twice, i))
            continue;
        *ret_fault = (struct fault){
            .status = STS_E_IO,
            .why = talloc_asprintf(ctx, _("%s: cannot be copied to a temporary file: %s"), paths[i],
                                   _(strerror(errno)))};
        talloc_free(twice);
        return STS_E_IO;
    }
    *ret = twice;
    return STS_OK;
}

void twice_read(const struct twice *twice, const struct intake_sink *sink,
                struct intake_result *result)
{
    for (size_t i = 0; i < twice->count; i++) {
        int copy = twice->copies[i];

        if (copy >= 0)
            (void)lseek(copy, 0, SEEK_SET);
        else if (!strcmp(twice->paths[i], "-"))
            (void)lseek(STDIN_FILENO, twice->standard, SEEK_SET);
        if (copy >= 0)
            intake_open(sink, copy, twice->paths[i], result);
        else
            intake_path(sink, twice->paths[i], result);
    }
}
