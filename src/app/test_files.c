/* SPDX-License-Identifier: MIT */
/* test_files.c - reports, mails and the files they are in. */
#include "app/test_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *test_report(TALLOC_CTX *ctx, const char *id, int day, int successful, int failed)
{
    char *range = day ? talloc_asprintf(ctx,
                                        "\"date-range\":{\"start-datetime\":"
                                        "\"2026-11-%02dT00:00:00Z\",\"end-datetime\":"
                                        "\"2026-11-%02dT23:59:59Z\"},",
                                        day, day)
                      : talloc_strdup(ctx, "");
    char *text = talloc_asprintf(
        ctx,
        "{\"organization-name\":\"Sender\",%s\"contact-info\":\"t@sender.example\","
        "\"report-id\":\"%s\",\"policies\":[{\"policy\":{\"policy-type\":\"sts\","
        "\"policy-domain\":\"example.com\"},\"summary\":{\"total-successful-session-count\":%d,"
        "\"total-failure-session-count\":%d}}]}",
        range, id, successful, failed);

    assert_non_null(text);
    return text;
}

char *test_mail(TALLOC_CTX *ctx, const char *signature, const char *report)
{
    char *mail = talloc_asprintf(
        ctx,
        "%sFrom: t@sender.example\r\nTo: r@example.com\r\n"
        "Date: Mon, 02 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@sender.example>\r\n"
        "TLS-Report-Domain: example.com\r\nTLS-Report-Submitter: sender.example\r\n"
        "MIME-Version: 1.0\r\nContent-Type: application/tlsrpt+json\r\n\r\n%s\r\n",
        signature, report);

    assert_non_null(mail);
    return mail;
}

static int remove_all(char *directory)
{
    DIR *dir = opendir(directory);
    const struct dirent *entry;

    while (dir && (entry = readdir(dir)))
        (void)unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    return rmdir(directory);
}

char *test_directory(TALLOC_CTX *ctx)
{
    char *directory = talloc_strdup(ctx, "/dev/shm/mtasts-app-XXXXXX");

    assert_non_null(mkdtemp(directory));
    talloc_set_destructor(directory, remove_all);
    return directory;
}

char *test_file(char *directory, const char *name, const char *text)
{
    char *path = talloc_asprintf(directory, "%s/%s", directory, name);
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return path;
}
