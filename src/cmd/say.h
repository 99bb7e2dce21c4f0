/* SPDX-License-Identifier: MIT */
/* say.h - what goes to standard output and standard error, and whether it got there. */
#ifndef CMD_SAY_H
#define CMD_SAY_H

#include <stddef.h>

/* One line on standard error, "mtasts: ...", and the exit status that belongs to it.  What the
 * arguments hold is made printable as a whole. */
int say_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
int say_internal(const char *format, ...) __attribute__((format(printf, 1, 2)));
int say_few_files(void);
int say_no_memory(void);
/* So often did the parser fail: EXIT_INTERNAL, or 0 where it never did. */
int say_faults(size_t faults);
/* The line alone, where the exit status comes from elsewhere. */
void say_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* One entry of --help: a word or two, and below it what they do. */
void say_entry(const char *head, const char *help);
void say_paragraph(const char *text);

/* Text, and a line of JSON, on standard output.  NULL: memory ran out where it was made. */
int say_text(const char *text);
int say_line(const char *line);
/* Everything written?  EXIT_INTERNAL and a line on standard error if not. */
int say_finish(void);

/* Where we are, on a terminal's standard error only; NULL wipes it out. */
void say_progress(const char *text);

#endif
