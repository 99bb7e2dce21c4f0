/* SPDX-License-Identifier: MIT */
/* test_expected.h - what a test found, compared with what it is to find, which a file holds.
 *
 * src/FOLDER/expected/PROGRAM.txt holds it text after text, as the program finds them.  With
 * UPDATE=1 in the environment it is written: read the difference as a reviewer would. */
#ifndef BASE_TEST_EXPECTED_H
#define BASE_TEST_EXPECTED_H

#include <stddef.h>
#include <stdint.h>

/* Fails with the name where the file goes on otherwise.  Nothing is compared outside of a tree,
 * where SOURCE_ROOT is not set. */
void expect_text(const char *folder, const char *name, const char *text);

/* FNV-1a of a text, where the text itself would be too long. */
uint64_t expected_sum(const char *text);

/* What was read of a text, appended to `to` (a talloc string), as text. */
typedef char *expected_dump(char *to, const char *text, size_t length);

/* A line for each file of the directory `where` whose name ends so: the name, and a sum over all
 * that was read of it.  The texts of fuzz/grown were chosen by what they reach, so that few changes
 * of a reader leave all sums as they are; where one differs, the test prints what was read. */
void expect_sums(const char *folder, const char *where, const char *ending, expected_dump *dump);

#endif
