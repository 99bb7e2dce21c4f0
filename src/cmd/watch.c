/* SPDX-License-Identifier: MIT */
/* watch.c - look at domains again and again, and tell what has changed.
 *
 * A pass is app/watcher.h; here its news are shown, and handed to the command of --notify.  Nothing
 * waits for the store or for a command while domains are being looked at. */
#include "cmd/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/notify.h"
#include "app/watcher.h"
#include "base/clock.h"
#include "base/array.h"
#include "base/i18n.h"
#include "cmd/open_store.h"
#include "cmd/live.h"
#include "cmd/textout_options.h"
#include "cmd/console.h"
#include "cmd/service.h"
#include "cmd/from_file.h"
#include "cmd/write_files.h"
#include "render/advisory.h"
#include "render/prometheus.h"

#define FORMAT          "mtasts.watch/1"
#define JOBS_DEFAULT    8
#define TIMEOUT_DEFAULT 60
#define KEEP_DEFAULT    400 /* days: a year, and a month to look back from its anniversary */
#define JITTER          10  /* the interval is longer by a tenth of it at the most */

struct pass {
    const struct options *options;
    struct watcher *watcher;
    struct notify_order *orders;
    size_t order_count;
    struct loop *loop;
    struct notify *notify;         /* NULL: not begun */
    struct prometheus *prometheus; /* NULL: not asked for */
    int status;
};

static void worsen(struct pass *pass, int status)
{
    pass->status = exit_status_worse(pass->status, status);
}

/* ---- looking --------------------------------------------------------------------------------- */

static enum sts_status collect(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                               struct live_output *ret)
{
    struct pass *pass = arg;

    (void)ctx;
    ret->status = watcher_is_blind(facts) ? EXIT_UNKNOWN : 0;
    return watcher_take(pass->watcher, facts);
}

/* ---- telling --------------------------------------------------------------------------------- */

static void on_fault(void *arg, const struct fault *fault)
{
    worsen(arg, say_fault(fault));
}

/* Titles of findings are values of some notes; here is where they can be translated. */
static void translate_titles(struct advisory *a)
{
    for (size_t i = 0; i < a->note_count; i++) {
        struct sentence *s = &a->notes[i].sentence;

        for (size_t j = 0; j < s->param_count; j++)
            if (strcmp(s->params[j].name, "title") == 0)
                s->params[j].value = _(s->params[j].value);
    }
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
    text = options->json ? json_advisory(pass, news->feed->advisory, FORMAT)
                         : text_advisory(pass, news->feed->advisory, false, &page);
    text = text ? talloc_strdup_append_buffer(text, "\n") : NULL;
    worsen(pass, console_text(text));
    talloc_free(text);
    /* Told only when it got there. */
    return text && fflush(stdout) == 0 && !ferror(stdout);
}

static void order_notice(struct pass *pass, struct watcher_news *news)
{
    char *text = json_advisory(pass, news->feed->advisory, FORMAT);
    struct notify_order *order = NULL;

    text = text ? talloc_strdup_append_buffer(text, "\n") : NULL;
    if (text)
        order = array_grow(pass, &pass->orders, &pass->order_count, sizeof(*order));
    if (order)
        *order = (struct notify_order){news->domain, text, news};
    else
        worsen(pass, console_no_memory());
}

static void judge_news(struct pass *pass, const struct watcher_news *news)
{
    const struct diagnosis *d = news->feed->diagnosis;

    if (!news->seen)
        worsen(pass, EXIT_UNKNOWN);
    else if (d)
        worsen(pass, exit_status_of(d->findings, d->finding_count, pass->options->fail_on));
    if (!pass->prometheus)
        return;
    if (d)
        prometheus_add(pass->prometheus, d, &news->feed->sessions);
    prometheus_seen(pass->prometheus, news->domain, news->seen);
}

static void on_news(void *arg, struct watcher_news *news)
{
    struct pass *pass = arg;
    bool said;

    translate_titles(news->feed->advisory);
    said = say_news(pass, news);
    judge_news(pass, news);
    if (news->feed->changes && pass->options->notify)
        order_notice(pass, news);
    else if (said)
        watcher_delivered(pass->watcher, news);
}

/* ---- delivering ------------------------------------------------------------------------------ */

/* NULL: no memory. */
static char *why_not(TALLOC_CTX *ctx, const struct notify_end *end)
{
    switch (end->outcome) {
    case NOTIFY_EXITED:
        return talloc_asprintf(ctx, _("exited with status %d"), end->number);
    case NOTIFY_KILLED:
        return talloc_asprintf(ctx, _("killed by signal %d"), end->number);
    case NOTIFY_TIMED_OUT:
        return talloc_strdup(ctx, _("timed out"));
    case NOTIFY_INTERRUPTED:
        return talloc_strdup(ctx, _("interrupted"));
    case NOTIFY_NO_PROCESS:
        return talloc_strdup(ctx, _("the process that runs the command has ended"));
    default:
        return talloc_strdup(ctx, _(strerror(end->number)));
    }
}

