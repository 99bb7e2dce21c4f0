/* SPDX-License-Identifier: MIT */
/* test_files.h - TLS reports in files of a directory of their own, for tests. */
#ifndef APP_TEST_FILES_H
#define APP_TEST_FILES_H

#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

/* One report of a sender on example.com, on a day of November 2026; day 0: without a range. */
char *test_report(TALLOC_CTX *ctx, const char *id, int day, int successful, int failed);
/* The same in a mail from sender.example; signature: header lines, or "". */
char *test_mail(TALLOC_CTX *ctx, const char *signature, const char *report);

/* An empty directory, removed with all that is in it when it is freed. */
char *test_directory(TALLOC_CTX *ctx);
/* Its path, owned by the directory. */
char *test_file(char *directory, const char *name, const char *text);

#endif
