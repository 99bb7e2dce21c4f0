/* SPDX-License-Identifier: MIT */
/* selftest_run.c - the folder is filled, Postfix begun, mail sent to it, and its log read until it
 * says enough. */
#include "policyd/selftest_run.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "event/child.h"
#include "event/listener.h"
#include "policyd/connection.h"
#include "policyd/limits.h"

struct selftest_run {
    struct selftest_request request;
    struct bed bed;
    struct bed_seen seen[BED_CASES];
    struct connections *connections;
    struct listener *listener;
    int map; /* the socket; -1: none */
    struct child *master, *sendmail;
    struct loop_timer *timer;
    int64_t deadline;
    bool ended;
};

static char *path_of(const struct selftest_run *run, const char *name)
{
    return talloc_asprintf(run, "%s/%s", run->request.folder, name);
}

static int run_drop(struct selftest_run *run)
{
    TALLOC_FREE(run->master);
    if (run->map >= 0)
        close(run->map);
    return 0;
}

/* ---- the folder ------------------------------------------------------------------------------ */

static bool write_file(const struct selftest_run *run, const char *name, const char *text)
{
    char *path = path_of(run, name);
    FILE *file = path && text ? fopen(path, "wxe") : NULL;
    bool written = file && fputs(text, file) >= 0;

    if (file)
        written = fclose(file) == 0 && written;
    return written;
}

/* As `postfix set-permissions` leaves them; what runs as root does not need more. */
static bool make_folders(const struct selftest_run *run)
{
    static const struct {
        const char *name;
        mode_t mode;
    } folders[] = {
        {"spool", 0755},          {"spool/pid", 0755},      {"data", 0700},
        {"spool/private", 0700},  {"spool/public", 0710},   {"spool/maildrop", 0730},
        {"spool/active", 0700},   {"spool/bounce", 0700},   {"spool/corrupt", 0700},
        {"spool/defer", 0700},    {"spool/deferred", 0700}, {"spool/flush", 0700},
        {"spool/incoming", 0700}, {"spool/saved", 0700},    {"spool/trace", 0700},
        {"spool/hold", 0700},
    };

    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        char *path = path_of(run, folders[i].name);

        if (!path || mkdir(path, folders[i].mode) || chmod(path, folders[i].mode))
            return false;
        if (folders[i].mode != 0755 && chown(path, run->request.owner, 0))
            return false;
    }
    return true;
}

static bool make_certificates(const struct selftest_run *run)
{
    struct tls_made *made;
    bool written = tls_made_new(NULL, &made) == STS_OK;

    if (!written)
        return false;
    written = tls_made_write_ca(made, path_of(run, "ca.pem")) == STS_OK;
    for (size_t i = 0; written && i < BED_CASES; i++) {
        const struct tls_made_wish *wish = bed_case_certificate((enum bed_case)i);
        char *path =
            talloc_asprintf(run, "%s/%s.pem", run->request.folder, bed_case_name((enum bed_case)i));

        written = path && (!wish || tls_made_write(made, wish, path) == STS_OK);
    }
    talloc_free(made);
    return written;
}

/* A port that nobody has; Postfix takes it a moment later, and says so where another was faster. */
static int free_port(int *ret_held)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);

    *ret_held = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*ret_held < 0 || bind(*ret_held, (struct sockaddr *)&address, length) ||
        getsockname(*ret_held, (struct sockaddr *)&address, &length))
        return 0;
    return ntohs(address.sin_port);
}

/* Held together until all are known, so that they differ. */
static bool find_ports(struct selftest_run *run)
{
    int held[BED_CASES];
    bool found = true;

    for (size_t i = 0; i < BED_CASES; i++) {
        run->bed.ports[i] = free_port(&held[i]);
        found = found && run->bed.ports[i];
    }
    for (size_t i = 0; i < BED_CASES; i++)
        if (held[i] >= 0)
            close(held[i]);
    return found;
}

static bool fill_folder(struct selftest_run *run)
{
    return make_folders(run) && make_certificates(run) && find_ports(run) &&
           write_file(run, "main.cf", bed_main(run, &run->bed)) &&
           write_file(run, "master.cf", bed_services(run, &run->bed));
}

/* ---- the policy map -------------------------------------------------------------------------- */

static void on_asked(void *arg, struct connection *connection,
                     const struct socketmap_request *request)
{
    struct selftest_run *run = arg;
    enum bed_case which = bed_case_of_key(&run->bed, request->key);
    char *reply;

    if (which == BED_CASES) {
        connection_answer(connection, SOCKETMAP_NOTHING);
        return;
    }
    reply = bed_reply(run, which, run->bed.profile);
    connection_answer(connection, reply);
    if (!run->seen[which].reply)
        run->seen[which].reply = reply;
    else
        talloc_free(reply);
}

static void on_accepted(void *arg, int fd)
{
    struct selftest_run *run = arg;

    connections_add(run->connections, fd);
}

static void on_short(void *arg, int error)
{
    struct selftest_run *run = arg;

    (void)error;
    listener_rest(run->listener, loop_now(run->request.loop) + LIMIT_REST_MS);
}

static enum sts_status listen_to_postfix(struct selftest_run *run)
{
    const struct connections_request wanted = {run->request.loop, on_asked, run};
    struct listener_request request = {.accepted = on_accepted, .short_of = on_short, .arg = run};
    char *where = talloc_asprintf(run, "%s%s/map", LISTENER_UNIX, run->request.folder);
    enum sts_status status = where ? connections_new(run, &wanted, &run->connections) : STS_E_NOMEM;

