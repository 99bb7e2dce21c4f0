/* SPDX-License-Identifier: MIT */
/* check_live.c - the page of a check that is sent while the check runs. */
#include "serve/check_live.h"

#include "app/check_changes.h"
#include "event/loop.h"
#include "serve/check_service.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/page.h"
#include "serve/service.h"

/* ---- the page -------------------------------------------------------------------------------- */

static void add_changes(struct exchange *exchange, struct check_page *page,
                        const struct check_run *run, const struct diagnosis *previous)
{
    struct advisory *advisory;

    if (previous && check_changes(exchange, previous, run->diagnosis, &advisory) == STS_OK)
        check_page_changes(exchange, page, advisory, previous->facts->observed_at);
}

struct check_page check_page_of(struct exchange *exchange, const struct check_run *run,
                                const struct diagnosis *previous)
{
    const char *title = talloc_asprintf(exchange, _("Check of %s"), run->domain);
    struct check_page page = {
        .frame = page_frame(exchange, title, FRAME_CHECK),
        .id = run->id,
        .domain = run->domain,
        .cancelled = run->state == CHECK_CANCELLED,
    };

    page.frame.hidden = true;
    check_page_chain(exchange, &page,
                     look_view_new(exchange, run->diagnosis, run->events, run->event_count));
    if (run->state == CHECK_DONE) {
        check_page_result(exchange, &page, run->diagnosis);
        add_changes(exchange, &page, run, previous);
    }
    return page;
}

/* ---- in pieces ------------------------------------------------------------------------------- */

struct live {
    struct exchange *exchange;
    const struct diagnosis *previous;
    struct html *html;
    struct check_follower *follower;
    struct loop_timer *pulse;
    size_t told;  /* events that were sent */
    size_t place; /* the last that was sent */
};

static void flush(struct live *live)
{
    if (html_is_whole(live->html))
        exchange_write(live->exchange, html_content(live->html));
    html_clear(live->html);
}

static void send_rows(struct live *live, const struct check_run *run)
{
    struct look_view *look =
        look_view_new(live->html, run->diagnosis, run->events, run->event_count);

    for (; look && live->told < run->event_count; live->told++) {
        const struct look_row *row = look_view_row(look, live->told + 1);
        const struct check_row shown = row ? check_row_of(row) : (struct check_row){0};

        if (row)
            page_check_row(live->html, &shown);
    }
    talloc_free(look);
}

/* The rows once more, since what was known last may have changed how the first are judged. */
static void send_end(struct live *live, const struct check_run *run)
{
    struct check_page page = check_page_of(live->exchange, run, live->previous);

    for (size_t i = 0; i < page.row_count; i++) {
        const char *slot = talloc_asprintf(live->exchange, "final-%s", page.rows[i].slot);

        page.rows[i].slot = slot ? slot : "";
    }
    page_check_final(live->html, &page);
    page_check_live_end(live->html, &page);
    page_layout_end(live->html, &page.frame);
}

static void on_changed(void *arg, const struct check_run *run)
{
    struct live *live = arg;
    enum i18n_language before = check_service_speak(live->exchange);
    const struct check_place place = {run->place};
    bool over = run->state >= CHECK_DONE;

    if (run->state == CHECK_QUEUED && run->place != live->place)
        page_check_place(live->html, &place);
    live->place = run->place;
    if (run->diagnosis)
        send_rows(live, run);
    if (over)
        send_end(live, run);
    flush(live);
    i18n_use(before);
    if (over)
        exchange_end(live->exchange);
}

/* So that nobody between us and the browser takes it for dead. */
static void on_pulse(void *arg)
{
    struct live *live = arg;
    struct loop *loop = exchange_service(live->exchange)->loop;

    exchange_write(live->exchange, bytes_of("\n"));
    loop_timer_again(live->pulse, loop_now(loop) + LIMIT_PULSE_MS);
}

static bool follow(struct live *live, const struct check_run *run)
{
    struct service *service = exchange_service(live->exchange);

    return check_follow(live, service->checks->queue, run->id, on_changed, live, &live->follower) ==
               STS_OK &&
           loop_timer_start(live, service->loop, loop_now(service->loop) + LIMIT_PULSE_MS, on_pulse,
                            live, &live->pulse) == STS_OK;
}

static struct live *live_new(struct exchange *exchange, const struct diagnosis *previous)
{
    struct html *html = page_begin(exchange);
    struct live *live = html ? talloc_zero(exchange, struct live) : NULL;

    if (live)
        *live = (struct live){.exchange = exchange, .previous = previous, .html = html};
    return live;
}

void check_live_begin(struct exchange *exchange, const struct check_run *run,
                      const struct diagnosis *previous)
{
    struct live *live = live_new(exchange, previous);
    struct check_page page;

    if (!live)
        return;
    page = check_page_of(exchange, run, NULL);
    check_page_chain(exchange, &page, look_view_new(exchange, NULL, NULL, 0));
    exchange_field(exchange, "X-Accel-Buffering", "no");
    exchange_begin(exchange, 200, "text/html; charset=utf-8");
    page_layout_begin(live->html, &page.frame);
    page_check_live_begin(live->html, &page);
    flush(live);
    if (exchange_request(exchange)->method == HTTP_HEAD || !follow(live, run))
        exchange_end(exchange);
}
