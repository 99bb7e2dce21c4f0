/* SPDX-License-Identifier: MIT */
/* lang.c - the language of the output: the locale's, or the one of --lang. */
#include "cmd/lang.h"

#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "config.h"

/* Where a catalogue may stand beside the program: in the build tree, or where it was moved to. */
static const char *const beside[] = {"/po", "/../share/locale"};

static const char *catalogues(char path[PATH_MAX])
{
    char program[PATH_MAX / 2];
    ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
    char *slash;

    program[length > 0 ? length : 0] = '\0';
    slash = strrchr(program, '/');
    for (size_t i = 0; slash && i < sizeof(beside) / sizeof(beside[0]); i++) {
        char file[PATH_MAX];

        *slash = '\0';
        snprintf(path, PATH_MAX, "%s%s", program, beside[i]);
        snprintf(file, sizeof(file), "%.*s/de/LC_MESSAGES/" I18N_DOMAIN ".mo", PATH_MAX - 64, path);
        if (access(file, R_OK) == 0)
            return path;
    }
    return MTASTS_LOCALEDIR;
}

void lang_start(void)
{
    char path[PATH_MAX];

    /* Numbers and dates stay as they are in C: programs read them. */
    setlocale(LC_CTYPE, "");
    setlocale(LC_MESSAGES, "");
    bindtextdomain(I18N_DOMAIN, catalogues(path));
    bind_textdomain_codeset(I18N_DOMAIN, "UTF-8");
}

/* In the C locale gettext translates nothing; in C.UTF-8 it looks at LANGUAGE, which names a
 * catalogue and needs no installed locale. */
void lang_use(const char *language)
{
    if (!setlocale(LC_MESSAGES, "C.UTF-8"))
        setlocale(LC_MESSAGES, "");
    setenv("LANGUAGE", language, 1);
}

const char *lang_folder(void)
{
    return bindtextdomain(I18N_DOMAIN, NULL);
}
