/* SPDX-License-Identifier: MIT */
/* test_replace.c - a file is replaced whole or not at all, and nothing is left beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/replace.h"

static char folder[] = "/tmp/mtasts-replace-XXXXXX";

static char *in_folder(const char *name)
{
    static char path[256];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void put(const char *name, const char *text)
{
    FILE *file = fopen(in_folder(name), "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void expect(const char *name, const char *text)
{
    char got[64] = "";
    FILE *file = fopen(in_folder(name), "r");

    assert_non_null(file);
    assert_true(fread(got, 1, sizeof got - 1, file) == strlen(text));
    assert_string_equal(got, text);
    (void)fclose(file);
}

/* Entries of the folder whose name begins with a dot; the last one's name. */
static int hidden(char *ret_name)
{
    DIR *list = opendir(folder);
    struct dirent *entry;
    int count = 0;

    assert_non_null(list);
    while ((entry = readdir(list)))
        if (entry->d_name[0] == '.' && strlen(entry->d_name) > 2) {
            count++;
            if (ret_name)
                (void)snprintf(ret_name, 256, "%s", entry->d_name);
        }
    (void)closedir(list);
    return count;
}

/* In a set of its own; NULL: errno tells. */
static struct replacement *begin(const char *name, const char *text, size_t length)
{
    struct replace_set *set = replace_set_new(NULL);
    struct replacement *r;

    assert_non_null(set);
    r = replace_begin(set, in_folder(name), text, length);
    if (!r)
        talloc_free(set);
    return r;
}

static void drop(struct replacement *r)
{
    assert_int_equal(talloc_free(talloc_parent(r)), 0);
}

static void replace(const char *name, const char *text)
{
    struct replacement *r = begin(name, text, strlen(text));

    assert_non_null(r);
    assert_int_equal(replace_finish(r), 0);
    drop(r);
    expect(name, text);
}

static void it_is_there_whole_and_nothing_beside_it(void **state)
{
    struct stat file;

    (void)state;
    (void)umask(027);
    replace("a", "one");
    replace("a", "two");
    assert_int_equal(stat(in_folder("a"), &file), 0);
    assert_int_equal(file.st_mode & 07777, 0640);
    assert_int_equal(hidden(NULL), 0);
}

static void what_is_not_finished_changes_nothing(void **state)
{
    struct replacement *r;

    (void)state;
    put("b", "before");
    r = begin("b", "after", 5);
    assert_non_null(r);
    assert_int_equal(hidden(NULL), 1);
    drop(r);
    assert_int_equal(hidden(NULL), 0);
    expect("b", "before");
}

static void a_link_is_replaced_not_followed(void **state)
{
    struct stat file;

    (void)state;
    put("victim", "untouched");
    assert_int_equal(symlink("victim", in_folder("link")), 0);
    replace("link", "new");
    expect("victim", "untouched");
    assert_int_equal(lstat(in_folder("link"), &file), 0);
    assert_true(S_ISREG(file.st_mode));
}

static void names_are_of_chance(void **state)
{
    char first[256], second[256];
    struct replacement *r;

    (void)state;
    r = begin("c", "x", 1);
    assert_int_equal(hidden(first), 1);
    drop(r);
    r = begin("c", "x", 1);
    assert_int_equal(hidden(second), 1);
    drop(r);
    assert_string_not_equal(first, second);
}

static void what_a_kill_left_is_removed_and_no_other_file(void **state)
{
    struct replacement *busy;
    pid_t child = fork();
    int result;

    (void)state;
    assert_true(child >= 0);
    if (child == 0) {
        (void)!begin("d", "half", 4);
        (void)kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_int_equal(hidden(NULL), 1);
    busy = begin("d", "busy", 4);
    assert_non_null(busy);
    assert_int_equal(hidden(NULL), 1); /* the one of the kill is gone */
    replace("d", "whole");
    assert_int_equal(hidden(NULL), 1); /* the one that is being written */
    assert_int_equal(replace_finish(busy), 0);
    drop(busy);
    expect("d", "busy");
    put(".d.notours", "x");
    put(".d.abcdefghijkl", "x");
    put(".other.abcdefghijkl", "x");
    assert_int_equal(symlink("a", in_folder(".d.abcdefghijkm")), 0);
    replace("d", "whole");
    assert_int_equal(unlink(in_folder(".d.notours")), 0);
    assert_int_equal(unlink(in_folder(".d.abcdefghijkm")), 0);
    assert_int_equal(unlink(in_folder(".other.abcdefghijkl")), 0);
    assert_int_equal(hidden(NULL), 0);
}

/* As many files as there are, with a few descriptors; none of them is in place until all are there.
 */
static void many_at_a_time(void **state)
{
    enum { MANY = 100, FILES = 20 };
    struct rlimit before, few;
    struct replace_set *set = replace_set_new(NULL);
    struct replacement *all[MANY];
    char name[16];

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){FILES, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(name, sizeof name, "m%d", i);
        all[i] = replace_begin(set, in_folder(name), name, strlen(name));
        assert_non_null(all[i]);
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(hidden(NULL), MANY);
    for (int i = 0; i < MANY / 2; i++)
        assert_int_equal(replace_finish(all[i]), 0);
    talloc_free(set);
    assert_int_equal(hidden(NULL), 0);
    expect("m0", "m0");
    assert_int_equal(access(in_folder("m99"), F_OK), -1);
}

static void a_full_disk_changes_nothing(void **state)
{
    struct rlimit limit = {4096, RLIM_INFINITY}, before;
    static const char large[8192] = "x";

    (void)state;
    (void)signal(SIGXFSZ, SIG_IGN);
    put("e", "before");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_null(begin("e", large, sizeof large));
    assert_int_equal(errno, EFBIG);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    expect("e", "before");
    assert_int_equal(hidden(NULL), 0);
}

static void what_cannot_be_made_is_told(void **state)
{
    (void)state;
    assert_null(begin("no/such", "x", 1));
    assert_int_equal(errno, ENOENT);
    assert_null(begin("a/", "x", 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_there_whole_and_nothing_beside_it),
        cmocka_unit_test(what_is_not_finished_changes_nothing),
        cmocka_unit_test(a_link_is_replaced_not_followed),
        cmocka_unit_test(names_are_of_chance),
        cmocka_unit_test(what_a_kill_left_is_removed_and_no_other_file),
        cmocka_unit_test(many_at_a_time),
        cmocka_unit_test(a_full_disk_changes_nothing),
        cmocka_unit_test(what_cannot_be_made_is_told),
    };
    char remove[64];
    int status;

    if (!mkdtemp(folder))
        return 1;
    status = cmocka_run_group_tests(tests, NULL, NULL);
    (void)snprintf(remove, sizeof remove, "rm -rf %s", folder);
    return system(remove) != 0 || status;
}
