/* SPDX-License-Identifier: MIT */
/* textout_options.c - width, colour and characters of standard output. */
#include "cmd/textout_options.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_DEFAULT 80
#define WIDTH_MAX     100 /* longer lines are hard to read */
#define HEIGHT_LEAST  24

/* By --color, NO_COLOR, TERM and whether standard output is a terminal. */
static bool has_colour(const struct options *options)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    if (options->color && strcmp(options->color, "auto") != 0)
        return strcmp(options->color, "always") == 0;
    return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

static size_t from_environment(const char *name)
{
    const char *text = getenv(name);
    long number = text ? strtol(text, NULL, 10) : 0;

    return number > 0 && number < 1000 ? (size_t)number : 0;
}

/* Zeros where standard output is no terminal, or one that does not know. */
static struct winsize terminal_size(void)
{
    struct winsize size = {0};

    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size : (struct winsize){0};
}

static size_t terminal_width(void)
{
    size_t width = terminal_size().ws_col;

    if (!width)
        width = from_environment("COLUMNS");
    return width ? width : WIDTH_DEFAULT;
}

/* One row is the prompt's, one the blank line behind each domain. */
static size_t short_height(void)
{
    size_t height = terminal_size().ws_row;

    return (height > HEIGHT_LEAST ? height : HEIGHT_LEAST) - 2;
}

struct textout_options textout_options_of(const struct options *options)
{
    size_t width = terminal_width();
    bool terminal = isatty(STDOUT_FILENO);

    return (struct textout_options){
        .width = width < WIDTH_MAX ? width : WIDTH_MAX,
        .height = short_height(),
        .colour = has_colour(options),
        .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
        .quiet = options->quiet,
        .brief = options->brief || (terminal && !options->full && !options->verbose),
        .next = options->brief || terminal,
        .verbose = options->verbose,
    };
}
