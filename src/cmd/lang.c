/* SPDX-License-Identifier: MIT */
/* lang.c - the language of the process: the locale's, or the one of --lang.
 *
 * Sentences come from base/i18n.h, whose language each thread may choose anew.  The C library's own
 * (strerror()) stay as they are in the locale C: it knows one language a process, and facts hold
 * them (base/system_error.h). */
#include "cmd/lang.h"

#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "config.h"

#define FILE_IN_FOLDER "%s/%s/LC_MESSAGES/mtasts.mo"

/* ---- catalogues ------------------------------------------------------------------------------ */

/* Mapped for good. */
static bool load(const char *folder, enum i18n_language language)
{
    char path[PATH_MAX];
    struct stat status;
    void *file = MAP_FAILED;
    int fd, length;

    length = snprintf(path, sizeof(path), FILE_IN_FOLDER, folder, i18n_language_name(language));
    fd = length < (int)sizeof(path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return false;
    if (!fstat(fd, &status) && status.st_size > 0)
        file = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    return file != MAP_FAILED && i18n_add(language, (struct bytes){file, (size_t)status.st_size});
}

/* Beside the program, in the build tree or where it was moved to; else where it was installed. */
static void load_catalogue(enum i18n_language language)
{
    static const char *const beside[] = {"/po", "/../share/locale"};
    char program[PATH_MAX / 2], folder[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
    char *slash;

    program[length > 0 ? length : 0] = '\0';
    slash = strrchr(program, '/');
    if (slash)
        *slash = '\0';
    for (size_t i = 0; slash && i < sizeof(beside) / sizeof(beside[0]); i++) {
        snprintf(folder, sizeof(folder), "%s%s", program, beside[i]);
        if (load(folder, language))
            return;
    }
    (void)load(MTASTS_LOCALEDIR, language);
}

/* ---- which language -------------------------------------------------------------------------- */

/* "de_AT.UTF-8" is German; I18N_DEFAULT: none that we have. */
static enum i18n_language language_of(const char *locale, size_t length)
{
    char name[16];

    length = strcspn(locale, "_.@:") < length ? strcspn(locale, "_.@:") : length;
    if (length >= sizeof(name))
        return I18N_DEFAULT;
    memcpy(name, locale, length);
    name[length] = '\0';
    if (!strcmp(name, "C") || !strcmp(name, "POSIX"))
        return I18N_ENGLISH;
    return i18n_language_named(name);
}

/* The locale of the environment, whether it is installed or not: it says what people read. */
static const char *locale_of_environment(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        const char *value = getenv(variables[i]);

        if (value && *value)
            return value;
    }
    return "C";
}

/* As libintl does it, but for locales that are not installed: in the locale C English; else the
 * first that we have in the list LANGUAGE; where that is not set, the locale's. */
static enum i18n_language language_of_environment(const char *locale)
{
    const char *list = getenv("LANGUAGE");
    enum i18n_language language = I18N_DEFAULT;

    if (!strcmp(locale, "C") || !strcmp(locale, "POSIX"))
        return I18N_ENGLISH;
    if (!list || !*list)
        list = locale;
    while (*list && language == I18N_DEFAULT) {
        size_t length = strcspn(list, ":");

        language = language_of(list, length);
        list += length;
        list += *list == ':';
    }
    return language == I18N_DEFAULT ? I18N_ENGLISH : language;
}

static bool names_utf8(const char *locale)
{
    const char *charset = locale ? strchr(locale, '.') : NULL;

    return charset && (!strncasecmp(charset, ".utf-8", 6) || !strncasecmp(charset, ".utf8", 5));
}

/* Of a locale that is not installed the character set can be had all the same. */
static void choose_characters(void)
{
    const char *all = getenv("LC_ALL"), *own = getenv("LC_CTYPE");

    if (setlocale(LC_CTYPE, ""))
        return;
    if (!all || !*all)
        all = own && *own ? own : getenv("LANG");
    if (names_utf8(all))
        setlocale(LC_CTYPE, "C.UTF-8");
}

void lang_start(void)
{
    /* Numbers and dates stay as they are in C: programs read them. */
    choose_characters();
    i18n_set_default(language_of_environment(locale_of_environment()));
    load_catalogue(I18N_GERMAN);
}

bool lang_is_known(const char *language)
{
    return language_of(language, strlen(language)) != I18N_DEFAULT;
}

void lang_use(const char *language)
{
    i18n_set_default(language_of(language, strlen(language)));
}
