/* SPDX-License-Identifier: MIT */
/* test_store_sqlite.c - the store as a file: places, rights, full disks, damage. */
#include "store/test_store.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "store/db.h"

/* In memory where there is such a place: a kill tells nothing of flushes, and many tests at a time
 * on one disk would wait for them for minutes. */
static char in_memory[] = "/dev/shm/mtasts-store-XXXXXX", on_disk[] = "/tmp/mtasts-store-XXXXXX";
static char *folder = in_memory;

static const char *fresh(TALLOC_CTX *ctx)
{
    static int number;

    return talloc_asprintf(ctx, "%s/%d.db", folder, ++number);
}

static void run_sql(const char *where, const char *text)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(where, &db), SQLITE_OK);
    if (sqlite3_exec(db, text, NULL, NULL, NULL))
        fail_msg("%s", sqlite3_errmsg(db));
    (void)sqlite3_close(db);
}

const struct test_backend backend = {"sqlite", fresh, run_sql};

static enum store_trouble trouble_at(const char *where, enum store_purpose purpose)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store;
    struct store_fault *fault;
    enum sts_status status = store_open(ctx, where, purpose, &store, &fault);
    enum store_trouble trouble = status == STS_E_IO ? fault->trouble : STORE_TROUBLE_NONE;

    if (status == STS_E_IO) {
        assert_string_equal(fault->store, where);
        assert_null(fault->detail ? strchr(fault->detail, '\n') : NULL);
    }
    talloc_free(ctx);
    return trouble;
}

static void write_file(const char *path, const void *data, size_t length, long at)
{
    int fd = open(path, O_RDWR | O_CREAT, 0600);

    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, data, length, at), (ssize_t)length);
    (void)close(fd);
}

static void the_file_is_the_owners(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *where = fresh(ctx);
    struct stat file;

    (void)state;
    (void)umask(0);
    talloc_free(test_open(ctx, where));
    assert_int_equal(stat(where, &file), 0);
    assert_int_equal(file.st_mode & 07777, 0600);
    talloc_free(ctx);
}

static void the_default_place(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store;
    struct store_fault *fault;
    char *expected = talloc_asprintf(ctx, "%s/a/b/mtasts/mtasts.db", folder);

    (void)state;
    (void)setenv("XDG_STATE_HOME", talloc_asprintf(ctx, "%s/a/b", folder), 1);
    assert_int_equal(store_open(ctx, NULL, STORE_READ, &store, &fault), STS_E_IO);
    assert_int_equal(fault->trouble, STORE_TROUBLE_ABSENT);
    assert_string_equal(store_name(test_open(ctx, NULL)), expected);
    (void)setenv("XDG_STATE_HOME", "relative", 1);
    (void)setenv("HOME", talloc_asprintf(ctx, "%s/home", folder), 1);
    expected = talloc_asprintf(ctx, "%s/home/.local/state/mtasts/mtasts.db", folder);
    assert_string_equal(store_name(test_open(ctx, NULL)), expected);
    (void)unsetenv("XDG_STATE_HOME");
    (void)unsetenv("HOME");
    assert_int_equal(store_open(ctx, NULL, STORE_WRITE, &store, &fault), STS_E_IO);
    assert_int_equal(fault->trouble, STORE_TROUBLE_NO_PLACE);
    talloc_free(ctx);
}

static void what_is_no_store_is_told_and_left_alone(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *foreign = fresh(ctx), *text = fresh(ctx);

    (void)state;
    run_sql(foreign, "CREATE TABLE of_another (a)");
    write_file(text, "this is no database, and longer than a header of one would be.......", 68, 0);
    assert_int_equal(trouble_at(foreign, STORE_WRITE), STORE_TROUBLE_FOREIGN);
    assert_int_equal(trouble_at(text, STORE_WRITE), STORE_TROUBLE_DAMAGED);
    assert_int_equal(trouble_at(folder, STORE_READ), STORE_TROUBLE_UNREACHABLE);
    assert_int_equal(trouble_at("/tmp/no/such/folder.db", STORE_WRITE), STORE_TROUBLE_UNREACHABLE);
    assert_int_equal(trouble_at("/tmp/no/such/folder.db", STORE_READ), STORE_TROUBLE_ABSENT);
    run_sql(foreign, "SELECT * FROM of_another");
    talloc_free(ctx);
}

static bool ignore(void *arg, const struct store_receipt *receipt)
{
    (void)arg;
    (void)receipt;
    return true;
}

static void damage_is_told(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *where = fresh(ctx);
    struct store *store = test_open(ctx, where);
    enum store_added added;
    struct stat file;

    (void)state;
    for (int i = 0; i < 500; i++)
        assert_int_equal(test_add(store, i, &added), STS_OK);
    talloc_free(store);
    assert_int_equal(stat(where, &file), 0);
    for (long at = 4096; at + 4096 < file.st_size; at += 4096) /* all but the schema */
        write_file(where, "damage", 6, at);
    store = test_open(ctx, where);
    assert_int_equal(store_reports(store, NULL, 0, ignore, NULL), STS_E_IO);
    assert_int_equal(store_fault(store)->trouble, STORE_TROUBLE_DAMAGED);
    talloc_free(ctx);
}

/* In a child: what happens there (lost rights, limits) must not stay.  Its exit status is the
 * trouble that was met. */
