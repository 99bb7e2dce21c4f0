/* SPDX-License-Identifier: MIT */
/* memory_guard.c - malloc(), calloc() and realloc() of the program: those of the C library, but one
 * that fails ends the program unless this thread forgives it.
 *
 * json-c 0.16 loses members, texts and whole pieces of output without a word where an allocation
 * fails, or follows a null pointer; GLib aborts.  So there is one handler for all, as in git, and
 * nothing behind it runs with half of the data.  What was in the buffer of standard output is not
 * written: there is no half output either.  Without MEMORY_GUARD, for the sanitizers, which bring
 * functions of their own, none of it happens. */
#include "cmd/memory_guard.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "cmd/cmd.h"

#define SENTENCE N_("out of memory")

static char said[160] = "mtasts: memory ran out\n";

void memory_guard_translate(void)
{
    snprintf(said, sizeof(said), "mtasts: %s\n", _(SENTENCE));
}

#ifdef MEMORY_GUARD

/* Nothing in here may need memory. */
static _Noreturn void give_up(void)
{
    ssize_t done = write(STDERR_FILENO, said, strlen(said));

    (void)done;
    _exit(EXIT_INTERNAL);
}

static void *looked_at(void *memory)
{
    if (!memory && !memory_forgiven())
        give_up();
    return memory;
}

/* ISO C has no other way from an address to a function. */
union function {
    void *address;
    void *(*malloc)(size_t);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
};

/* The next function of the name: the C library's, or of whatever else was put before it.  It is
 * looked for at the first call, which may come before any constructor has run. */
static union function next(_Atomic(void *) *found, const char *name)
{
    void *function = atomic_load_explicit(found, memory_order_relaxed);

    if (!function) {
        function = dlsym(RTLD_NEXT, name);
        if (!function)
            give_up();
        atomic_store_explicit(found, function, memory_order_relaxed);
    }
    return (union function){.address = function};
}

/* Libraries are to find it. */
#define EXPORTED __attribute__((visibility("default")))

EXPORTED void *malloc(size_t size)
{
    static _Atomic(void *) found;

    return looked_at(next(&found, "malloc").malloc(size));
}

EXPORTED void *calloc(size_t nmemb, size_t size)
{
    static _Atomic(void *) found;

    return looked_at(next(&found, "calloc").calloc(nmemb, size));
}

EXPORTED void *realloc(void *ptr, size_t size)
{
    static _Atomic(void *) found;
    void *moved = next(&found, "realloc").realloc(ptr, size);

    return size ? looked_at(moved) : moved;
}

#endif
