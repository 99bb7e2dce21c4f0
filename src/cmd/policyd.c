/* SPDX-License-Identifier: MIT */
/* policyd.c - the policy daemon for mail servers. */
#include "cmd/cmd.h"

#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cmd/config_again.h"
#include "cmd/console.h"
#include "cmd/control_socket.h"
#include "cmd/lang.h"
#include "cmd/listen.h"
#include "cmd/open_store.h"
#include "cmd/policyd_events.h"
#include "cmd/policyd_faults.h"
#include "cmd/policyd_metrics.h"
#include "cmd/policyd_overrides.h"
#include "cmd/policyd_verbs.h"
#include "cmd/service.h"
#include "event/signals.h"
#include "policyd/control.h"
#include "policyd/limits.h"
#include "policyd/server.h"
#include "store/store.h"

#define KEY_SHOWN 255 /* bytes of a key, of which a mail server may send 10,000 */
#define MAP_SHOWN 32

struct policyd_run {
    struct options options; /* that are in force */
    const char *store;      /* NULL: the default one */
    struct loop *loop;
    struct net *net;
    struct policyd *policyd;
    struct policyd_events *events; /* NULL: nobody is told */
    struct policyd_faults *faults;
    struct overrides *overrides; /* NULL: none */
};

/* ---- the log --------------------------------------------------------------------------------- */

static void say_line(char *line)
{
    if (line) {
        (void)console_text(line);
        (void)console_flush();
    }
    talloc_free(line);
}

static const char *shown(TALLOC_CTX *ctx, struct bytes text, size_t limit)
{
    const char *printable = text_printable(ctx, text.data, text.length, limit);

    return printable ? printable : "";
}

static const char *answer_name(const struct policyd_decision *decision)
{
    if (decision->override && decision->override->payload)
        return override_action_name(decision->override->action);
    return decision->refused ? "temp" : policy_answer_name(decision->answer);
}

/* One line, made of names and codes: the same in every language. */
static char *line_of(TALLOC_CTX *ctx, const struct policyd_decision *decision)
{
    char *line =
        talloc_asprintf(ctx, "key=%s map=%s answer=%s", shown(ctx, decision->key, KEY_SHOWN),
                        shown(ctx, decision->map, MAP_SHOWN), answer_name(decision));

    if (line && decision->override)
        line = talloc_asprintf_append(line, " override=%zu", decision->override->line);
    if (line && !decision->domain)
        return talloc_asprintf_append(line, " reason=%s\n", policy_key_kind_name(decision->kind));
    if (line)
        line = talloc_asprintf_append(line, " domain=%s reason=%s", decision->domain,
                                      sts_cache_reason_name(decision->reason));
    if (line && decision->id)
        line = talloc_asprintf_append(line, " id=%s", decision->id);
    if (line && decision->why)
        line = talloc_asprintf_append(line, " fetch=%s", decision->why);
    if (line && decision->cut != REPLY_WHOLE)
        line = talloc_asprintf_append(line, " shortened=%d", (int)decision->cut);
    if (line && decision->late)
        line = talloc_asprintf_append(line, " late=yes");
    return line ? talloc_asprintf_append(line, " ms=%" PRId64 "\n", decision->elapsed_ms) : NULL;
}

static void on_decided(void *arg, const struct policyd_decision *decision)
{
    const struct policyd_run *run = arg;
    TALLOC_CTX *ctx;

    policyd_events_decided(run->events, decision);
    if (run->options.quiet)
        return;
    ctx = talloc_new(NULL);
    say_line(line_of(ctx, decision));
    talloc_free(ctx);
}

static void on_failed(void *arg, const char *domain, const struct policy_found *found)
{
    const struct policyd_run *run = arg;

    policyd_faults_failed(run->faults, domain, found);
}

static void on_fetched(void *arg, int64_t begun_ms)
{
    const struct policyd_run *run = arg;

    policyd_faults_fetched(run->faults, begun_ms);
}

static void on_looked(void *arg, const struct policyd_look *look)
{
    const struct policyd_run *run = arg;

    policyd_events_looked(run->events, look);
}

