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

#include "store/cached_policies.h"
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

/* A file like any other, which a second connection finds: a watch has two. */
static void a_name_of_sqlites_own_is_a_file(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    int here = open(".", O_RDONLY | O_DIRECTORY);

    (void)state;
    assert_true(here >= 0);
    assert_int_equal(chdir(folder), 0);
    assert_true(store_is_new(test_open(ctx, ":memory:")));
    assert_false(store_is_new(test_open(ctx, ":memory:")));
    assert_int_equal(access(":memory:", R_OK | W_OK), 0);
    assert_int_equal(fchdir(here), 0);
    close(here);
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

static bool count_receipt(void *arg, const struct store_receipt *receipt)
{
    (void)receipt;
    ++*(int *)arg;
    return true;
}

static bool ignore_check(void *arg, const struct store_check *check)
{
    (void)arg;
    return check->verdict && check->facts.length == 0;
}

static bool ignore_policy(void *arg, const struct store_policy *policy)
{
    (void)arg;
    return policy->id && policy->mode;
}

static bool ignore_sessions(void *arg, const struct store_sessions *sessions)
{
    (void)arg;
    return sessions->submitter;
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
    assert_int_equal(store_begin(store), STS_OK);
    for (int i = 0; i < 4000; i++)
        assert_int_equal(test_add(store, i, &added), STS_OK);
    assert_int_equal(store_commit(store), STS_OK);
    talloc_free(store);
    assert_int_equal(stat(where, &file), 0);
    /* the first pages have the schema */
    for (long at = file.st_size / 2 / 4096 * 4096; at + 4096 < file.st_size; at += 4096)
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

/* ---- reading without the right to write ------------------------------------------------------ */

#define READ_ALL 50 /* exit status: as many reports as that were read */

/* What a reader without rights makes of it: the reports it saw and READ_ALL, or the trouble. */
static int read_without_rights(const char *where)
{
    struct store *store;
    struct store_fault *fault;
    int count = 0;

    lose_rights();
    if (store_open(NULL, where, STORE_READ, &store, &fault))
        return (int)fault->trouble;
    if (store_reports(store, NULL, 0, count_receipt, &count))
        return (int)store_fault(store)->trouble;
    talloc_free(store);
    return READ_ALL + count;
}

static void set_modes(const char *where, mode_t mode)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};

    for (size_t i = 0; i < 3; i++) {
        char *name = talloc_asprintf(NULL, "%s%s", where, suffixes[i]);

        assert_true(chmod(name, mode) == 0 || errno == ENOENT);
        talloc_free(name);
    }
}

static char *in_folder_of_its_own(TALLOC_CTX *ctx, const char *name)
{
    char *inner = talloc_asprintf(ctx, "%s/%s", folder, name);

    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(mkdir(inner, 0755), 0);
    return talloc_asprintf(ctx, "%s/a %%?# store.db", inner);
}

static bool is_beside(const char *where, const char *suffix)
{
    char *name = talloc_asprintf(NULL, "%s%s", where, suffix);
    bool there = access(name, F_OK) == 0;

    talloc_free(name);
    return there;
}

/* Nobody has it open: it is read as it is, and nothing is made beside it. */
static void a_store_at_rest_is_read_without_rights(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *where = in_folder_of_its_own(ctx, "rest");
    struct store *store = test_open(ctx, where);
    enum store_added added;

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(test_add(store, i, &added), STS_OK);
    talloc_free(store);
    set_modes(where, 0444);
    assert_int_equal(in_child(read_without_rights, where), READ_ALL + 3);
    assert_false(is_beside(where, "-wal"));
    assert_false(is_beside(where, "-shm"));
    set_modes(where, 0600);
    if (geteuid() == 0) /* whom the mode would not stop */
        assert_int_equal(in_child(read_without_rights, where), STORE_TROUBLE_UNREACHABLE);
    talloc_free(ctx);
}

/* Somebody writes, or was killed at it: what was kept last is in the log beside the file. */
static void a_store_in_use_is_read_without_rights(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *where = in_folder_of_its_own(ctx, "use");
    struct store *store = test_open(ctx, where);
    enum store_added added;
    pid_t child;
    int result;

    (void)state;
    assert_int_equal(test_add(store, 0, &added), STS_OK);
    set_modes(where, 0444);
    assert_true(is_beside(where, "-wal"));
    assert_int_equal(in_child(read_without_rights, where), READ_ALL + 1);
    talloc_free(store);
    set_modes(where, 0644);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)!test_add(test_open(NULL, where), 1, &added);
        (void)kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(child, &result, 0), child);
    set_modes(where, 0444);
    assert_true(is_beside(where, "-wal"));
    assert_int_equal(in_child(read_without_rights, where), READ_ALL + 2);
    talloc_free(ctx);
}

/* It changes under the reader's eyes: better nothing than a mixture. */
static int read_while_written(const char *where)
{
    int count = 0, file = open(where, O_WRONLY); /* kept through the loss of rights */
    struct store *store;
    struct store_fault *fault;

    lose_rights();
    if (store_open(NULL, where, STORE_READ, &store, &fault))
        return (int)fault->trouble;
    (void)usleep(20000); /* a tick of the file's clock is shorter */
    if (pwrite(file, "SQLite", 6, 0) != 6)
        return 97;
    return store_reports(store, NULL, 0, count_receipt, &count) ? (int)store_fault(store)->trouble
                                                                : READ_ALL + count;
}

