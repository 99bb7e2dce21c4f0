/* SPDX-License-Identifier: MIT */
/* json_simdjson.cpp - the same bytes into trees of simdjson (C++).  bench/report compiles it where
 * that is. */
#include "timed.h"

#include <simdjson.h>

static int parse(const char *text, size_t length)
{
    static simdjson::dom::parser parser;

    return parser.parse(text, length).error() !=
           simdjson::SUCCESS; /* copies: it wants room behind */
}

int main(int argc, char **argv)
{
    return argc == 2 ? timed_run(argv[1], parse) : 1;
}
