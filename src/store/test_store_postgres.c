/* SPDX-License-Identifier: MIT */
/* test_store_postgres.c - the store in a PostgreSQL server that the test starts itself.
 *
 * The server listens on a socket in a folder of its own, never on an address, and runs as the
 * user of the test; root, whom it refuses, lends it the user nobody.  It is stopped by whoever
 * ends the test, and by the kernel if that was a kill. */
#include "store/test_store.h"

#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libpq-fe.h>

#include "base/clock.h"
#include "store/db.h"

#define SKIP   77
#define NOBODY 65534

static char in_memory[] = "/dev/shm/mtasts-pg-XXXXXX", on_disk[] = "/tmp/mtasts-pg-XXXXXX";
static char *folder = in_memory;
static pid_t server;

/* ---- the server ------------------------------------------------------------------------------ */

/* Its programs, of the newest release that is installed; NULL: none. */
static char *program_of_server(const char *name)
{
    char *found = NULL;
    glob_t releases;

    if (glob("/usr/lib/postgresql/*/bin", 0, NULL, &releases) == 0) {
        found = talloc_asprintf(NULL, "%s/%s", releases.gl_pathv[releases.gl_pathc - 1], name);
        globfree(&releases);
    }
    return found;
}

static pid_t start_as_nobody(char *const command[])
{
    pid_t parent = getpid(), child = fork();

    if (child != 0)
        return child;
    int log = open("log", O_WRONLY | O_CREAT | O_APPEND, 0666);

    if (geteuid() == 0 && (setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY)))
        _exit(99);
    (void)prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (getppid() != parent || log < 0)
        _exit(98);
    (void)dup2(log, STDOUT_FILENO);
    (void)dup2(log, STDERR_FILENO);
    (void)execv(command[0], command);
    _exit(97);
}

static bool make_cluster(void)
{
    char *init = program_of_server("initdb"), data[] = "data";
    char *command[] = {init,
                       (char[]){"-D"},
                       data,
                       (char[]){"-U"},
                       (char[]){"tester"},
                       (char[]){"--auth=trust"},
                       (char[]){"--no-sync"},
                       (char[]){"--encoding=UTF8"},
                       (char[]){"--locale=C"},
                       NULL};
    int result;
    bool made = waitpid(start_as_nobody(command), &result, 0) > 0 && result == 0;

    talloc_free(init);
    return made;
}

static char *address(TALLOC_CTX *ctx, const char *user, const char *database)
{
    char *host = talloc_strdup(NULL, "");
    char *where;

    for (const char *c = folder; *c; c++)
        host =
            *c == '/' ? talloc_strdup_append(host, "%2F") : talloc_asprintf_append(host, "%c", *c);
    where = talloc_asprintf(ctx, "postgresql://%s@%s/%s", user, host, database);
    talloc_free(host);
    return where;
}

static void start_server(void)
{
    char *program = program_of_server("postgres"), data[] = "data";
    char *sockets = talloc_asprintf(NULL, "unix_socket_directories=%s", folder);
    char *command[] = {program,
                       (char[]){"-D"},
                       data,
                       (char[]){"-c"},
                       (char[]){"listen_addresses="},
                       (char[]){"-c"},
                       sockets,
                       (char[]){"-c"},
                       (char[]){"shared_buffers=16MB"},
                       NULL};

    server = start_as_nobody(command);
    talloc_free(sockets);
    talloc_free(program);
}

static bool server_answers(void)
{
    char *where = address(NULL, "tester", "postgres");
    bool answers = false;

    for (int64_t until = clock_monotonic_ms() + 60000;
         !answers && clock_monotonic_ms() < until && waitpid(server, NULL, WNOHANG) == 0;) {
        answers = PQping(where) == PQPING_OK;
        (void)usleep(20000);
    }
    talloc_free(where);
    return answers;
}

static void stop_server(int how)
{
    (void)kill(server, how);
    (void)waitpid(server, NULL, 0);
}

static bool prepare(void)
{
    if (!mkdtemp(folder) && !mkdtemp(folder = on_disk))
        return false;
    if (geteuid() == 0 && chown(folder, NOBODY, NOBODY))
        return false;
    if (chdir(folder) || !make_cluster())
        return false;
    start_server();
    return server_answers();
}