static void a_store_written_to_while_it_is_read_is_told(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *where = in_folder_of_its_own(ctx, "meanwhile");
    enum store_added added;
    struct store *store = test_open(ctx, where);

    (void)state;
    assert_int_equal(test_add(store, 1, &added), STS_OK);
    talloc_free(store);
    set_modes(where, 0644);
    if (geteuid() == 0)
        assert_int_equal(in_child(read_while_written, where), STORE_TROUBLE_BUSY);
    talloc_free(ctx);
}

static void a_reader_changes_nothing(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *where = fresh(ctx);
    struct store_fault *fault;
    struct store *store = test_open(ctx, where);
    enum store_added added;

    (void)state;
    assert_int_equal(store_open(ctx, where, STORE_READ, &store, &fault), STS_OK);
    assert_int_equal(test_add(store, 1, &added), STS_E_IO);
    assert_int_equal(store_fault(store)->trouble, STORE_TROUBLE_READ_ONLY);
    talloc_free(store);
    run_sql(where, "PRAGMA user_version=3");
    assert_int_equal(trouble_at(where, STORE_READ), STORE_TROUBLE_OLDER);
    talloc_free(ctx);
}

/* ---- damage ---------------------------------------------------------------------------------- */

#define FLIPS 200

/* Everything there is, read and written; the exit status tells what came of it. */
static int use_all(const char *where)
{
    struct store *store;
    struct store_fault *fault;
    struct store_check *check;
    enum store_added added;
    int count = 0;

    if (store_open(NULL, where, STORE_WRITE, &store, &fault))
        return 0;
    (void)!store_reports(store, NULL, 0, count_receipt, &count);
    (void)!store_history(store, "example.com", 0, ignore_check, NULL);
    (void)!store_policies(store, "example.com", ignore_policy, NULL);
    (void)!store_sessions(store, "example.com", 0, ignore_sessions, NULL);
    (void)!store_last_check(store, store, "example.com", INT64_MAX, &check);
    (void)!test_add(store, 1000, &added);
    talloc_free(store);
    return 0;
}

static void fill_with_all(const char *where)
{
    static const char *const mx[] = {"mx1.example.com"};
    const struct store_code code = {"mx-cert-expired", "critical", "mx1.example.com"};
    struct store *store = test_open(NULL, where);
    enum store_added added;

    assert_int_equal(store_begin(store), STS_OK);
    for (int i = 0; i < 60; i++) {
        struct store_check check = {.domain = "example.com",
                                    .observed_at = i,
                                    .verdict = "critical",
                                    .posture = "enforce",
                                    .delivery = "refused",
                                    .facts = bytes_of("{}"),
                                    .codes = &code,
                                    .code_count = 1};
        struct store_policy policy = {
            .domain = "example.com", .id = "1", .mode = "none", .mx = mx, .mx_count = 1};

        policy.max_age = i;
        assert_int_equal(store_put_check(store, &check), STS_OK);
        assert_int_equal(store_policy_seen(store, &policy, i), STS_OK);
        assert_int_equal(test_add(store, i, &added), STS_OK);
    }
    assert_int_equal(store_commit(store), STS_OK);
    talloc_free(store);
}

/* Bits turned anywhere in the file: never a crash, whatever is read. */
static void turned_bits_crash_nothing(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *sound = fresh(ctx), *where = fresh(ctx);
    char *copy = talloc_asprintf(ctx, "rm -f %s-wal %s-shm; cp %s %s", where, where, sound, where);
    struct stat file;

    (void)state;
    fill_with_all(sound);
    assert_int_equal(stat(sound, &file), 0);
    srandom(11);
    for (int i = 0; i < FLIPS; i++) {
        assert_int_equal(system(copy), 0);
        for (int bits = 1 + (int)(random() % 20); bits > 0; bits--) {
            long at = random() % file.st_size;
            unsigned char byte;
            int fd = open(where, O_RDWR);

            assert_int_equal(pread(fd, &byte, 1, at), 1);
            byte ^= (unsigned char)(1u << (random() % 8));
            assert_int_equal(pwrite(fd, &byte, 1, at), 1);
            (void)close(fd);
        }
        assert_int_equal(in_child(use_all, where), 0);
    }
    talloc_free(ctx);
}

/* Values of a kind that the schema does not have: told as damage. */
/* Writes 4 MB in one batch. */
static int64_t memory_of_a_long_batch(void)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store;
    struct store_fault *fault;
    char domain[32], policy[400];
    int64_t used;

    memset(policy, 'a', sizeof policy - 1);
    policy[sizeof policy - 1] = '\0';
    assert_int_equal(store_open(ctx, fresh(ctx), STORE_WRITE, &store, &fault), STS_OK);
    assert_int_equal(store_begin(store), STS_OK);
    for (int i = 0; i < 10000; i++) {
        snprintf(domain, sizeof domain, "d%d.example", i);
        assert_int_equal(
            store_put_cached_policy(
                store,
                &(struct store_cached_policy){.domain = domain, .policy = policy, .fetched_at = 1}),
            STS_OK);
    }
    used = sqlite3_memory_used();
    assert_int_equal(store_commit(store), STS_OK);
    talloc_free(ctx);
    return used;
}

