/* SPDX-License-Identifier: MIT */
/* check_events.c - a check followed as server-sent events. */
#include "serve/check_events.h"

#include <stdio.h>

#include "event/loop.h"
#include "http/event_stream.h"
#include "serve/check_service.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/service.h"

static const char *const states[] = {
    [CHECK_QUEUED] = "queued",
    [CHECK_RUNNING] = "running",
    [CHECK_DONE] = "done",
    [CHECK_CANCELLED] = "cancelled",
};

struct run_view check_run_as_view(TALLOC_CTX *ctx, const struct check_run *run)
{
    return (struct run_view){
        .id = run->id,
        .domain = run->domain,
        .state = states[run->state],
        .place = run->state == CHECK_QUEUED ? run->place : 0,
        .asked_at = run->asked_at,
        .look = look_view_new(ctx, run->diagnosis, run->events, run->event_count),
    };
}

struct stream {
    struct exchange *exchange;
    struct check_follower *follower;
    struct loop_timer *pulse;
    size_t told;  /* the number of the last step that was sent */
    size_t place; /* the last that was sent */
};

static void send_event(struct stream *stream, const char *name, size_t number, const char *data)
{
    char id[24];
    const struct stream_event event = {.id = number ? id : NULL, .name = name, .data = data};
    char *text;

    snprintf(id, sizeof id, "%zu", number);
    text = data ? event_stream_text(stream, &event) : NULL;
    if (text)
        exchange_write(stream->exchange, bytes_of(text));
    talloc_free(text);
}

static void send_steps(struct stream *stream, TALLOC_CTX *scratch, const struct run_view *view,
                       size_t count)
{
    for (; view->look && stream->told < count; stream->told++) {
        const struct look_row *row = look_view_row(view->look, stream->told + 1);

        if (row)
            send_event(stream, "step", stream->told + 1, json_run_step(scratch, row));
    }
}

/* All that is new; false: that was the end. */
static bool send_news(struct stream *stream, const struct check_run *run)
{
    TALLOC_CTX *scratch = talloc_new(stream);
    const struct run_view view = check_run_as_view(scratch, run);
    bool over = run->state >= CHECK_DONE;

    if (view.place && view.place != stream->place)
        send_event(stream, "queued", 0, json_run(scratch, &view));
    stream->place = view.place;
    send_steps(stream, scratch, &view, run->event_count);
    if (over)
        send_event(stream, "done", 0, json_run_end(scratch, &view, run->diagnosis));
    talloc_free(scratch);
    return !over;
}

static void on_changed(void *arg, const struct check_run *run)
{
    struct stream *stream = arg;
    enum i18n_language before = check_service_speak(stream->exchange);

    if (!send_news(stream, run))
        exchange_end(stream->exchange);
    i18n_use(before);
}

/* So that nobody between us and the client takes the stream for dead. */
static void on_pulse(void *arg)
{
    struct stream *stream = arg;
    struct loop *loop = exchange_service(stream->exchange)->loop;

    exchange_write(stream->exchange, bytes_of(EVENT_STREAM_COMMENT));
    loop_timer_again(stream->pulse, loop_now(loop) + LIMIT_PULSE_MS);
}

static size_t last_event(const struct exchange *exchange)
{
    const char *text = http_request_field(exchange_request(exchange), "last-event-id");
    size_t number = 0;

    for (; text && *text >= '0' && *text <= '9' && number < 1000; text++)
        number = 10 * number + (size_t)(*text - '0');
    return text && !*text ? number : 0;
}

static bool follow(struct stream *stream, const struct check_run *run)
{
    struct service *service = exchange_service(stream->exchange);

    return check_follow(stream, service->checks->queue, run->id, on_changed, stream,
                        &stream->follower) == STS_OK &&
           loop_timer_start(stream, service->loop, loop_now(service->loop) + LIMIT_PULSE_MS,
                            on_pulse, stream, &stream->pulse) == STS_OK;
}

void check_events_begin(void *arg, const struct check_run *run)
{
    struct exchange *exchange = arg;
    struct stream *stream = run ? talloc_zero(exchange, struct stream) : NULL;

    if (!stream) {
        check_service_absent(exchange);
        return;
    }
    stream->exchange = exchange;
    stream->told = last_event(exchange);
    exchange_field(exchange, "Cache-Control", "no-store");
    exchange_field(exchange, "X-Accel-Buffering", "no");
    exchange_begin(exchange, 200, EVENT_STREAM_TYPE);
    exchange_write(exchange, bytes_of("retry: 2000\n\n"));
    if (!send_news(stream, run) || !follow(stream, run))
        exchange_end(exchange);
}
