/* SPDX-License-Identifier: MIT */
/* module.c - the modules, loaded from where they were installed.
 *
 * Not by a RUNPATH: all libraries of the program would be looked for there first, at each start. */
#include "base/module.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/i18n.h"
#include "config.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const names[] = {
    [MODULE_MAIL] = "mtasts-mail.so", [MODULE_QUEUE] = "mtasts-queue.so"};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void *modules[COUNT(names)];

/* Perhaps in a process that parses, where nothing is left to clean up. */
static _Noreturn void give_up(const char *why)
{
    (void)fprintf(stderr, _("mtasts: cannot load part of the program (%s); please reinstall it"),
                  why ? why : "?");
    (void)fputc('\n', stderr);
    _exit(EX_SOFTWARE);
}

static void *open_module(const char *name)
{
    /* $ORIGIN is the folder of the program, which nothing tells where there is no /proc; the next
     * two are a build's. */
    static const char *const places[] = {MTASTS_MODULEDIR_BESIDE, "$ORIGIN", "$ORIGIN/..",
                                         MTASTS_MODULEDIR};
    void *module = NULL;
    char *why = NULL;

    for (size_t i = 0; !module && i < COUNT(places); i++) {
        char path[PATH_MAX];

        (void)snprintf(path, sizeof(path), "%s/%s", places[i], name);
        module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        if (!module) {
            free(why);
            why = strdup(dlerror());
        }
    }
    if (!module)
        give_up(why);
    free(why);
    return module;
}

static void *loaded(enum module which)
{
    void *module;

    pthread_mutex_lock(&lock);
    if (!modules[which])
        modules[which] = open_module(names[which]);
    module = modules[which];
    pthread_mutex_unlock(&lock);
    return module;
}

void module_load(enum module which)
{
    (void)loaded(which);
}

const void *module_functions(enum module which, const char *name)
{
    const void *functions = dlsym(loaded(which), name);

    if (!functions)
        give_up(dlerror());
    return functions;
}
