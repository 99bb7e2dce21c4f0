/* SPDX-License-Identifier: MIT */
/* console.c - standard output and standard error. */
#include "cmd/console.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <talloc.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cmd/exit_status.h"
#include "cmd/terminal.h"
#include "net/limits.h"
#include "net/resources.h"
#include "render/textout.h"

#define WIDTH_DEFAULT 80

static bool progress_shown, reader_left, written;

__attribute__((format(printf, 1, 0))) static void complain(const char *format, va_list arguments)
{
    char *text = talloc_vasprintf(NULL, format, arguments);
    char *printable = text ? text_printable(text, text, strlen(text), 2000) : NULL;

    console_progress(NULL);
    fprintf(stderr, "mtasts: %s\n", printable ? printable : "no memory");
    talloc_free(text);
}

int console_usage(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
    return EXIT_USAGE;
}

int console_internal(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
    return EXIT_INTERNAL;
}

void console_note(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
}

int console_few_files(void)
{
    return console_internal("%s", _("the limit of open files is too low; raise it (ulimit -n)"));
}

/* A library that gets no file for its pipes and events calls that a lack of memory, too. */
int console_no_memory(void)
{
    if (resources_files() < LIMIT_FILES_LEAST)
        return console_few_files();
    return console_internal("%s", _("out of memory; try fewer domains at a time (--jobs)"));
}

int console_faults(size_t faults)
{
    return faults
               ? console_internal(ngettext("the report parser failed %zu time (a bug in this "
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
    struct textout_options options = {.width = WIDTH_DEFAULT};
    struct textout *out = textout_new(NULL, &options);
    char *text;

    if (!out)
        return;
    textout_line(out, 2, STYLE_PLAIN, head);
    textout_wrap(out, indent, STYLE_PLAIN, "", STYLE_PLAIN, help);
    text = textout_end(out);
    console_text(text);
    talloc_free(text);
}

void console_entry(const char *head, const char *help)
{
    say_help(head, 6, help);
}

void console_paragraph(const char *text)
{
    say_help(NULL, 0, text);
}

int console_text(const char *text)
{
    if (!text)
        return console_no_memory();
    console_progress(NULL);
    written = true;
    fputs(text, stdout);
    return 0;
}

int console_line(const char *line)
{
    int status = console_text(line);

    if (!status) {
        fputc('\n', stdout);
        fflush(stdout); /* a reader behind a pipe sees each domain as it is done */
    }
    return status;
}

bool console_flush(void)
{
    return fflush(stdout) == 0 && !ferror(stdout);
}

bool console_has_written(void)
{
    return written;
}

/* Asked of the pipe itself: errno may be of another write by now. */
static bool pipe_is_broken(void)
{
    struct pollfd polled = {.fd = STDOUT_FILENO};

    return poll(&polled, 1, 0) == 1 && polled.revents & POLLERR;
}

bool console_reader_leaves(void)
{
    reader_left |= errno == EPIPE;
    return reader_left;
}

bool console_reader_left(void)
{
    return reader_left;
}

int console_finish(void)
{
    bool failed = ferror(stdout);

    console_progress(NULL);
    if (fflush(stdout))
        failed = true;
    if (failed && pipe_is_broken())
        reader_left = true;
    if (fclose(stdout))
        failed = true;
    if (!failed || reader_left)
        return 0;
    return console_internal(_("standard output could not be written: %s"),
                            _(strerror(errno ? errno : EIO)));
}

/* Not the last column, behind which some terminals begin a line. */
size_t console_progress_room(void)
{
    return terminal_columns(STDERR_FILENO) - 1;
}

bool console_shows_progress(void)
{
    return isatty(STDERR_FILENO);
}

void console_progress(const char *text)
{
    if (text && !console_shows_progress())
        return;
    if (progress_shown)
        fputs("\r\x1b[K", stderr);
    progress_shown = text;
    if (text)
        fwrite(text, 1, textout_fit(text, console_progress_room()), stderr);
}
