/* SPDX-License-Identifier: MIT */
/* watch_pass.c - one pass of watch: app/watcher.h, whose news are shown, and handed to the command
 * of --notify.  Nothing waits for the store or for a command while domains are being looked at. */
#include "cmd/watch_pass.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "cmd/cmd.h"
#include "cmd/console.h"
#include "cmd/deliver.h"
#include "cmd/domains_progress.h"
#include "cmd/from_file.h"
#include "cmd/open_store.h"
#include "cmd/service.h"
#include "cmd/show_domains.h"
#include "cmd/textout_options.h"
#include "cmd/write_files.h"
#include "render/advisory.h"
#include "render/prometheus.h"

#define METRICS_MAX  (256u << 20) /* bytes of the file of metrics; a domain has some 2,000 */
#define JOBS_DEFAULT 64 /* a pass takes what the network takes, and nobody waits for one domain */

struct pass {
    const struct options *options;
    struct watcher *watcher;
    struct news_orders orders;
    struct loop *loop;
    struct prometheus *prometheus; /* NULL: not asked for */
    const struct watcher_news **told;
    size_t told_count;
    struct domains_progress *progress; /* NULL: there is one domain, or no network */
    int status;
};

static void worsen(struct pass *pass, int status)
{
    pass->status = exit_status_worse(pass->status, status);
}

/* ---- looking --------------------------------------------------------------------------------- */

static enum sts_status collect(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                               struct shown *ret)
{
    struct pass *pass = arg;

    (void)ctx;
    ret->status = watcher_is_blind(facts) ? EXIT_UNKNOWN : 0;
    return watcher_take(pass->watcher, facts);
}

static bool has_room(void *arg)
{
    const struct pass *pass = arg;

    return watcher_has_room(pass->watcher);
}

/* ---- telling --------------------------------------------------------------------------------- */

static void on_fault(void *arg, const struct fault *fault)
{
    worsen(arg, say_fault(fault));
}

/* What was seen in this pass, of which the first line of check is told; NULL: nothing. */
static const struct diagnosis *seen_of(const struct watcher_news *news)
{
    return news->seen ? news->feed->diagnosis : NULL;
}

/* The quiet hear of changes, and that nobody could look. */
static bool say_news(struct pass *pass, const struct watcher_news *news)
{
    const struct options *options = pass->options;
    struct textout_options page = textout_options_of(options);
    char *text;

    if (options->quiet && !news->feed->changes && !news->blind)
        return true;
    page.quiet = false; /* what changed is what was asked for */
    text = options->json ? json_news(pass, news->feed->advisory, seen_of(news))
                         : text_news(pass, news->feed->advisory, seen_of(news), &page);
    text = text ? talloc_strdup_append_buffer(text, "\n") : NULL;
    worsen(pass, console_text(text));
    talloc_free(text);
    /* Told only when it got there. */
    return text && fflush(stdout) == 0 && !ferror(stdout);
}

static void order_notice(struct pass *pass, struct watcher_news *news)
{
    char *text = json_news(pass, news->feed->advisory, seen_of(news));

    text = text ? talloc_strdup_append_buffer(text, "\n") : NULL;
    if (!text || !deliver_add(pass, &pass->orders, news, text))
        worsen(pass, console_no_memory());
}

/* What is counted depends on whether it arrives. */
static bool remember(struct pass *pass, const struct watcher_news *news)
{
    const struct watcher_news **place =
        array_grow(pass, &pass->told, &pass->told_count, sizeof(struct watcher_news *));

    if (place)
        *place = news;
    else
        worsen(pass, console_no_memory());
    return place;
}

static void judge_news(struct pass *pass, const struct watcher_news *news)
{
    const struct diagnosis *d = news->feed->diagnosis;

    if (pass->progress && news->seen && d && d->verdict == VERDICT_CRITICAL)
        domains_progress_critical(pass->progress);
    if (!news->seen)
        worsen(pass, EXIT_UNKNOWN);
    else if (d)
        worsen(pass, exit_status_of(d->findings, d->finding_count, pass->options->fail_on));
    if (!pass->prometheus || !remember(pass, news))
        return;
    if (d)
        prometheus_add(pass->prometheus, d, &news->feed->sessions);
    prometheus_seen(pass->prometheus, news->domain, news->seen);
}

