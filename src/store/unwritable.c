/* SPDX-License-Identifier: MIT */
/* unwritable.c - how a file of SQLite is read by somebody who may not write to it. */
#include "store/unwritable.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <talloc.h>

#define HEADER       20 /* bytes; the format says: byte 19 is 2 where reading needs a WAL */
#define READ_VERSION 19
#define WAL          2

bool unwritable_is(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder =
        slash ? talloc_strndup(NULL, path, (size_t)(slash - path) + 1) : talloc_strdup(NULL, ".");
    bool may = folder && access(path, W_OK) == 0 && access(folder, W_OK | X_OK) == 0;

    talloc_free(folder);
    return !may;
}

static bool is_beside(const char *path, const char *suffix)
{
    char *name = talloc_asprintf(NULL, "%s%s", path, suffix);
    bool there = !name || access(name, F_OK) == 0;

    talloc_free(name);
    return there;
}

static bool is_wal(const char *path)
{
    unsigned char header[HEADER];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool wal = file >= 0 && pread(file, header, HEADER, 0) == HEADER && header[READ_VERSION] == WAL;

    if (file >= 0)
        (void)close(file);
    return wal;
}

bool unwritable_is_at_rest(const char *path, struct stat *ret)
{
    return stat(path, ret) == 0 && is_wal(path) && !is_beside(path, "-wal") &&
           !is_beside(path, "-journal");
}

bool unwritable_still_is(const char *path, const struct stat *before)
{
    struct stat now;

    return stat(path, &now) == 0 && now.st_dev == before->st_dev && now.st_ino == before->st_ino &&
           now.st_size == before->st_size && now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == before->st_mtim.tv_nsec && !is_beside(path, "-wal");
}
