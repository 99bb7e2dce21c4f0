/* SPDX-License-Identifier: MIT */
/* terminal.h - how large a terminal is; asked anew each time, since windows change. */
#ifndef CMD_TERMINAL_H
#define CMD_TERMINAL_H

#include <stddef.h>

/* Of the terminal there, else of COLUMNS, else 80. */
size_t terminal_columns(int descriptor);
/* 0: not known. */
size_t terminal_rows(int descriptor);

#endif
