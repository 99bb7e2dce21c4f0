/* SPDX-License-Identifier: MIT */
/* replace.c - files that are replaced whole or not at all. */
#include "cmd/replace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/write_all.h"

#define LETTERS 12 /* of chance at the end of a name: 62 bits */
#define TRIES   100

struct replacement {
    int folder, file; /* -1: not open */
    char *name;       /* in the folder; NULL: it is in place, or was never made */
    char *target;
};

static int replacement_drop(struct replacement *r)
{
    int error = errno;

    if (r->name && r->folder >= 0)
        (void)unlinkat(r->folder, r->name, 0);
    if (r->file >= 0)
        (void)close(r->file);
    if (r->folder >= 0)
        (void)close(r->folder);
    errno = error;
    return 0;
}

/* ".NAME." and letters of chance. */
static char *chance_name(TALLOC_CTX *ctx, const char *target)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    char chance[LETTERS + 1] = "";

    for (size_t i = 0; i < LETTERS; i++)
        chance[i] = letters[arc4random_uniform(sizeof letters - 1)];
    return talloc_asprintf(ctx, ".%s.%s", target, chance);
}

static bool is_of_target(const char *name, const char *target)
{
    size_t length = strlen(target);

    return name[0] == '.' && strncmp(name + 1, target, length) == 0 && name[length + 1] == '.' &&
           strlen(name + length + 2) == LETTERS &&
           strspn(name + length + 2, "abcdefghijklmnopqrstuvwxyz0123456789") == LETTERS;
}

/* Whoever writes holds a lock, which ends with the program. */
static void remove_if_left(int folder, const char *name)
{
    struct stat status;
    int file = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (file < 0)
        return;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
        flock(file, LOCK_EX | LOCK_NB) == 0)
        (void)unlinkat(folder, name, 0);
    (void)close(file);
}

static void remove_left(int folder, const char *target)
{
    int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = copy >= 0 ? fdopendir(copy) : NULL;
    struct dirent *entry;

    if (!list) {
        if (copy >= 0)
            (void)close(copy);
        return;
    }
    while ((entry = readdir(list)))
        if (is_of_target(entry->d_name, target))
            remove_if_left(folder, entry->d_name);
    (void)closedir(list);
}

static bool open_folder(struct replacement *r, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? talloc_strndup(r, path, (size_t)(slash - path) + 1) : NULL;

    r->target = talloc_strdup(r, slash ? slash + 1 : path);
    if (!r->target || (slash && !folder)) {
        errno = ENOMEM;
        return false;
    }
    if (!*r->target) {
        errno = EISDIR;
        return false;
    }
    r->folder = open(folder ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return r->folder >= 0;
}

/* It is locked before anybody can take it for one that was left: who finds it unlocked removes it,
 * and then another is made. */
static bool make_file(struct replacement *r)
{
    struct stat status;

    for (int i = 0; i < TRIES; i++) {
        char *name = chance_name(r, r->target);

        if (!name) {
            errno = ENOMEM;
            return false;
        }
        r->file =
            openat(r->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
        if (r->file < 0 && errno != EEXIST)
            return false;
        if (r->file >= 0 && (flock(r->file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) &&
            fstat(r->file, &status) == 0 && status.st_nlink == 1) {
            r->name = name;
            return true;
        }
        if (r->file >= 0)
            (void)close(r->file);
        r->file = -1;
    }
    errno = EEXIST;
    return false;
}

struct replacement *replace_begin(TALLOC_CTX *ctx, const char *path, const char *text,
                                  size_t length)
{
    struct replacement *r = talloc_zero(ctx, struct replacement);

    if (!r) {
        errno = ENOMEM;
        return NULL;
    }
    r->folder = r->file = -1;
    talloc_set_destructor(r, replacement_drop);
    if (open_folder(r, path)) {
        remove_left(r->folder, r->target);
        if (make_file(r) && write_all(r->file, text, length) && fsync(r->file) == 0)
            return r;
    }
    talloc_free(r);
    return NULL;
}

/* The name is durable when its folder is; a file system that cannot flush folders does it by
 * itself. */
int replace_finish(struct replacement *r)
{
    if (renameat(r->folder, r->name, r->folder, r->target) != 0)
        return -1;
    TALLOC_FREE(r->name);
    return fsync(r->folder) != 0 && errno != EINVAL && errno != ENOTSUP ? -1 : 0;
}
