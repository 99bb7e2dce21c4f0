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
#include <sys/queue.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/write_all.h"

#define CHANCE  "abcdefghijklmnopqrstuvwxyz0123456789"
#define LETTERS 12 /* of chance at the end of a name: 62 bits */
#define TRIES   100
#define LOCK_US 1000

struct folder {
    LIST_ENTRY(folder) link;
    int fd;
    char *path;  /* "" or with a slash at its end */
    char **left; /* what stood there when it was opened and may have been left by a kill */
    size_t left_count;
};

struct replace_set {
    LIST_HEAD(, folder) folders;
    LIST_HEAD(, replacement) replacements;
};

struct replacement {
    LIST_ENTRY(replacement) link;
    struct folder *folder;
    char *name; /* in the folder; NULL: it is in place, or was never made */
    char *target;
};

static void take_away(struct replacement *r)
{
    int error = errno;

    if (r->name)
        (void)unlinkat(r->folder->fd, r->name, 0);
    r->name = NULL;
    errno = error;
}

static int replacement_drop(struct replacement *r)
{
    take_away(r);
    LIST_REMOVE(r, link);
    return 0;
}

static int set_drop(struct replace_set *set)
{
    struct replacement *r;
    struct folder *folder;
    int error = errno;

    LIST_FOREACH(r, &set->replacements, link)
    take_away(r);
    LIST_FOREACH(folder, &set->folders, link)
    (void)close(folder->fd);
    errno = error;
    return 0;
}

struct replace_set *replace_set_new(TALLOC_CTX *ctx)
{
    struct replace_set *set = talloc_zero(ctx, struct replace_set);

    if (set)
        talloc_set_destructor(set, set_drop);
    return set;
}

/* ---- what a kill left ------------------------------------------------------------------------ */

/* ".NAME." and letters of chance. */
static char *chance_name(TALLOC_CTX *ctx, const char *target)
{
    char chance[LETTERS + 1] = "";

    for (size_t i = 0; i < LETTERS; i++)
        chance[i] = CHANCE[arc4random_uniform(sizeof CHANCE - 1)];
    return talloc_asprintf(ctx, ".%s.%s", target, chance);
}

static bool is_of_target(const char *name, const char *target)
{
    size_t length = strlen(target);

    return name[0] == '.' && strncmp(name + 1, target, length) == 0 && name[length + 1] == '.' &&
           strlen(name + length + 2) == LETTERS && strspn(name + length + 2, CHANCE) == LETTERS;
}

static bool may_be_left(const char *name)
{
    const char *last = strrchr(name, '.');

    return name[0] == '.' && last && last > name + 1 && strlen(last + 1) == LETTERS &&
           strspn(last + 1, CHANCE) == LETTERS;
}

static void remove_if_left(const struct folder *folder, const char *name)
{
    struct stat status;

    if (fstatat(folder->fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode) &&
        status.st_uid == geteuid())
        (void)unlinkat(folder->fd, name, 0);
}

static void remove_left(const struct folder *folder, const char *target)
{
    for (size_t i = 0; i < folder->left_count; i++)
        if (is_of_target(folder->left[i], target))
            remove_if_left(folder, folder->left[i]);
}

/* False: no memory. */
static bool list_left(struct folder *folder)
{
    int copy = openat(folder->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = copy >= 0 ? fdopendir(copy) : NULL;
    struct dirent *entry;
    bool enough = true;

    if (!list) {
        if (copy >= 0)
            (void)close(copy);
        return true;
    }
    while (enough && (entry = readdir(list))) {
        char **place;

        if (!may_be_left(entry->d_name))
            continue;
        place = array_grow(folder, &folder->left, &folder->left_count, sizeof(*place));
        enough = place && (*place = talloc_strdup(folder, entry->d_name));
    }
    (void)closedir(list);
    return enough;
}

/* ---- folders --------------------------------------------------------------------------------- */

/* Whoever writes here holds the folder's lock together with all others who do, which ends with the
 * program.  So who gets it alone knows that nobody does, and that what stands here was left.  Where
 * a file system has no such locks, nothing is removed. */
static bool lock(struct folder *folder)
{
    if (flock(folder->fd, LOCK_EX | LOCK_NB) == 0 && !list_left(folder))
        return false;
    for (int i = 0; i < TRIES && flock(folder->fd, LOCK_SH | LOCK_NB) != 0; i++) {
        if (errno != EWOULDBLOCK)
            break;
        (void)usleep(LOCK_US); /* another one lists what was left */
    }
    return true;
}

static struct folder *open_folder(struct replace_set *set, const char *path)
{
    struct folder *folder = talloc_zero(set, struct folder);

    if (folder)
        folder->path = talloc_strdup(folder, path);
    if (!folder || !folder->path) {
        talloc_free(folder);
        errno = ENOMEM;
        return NULL;
    }
    folder->fd = open(*path ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->fd < 0) {
        talloc_free(folder);
        return NULL;
    }
    LIST_INSERT_HEAD(&set->folders, folder, link); /* which closes it */
    if (lock(folder))
        return folder;
    errno = ENOMEM;
    return NULL;
}

/* NULL: errno says why. */
static struct folder *folder_of(struct replace_set *set, const char *path)
{
    struct folder *folder;

    LIST_FOREACH(folder, &set->folders, link)
    if (strcmp(folder->path, path) == 0)
        return folder;
    return open_folder(set, path);
}

/* ---- one file -------------------------------------------------------------------------------- */

static bool find_place(struct replace_set *set, struct replacement *r, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = talloc_strndup(r, path, slash ? (size_t)(slash - path) + 1 : 0);

    r->target = talloc_strdup(r, slash ? slash + 1 : path);
    if (!r->target || !folder) {
        errno = ENOMEM;
        return false;
    }
    if (!*r->target) {
        errno = EISDIR;
        return false;
    }
    r->folder = folder_of(set, folder);
    return r->folder;
}

/* The descriptor; -1. */
static int make_file(struct replacement *r)
{
    for (int i = 0; i < TRIES; i++) {
        char *name = chance_name(r, r->target);
        int file;

        if (!name) {
            errno = ENOMEM;
            return -1;
        }
        file =
            openat(r->folder->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
        if (file >= 0)
            r->name = name;
        if (file >= 0 || errno != EEXIST)
            return file;
    }
    return -1;
}

static bool fill(int file, const char *text, size_t length)
{
    bool filled = write_all(file, text, length) && fsync(file) == 0;
    int error = errno;

    if (close(file) == 0 && filled)
        return true;
    errno = filled ? errno : error;
    return false;
}

struct replacement *replace_begin(struct replace_set *set, const char *path, const char *text,
                                  size_t length)
{
    struct replacement *r = talloc_zero(set, struct replacement);
    int file = -1;

    if (!r) {
        errno = ENOMEM;
        return NULL;
    }
    LIST_INSERT_HEAD(&set->replacements, r, link);
    talloc_set_destructor(r, replacement_drop);
    if (find_place(set, r, path)) {
        remove_left(r->folder, r->target);
        file = make_file(r);
    }
    if (file >= 0 && fill(file, text, length))
        return r;
    talloc_free(r);
    return NULL;
}

/* The name is durable when its folder is; a file system that cannot flush folders does it by
 * itself. */
int replace_finish(struct replacement *r)
{
    int folder = r->folder->fd;

    if (renameat(folder, r->name, folder, r->target) != 0)
        return -1;
    TALLOC_FREE(r->name);
    return fsync(folder) != 0 && errno != EINVAL && errno != ENOTSUP ? -1 : 0;
}