static void on_news(void *arg, struct watcher_news *news)
{
    struct pass *pass = arg;
    bool said = say_news(pass, news);

    judge_news(pass, news);
    if (news->feed->changes && pass->options->notify)
        order_notice(pass, news);
    else if (said) {
        news->delivered = true;
        watcher_delivered(pass->watcher, news);
    }
}

/* ---- metrics --------------------------------------------------------------------------------- */

/* The counters go on from the file of the last pass; what is none is not waited for. */
static void begin_prometheus(struct pass *pass)
{
    const char *path = pass->options->prometheus;
    struct bytes before;
    struct stat file;
    char *text;

    pass->prometheus = prometheus_new(pass, pass->options->one_hot);
    if (!pass->prometheus || stat(path, &file) != 0 || !S_ISREG(file.st_mode) ||
        access(path, R_OK) != 0 || input_read(pass, path, METRICS_MAX, &text, &before.length) != 0)
        return;
    before.data = text;
    if (before.length <= METRICS_MAX)
        prometheus_continue(pass->prometheus, before);
    talloc_free(text);
}

static void count_changes(struct pass *pass)
{
    for (size_t i = 0; i < pass->told_count; i++)
        if (pass->told[i]->delivered)
            prometheus_changed(pass->prometheus, pass->told[i]->domain, pass->told[i]->changes);
}

static void write_prometheus(struct pass *pass)
{
    int64_t now = options_now(pass->options);
    char *text;

    if (pass->prometheus) {
        count_changes(pass);
        prometheus_pass(pass->prometheus, now);
    }
    text = pass->prometheus ? prometheus_text(pass, pass->prometheus) : NULL;
    if (text)
        worsen(pass, write_file(pass, pass->options->prometheus, text, strlen(text)));
    else if (pass->options->prometheus)
        worsen(pass, console_no_memory());
}

/* ---- all of it ------------------------------------------------------------------------------- */

static enum sts_status begin_pass(struct pass *pass, struct store *store)
{
    const struct options *options = pass->options;
    const struct watcher_request request = {
        .store = store,
        .where = open_store_where(options),
        .loop = pass->loop,
        .live = !options->from,
        .subscriber = options->notify ? options->notify : "",
        .now = options_now(options),
        .at_now = options->now != NOW_UNSET && !options->from,
        .blind_once = !options->json, /* people are told once, programs each time */
        .warn_days = options->warn_days,
        .keep_days = options->keep ? options->keep : KEEP_DEFAULT,
        .news = on_news,
        .fault = on_fault,
        .alive = service_alive,
        .arg = pass,
    };

    if (options->prometheus)
        begin_prometheus(pass);
    return watcher_new(pass, &request, &pass->watcher);
}

static int look_at_all(struct pass *pass)
{
    struct options own = *pass->options;

    if (own.from)
        return from_file_run(pass, &own, collect, pass);
    if (!own.jobs)
        own.jobs = JOBS_DEFAULT;
    if (own.operand_count > 1 && !own.quiet && console_shows_progress() &&
        domains_progress_new(pass, pass->loop, own.operand_count, options_timeout_ms(&own),
                             &pass->progress) != STS_OK)
        return console_no_memory();
    return show_domains_in(
        pass, &own, &(struct show_request){pass->loop, pass->progress, collect, has_room, pass});
}

static void go_through(struct pass *pass)
{
    const struct options *options = pass->options;

    worsen(pass, look_at_all(pass));
    watcher_tell(pass->watcher);
    TALLOC_FREE(pass->progress);
    worsen(pass, deliver_run(pass, pass->loop, options, pass->watcher, &pass->orders));
    watcher_end(pass->watcher);
    write_prometheus(pass);
}

int watch_pass(TALLOC_CTX *ctx, const struct options *options)
{
    struct pass *pass = talloc_zero(ctx, struct pass);
    struct store *store;
    int status;

    if (!pass)
        return console_no_memory();
    pass->options = options;
    worsen(pass, open_store(pass, options, STORE_WRITE, &store));
    if (pass->status != EXIT_USAGE) {
        if (loop_new(pass, &pass->loop) == STS_OK && begin_pass(pass, store) == STS_OK)
            go_through(pass);
        else
            worsen(pass, console_no_memory());
    }
    status = pass->status;
    TALLOC_FREE(pass->watcher); /* it needs the loop */
    talloc_free(pass);
    return status;
}