static void on_delivered(void *arg, const struct notify_order *order, const struct notify_end *end)
{
    struct pass *pass = arg;
    char *why;

    if (end->outcome == NOTIFY_DELIVERED) {
        watcher_delivered(pass->watcher, order->arg);
        return;
    }
    why = why_not(pass, end);
    worsen(pass, console_internal(_("%s: notification failed and will be retried: %s: %s"),
                                  order->domain, pass->options->notify, why ? why : ""));
    talloc_free(why);
}

static void on_all_delivered(void *arg)
{
    struct pass *pass = arg;

    loop_stop(pass->loop);
}

static void on_signal(void *arg)
{
    struct pass *pass = arg;

    if (pass->notify)
        notify_interrupt(pass->notify);
}

static enum sts_status run_orders(struct pass *pass)
{
    const struct options *options = pass->options;
    const struct notify_request request = {
        .orders = pass->orders,
        .count = pass->order_count,
        .timeout_ms = (options->timeout ? options->timeout : TIMEOUT_DEFAULT) * 1000,
        .jobs = options->jobs ? (size_t)options->jobs : JOBS_DEFAULT,
        .done = on_delivered,
        .over = on_all_delivered,
        .arg = pass,
    };
    enum sts_status status = service_attend(pass, pass->loop, on_signal, pass);

    if (status == STS_OK)
        status = notify_start(pass, pass->loop, &request, &pass->notify);
    return status == STS_OK ? loop_run(pass->loop) : status;
}

static void deliver(struct pass *pass)
{
    if (pass->order_count && run_orders(pass) != STS_OK)
        worsen(pass, console_no_memory());
    TALLOC_FREE(pass->notify); /* the loop goes on, to store what was delivered */
}

static void write_prometheus(struct pass *pass)
{
    char *text = pass->prometheus ? prometheus_text(pass, pass->prometheus) : NULL;

    if (text)
        worsen(pass, write_file(pass, pass->options->prometheus, text, strlen(text)));
    else if (pass->options->prometheus)
        worsen(pass, console_no_memory());
}

/* ---- one pass -------------------------------------------------------------------------------- */

static enum sts_status begin_pass(struct pass *pass, struct store *store)
{
    const struct options *options = pass->options;
    const struct watcher_request request = {
        .store = store,
        .where = open_store_where(options),
        .loop = pass->loop,
        .subscriber = options->notify ? options->notify : "",
        .now = options->now == NOW_UNSET ? clock_now() : options->now,
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
        pass->prometheus = prometheus_new(pass);
    return watcher_new(pass, &request, &pass->watcher);
}

static void go_through(struct pass *pass)
{
    const struct options *options = pass->options;

    worsen(pass, options->from ? from_file_run(pass, options, collect, pass)
                               : live_run_in(pass, pass->loop, options, collect, pass));
    watcher_tell(pass->watcher);
    deliver(pass);
    watcher_end(pass->watcher);
    write_prometheus(pass);
}

static int run_pass(TALLOC_CTX *ctx, const struct options *options)
{
    struct pass *pass = talloc_zero(ctx, struct pass);
    struct store *store;
    int status;

    if (!pass)
        return console_no_memory();
    pass->options = options;
    worsen(pass, open_store(pass, options, STORE_WRITE, &store));
    if (pass->status != EXIT_USAGE) {
        if (service_loop(pass, &pass->loop) == STS_OK && begin_pass(pass, store) == STS_OK)
            go_through(pass);
        else
            worsen(pass, console_no_memory());
    }
    status = pass->status;
    TALLOC_FREE(pass->watcher); /* it needs the loop */
    talloc_free(pass);
    return status;
}

/* ---- as a service ---------------------------------------------------------------------------- */

/* Passes of many machines do not fall together for long. */
static int64_t next_pass(int64_t begun, int64_t interval)
{
    return begun + interval * 1000 +
           (int64_t)arc4random_uniform((uint32_t)(interval * 1000 / JITTER + 1));
}

static int serve(TALLOC_CTX *ctx, const struct options *options)
{
    int64_t begun, number = 0;

    service_catch_signals();
    service_ready();
    do {
        int status;

        begun = clock_monotonic_ms();
        service_status(
            ngettext("checking %zu domain", "checking %zu domains", options->operand_count),
            options->operand_count);
        status = run_pass(ctx, options);
        if (status == EXIT_USAGE)
            return status;
        service_status(ngettext("%zu domain, pass %lld finished with status %d",
                                "%zu domains, pass %lld finished with status %d",
                                options->operand_count),
                       options->operand_count, (long long)++number, status);
        if (service_wait(next_pass(begun, options->interval)) != STS_OK)
            return console_internal("%s", _("the event loop failed"));
    } while (!service_is_to_end());
    service_stopping();
    return 0;
}

int cmd_watch(TALLOC_CTX *ctx, const struct options *options)
{
    struct options own = *options;
    struct input_names names;
    int status;

    if (own.from && own.operand_count)
        return console_usage(_("--from and a domain (%s) cannot be combined"), own.operands[0]);
    if (own.from && own.interval)
        return console_usage("%s", _("--from and --interval cannot be combined"));
    if (own.from)
        return run_pass(ctx, &own);
    /* Standard input is read once. */
    status = input_names(ctx, &own, &names);
    if (status)
        return status;
    own.operands = names.given;
    own.operand_count = names.count;
    return own.interval ? serve(ctx, &own) : run_pass(ctx, &own);
}
