/* SPDX-License-Identifier: MIT */
/* watch.c - look at domains again and again, and tell what has changed.
 *
 * A pass first looks at all domains, then keeps what was seen, says what has changed about each,
 * and hands the changes to the command of --notify.  Nothing waits for the store or for a command
 * while domains are being looked at.  What is told is taken from the store (change_feed.h), so a
 * pass may be killed anywhere. */
#include "cmd/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/grow.h"
#include "base/i18n.h"
#include "cmd/open_store.h"
#include "cmd/live.h"
#include "cmd/notify.h"
#include "cmd/page_options.h"
#include "cmd/say.h"
#include "cmd/service.h"
#include "cmd/from_file.h"
#include "cmd/signals.h"
#include "cmd/write_files.h"
#include "history/change_feed.h"
#include "history/stored_check.h"
#include "facts/facts_copy.h"
#include "render/outline.h"
#include "render/prometheus.h"
#include "reports/names.h"
#include "verdict/place.h"

#define FORMAT          "mtasts.watch/1"
#define JOBS_DEFAULT    8
#define TIMEOUT_DEFAULT 60
#define KEEP_DEFAULT    400 /* days: a year, and a month to look back from its anniversary */
#define JITTER          10  /* the interval is longer by a tenth of it at the most */

/* What one domain showed in this pass. */
struct look {
    const char *domain;
    int64_t at;
    int64_t surely;      /* no later than now, even if the clock of this machine is fast */
    struct facts *facts; /* NULL: nothing was seen */
    struct facts *blind; /* then: those that say why, of the first such look; NULL: none */
    bool kept;
};

/* Of one domain: what is left to do when its changes were delivered. */
struct telling {
    const char *domain;
    struct store_place place;
    bool may_move; /* the store has all that was told, and it is behind the subscriber's place */
};

struct pass {
    struct options options;
    struct store *store; /* NULL: it could not be opened */
    bool store_failed;   /* it takes no more in this pass */
    struct look *looks;
    size_t look_count;
    struct telling *tellings; /* as many as looks */
    size_t telling_count;
    struct notify_order *orders;
    size_t order_count;
    struct prometheus *prometheus; /* NULL: not asked for */
    bool blindness_told;
    int status;
};

static void worsen(struct pass *pass, int status)
{
    pass->status = exit_status_worse(pass->status, status);
}

static const char *subscriber(const struct pass *pass)
{
    return pass->options.notify ? pass->options.notify : "";
}

/* A write that failed is said once; what follows would fail as well, and wait for it. */
static bool stored(struct pass *pass, enum sts_status status)
{
    if (status) {
        worsen(pass, say_store_failure(pass->store, status));
        pass->store_failed = true;
    }
    return status == STS_OK;
}

/* ---- looking --------------------------------------------------------------------------------- */

static struct look *add_look(struct pass *pass, const char *domain)
{
    char *name = talloc_strdup(pass, domain);
    struct look *look = name ? grow(pass, &pass->looks, &pass->look_count, sizeof(*look)) : NULL;

    if (look)
        look->domain = name;
    return look;
}

/* Nothing was seen, and the fault is ours: no look at the domain. */
static bool is_blind(const struct facts *facts)
{
    return facts->shortage || place_is_blind(facts);
}

/* Why nothing was seen is the same for all domains: people are told once, programs each time. */
static bool is_told_why(struct pass *pass)
{
    bool told = pass->blindness_told && !pass->options.json;

    pass->blindness_told = true;
    return told;
}

/* What is old is forgotten by this time, so it must not come from a clock that is fast, nor from
 * facts that say they are of the future. */
static int64_t surely_past(const struct pass *pass, const struct facts *facts, int64_t at)
{
    int64_t now = pass->options.now == NOW_UNSET ? clock_now() : pass->options.now;

    if (facts->vantage && facts->vantage->clock_known && facts->vantage->clock_offset < 0)
        at += facts->vantage->clock_offset;
    return at < now ? at : now;
}

/* Facts are copied, to live until the pass is over.  --now is the time of the pass. */
static bool take_facts(struct pass *pass, struct look *look, const struct facts *facts)
{
    bool blind = is_blind(facts);
    struct facts *own;

    look->at = pass->options.now == NOW_UNSET || pass->options.from ? facts->observed_at
                                                                    : pass->options.now;
    look->surely = surely_past(pass, facts, look->at);
    if (blind && is_told_why(pass))
        return true;
    if (facts_copy(pass, facts, &own) != STS_OK)
        return false;
    own->observed_at = look->at;
    *(blind ? &look->blind : &look->facts) = own;
    return true;
}

static enum sts_status collect(TALLOC_CTX *ctx, void *arg, const struct facts *facts,
                               struct live_output *ret)
{
    struct pass *pass = arg;
    struct look *look;

    (void)ctx;
    ret->status = is_blind(facts) ? EXIT_UNKNOWN : 0;
    if (facts->interrupted)
        return STS_OK;
    look = add_look(pass, facts->domain);
    return look && take_facts(pass, look, facts) ? STS_OK : STS_E_NOMEM;
}

