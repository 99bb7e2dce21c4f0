/* SPDX-License-Identifier: MIT */
/* test_expected.c - what a test found, compared with what it is to find. */
#include "base/test_expected.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <talloc.h>

#define FILE_SIZE_MAX (1u << 20)

static FILE *expected_file(const char *folder, const char *mode)
{
    const char *root = getenv("SOURCE_ROOT");
    char path[1000];
    FILE *file;

    if (!root)
        return NULL;
    snprintf(path, sizeof path, "%s/src/%s/expected/%s.txt", root, folder,
             program_invocation_short_name);
    file = fopen(path, mode);
    if (!file)
        fail_msg("%s: %s", path, strerror(errno));
    return file;
}

void expect_text(const char *folder, const char *name, const char *text)
{
    static FILE *file;
    const char *update = getenv("UPDATE");
    size_t length = strlen(text);
    char *there;

    if (!file && !(file = expected_file(folder, update ? "w" : "r")))
        return;
    if (update) {
        assert_int_equal(fwrite(text, 1, length, file), length);
        assert_int_equal(fflush(file), 0);
        return;
    }
    there = calloc(1, length + 1);
    assert_non_null(there);
    if (fread(there, 1, length, file) != length || memcmp(there, text, length) != 0)
        fail_msg("%s:\n   found %s\nexpected %s\n(UPDATE=1 writes what is found; read the "
                 "difference)",
                 name, text, there);
    free(there);
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Its bytes alone, so that a sanitizer sees what is read behind them. */
static char *read_file(TALLOC_CTX *ctx, const char *path, size_t *ret_length)
{
    FILE *file = fopen(path, "rb");
    char *text = talloc_size(ctx, FILE_SIZE_MAX), *exact;

    assert_non_null(file);
    assert_non_null(text);
    *ret_length = fread(text, 1, FILE_SIZE_MAX, file);
    fclose(file);
    exact = talloc_memdup(ctx, text, *ret_length ? *ret_length : 1);
    talloc_free(text);
    return exact;
}

uint64_t expected_sum(const char *text)
{
    uint64_t sum = 0xcbf29ce484222325;

    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * 0x100000001b3;
    return sum;
}

static bool ends_with(const char *name, const char *ending)
{
    return strlen(name) >= strlen(ending) && !strcmp(name + strlen(name) - strlen(ending), ending);
}

static void one_file(const char *folder, const char *path, const char *name, expected_dump *dump)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    size_t length;
    char *text = read_file(ctx, talloc_asprintf(ctx, "%s/%s", path, name), &length);
    char *told = dump(talloc_strdup(ctx, ""), text, length);

    expect_text(folder, told,
                talloc_asprintf(ctx, "%s %016" PRIx64 "\n", name, expected_sum(told)));
    talloc_free(ctx);
}

void expect_sums(const char *folder, const char *where, const char *ending, expected_dump *dump)
{
    const char *root = getenv("SOURCE_ROOT");
    struct dirent **names;
    char path[1000];
    int count;

    if (!root)
        return;
    snprintf(path, sizeof path, "%s/%s", root, where);
    count = scandir(path, &names, NULL, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        if (names[i]->d_name[0] != '.' && ends_with(names[i]->d_name, ending))
            one_file(folder, path, names[i]->d_name, dump);
        free(names[i]);
    }
    free((void *)names);
}
