/* SPDX-License-Identifier: MIT */
/* unbound.c - run at configure time: does this libunbound take an event base of this libevent?  One
 * with an event loop of its own compiles as well, and crashes. */
#include <stddef.h>

#include <event2/event.h>
#include <unbound.h>
#include <unbound-event.h>

static int answered;

static void answer(void *arg, int rcode, void *packet, int length, int sec, char *why, int limited)
{
    (void)arg, (void)rcode, (void)packet, (void)length, (void)sec, (void)why, (void)limited;
    answered = 1;
}

int main(void)
{
    struct event_base *base = event_base_new();
    struct ub_ctx *unbound = base ? ub_ctx_create_event(base) : NULL;
    int id;

    if (!unbound || ub_resolve_event(unbound, "localhost.", 1, 1, NULL, answer, &id) != 0)
        return 1;
    event_base_loop(base, EVLOOP_NONBLOCK);
    ub_ctx_delete(unbound);
    event_base_free(base);
    return answered ? 0 : 1;
}