static void on_weaker(void *arg, const char *domain, enum downgrade downgrade, int64_t expires)
{
    const struct policyd_run *run = arg;

    policyd_faults_weaker(run->faults, domain, downgrade, expires);
}

static void on_unneeded(void *arg, const struct override *override)
{
    const struct policyd_run *run = arg;

    console_note(_("--overrides %s:%zu: no longer needed: %s"), run->options.overrides,
                 override->line, override->domain);
}

static void on_stored(void *arg, const struct store_fault *fault)
{
    (void)arg;
    if (!fault) {
        console_note("%s", _("the store works: policies are stored again"));
        return;
    }
    (void)say_store_fault(fault);
    console_note("%s", _("the store does not work: until it does, policies are cached in memory "
                         "only"));
}

static void say_counts(const struct policyd_run *run)
{
    struct policyd_counts counts = policyd_counts(run->policyd);

    say_line(talloc_asprintf(
        NULL,
        "requests=%" PRIu64 " secure=%" PRIu64 " dane-only=%" PRIu64 " dane=%" PRIu64
        " testing=%" PRIu64 " none=%" PRIu64 " late=%" PRIu64 " lookups=%" PRIu64 " closed=%" PRIu64
        " connections=%zu domains=%zu stored=%" PRIu64 " unstored=%" PRIu64 " loaded=%" PRIu64
        " found=%" PRIu64 "\n",
        counts.requests, counts.answers[POLICY_ANSWER_STS], counts.answers[POLICY_ANSWER_DANE_ONLY],
        counts.answers[POLICY_ANSWER_DANE], counts.answers[POLICY_ANSWER_TESTING],
        counts.answers[POLICY_ANSWER_NONE], counts.late, counts.lookups, counts.closed,
        counts.connections, counts.domains, counts.store.saved, counts.store.failed,
        counts.store.loaded, counts.store.found));
}

/* ---- running --------------------------------------------------------------------------------- */

static void on_signal(void *arg)
{
    struct policyd_run *run = arg;

    loop_stop(run->loop);
}

/* Those that count go on where the file cannot be read. */
static int read_overrides(struct policyd_run *run, const char *path)
{
    const struct options options = {.overrides = path};
    struct overrides *overrides;
    int status = policyd_overrides_load(run->policyd, &options, &overrides);

    if (status)
        return status;
    if (policyd_override(run->policyd, overrides) != STS_OK) {
        talloc_free(overrides);
        return console_no_memory();
    }
    talloc_free(run->overrides);
    run->overrides = overrides;
    run->options.overrides = path;
    return 0;
}

/* What else a file has changed is bound to sockets, to the network or to the store. */
static void on_difference(void *arg, const char *name)
{
    static const char *const live[] = {"lang", "overrides", "quiet"};

    (void)arg;
    for (size_t i = 0; i < sizeof(live) / sizeof(live[0]); i++)
        if (!strcmp(live[i], name))
            return;
    console_note(_("%s: changed in the configuration file; takes effect at the next start"), name);
}

/* `now` is of what was just read; a change outlives it. */
static const char *kept(struct policyd_run *run, const char *before, const char *now)
{
    if (before && now && !strcmp(before, now))
        return before;
    return now ? talloc_strdup(run->loop, now) : NULL;
}

static void take_configuration(struct policyd_run *run, const struct options *next)
{
    config_differences(FOR_POLICYD, &run->options, next, on_difference, NULL);
    run->options.quiet = next->quiet;
    run->options.lang = kept(run, run->options.lang, next->lang);
    if (run->options.lang)
        lang_use(run->options.lang);
    (void)read_overrides(run, kept(run, run->options.overrides, next->overrides));
}

static void read_configuration(struct policyd_run *run)
{
    TALLOC_CTX *ctx = talloc_new(run->loop);
    struct options next;

    if (ctx && !config_again(ctx, FOR_POLICYD, &next)) {
        take_configuration(run, &next);
    } else {
        console_note("%s", _("the configuration stays as it was"));
        (void)read_overrides(run, run->options.overrides);
    }
    talloc_free(ctx);
}

