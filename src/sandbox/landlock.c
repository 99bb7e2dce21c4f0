/* SPDX-License-Identifier: MIT */
/* landlock.c - files, by Landlock (Linux 5.13 and later).
 *
 * Debian 12's headers know the interface up to its second version; which one the kernel has is
 * asked of it, and what the headers do not name stands here. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/sandbox.h"

#if __has_include(<linux/landlock.h>) && defined(SYS_landlock_create_ruleset)
#include <linux/landlock.h>

#define FS(right) LANDLOCK_ACCESS_FS_##right
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#ifndef LANDLOCK_ACCESS_FS_IOCTL_DEV
#define LANDLOCK_ACCESS_FS_IOCTL_DEV (1ULL << 15)
#endif
#define NET_BIND_TCP (1ULL << 0)
#define SCOPE_SIGNAL (1ULL << 1) /* of processes that are not below us */

/* linux/landlock.h as of version 6 of the interface. */
struct attributes {
    uint64_t files, network, scoped;
};

#define SINCE_1                                                                                    \
    (FS(EXECUTE) | FS(WRITE_FILE) | FS(READ_FILE) | FS(READ_DIR) | FS(REMOVE_DIR) |                \
     FS(REMOVE_FILE) | FS(MAKE_CHAR) | FS(MAKE_DIR) | FS(MAKE_REG) | FS(MAKE_SOCK) |               \
     FS(MAKE_FIFO) | FS(MAKE_BLOCK) | FS(MAKE_SYM))
#define READING (FS(READ_FILE) | FS(READ_DIR))
#define WRITING                                                                                    \
    (READING | FS(WRITE_FILE) | FS(REMOVE_FILE) | FS(REMOVE_DIR) | FS(MAKE_REG) | FS(MAKE_DIR) |   \
     FS(REFER) | FS(TRUNCATE))
#define OF_A_FILE (FS(READ_FILE) | FS(WRITE_FILE) | FS(TRUNCATE))

/* What an older kernel does not know it refuses to hear of; *ret_size is what it reads. */
static struct attributes attributes_of(long abi, size_t *ret_size)
{
    struct attributes wanted = {.files = SINCE_1};

    if (abi >= 2)
        wanted.files |= FS(REFER);
    if (abi >= 3)
        wanted.files |= FS(TRUNCATE);
    if (abi >= 4)
        wanted.network = NET_BIND_TCP; /* nobody connects to us */
    if (abi >= 5)
        wanted.files |= FS(IOCTL_DEV);
    if (abi >= 6)
        wanted.scoped = SCOPE_SIGNAL;
    *ret_size = abi >= 6   ? sizeof(wanted)
                : abi >= 4 ? offsetof(struct attributes, scoped)
                           : offsetof(struct attributes, network);
    return wanted;
}

/* False: there is no file left to do it with, and without the rule the path would be closed. */
static bool allow(int rules, uint64_t handled, const struct sandbox_path *path)
{
    struct landlock_path_beneath_attr rule = {
        .allowed_access = handled & (path->access == SANDBOX_WRITE ? WRITING : READING),
        .parent_fd = path->path ? open(path->path, O_PATH | O_CLOEXEC) : -1,
    };
    struct stat status;

    if (rule.parent_fd < 0)
        return !path->path || (errno != EMFILE && errno != ENFILE);
    if (fstat(rule.parent_fd, &status) == 0) {
        if (!S_ISDIR(status.st_mode))
            rule.allowed_access &= OF_A_FILE;
        (void)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    }
    close(rule.parent_fd);
    return true;
}

int landlock_enter(const struct sandbox_wish *wish)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    struct attributes attributes;
    size_t size;
    int rules;
    bool done = true;

    if (abi < 1)
        return 0;
    attributes = attributes_of(abi, &size);
    rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
    if (rules < 0)
        return 0;
    for (size_t i = 0; done && i < wish->path_count; i++)
        done = allow(rules, attributes.files, &wish->paths[i]);
    done = done && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return done ? (int)abi : 0;
}

#else

int landlock_enter(const struct sandbox_wish *wish)
{
    (void)wish;
    return 0;
}

#endif