static int in_child(int (*work)(const char *where), const char *where)
{
    pid_t child = fork();
    int result;

    assert_true(child >= 0);
    if (child == 0)
        _exit(work(where));
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFEXITED(result));
    return WEXITSTATUS(result);
}

/* Nobody; who is not root is somebody already. */
static void lose_rights(void)
{
    if (geteuid() == 0 && (setgroups(0, NULL) || setgid(65534) || setuid(65534)))
        _exit(99);
}

static int open_to_write(const char *where)
{
    lose_rights();
    return (int)trouble_at(where, STORE_WRITE);
}

static int add_without_rights(const char *where)
{
    struct store *store;
    struct store_fault *fault;
    enum store_added added;

    lose_rights();
    if (store_open(NULL, where, STORE_WRITE, &store, &fault))
        return (int)fault->trouble;
    return test_add(store, 7, &added) ? (int)store_fault(store)->trouble : 0;
}

static void without_the_right_to_write(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *where = fresh(ctx);
    char *inside = talloc_asprintf(ctx, "%s/locked/x.db", folder);
    char *locked = talloc_asprintf(ctx, "%s/locked", folder);

    (void)state;
    talloc_free(test_open(ctx, where));
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(mkdir(locked, 0555), 0);
    assert_int_equal(in_child(open_to_write, inside), STORE_TROUBLE_READ_ONLY);
    assert_int_equal(chmod(where, 0444), 0);
    assert_int_not_equal(in_child(add_without_rights, where), STORE_TROUBLE_NONE);
    talloc_free(ctx);
}

#define ROOM (2048L * 1024)

/* Adds until the disk is full, says in the file beside how many batches were kept. */
static int fill_the_disk(const char *where)
{
    struct rlimit limit = {ROOM, ROOM};
    struct store *store;
    struct store_fault *fault;
    enum store_added added;
    int kept = 0;

    (void)signal(SIGXFSZ, SIG_IGN); /* as the program does: EFBIG instead */
    if (setrlimit(RLIMIT_FSIZE, &limit) || store_open(NULL, where, STORE_WRITE, &store, &fault))
        return 98;
    while (!test_add(store, kept, &added))
        kept++;
    if (store_fault(store)->trouble != STORE_TROUBLE_FULL)
        return (int)store_fault(store)->trouble;
    talloc_free(store);
    if (store_open(NULL, where, STORE_READ, &store, &fault))
        return 97;
    return test_count(store) == kept && kept > 20 ? (int)STORE_TROUBLE_FULL : 96;
}

static void a_full_disk_loses_nothing(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *where = fresh(ctx);
    enum store_added added;
    struct store *store;
    int kept;

    (void)state;
    assert_int_equal(in_child(fill_the_disk, where), STORE_TROUBLE_FULL);
    store = test_open(ctx, where); /* and goes on when there is room again */
    kept = test_count(store);
    assert_int_equal(test_add(store, kept, &added), STS_OK);
    assert_int_equal(added, STORE_NEW);
    assert_int_equal(test_count(store), kept + 1);
    talloc_free(ctx);
}

static void a_full_database_spoils_its_batch_only(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *where = fresh(ctx);
    struct store *store = test_open(ctx, where);
    enum store_added added;
    enum sts_status status = STS_OK;

    (void)state;
    assert_int_equal(test_add(store, 0, &added), STS_OK);
    assert_int_equal(store_begin(store), STS_OK);
    char *large = talloc_zero_size(ctx, 1u << 20);
    struct store_report report = {.submitter = "s", .report_id = "1", .raw = {large, 1u << 20}};
    struct rlimit limit = {4u << 20, RLIM_INFINITY}, before;

    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    for (int i = 1; i < 40 && !status; i++) {
        report.begins = i;
        status = store_add_report(store, &report, &added);
    }
    if (!status)
        status = store_commit(store);
    else
        assert_int_equal(store_commit(store), STS_E_IO);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, STS_E_IO);
    assert_int_equal(store_fault(store)->trouble, STORE_TROUBLE_FULL);
    assert_int_equal(test_count(store), 1);
    assert_int_equal(test_add(store, 1, &added), STS_OK);
    talloc_free(ctx);
}

static void a_busy_store_is_told(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *where = fresh(ctx);
    struct store *store = test_open(ctx, where);
    sqlite3 *other;

    (void)state;
    (void)sqlite3_busy_timeout(*(sqlite3 **)store->connection, 20); /* not half a minute */
    assert_int_equal(sqlite3_open(where, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(store_begin(store), STS_E_IO);
    assert_int_equal(store_fault(store)->trouble, STORE_TROUBLE_BUSY);
    assert_non_null(strstr(store_fault(store)->detail, "locked"));
    assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(store_begin(store), STS_OK);
    (void)sqlite3_close(other);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_is_the_owners),
        cmocka_unit_test(the_default_place),
        cmocka_unit_test(what_is_no_store_is_told_and_left_alone),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(without_the_right_to_write),
        cmocka_unit_test(a_busy_store_is_told),
        cmocka_unit_test(a_full_disk_loses_nothing),
        cmocka_unit_test(a_full_database_spoils_its_batch_only),
    };
    char *remove;
    int status;

    if (!mkdtemp(folder) && !mkdtemp(folder = on_disk))
        return 1;
    status = test_store_run(tests, sizeof tests / sizeof *tests);
    remove = talloc_asprintf(NULL, "rm -rf %s", folder);
    if (system(remove) != 0)
        status = 1;
    return status;
}
