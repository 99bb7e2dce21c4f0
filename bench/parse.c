/* SPDX-License-Identifier: MIT */
/* parse.c - the time it takes to parse reports, one a line, that lie in memory: as reports, or as
 * trees of json-c and nothing more.  usage: parse report|json-c FILE; prints seconds. */
#include "timed.h"

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

int main(int argc, char **argv)
{
    if (argc != 3)
        return 1;
    return timed_run(argv[2], strcmp(argv[1], "json-c") ? parse_report : parse_tree);
}
