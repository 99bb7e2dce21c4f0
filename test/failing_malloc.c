/* SPDX-License-Identifier: MIT */
/* failing_malloc.c - preloaded: an allocation of the C library that fails.
 *
 * FAIL_AT=N     the N-th from the start fails
 * FAIL_FROM=N   and all behind it
 * FAIL_COUNT=   how many there were goes to that file at the end */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* NOLINTBEGIN(bugprone-reserved-identifier): the names of glibc for what stands behind malloc() */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
/* NOLINTEND(bugprone-reserved-identifier) */

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *memory, size_t size);

static atomic_long calls;
static long fail_at, fail_from;
static int count_to = -1;

static long number_of(const char *name)
{
    const char *text = getenv(name);

    return text ? strtol(text, NULL, 10) : 0;
}

/* Opened at once, as the program gives up later what it does not need. */
__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("FAIL_COUNT");

    fail_at = number_of("FAIL_AT");
    fail_from = number_of("FAIL_FROM");
    count_to = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    atomic_store(&calls, 0);
}

__attribute__((destructor)) static void end(void)
{
    if (count_to >= 0)
        dprintf(count_to, "%ld\n", atomic_load(&calls));
}

static bool fails(void)
{
    long call = atomic_fetch_add(&calls, 1) + 1;
    bool failing = (fail_at && call == fail_at) || (fail_from && call >= fail_from);

    if (failing)
        errno = ENOMEM;
    return failing;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return fails() ? NULL : __libc_realloc(memory, size);
}