/* ---- keeping --------------------------------------------------------------------------------- */

static enum sts_status keep_look(struct pass *pass, struct look *look)
{
    const struct judging by = {.now = look->at, .warn_days = pass->options.warn_days};
    struct diagnosis *diagnosis;
    enum sts_status status = diagnose_by(pass, look->facts, &by, &diagnosis);

    if (status)
        return status;
    look->kept = stored(pass, stored_check_put(pass->store, diagnosis));
    talloc_free(diagnosis);
    return STS_OK;
}

static void keep_looks(struct pass *pass)
{
    for (size_t i = 0; i < pass->look_count; i++) {
        struct look *look = &pass->looks[i];

        service_alive();
        if (!look->facts || !pass->store || pass->store_failed)
            continue;
        if (!stored(pass, change_feed_begin(pass->store, look->domain, subscriber(pass), look->at)))
            continue;
        if (keep_look(pass, look) != STS_OK)
            worsen(pass, say_no_memory());
    }
}

/* ---- telling --------------------------------------------------------------------------------- */

/* Titles of findings are values of some notes; here is where they can be translated. */
static void translate_titles(struct outline *o)
{
    for (size_t i = 0; i < o->note_count; i++) {
        struct sentence *s = &o->notes[i].sentence;

        for (size_t j = 0; j < s->param_count; j++)
            if (strcmp(s->params[j].name, "title") == 0)
                s->params[j].value = _(s->params[j].value);
    }
}

/* The quiet hear of changes, and that nobody could look. */
static bool say_feed(struct pass *pass, const struct look *look, const struct change_feed *feed)
{
    struct page_options page = page_options_of(&pass->options);
    char *text;

    if (pass->options.quiet && !feed->changes && !look->blind)
        return true;
    page.quiet = false; /* what changed is what was asked for */
    text = pass->options.json ? json_outline(pass, feed->outline, FORMAT)
                              : text_outline(pass, feed->outline, false, &page);
    text = text ? talloc_strdup_append_buffer(text, "\n") : NULL;
    worsen(pass, say_text(text));
    talloc_free(text);
    /* Told only when it got there. */
    return text && fflush(stdout) == 0 && !ferror(stdout);
}

static void move_on(struct pass *pass, const struct telling *telling)
{
    if (telling->may_move && pass->store && !pass->store_failed)
        stored(pass,
               store_put_notified(pass->store, telling->domain, subscriber(pass), telling->place));
}

static void order_notice(struct pass *pass, const struct change_feed *feed, struct telling *telling)
{
    char *text = json_outline(pass, feed->outline, FORMAT);

    text = text ? talloc_strdup_append_buffer(text, "\n") : NULL;
    if (text)
        pass->orders[pass->order_count++] = (struct notify_order){telling->domain, text, telling};
    else
        worsen(pass, say_no_memory());
}

static void judge_feed(struct pass *pass, const struct look *look, const struct change_feed *feed)
{
    const struct diagnosis *d = feed->diagnosis;

    if (!look->facts)
        worsen(pass, EXIT_UNKNOWN);
    else if (d)
        worsen(pass, exit_status_of(d->findings, d->finding_count, pass->options.fail_on));
    if (!pass->prometheus)
        return;
    if (d)
        prometheus_add(pass->prometheus, d, &feed->sessions);
    prometheus_seen(pass->prometheus, look->domain, look->facts != NULL);
}

static bool has_moved(const struct change_feed *feed)
{
    return feed->next.at != STORE_NEVER &&
           (feed->next.seq > feed->notified.seq || feed->next.at > feed->notified.at);
}

static void tell_feed(struct pass *pass, const struct look *look, struct change_feed *feed)
{
    struct telling *telling = &pass->tellings[pass->telling_count++];
    bool said;

    *telling =
        (struct telling){look->domain, feed->next, has_moved(feed) && (look->kept || !look->facts)};
    translate_titles(feed->outline);
    said = say_feed(pass, look, feed);
    judge_feed(pass, look, feed);
    if (feed->changes && pass->options.notify)
        order_notice(pass, feed, telling);
    else if (said)
        move_on(pass, telling);
}

static void tell_look(struct pass *pass, const struct look *look)
{
    struct change_feed_request request = {
        .domain = look->domain,
        .subscriber = subscriber(pass),
        .now = look->at,
        .unstored = look->kept ? NULL : look->facts,
        .seen = look->facts != NULL,
        .blind = look->blind,
        .warn_days = pass->options.warn_days,
        .least_shown = SEVERITY_MEDIUM,
    };
    struct change_feed *feed;
    enum sts_status status = change_feed_read(pass, pass->store, &request, &feed);

    /* A store that cannot be read: what was seen is still worth a word. */
    if (status == STS_E_IO) {
        if (!pass->store_failed)
            worsen(pass, say_store_failure(pass->store, status));
        TALLOC_FREE(pass->store);
        request.unstored = look->facts;
        status = change_feed_read(pass, NULL, &request, &feed);
    }
    if (status) {
        worsen(pass, say_no_memory());
        return;
    }
    tell_feed(pass, look, feed);
    talloc_free(feed);
}

