/* SPDX-License-Identifier: MIT */
/* timed.h - parse each line of a file that lies in memory, and print the seconds of processor time
 * that took. */
#ifndef BENCH_TIMED_H
#define BENCH_TIMED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef int timed_parse(const char *text, size_t length); /* 0: it could be read */

/* Some room behind the end, which simdjson wants. */
#define TIMED_ROOM 64

static inline char *timed_file(const char *path, size_t *ret_length)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    long size;

    if (!file)
        return NULL;
    if (!fseek(file, 0, SEEK_END) && (size = ftell(file)) > 0) {
        rewind(file);
        text = (char *)calloc(1, (size_t)size + TIMED_ROOM);
        *ret_length = text ? fread(text, 1, (size_t)size, file) : 0;
    }
    fclose(file);
    return text;
}

static inline double timed_used(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* The exit status: 0 if every line could be read. */
static inline int timed_run(const char *path, timed_parse *parse)
{
    size_t length = 0, at = 0;
    char *text = timed_file(path, &length);
    double begin = timed_used();
    int failed = !text;

    while (at < length) {
        const char *end = (const char *)memchr(text + at, '\n', length - at);
        size_t line = end ? (size_t)(end - text) - at : length - at;

        failed += parse(text + at, line);
        at += line + 1;
    }
    printf("%.6f\n", timed_used() - begin);
    free(text);
    return failed != 0;
}

#endif
