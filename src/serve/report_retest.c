/* SPDX-License-Identifier: MIT */
/* report_retest.c - an upload's domains with failures, checked as for the first page: in the same
 * queue, joined with others, under the same limits.
 *
 * All that was read stays with the exchange, so nothing is stored: who goes away loses it. */
#include "serve/report_retest.h"

#include "app/report_checks.h"
#include "event/loop.h"
#include "pages/report_read.h"
#include "serve/check_service.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/page.h"
#include "serve/reports_work.h"
#include "serve/service.h"

struct retest;

struct retest_run {
    struct retest *retest;
    struct check_follower *follower;
};

struct retest {
    struct exchange *exchange;
    const struct reports_work *reports;
    struct report_read_page page;
    struct html *html;
    struct loop_timer *pulse, *end;
    struct retest_run runs[LIMIT_RETESTS];
    size_t open; /* runs that are not over */
    struct report_checks checks;
};

static void flush(struct retest *retest)
{
    if (html_is_whole(retest->html))
        exchange_write(retest->exchange, html_content(retest->html));
    html_clear(retest->html);
}

/* ---- the end --------------------------------------------------------------------------------- */

static void add_failures(struct retest *retest, const struct failures_now *failures)
{
    struct report_read_page *page = &retest->page;

    page->failures =
        talloc_array(retest, struct report_read_failure, (unsigned)failures->count + 1);
    for (size_t i = 0; page->failures && i < failures->count && i < LIMIT_RETEST_ROWS; i++)
        page->failures[page->failure_count++] = (struct report_read_failure){
            failures->list[i].domain, domain_failure_of(retest, &failures->list[i], NULL)};
}

/* The reports once more, beside the checks. */
static enum sts_status judge(struct retest *retest)
{
    const struct reports_work *reports = retest->reports;
    struct failures_now failures;
    enum sts_status status = report_checks_now(retest, reports->reading->gathered, &retest->checks,
                                               reports->upload.now, &failures);

    if (status == STS_OK)
        add_failures(retest, &failures);
    return status;
}

static void stop(struct retest *retest)
{
    TALLOC_FREE(retest->pulse);
    TALLOC_FREE(retest->end);
    for (size_t i = 0; i < LIMIT_RETESTS; i++)
        TALLOC_FREE(retest->runs[i].follower);
}

static void end(struct retest *retest)
{
    enum i18n_language before = check_service_speak(retest->exchange);

    stop(retest);
    if (judge(retest) != STS_OK)
        retest->page.retest_note = _("The service is out of memory. Try again later.");
    else if (retest->open && !retest->page.retest_note)
        retest->page.retest_note = _("Not all checks finished in time.");
    page_report_now(retest->html, &retest->page);
    page_report_retest_end(retest->html, &retest->page);
    page_layout_end(retest->html, &retest->page.frame);
    flush(retest);
    i18n_use(before);
    exchange_end(retest->exchange);
}

/* ---- while they run -------------------------------------------------------------------------- */

static void on_changed(void *arg, const struct check_run *run)
{
    struct retest_run *one = arg;
    struct retest *retest = one->retest;

    if (run->state < CHECK_DONE)
        return;
    TALLOC_FREE(one->follower);
    if (run->state == CHECK_DONE && run->diagnosis &&
        report_checks_add(retest, &retest->checks, run->diagnosis->facts,
                          run->diagnosis->facts->observed_at) != STS_OK)
        retest->page.retest_note = _("The service is out of memory. Try again later.");
    if (!--retest->open)
        end(retest);
}

static void on_end(void *arg)
{
    end(arg);
}

/* So that nobody between us and the browser takes it for dead. */
static void on_pulse(void *arg)
{
    struct retest *retest = arg;

    exchange_write(retest->exchange, bytes_of("\n"));
    loop_timer_again(retest->pulse,
                     loop_now(exchange_service(retest->exchange)->loop) + LIMIT_PULSE_MS);
}

/* ---- the beginning --------------------------------------------------------------------------- */

/* False: it was refused, and so will the next be. */
static bool ask(struct retest *retest, const char *domain)
{
    struct check_queue *queue = exchange_service(retest->exchange)->checks->queue;
    const char *client = exchange_visitor(retest->exchange)->address;
    const struct check_wish wish = {domain, domain, client ? client : ""};
    struct retest_run *one = &retest->runs[retest->open];
    struct check_asked asked;

    if (check_queue_ask(queue, &wish, &asked) != STS_OK)
        return false;
    if (!asked.run) {
        retest->page.retest_note = check_service_refusal(retest->exchange, &asked);
        return false;
    }
    one->retest = retest;
    if (check_follow(retest, queue, asked.run->id, on_changed, one, &one->follower) != STS_OK)
        return false;
    retest->open++;
    return true;
}

static void ask_all(struct retest *retest, const struct report_checks_failing *failing)
{
    size_t asked = 0;

    while (asked < failing->count && ask(retest, failing->names[asked]))
        asked++;
    retest->page.retested = asked;
    retest->page.not_retested = failing->count - asked + failing->left;
}

static bool set_timers(struct retest *retest)
{
    struct loop *loop = exchange_service(retest->exchange)->loop;

    return loop_timer_start(retest, loop, loop_now(loop) + LIMIT_PULSE_MS, on_pulse, retest,
                            &retest->pulse) == STS_OK &&
           loop_timer_start(retest, loop, loop_now(loop) + LIMIT_RETEST_MS, on_end, retest,
                            &retest->end) == STS_OK;
}

static void send_page(struct retest *retest)
{
    struct exchange *exchange = retest->exchange;

    exchange_field(exchange, "X-Accel-Buffering", "no");
    exchange_field(exchange, "Cache-Control", "no-store");
    exchange_begin(exchange, 200, "text/html; charset=utf-8");
    page_layout_begin(retest->html, &retest->page.frame);
    page_report_form(retest->html, &retest->page);
    page_report_result(retest->html, &retest->page);
    page_report_retest_begin(retest->html, &retest->page);
    page_report_findings(retest->html, &retest->page);
    flush(retest);
}

bool report_retest(struct exchange *exchange, const struct reports_work *reports,
                   const struct report_read_page *page)
{
    struct html *html = NULL;
    struct retest *retest = talloc_zero(exchange, struct retest);
    struct report_checks_failing failing = {NULL, 0, 0};

    if (!retest ||
        report_checks_failing(retest, reports->reading->view->tally, LIMIT_RETESTS, &failing) !=
            STS_OK ||
        !failing.count)
        return false;
    html = page_begin(exchange);
    if (!html)
        return true;
    *retest =
        (struct retest){.exchange = exchange, .reports = reports, .page = *page, .html = html};
    ask_all(retest, &failing);
    if (!set_timers(retest)) {
        talloc_free(retest);
        return false;
    }
    send_page(retest);
    if (!retest->open)
        end(retest);
    return true;
}
