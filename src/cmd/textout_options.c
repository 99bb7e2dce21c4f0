/* SPDX-License-Identifier: MIT */
/* textout_options.c - width, colour and characters of standard output. */
#include "cmd/textout_options.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/environment.h"
#include "cmd/terminal.h"

#define WIDTH_MAX    100 /* longer lines are hard to read */
#define HEIGHT_LEAST 24

/* By --color, NO_COLOR, TERM and whether standard output is a terminal. */
static bool has_colour(const struct options *options)
{
    const char *term = getenv("TERM");

    if (options->color && strcmp(options->color, "auto") != 0)
        return strcmp(options->color, "always") == 0;
    return isatty(STDOUT_FILENO) && !environment_value("color") && term &&
           strcmp(term, "dumb") != 0;
}

/* One row is the prompt's, one the blank line behind each domain. */
static size_t short_height(void)
{
    size_t height = terminal_rows(STDOUT_FILENO);

    return (height > HEIGHT_LEAST ? height : HEIGHT_LEAST) - 2;
}

struct textout_options textout_options_of(const struct options *options)
{
    size_t width = terminal_columns(STDOUT_FILENO);
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