/* ---- the backend ----------------------------------------------------------------------------- */

static void run_sql(const char *where, const char *text)
{
    PGconn *conn = PQconnectdb(where);
    PGresult *result;

    if (PQstatus(conn) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(conn));
    PQclear(PQexec(conn, "SET client_min_messages = warning"));
    result = PQexec(conn, text);
    if (PQresultStatus(result) == PGRES_FATAL_ERROR)
        fail_msg("%s", PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
}

static const char *fresh(TALLOC_CTX *ctx)
{
    static int number;
    char *admin = address(ctx, "tester", "postgres"), *name, *sql;

    name = talloc_asprintf(ctx, "store%d", ++number);
    sql = talloc_asprintf(ctx, "CREATE DATABASE %s", name);
    run_sql(admin, sql);
    return address(ctx, "tester", name);
}

const struct test_backend backend = {"postgres", fresh, run_sql};

/* ---- what is PostgreSQL's own ---------------------------------------------------------------- */

static struct store_fault *fault_at(TALLOC_CTX *ctx, const char *where, enum store_purpose purpose)
{
    struct store *store;
    struct store_fault *fault;

    assert_int_equal(store_open(ctx, where, purpose, &store, &fault), STS_E_IO);
    assert_null(fault->detail ? strchr(fault->detail, '\n') : NULL);
    return fault;
}

static void what_cannot_be_opened_is_told(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *where = talloc_asprintf(ctx, "%s", address(ctx, "tester", "nothing_here"));

    (void)state;
    assert_int_equal(fault_at(ctx, where, STORE_WRITE)->trouble, STORE_TROUBLE_UNREACHABLE);
    assert_int_equal(fault_at(ctx, "postgres://u@127.0.0.1:1/x", STORE_READ)->trouble,
                     STORE_TROUBLE_AWAY);
    run_sql(address(ctx, "tester", "postgres"),
            "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    assert_non_null(
        strstr(fault_at(ctx, address(ctx, "tester", "latin"), STORE_WRITE)->detail, "UTF8"));
    talloc_free(ctx);
}

static void no_password_is_shown(void **state)
{
    static const char *const where[] = {
        "postgresql://u:geheim@127.0.0.1:1/x", /* nobody listens there; the others are wrong */
        "postgresql://u:geheim@127.0.0.1:port/x",
        "postgresql://u:geheim@[::1/x",
        "postgresql://127.0.0.1:1/x?password=geheim",
        "postgresql://127.0.0.1:1/x?password=geheim&unknown=1",
        "postgresql://u:ge%heim@127.0.0.1/x",
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof where / sizeof *where; i++) {
        struct store_fault *fault = fault_at(ctx, where[i], STORE_WRITE);

        assert_true(fault->trouble == STORE_TROUBLE_UNREACHABLE ||
                    fault->trouble == STORE_TROUBLE_AWAY);
        assert_null(strstr(fault->store, "heim"));
        assert_null(fault->detail ? strstr(fault->detail, "heim") : NULL);
    }
    talloc_free(ctx);
}

static void without_the_right_to_write(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *where = fresh(ctx);
    char *reader = talloc_asprintf(ctx, "%s?user=reader", where);
    struct store *store;
    struct store_fault *fault;
    enum store_added added;

    (void)state;
    run_sql(where, "CREATE ROLE reader LOGIN");
    assert_int_equal(fault_at(ctx, reader, STORE_WRITE)->trouble, STORE_TROUBLE_READ_ONLY);
    assert_int_equal(test_add(test_open(ctx, where), 1, &added), STS_OK);
    assert_int_equal(fault_at(ctx, reader, STORE_READ)->trouble, STORE_TROUBLE_FORBIDDEN);
    run_sql(where, "GRANT USAGE ON SCHEMA mtasts TO reader;"
                   "GRANT SELECT ON ALL TABLES IN SCHEMA mtasts TO reader");
    assert_int_equal(store_open(ctx, reader, STORE_READ, &store, &fault), STS_OK);
    assert_int_equal(test_count(store), 1);
    assert_int_equal(test_add(store, 2, &added), STS_E_IO);
    assert_int_equal(store_fault(store)->trouble, STORE_TROUBLE_READ_ONLY);
    assert_int_equal(test_count(store), 1);
    run_sql(where, "UPDATE mtasts.store_version SET version = 3");
    assert_int_equal(fault_at(ctx, reader, STORE_READ)->trouble, STORE_TROUBLE_OLDER);
    talloc_free(ctx);
}

static void what_is_not_ours_stays(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *where = fresh(ctx);
    enum store_added added;

    (void)state;
    run_sql(where, "CREATE TABLE report (other text); INSERT INTO report VALUES ('kept')");
    assert_int_equal(test_add(test_open(ctx, where), 1, &added), STS_OK);
    run_sql(where, "DO $$ BEGIN ASSERT (SELECT other FROM public.report) = 'kept'; END $$");
    talloc_free(ctx);
}

/* All connections of this program, by the processes that serve them. */
static int signal_backends(const char *where, int number)
{
    PGconn *conn = PQconnectdb(where);
    PGresult *result = PQexec(conn, "SELECT pid FROM pg_catalog.pg_stat_activity"
                                    " WHERE application_name = 'mtasts'");
    int count = PQntuples(result);

    for (int i = 0; i < count; i++)
        assert_int_equal(kill((pid_t)strtol(PQgetvalue(result, i, 0), NULL, 10), number), 0);
    PQclear(result);
    PQfinish(conn);
    return count;
}

/* Its kernel still answers, so that nothing but patience tells. */
static void a_server_that_is_stopped_is_given_up(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *where = backend.fresh(ctx);
    struct store *store = test_open(ctx, where);
    int64_t last;

    (void)state;
    db_postgres_wait(1000);
    assert_int_equal(store_checked_since(store, "example.com", 0, &last), STS_OK);
    assert_int_equal(signal_backends(where, SIGSTOP), 1);
    assert_int_equal(store_checked_since(store, "example.com", 0, &last), STS_E_IO);
    assert_int_equal(store_fault(store)->trouble, STORE_TROUBLE_LOST);
    assert_int_equal(store_begin(store), STS_E_IO);
    assert_int_equal(signal_backends(where, SIGCONT), 1);
    db_postgres_wait(0);
    talloc_free(ctx);
}

/* The last case: the server is crashed. */
static void a_server_that_dies_loses_no_batch(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *where = fresh(ctx);
    struct store *store = test_open(ctx, where);
    enum store_added added;

    (void)state;
    assert_int_equal(test_add(store, 1, &added), STS_OK);
    assert_int_equal(store_begin(store), STS_OK);
    assert_int_equal(test_add(store, 2, &added), STS_OK);
    stop_server(SIGQUIT);
    assert_int_equal(test_add(store, 3, &added), STS_E_IO);
    assert_int_equal(store_fault(store)->trouble, STORE_TROUBLE_LOST);
    assert_int_equal(store_commit(store), STS_E_IO);
    assert_int_equal(store_begin(store), STS_E_IO);
    assert_int_equal(store_fault(store)->trouble, STORE_TROUBLE_LOST);
    start_server();
    assert_true(server_answers());
    store = test_open(ctx, where);
    assert_int_equal(test_count(store), 1);
    assert_int_equal(test_add(store, 2, &added), STS_OK);
    assert_int_equal(added, STORE_NEW);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_opened_is_told),
        cmocka_unit_test(no_password_is_shown),
        cmocka_unit_test(without_the_right_to_write),
        cmocka_unit_test(what_is_not_ours_stays),
        cmocka_unit_test(a_server_that_dies_loses_no_batch),
        cmocka_unit_test(a_server_that_is_stopped_is_given_up),
    };
    char *program = program_of_server("postgres"), *remove;
    int status = program && access(program, X_OK) == 0 ? 0 : SKIP;

    talloc_free(program);
    if (status) {
        (void)puts("skipped: PostgreSQL is not installed (package postgresql)");
        return status;
    }
    if (!prepare()) {
        (void)printf("the server did not start: see %s/log\n", folder);
        return 1;
    }
    status = test_store_run(tests, sizeof tests / sizeof *tests);
    stop_server(SIGINT);
    remove = talloc_asprintf(NULL, "rm -rf %s", folder);
    if (system(remove) != 0)
        status = 1;
    talloc_free(remove);
    return status;
}
