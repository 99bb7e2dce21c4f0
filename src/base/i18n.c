/* SPDX-License-Identifier: MIT */
/* i18n.c - which catalogue a thread's sentences come from. */
#include "base/i18n.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/catalogue.h"

/* Which form counts for a number, as the catalogue's Plural-Forms has it; tools/check-po compares.
 */
static unsigned one_is_singular(unsigned long n)
{
    return n != 1;
}

static const struct {
    const char *name;
    unsigned (*plural)(unsigned long n);
    char thousands; /* between groups of three digits */
} languages[I18N_LANGUAGE_COUNT] = {
    [I18N_ENGLISH] = {"en", one_is_singular, ','},
    [I18N_GERMAN] = {"de", one_is_singular, '.'},
};

static struct catalogue catalogues[I18N_LANGUAGE_COUNT];
static enum i18n_language process_language = I18N_ENGLISH;
static _Thread_local enum i18n_language thread_language = I18N_DEFAULT;

enum i18n_language i18n_language_named(const char *name)
{
    for (int i = I18N_ENGLISH; i < I18N_LANGUAGE_COUNT; i++)
        if (!strcmp(languages[i].name, name))
            return (enum i18n_language)i;
    return I18N_DEFAULT;
}

const char *i18n_language_name(enum i18n_language language)
{
    return languages[language].name;
}

bool i18n_add(enum i18n_language language, struct bytes catalogue)
{
    return catalogue_read(catalogue, &catalogues[language]);
}

void i18n_set_default(enum i18n_language language)
{
    process_language = language;
}

enum i18n_language i18n_use(enum i18n_language language)
{
    enum i18n_language before = thread_language;

    thread_language = language;
    return before;
}

enum i18n_language i18n_used(void)
{
    return thread_language;
}

static enum i18n_language language_now(void)
{
    return thread_language == I18N_DEFAULT ? process_language : thread_language;
}

/* NULL: none, so English. */
static const char *translation(const char *msgid, unsigned form)
{
    const struct catalogue *catalogue = &catalogues[language_now()];

    return catalogue->count && *msgid ? catalogue_find(catalogue, msgid, form) : NULL;
}

const char *i18n_text(const char *msgid)
{
    const char *text = translation(msgid, 0);

    return text ? text : msgid;
}

const char *i18n_plural(const char *one, const char *many, unsigned long n)
{
    const char *text = translation(one, languages[language_now()].plural(n));

    if (text)
        return text;
    return n == 1 ? one : many;
}

const char *i18n_number(int64_t number, char text[I18N_NUMBER_SIZE])
{
    char digits[sizeof("-9223372036854775808")], *to = text;
    int length = snprintf(digits, sizeof(digits), "%" PRId64, number);

    for (int i = 0; i < length; i++) {
        bool first = i == 0 || digits[i - 1] == '-';

        if (!first && (length - i) % 3 == 0)
            *to++ = languages[language_now()].thousands;
        *to++ = digits[i];
    }
    *to = '\0';
    return text;
}
