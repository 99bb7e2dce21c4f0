/* SPDX-License-Identifier: MIT */
/* names_look.c - the MX hosts of a domain that a visitor typed. */
#include "serve/names_look.h"

#include <string.h>

#include "event/loop.h"
#include "serve/check_service.h"
#include "serve/exchange.h"
#include "serve/limits.h"
#include "serve/service.h"

struct look {
    struct exchange *exchange;
    struct check_follower *follower;
    struct loop_timer *timer;
    names_look_fn found;
    void *arg;
};

static void end(struct look *look, const struct diagnosis *diagnosis)
{
    enum i18n_language before = check_service_speak(look->exchange);
    struct live_mx live = {.state = LIVE_MX_UNSEEN};

    TALLOC_FREE(look->follower);
    TALLOC_FREE(look->timer);
    if (diagnosis && live_mx_of(look, diagnosis, &live) != STS_OK)
        live = (struct live_mx){.state = LIVE_MX_UNSEEN};
    look->found(look->arg, &live, NULL);
    i18n_use(before);
}

/* The policy host may take long to answer; the MX hosts are known before. */
static bool mx_is_known(const struct check_run *run)
{
    for (size_t i = 0; i < run->event_count; i++)
        if (run->events[i].step == LOOK_MX && run->events[i].host == LOOK_NO_HOST)
            return true;
    return run->state >= CHECK_DONE;
}

static void on_changed(void *arg, const struct check_run *run)
{
    if (mx_is_known(run))
        end(arg, run->diagnosis);
}

static void on_time(void *arg)
{
    end(arg, NULL);
}

static bool follow(struct look *look, struct check_queue *names, const struct check_run *run)
{
    struct loop *loop = exchange_service(look->exchange)->loop;

    return check_follow(look, names, run->id, on_changed, look, &look->follower) == STS_OK &&
           loop_timer_start(look, loop, loop_now(loop) + LIMIT_NAMES_MS, on_time, look,
                            &look->timer) == STS_OK;
}

void names_look(struct exchange *exchange, const char *text, names_look_fn found, void *arg)
{
    struct check_queue *names = exchange_service(exchange)->checks->names;
    const char *client = exchange_visitor(exchange)->address;
    char name[STS_NAME_SIZE];
    const char *wrong = check_service_name(exchange, text, name);
    const struct check_wish wish = {name, name, client ? client : ""};
    struct look *look = talloc_zero(exchange, struct look);
    struct check_asked asked = {.outcome = CHECK_FULL};

    if (wrong) {
        found(arg, NULL, wrong);
        return;
    }
    if (!look || check_queue_ask(names, &wish, &asked) != STS_OK || !asked.run) {
        found(arg, NULL, check_service_refusal(exchange, &asked));
        return;
    }
    *look = (struct look){.exchange = exchange, .found = found, .arg = arg};
    if (!follow(look, names, asked.run))
        end(look, NULL);
}
