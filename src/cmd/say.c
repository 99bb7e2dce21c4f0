/* SPDX-License-Identifier: MIT */
/* say.c - standard output and standard error. */
#include "cmd/say.h"

#include <errno.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <talloc.h>

#include "base/i18n.h"
#include "base/text.h"
#include "net/limits.h"
#include "net/room.h"

#define WIDTH_DEFAULT 80
#define WIDTH_MAX     100 /* longer lines are hard to read */

static bool progress_shown;

__attribute__((format(printf, 1, 0))) static void complain(const char *format, va_list arguments)
{
    char *text = talloc_vasprintf(NULL, format, arguments);
    char *printable = text ? text_printable(text, text, strlen(text), 2000) : NULL;

    say_progress(NULL, NULL);
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
    say_progress(NULL, NULL);
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

    say_progress(NULL, NULL);
    if (fflush(stdout))
        failed = true;
    if (fclose(stdout))
        failed = true;
    if (!failed)
        return 0;
    return say_internal(_("standard output could not be written: %s"),
                        strerror(errno ? errno : EIO));
}

void say_progress(const struct options *options, const char *text)
{
    if (text && (options->quiet || !isatty(STDERR_FILENO)))
        return;
    if (progress_shown)
        fputs("\r\x1b[K", stderr);
    progress_shown = text;
    if (text)
        fputs(text, stderr);
}

static size_t terminal_width(void)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
        return size.ws_col;
    if (columns && strtol(columns, NULL, 10) > 0 && strtol(columns, NULL, 10) < 1000)
        return (size_t)strtol(columns, NULL, 10);
    return WIDTH_DEFAULT;
}

struct page_options say_page_options(const struct options *options)
{
    size_t width = terminal_width();

    return (struct page_options){
        .width = width < WIDTH_MAX ? width : WIDTH_MAX,
        .colour = options_colour(options),
        .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
        .quiet = options->quiet,
        .verbose = options->verbose,
    };
}
