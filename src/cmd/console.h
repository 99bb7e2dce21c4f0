/* SPDX-License-Identifier: MIT */
/* console.h - what goes to standard output and standard error, and whether it got there. */
#ifndef CMD_CONSOLE_H
#define CMD_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

/* One line on standard error, "mtasts: ...", and the exit status that belongs to it.  What the
 * arguments hold is made printable as a whole. */
int console_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
int console_internal(const char *format, ...) __attribute__((format(printf, 1, 2)));
int console_few_files(void);
int console_no_memory(void);
/* So often did the parser fail: EXIT_INTERNAL, or 0 where it never did. */
int console_faults(size_t faults);
/* The line alone, where the exit status comes from elsewhere. */
void console_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* One entry of --help: a word or two, and below it what they do. */
void console_entry(const char *head, const char *help);
void console_paragraph(const char *text);

/* Text, and a line of JSON, on standard output.  NULL: memory ran out where it was made. */
int console_text(const char *text);
int console_line(const char *line);
/* What was given to them so far is on its way; false: it could not be written, now or before. */
bool console_flush(void);
/* Was anything given to these two? */
bool console_has_written(void);
/* Everything written?  EXIT_INTERNAL and a line on standard error if not. */
int console_finish(void);
/* It could not, since nobody reads any more (mtasts ... | head): no failure to speak of. */
bool console_reader_left(void);
/* What was written to the descriptor of standard output failed with errno: is it that? */
bool console_reader_leaves(void);

bool console_shows_progress(void);
/* Where we are, on a terminal's standard error only; NULL wipes it out.  One line, cut where the
 * terminal ends: wiping it out takes away one line. */
void console_progress(const char *text);
/* How many columns it has now. */
size_t console_progress_room(void);

#endif