/* Cache and connections stay. */
static void on_hangup(void *arg)
{
    struct policyd_run *run = arg;

    service_reloading();
    read_configuration(run);
    say_counts(run);
    service_ready();
}

/* A mail server may have hundreds of processes, each with a connection that is never closed. */
static void raise_files(void)
{
    struct rlimit files = {0};

    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
}

static enum sts_status attend(TALLOC_CTX *ctx, struct policyd_run *run)
{
    struct signals_watch *hangups;
    enum sts_status status = service_pulse(ctx, run->loop);

    if (status == STS_OK)
        status = service_attend(ctx, run->loop, on_signal, run);
    return status == STS_OK ? signals_start_hangup(ctx, run->loop, on_hangup, run, &hangups)
                            : status;
}

/* The sockets of mail servers are the daemon's, the others those of /metrics. */
static enum sts_status start(TALLOC_CTX *ctx, struct policyd_run *run)
{
    struct server_socket sockets[LISTEN_MAX];
    size_t count = listen_taken(sockets);
    int fds[LISTEN_MAX];
    struct policyd_request request = {.net = run->net,
                                      .sockets = fds,
                                      .no_dane = run->options.no_dane,
                                      .decided = on_decided,
                                      .failed = on_failed,
                                      .fetched = on_fetched,
                                      .unneeded = on_unneeded,
                                      .weaker = on_weaker,
                                      .looked = on_looked,
                                      .store = run->store,
                                      .stored = on_stored,
                                      .arg = run};
    enum sts_status status;

    for (size_t i = 0; i < count; i++)
        if (sockets[i].role != ROLE_METRICS)
            fds[request.socket_count++] = sockets[i].fd;
    status = policyd_events_new(ctx, &run->options, run->net, &run->events);
    if (status == STS_OK)
        status = policyd_faults_new(ctx, &run->options, run->net, run->events, &run->faults);
    if (status == STS_OK)
        status = policyd_start(ctx, &request, &run->policyd);
    if (status == STS_OK)
        policyd_faults_begin(run->faults, run->policyd);
    return status == STS_OK ? policyd_metrics_start(ctx, run->loop, run->policyd, sockets, count)
                            : status;
}

/* It asks the daemon, so it goes with it, and before what the daemon has. */
static enum sts_status start_control(struct policyd_run *run)
{
    int fd = control_socket_taken();

    return fd < 0 ? STS_OK : control_start(run->policyd, run->policyd, fd);
}

static int run_policyd(TALLOC_CTX *ctx, struct policyd_run *run)
{
    enum sts_status status = loop_new(ctx, &run->loop);
    int failed = status == STS_OK ? policyd_net(ctx, &run->options, run->loop, &run->net)
                                  : console_no_memory();

    if (failed)
        return failed;
    status = start(ctx, run);
    if (status == STS_OK)
        status = start_control(run);
    if (status == STS_OK)
        status = attend(ctx, run);
    if (status != STS_OK)
        return console_no_memory();
    failed = read_overrides(run, run->options.overrides);
    if (failed)
        return failed;
    service_ready();
    if (loop_run(run->loop) != STS_OK)
        return console_internal("%s", _("the event loop failed"));
    service_stopping();
    say_counts(run);
    TALLOC_FREE(run->policyd); /* it needs the network and the loop */
    return 0;
}

int cmd_policyd(TALLOC_CTX *ctx, const struct options *options)
{
    struct policyd_run run = {.options = *options};
    TALLOC_CTX *own;
    int status;

    if (options->operand_count)
        return policyd_verb(ctx, options);
    if (options->probe_testing && !options->collector)
        return console_usage("%s", _("--probe-testing requires --collector"));
    status = open_store_named(options, &run.store);
    if (status)
        return status;
    raise_files();
    store_bound_memory(LIMIT_STORE_MEMORY);
    service_catch_signals();
    own = talloc_new(ctx);
    status = own ? run_policyd(own, &run) : console_no_memory();
    listen_clear(options);
    control_socket_clear();
    talloc_free(own);
    return status;
}
