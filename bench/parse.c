/* SPDX-License-Identifier: MIT */
/* parse.c - the time it takes to parse reports, one a line, that lie in memory: as reports, or as
 * trees of json-c and nothing more.  usage: parse report|json-c FILE; prints seconds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <json-c/json.h>

#include "mtasts/report.h"

static int parse_report(const char *text, size_t length)
{
    struct sts_report *report;
    enum sts_report_fault fault;
    char key[STS_REPORT_FINGERPRINT_SIZE];
    size_t used;

    if (sts_report_parse(text, length, NULL, &used, &fault, &report) != STS_OK)
        return 1;
    sts_report_key(report, key);
    sts_report_free(report);
    return 0;
}

static int parse_tree(const char *text, size_t length)
{
    struct json_tokener *tokener = json_tokener_new();
    struct json_object *object = json_tokener_parse_ex(tokener, text, (int)length);
    int failed = !object;

    json_object_put(object);
    json_tokener_free(tokener);
    return failed;
}

static char *read_file(const char *path, size_t *ret_length)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    long size;

    if (!file)
        return NULL;
    if (!fseek(file, 0, SEEK_END) && (size = ftell(file)) > 0) {
        rewind(file);
        text = malloc((size_t)size);
        *ret_length = text ? fread(text, 1, (size_t)size, file) : 0;
    }
    fclose(file);
    return text;
}

static double now(void)
{
    struct timespec time;

    timespec_get(&time, TIME_UTC);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    size_t length = 0;
    char *text = argc == 3 ? read_file(argv[2], &length) : NULL;
    double begin = now();
    int failed = 0;

    if (!text)
        return 1;
    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t line = end ? (size_t)(end - text) - at : length - at;

        failed +=
            strcmp(argv[1], "json-c") ? parse_report(text + at, line) : parse_tree(text + at, line);
        at += line + 1;
    }
    printf("%.6f\n", now() - begin);
    free(text);
    return failed != 0;
}
