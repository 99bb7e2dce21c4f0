/* SPDX-License-Identifier: MIT */
/* service.c - what the service manager hears of us, and what we hear while we wait. */
#include "cmd/service.h"

#include <stdarg.h>

#include <systemd/sd-daemon.h>
#include <talloc.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/exit_status.h"
#include "event/signals.h"

/* How often the watchdog wants to hear, in milliseconds; 0: there is none. */
static int64_t watchdog_ms(void)
{
    static int64_t known = -1;
    uint64_t microseconds = 0;

    /* Four times as often as it must be: what wakes us may be late. */
    if (known < 0)
        known = sd_watchdog_enabled(0, &microseconds) > 0 ? (int64_t)(microseconds / 4000) : 0;
    return known;
}

void service_ready(void)
{
    sd_notify(0, "READY=1");
}

void service_stopping(void)
{
    sd_notify(0, "STOPPING=1");
}

void service_reloading(void)
{
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)clock_monotonic_ms() * 1000);
}

static char **socket_names;
static size_t socket_count;

size_t service_sockets(int *ret_first)
{
    int count = sd_listen_fds_with_names(1, &socket_names);

    *ret_first = SD_LISTEN_FDS_START;
    socket_count = count > 0 ? (size_t)count : 0;
    return socket_count;
}

const char *service_socket_name(size_t index)
{
    return index < socket_count && socket_names ? socket_names[index] : "";
}

void service_status(const char *format, ...)
{
    va_list ap;
    char *text;

    va_start(ap, format);
    text = talloc_vasprintf(NULL, format, ap);
    va_end(ap);
    if (text)
        sd_notifyf(0, "STATUS=%s", text);
    talloc_free(text);
}

void service_alive(void)
{
    static int64_t told = INT64_MIN;
    int64_t now = clock_monotonic_ms();

    if (!watchdog_ms() || (told != INT64_MIN && now - told < watchdog_ms()))
        return;
    told = now;
    sd_notify(0, "WATCHDOG=1");
}

/* ---- waiting --------------------------------------------------------------------------------- */

void service_catch_signals(void)
{
    signals_catch(2, EXIT_UNKNOWN);
}

bool service_is_to_end(void)
{
    return signals_count() > 0;
}

struct pulse {
    struct loop *loop;
    struct loop_timer *timer;
};

static void on_pulse(void *arg)
{
    struct pulse *pulse = arg;

    service_alive();
    loop_timer_again(pulse->timer, loop_now(pulse->loop) + watchdog_ms() / 2 + 1);
}

enum sts_status service_pulse(TALLOC_CTX *ctx, struct loop *loop)
{
    struct pulse *pulse;

    if (!watchdog_ms())
        return STS_OK;
    pulse = talloc_zero(ctx, struct pulse);
    if (!pulse)
        return STS_E_NOMEM;
    pulse->loop = loop;
    return loop_timer_start(pulse, loop, loop_now(loop), on_pulse, pulse, &pulse->timer);
}

enum sts_status service_attend(TALLOC_CTX *ctx, struct loop *loop, loop_fn end, void *arg)
{
    struct signals_watch *watch;

    return signals_start(ctx, loop, end, arg, &watch);
}

static void stop(void *arg)
{
    struct loop **loop = arg;

    loop_stop(*loop);
}

enum sts_status service_wait(int64_t until)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct loop *loop;
    struct loop_timer *timer;
    enum sts_status status = ctx ? loop_new(ctx, &loop) : STS_E_NOMEM;

    if (status == STS_OK)
        status = service_pulse(ctx, loop);
    if (status == STS_OK)
        status = service_attend(ctx, loop, stop, &loop);
    if (status == STS_OK)
        status = loop_timer_start(ctx, loop, until, stop, &loop, &timer);
    if (status == STS_OK)
        status = loop_run(loop);
    talloc_free(ctx);
    return status;
}
