/* SPDX-License-Identifier: MIT */
/* json_jansson.c - the same bytes into trees of jansson.  bench/report compiles it where that is.
 */
#include "timed.h"

#include <jansson.h>

static int parse(const char *text, size_t length)
{
    json_t *tree = json_loadb(text, length, 0, NULL);
    int failed = !tree;

    json_decref(tree);
    return failed;
}

int main(int argc, char **argv)
{
    return argc == 2 ? timed_run(argv[1], parse) : 1;
}