    if (status != STS_OK)
        return status;
    if (listener_open(where, &run->map) != LISTENER_OK ||
        chmod(where + strlen(LISTENER_UNIX), 0666))
        return STS_E_IO;
    request.fd = run->map;
    return listener_start(run, run->request.loop, &request, &run->listener);
}

/* ---- Postfix --------------------------------------------------------------------------------- */

static struct bytes read_log(TALLOC_CTX *ctx, const struct selftest_run *run)
{
    char *path = path_of(run, "log");
    FILE *file = path ? fopen(path, "re") : NULL;
    char *text = file ? talloc_size(ctx, LIMIT_SELFTEST_LOG) : NULL;
    struct bytes log = {text, text ? fread(text, 1, LIMIT_SELFTEST_LOG, file) : 0};

    if (file)
        fclose(file);
    return log;
}

/* Its last line, which tells why it does not go on. */
static char *last_line(TALLOC_CTX *ctx, struct bytes log)
{
    size_t begin;

    log = bytes_trim(log);
    for (begin = log.length; begin && log.data[begin - 1] != '\n';)
        begin--;
    return talloc_strndup(ctx, log.length ? log.data + begin : "", log.length - begin);
}

static void end(struct selftest_run *run, bool whole)
{
    TALLOC_CTX *ctx = run->ended ? NULL : talloc_new(run);
    char *trouble = ctx ? last_line(ctx, read_log(ctx, run)) : NULL;

    if (run->ended)
        return;
    run->ended = true;
    run->request.done(run->request.arg, run->seen, whole ? NULL : trouble ? trouble : "");
    talloc_free(ctx);
}

static void on_master_over(void *arg, const struct child_end *over)
{
    struct selftest_run *run = arg;

    (void)over;
    run->request.runs(run->request.arg, SELFTEST_MASTER, 0);
    end(run, false);
}

static void on_sendmail_over(void *arg, const struct child_end *over)
{
    struct selftest_run *run = arg;

    run->request.runs(run->request.arg, SELFTEST_SENDMAIL, 0);
    if (over->outcome != CHILD_EXITED || over->number != 0)
        end(run, false);
}

static bool run_master(struct selftest_run *run)
{
    const char *words[] = {"master",           "-d", "-c", run->request.folder, "-e",
                           LIMIT_SELFTEST_END, NULL};
    const struct child_request request = {.path = run->request.master,
                                          .words = words,
                                          .environment = environ,
                                          .output_max = 1, /* its log says all */
                                          .deadline = run->deadline,
                                          .over = on_master_over,
                                          .arg = run};

    if (child_start(run, run->request.loop, &request, &run->master) != STS_OK)
        return false;
    run->request.runs(run->request.arg, SELFTEST_MASTER, child_process(run->master));
    return true;
}

static bool run_sendmail(struct selftest_run *run)
{
    const char **to = bed_recipients(run);
    const char *words[4 + BED_CASES + 1] = {"sendmail", "-C", run->request.folder, "-i"};
    struct child_request request = {
        .path = run->request.sendmail,
        .words = words,
        .environment = environ,
        .input = {"Subject: mtasts policyd selftest\n\nThis message is thrown away.\n", 0},
        .output_max = 1,
        .deadline = run->deadline,
        .over = on_sendmail_over,
        .arg = run};

    request.input.length = strlen(request.input.data);
    for (size_t i = 0; to && i < BED_CASES; i++)
        words[4 + i] = to[i];
    if (!to || child_start(run, run->request.loop, &request, &run->sendmail) != STS_OK)
        return false;
    run->request.runs(run->request.arg, SELFTEST_SENDMAIL, child_process(run->sendmail));
    return true;
}

/* ---- waiting --------------------------------------------------------------------------------- */

/* Postfix takes mail when the socket is there that pickup(8) is woken by. */
static bool takes_mail(const struct selftest_run *run)
{
    char *path = path_of(run, "spool/public/pickup");
    bool there = path && access(path, F_OK) == 0;

    talloc_free(path);
    return there;
}

static bool all_seen(struct selftest_run *run)
{
    TALLOC_CTX *ctx = talloc_new(run);
    bool all = ctx && bed_read_log(run, read_log(ctx, run), run->seen) == STS_OK;

    for (size_t i = 0; all && i < BED_CASES; i++)
        all = run->seen[i].outcome != BED_UNKNOWN;
    talloc_free(ctx);
    return all;
}

static void on_turn(void *arg)
{
    struct selftest_run *run = arg;
    int64_t now = loop_now(run->request.loop);
    bool late = now >= run->deadline;

    if (!run->sendmail && takes_mail(run) && !run_sendmail(run))
        late = true;
    if (run->sendmail && all_seen(run))
        end(run, true);
    else if (late)
        end(run, false);
    else
        loop_timer_again(run->timer, now + LIMIT_SELFTEST_TURN_MS);
}

enum sts_status selftest_run_start(TALLOC_CTX *ctx, const struct selftest_request *request,
                                   struct selftest_run **ret)
{
    struct selftest_run *run = talloc_zero(ctx, struct selftest_run);
    int64_t now = loop_now(request->loop);
    enum sts_status status;

    if (!run)
        return STS_E_NOMEM;
    run->map = -1;
    talloc_set_destructor(run, run_drop);
    run->request = *request;
    run->bed = (struct bed){.settings = request->settings, .profile = request->profile};
    run->deadline = now + LIMIT_SELFTEST_MS;
    status = fill_folder(run) ? listen_to_postfix(run) : STS_E_IO;
    if (status == STS_OK && !run_master(run))
        status = STS_E_IO;
    if (status == STS_OK)
        status = loop_timer_start(run, request->loop, now, on_turn, run, &run->timer);
    if (status == STS_OK)
        *ret = run;
    else
        talloc_free(run);
    return status;
}