/* Of several looks at one domain the newest represents it. */
struct newest {
    const char *name; /* of the domain */
    const struct look *look;
};

static bool find_newest(const struct pass *pass, struct names *newest)
{
    for (size_t i = 0; i < pass->look_count; i++) {
        const struct look *look = &pass->looks[i];
        struct newest *known = names_get(newest, look->domain);

        if (!known)
            return false;
        if (!known->look || look->at >= known->look->at)
            known->look = look;
    }
    return true;
}

static bool is_newest(const struct names *newest, const struct look *look)
{
    const struct newest *known = names_find(newest, look->domain);

    return known && known->look == look;
}

static bool tell_looks(struct pass *pass)
{
    unsigned room = (unsigned)pass->look_count + 1;
    struct names newest;

    pass->tellings = talloc_zero_array(pass, struct telling, room);
    pass->orders = talloc_zero_array(pass, struct notify_order, room);
    names_begin(&newest, pass, sizeof(struct newest));
    if (!pass->tellings || !pass->orders || !find_newest(pass, &newest))
        return false;
    for (size_t i = 0; i < pass->look_count; i++) {
        service_alive();
        if (is_newest(&newest, &pass->looks[i]))
            tell_look(pass, &pass->looks[i]);
    }
    return true;
}

/* ---- delivering ------------------------------------------------------------------------------ */

static void on_delivered(void *arg, const struct notify_order *order, const char *why)
{
    struct pass *pass = arg;

    if (why)
        worsen(pass, say_internal(_("%s: notification failed and will be retried: %s: %s"),
                                  order->domain, pass->options.notify, why));
    else
        move_on(pass, order->arg);
}

static void deliver(struct pass *pass)
{
    const struct options *options = &pass->options;
    struct notify notify = {
        .timeout_ms = (options->timeout ? options->timeout : TIMEOUT_DEFAULT) * 1000,
        .jobs = options->jobs ? (size_t)options->jobs : JOBS_DEFAULT,
        .done = on_delivered,
        .arg = pass,
        .stop = signals_seen,
    };

    if (pass->order_count && !notify_run(pass, &notify, pass->orders, pass->order_count))
        worsen(pass, say_no_memory());
}

/* ---- forgetting ------------------------------------------------------------------------------ */

/* One batch: where nothing is old, nothing is written. */
static void forget_old(struct pass *pass)
{
    int64_t days = pass->options.keep ? pass->options.keep : KEEP_DEFAULT;
    enum sts_status status;

    if (!pass->store || pass->store_failed)
        return;
    status = store_begin(pass->store);
    for (size_t i = 0; !status && i < pass->look_count; i++) {
        const struct look *look = &pass->looks[i];

        service_alive();
        if (look->kept)
            status = store_prune(pass->store, look->domain, look->surely - days * 86400);
    }
    if (!status)
        status = store_commit(pass->store);
    (void)stored(pass, status);
    store_rollback(pass->store);
}

static void write_prometheus(struct pass *pass)
{
    char *text = pass->prometheus ? prometheus_text(pass, pass->prometheus) : NULL;

    if (text)
        worsen(pass, write_file(pass, pass->options.prometheus, text, strlen(text)));
    else if (pass->options.prometheus)
        worsen(pass, say_no_memory());
}

/* ---- one pass -------------------------------------------------------------------------------- */

static int run_pass(TALLOC_CTX *ctx, const struct options *options)
{
    struct pass *pass = talloc_zero(ctx, struct pass);
    int status;

    if (!pass)
        return say_no_memory();
    pass->options = *options;
    if (options->prometheus)
        pass->prometheus = prometheus_new(pass);
    worsen(pass, open_store(pass, options, STORE_WRITE, &pass->store));
    if (pass->status == EXIT_USAGE) {
        talloc_free(pass);
        return EXIT_USAGE;
    }
    worsen(pass, options->from ? from_file_run(pass, &pass->options, collect, pass)
                               : live_run(pass, &pass->options, collect, pass));
    keep_looks(pass);
    if (!tell_looks(pass))
        worsen(pass, say_no_memory());
    deliver(pass);
    forget_old(pass);
    write_prometheus(pass);
    status = pass->status;
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

    signals_catch();
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
    } while (service_wait(next_pass(begun, options->interval)));
    service_stopping();
    return 0;
}

int cmd_watch(TALLOC_CTX *ctx, const struct options *options)
{
    struct options own = *options;
    struct input_names names;
    int status;

    if (own.from && own.operand_count)
        return say_usage(_("--from and a domain (%s) cannot be combined"), own.operands[0]);
    if (own.from && own.interval)
        return say_usage("%s", _("--from and --interval cannot be combined"));
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
