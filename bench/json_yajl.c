/* SPDX-License-Identifier: MIT */
/* json_yajl.c - the same bytes into trees of yajl.  bench/report compiles it where yajl is. */
#include "timed.h"

#include <yajl/yajl_tree.h>

static int parse(const char *text, size_t length)
{
    static char *copy; /* yajl wants an end */
    static size_t room;
    char why[128];
    yajl_val tree;

    if (length >= room) {
        free(copy);
        room = length * 2 + 1;
        copy = malloc(room);
    }
    if (!copy)
        return 1;
    memcpy(copy, text, length);
    copy[length] = '\0';
    tree = yajl_tree_parse(copy, why, sizeof(why));
    yajl_tree_free(tree);
    return !tree;
}

int main(int argc, char **argv)
{
    return argc == 2 ? timed_run(argv[1], parse) : 1;
}
