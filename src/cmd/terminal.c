/* SPDX-License-Identifier: MIT */
/* terminal.c - how large a terminal is. */
#include "cmd/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>

#define WIDTH_DEFAULT 80

static size_t from_environment(const char *name)
{
    const char *text = getenv(name);
    long number = text ? strtol(text, NULL, 10) : 0;

    return number > 0 && number < 1000 ? (size_t)number : 0;
}

/* Zeros where there is no terminal, or one that does not know. */
static struct winsize size_of(int descriptor)
{
    struct winsize size = {0};

    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size : (struct winsize){0};
}

size_t terminal_columns(int descriptor)
{
    size_t width = size_of(descriptor).ws_col;

    if (!width)
        width = from_environment("COLUMNS");
    return width ? width : WIDTH_DEFAULT;
}

size_t terminal_rows(int descriptor)
{
    return size_of(descriptor).ws_row;
}
