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

/* By --color, NO_COLOR, TERM and whether standard output is a terminal. */
static bool has_colour(const struct options *options)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    if (options->color && strcmp(options->color, "auto") != 0)
        return strcmp(options->color, "always") == 0;
    return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
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

struct textout_options textout_options_of(const struct options *options)
{
    size_t width = terminal_width();

    return (struct textout_options){
        .width = width < WIDTH_MAX ? width : WIDTH_MAX,
        .colour = has_colour(options),
        .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
        .quiet = options->quiet,
        .verbose = options->verbose,
    };
}
