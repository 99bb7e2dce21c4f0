/* SPDX-License-Identifier: MIT */
/* server_looked.c - look-ups told to whoever reports what is wrong with a domain. */
#include "base/clock.h"
#include "policyd/server_work.h"

void policyd_looked(void *arg, const struct policy_entry *entry, const struct facts *facts)
{
    struct policyd *policyd = arg;
    const char *domain = policy_entry_domain(entry);
    struct policyd_look look = {.facts = facts};

    if (!policyd->request.looked)
        return;
    look.known = policy_entry_known(entry, refresh_now(policyd->refresh));
    look.override = overrides_find(policyd->overrides, bytes_of(domain), POLICY_KEY_DOMAIN, domain,
                                   clock_now());
    policyd->request.looked(policyd->request.arg, &look);
}
