/* SPDX-License-Identifier: MIT */
/* main.c - the table of subcommands. */
#include <stdio.h>

int main(void)
{
    puts("mtasts");
    return 0;
}
