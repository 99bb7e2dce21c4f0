/* SPDX-License-Identifier: MIT */
/* module.c - the module, loaded from where it was installed.
 *
 * Not by a RUNPATH: all libraries of the program would be looked for there first, at each start. */
#include "base/module.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/i18n.h"
#include "config.h"

#define FILE_NAME "/mtasts-mail.so"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void *module;

/* Perhaps in a process that parses, where nothing is left to clean up. */
static _Noreturn void give_up(const char *why)
{
    (void)fprintf(stderr, _("mtasts: cannot load part of the program (%s); please reinstall it"),
                  why ? why : "?");
    (void)fputc('\n', stderr);
    _exit(EX_SOFTWARE);
}

static void open_module(void)
{
    /* $ORIGIN is the folder of the program, which nothing tells where there is no /proc; the next
     * two are a build's. */
    static const char *const places[] = {MTASTS_MODULEDIR_BESIDE FILE_NAME, "$ORIGIN" FILE_NAME,
                                         "$ORIGIN/.." FILE_NAME, MTASTS_MODULEDIR FILE_NAME};
    char *why = NULL;

    for (size_t i = 0; !module && i < sizeof(places) / sizeof(places[0]); i++) {
        module = dlopen(places[i], RTLD_NOW | RTLD_LOCAL);
        if (!module) {
            free(why);
            why = strdup(dlerror());
        }
    }
    if (!module)
        give_up(why);
    free(why);
}

void module_load(void)
{
    (void)pthread_once(&once, open_module);
}

const void *module_functions(const char *name)
{
    const void *functions;

    module_load();
    functions = dlsym(module, name);
    if (!functions)
        give_up(dlerror());
    return functions;
}
