/* SPDX-License-Identifier: MIT */
/* say.c - standard output and standard error. */
#include "cmd/say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <talloc.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cmd/exit_status.h"
#include "net/limits.h"
#include "net/room.h"
#include "render/page.h"

#define WIDTH_DEFAULT 80

static bool progress_shown;

__attribute__((format(printf, 1, 0))) static void complain(const char *format, va_list arguments)
{
    char *text = talloc_vasprintf(NULL, format, arguments);
    char *printable = text ? text_printable(text, text, strlen(text), 2000) : NULL;

    say_progress(NULL);
    fprintf(stderr, "mtasts: %s\n", printable ? printable : "no memory");
    talloc_free(text);
}

int say_usage(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
    return EXIT_USAGE;
}

int say_internal(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
    return EXIT_INTERNAL;
}

void say_note(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
}

int say_few_files(void)
{
    return say_internal("%s", _("the limit of open files is too low; raise it (ulimit -n)"));
}

/* A library that gets no file for its pipes and events calls that a lack of memory, too. */
int say_no_memory(void)
{
    if (room_files() < LIMIT_FILES_LEAST)
        return say_few_files();
    return say_internal("%s", _("out of memory; try fewer domains at a time (--jobs)"));
}

int say_faults(size_t faults)
{
    return faults ? say_internal(ngettext("the report parser failed %zu time (a bug in this "
                                          "program); the parts affected are listed as unreadable",
                                          "the report parser failed %zu times (a bug in this "
                                          "program); the parts affected are listed as unreadable",
                                          faults),
                                 faults)
                  : 0;
}

/* head NULL: the text alone. */
static void say_help(const char *head, size_t indent, const char *help)
{
    struct page_options options = {.width = WIDTH_DEFAULT};
    struct page *page = page_new(NULL, &options);
    char *text;

    if (!page)
        return;
    page_line(page, 2, STYLE_PLAIN, head);
    page_wrap(page, indent, STYLE_PLAIN, "", STYLE_PLAIN, help);
    text = page_end(page);
    say_text(text);
    talloc_free(text);
}

void say_entry(const char *head, const char *help)
{
    say_help(head, 6, help);
}

void say_paragraph(const char *text)
{
    say_help(NULL, 0, text);
}

int say_text(const char *text)
{
    if (!text)
        return say_no_memory();
    say_progress(NULL);
    fputs(text, stdout);
    return 0;
}

int say_line(const char *line)
{
    int status = say_text(line);

    if (!status) {
        fputc('\n', stdout);
        fflush(stdout); /* a reader behind a pipe sees each domain as it is done */
    }
    return status;
}

int say_finish(void)
{
    bool failed = ferror(stdout);

    say_progress(NULL);
    if (fflush(stdout))
        failed = true;
    if (fclose(stdout))
        failed = true;
    if (!failed)
        return 0;
    return say_internal(_("standard output could not be written: %s"),
                        _(strerror(errno ? errno : EIO)));
}

void say_progress(const char *text)
{
    if (text && !isatty(STDERR_FILENO))
        return;
    if (progress_shown)
        fputs("\r\x1b[K", stderr);
    progress_shown = text;
    if (text)
        fputs(text, stderr);
}