static void memory_is_bounded(void **state)
{
    int64_t before = memory_of_a_long_batch(), after;

    (void)state;
    store_bound_memory(1 << 20);
    after = memory_of_a_long_batch();
    store_bound_memory(0);
    assert_true(before > 4 << 20);
    assert_true(after < 2 << 20);
}

static void values_of_another_kind_are_damage(void **state)
{
    static const char *const changes[] = {
        "UPDATE report SET submitter = x'00ff'",   "UPDATE report SET raw = 5",
        "UPDATE report SET subject = x'41'",       "UPDATE checked SET verdict = x'41'",
        "UPDATE checked_code SET subject = x'41'", "UPDATE policy_seen SET mx = x'41'",
        "UPDATE report_policy SET type = x'41'",
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const char *where = fresh(ctx);
        struct store *store;
        int count = 0;

        fill_with_all(where);
        run_sql(where, changes[i]);
        store = test_open(ctx, where);
        assert_true(store_reports(store, NULL, 0, count_receipt, &count) ||
                    store_history(store, "example.com", 0, ignore_check, NULL) ||
                    store_policies(store, "example.com", ignore_policy, NULL) ||
                    store_sessions(store, "example.com", 0, ignore_sessions, NULL));
        assert_int_equal(store_fault(store)->trouble, STORE_TROUBLE_DAMAGED);
        talloc_free(store);
    }
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

/* ---- lists of any length --------------------------------------------------------------------- */

#define EITHER(sqlite, postgres) sqlite
static const char *const statements[] = {
#define STATEMENT(symbol, sql) [DB_##symbol] = (sql),
#include "store/statements.def"
#undef STATEMENT
};

/* Neither is a list sorted, nor is any table read from its begin. */
static void lists_are_read_along_an_index(void **state)
{
    static const struct {
        enum db_statement statement;
        const char *along;
    } rows[] = {
        {DB_DOMAINS, "SEARCH d USING COVERING INDEX sqlite_autoindex_domain_1 (name>? AND name<?)"},
        {DB_DOMAINS, "SEARCH n USING COVERING INDEX checked_in_time (domain_id=?)"},
        {DB_REPORTS_REST_OF_ALL, "report_in_time (begins=? AND id<?)"},
        {DB_REPORTS_EARLIER_OF_ALL, "report_in_time (begins<?)"},
        {DB_REPORTS_REST_BY_SUBMITTER, "report_of_submitter (<expr>=? AND begins=? AND id<?)"},
        {DB_REPORTS_EARLIER_BY_SUBMITTER, "report_of_submitter (<expr>=? AND begins<?)"},
        {DB_REPORTS_REST_ON_DOMAIN,
         "report_policy_in_time (domain_id=? AND begins=? AND report<?)"},
        {DB_REPORTS_EARLIER_ON_DOMAIN,
         "report_policy_in_time (domain_id=? AND begins>? AND begins<?)"},
        {DB_CHECKS_PRUNE, "checked_in_time (domain_id=? AND observed_at<?)"},
        {DB_REPORT_ADD, "SEARCH report USING COVERING INDEX report_number (identity=?)"},
        {DB_REPORTS_PRUNE, "report_in_time (begins<?)"},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);
    sqlite3 *db = *(sqlite3 **)test_open(ctx, fresh(ctx))->connection;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *sql = talloc_asprintf(ctx, "EXPLAIN QUERY PLAN %s", statements[rows[i].statement]);
        char *plan = talloc_strdup(ctx, "");
        sqlite3_stmt *statement;

        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
        while (sqlite3_step(statement) == SQLITE_ROW)
            plan = talloc_asprintf_append(plan, "%s; ", sqlite3_column_text(statement, 3));
        (void)sqlite3_finalize(statement);
        if (!strstr(plan, rows[i].along) || strstr(plan, "SCAN ") || strstr(plan, "TEMP B-TREE"))
            fail_msg("row %zu: %s", i, plan);
    }
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_is_the_owners),
        cmocka_unit_test(the_default_place),
        cmocka_unit_test(a_name_of_sqlites_own_is_a_file),
        cmocka_unit_test(what_is_no_store_is_told_and_left_alone),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(without_the_right_to_write),
        cmocka_unit_test(a_store_at_rest_is_read_without_rights),
        cmocka_unit_test(a_store_in_use_is_read_without_rights),
        cmocka_unit_test(a_store_written_to_while_it_is_read_is_told),
        cmocka_unit_test(a_reader_changes_nothing),
        cmocka_unit_test(turned_bits_crash_nothing),
        cmocka_unit_test(values_of_another_kind_are_damage),
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(lists_are_read_along_an_index),
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
    talloc_free(remove);
    return status;
}
