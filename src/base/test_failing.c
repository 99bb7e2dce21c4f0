/* SPDX-License-Identifier: MIT */
/* test_failing.c - one allocation of the C library that fails, for tests. */
#include "base/test_failing.h"

#include <errno.h>
#include <stddef.h>

static long left; /* until the one that fails; 0: none does */
static bool failed;

void failing_begin(long n)
{
    left = n;
    failed = false;
}

bool failing_end(void)
{
    left = 0;
    return failed;
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define OWN_MALLOC
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define OWN_MALLOC
#endif

#ifdef OWN_MALLOC

bool failing_is_possible(void)
{
    return false;
}

#else

/* The names of glibc for what stands behind malloc(). */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

__attribute__((visibility("default"))) void *malloc(size_t size);
__attribute__((visibility("default"))) void *calloc(size_t count, size_t size);
__attribute__((visibility("default"))) void *realloc(void *memory, size_t size);

bool failing_is_possible(void)
{
    return true;
}

static bool fails(void)
{
    if (!left || --left)
        return false;
    failed = true;
    errno = ENOMEM;
    return true;
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

#endif
