/* SPDX-License-Identifier: MIT */
/* service.c - what the service manager hears of us. */
#include "cmd/service.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <time.h>

#include <systemd/sd-daemon.h>
#include <talloc.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/signals.h"

#define CHUNK_MS 60000 /* where no watchdog waits */

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

static int64_t next_chunk(int64_t left)
{
    int64_t chunk = watchdog_ms() ? watchdog_ms() : CHUNK_MS;

    return left < chunk ? left : chunk;
}

/* Signals are let in only while we sleep, so that none comes between the look and the sleep. */
bool service_wait(int64_t until)
{
    sigset_t ours, before;
    int64_t left;

    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    sigprocmask(SIG_BLOCK, &ours, &before);
    while (!signals_seen() && (left = until - clock_monotonic_ms()) > 0) {
        int64_t chunk = next_chunk(left);
        struct timespec wait = {.tv_sec = chunk / 1000, .tv_nsec = chunk % 1000 * 1000000};

        service_alive();
        ppoll(NULL, 0, &wait, &before);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return !signals_seen();
}
