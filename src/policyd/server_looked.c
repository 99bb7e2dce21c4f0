/* SPDX-License-Identifier: MIT */
/* server_looked.c - look-ups told to whoever reports what is wrong with a domain. */
#include "base/clock.h"
#include "policyd/policy_cache_work.h"
#include "policyd/server_work.h"

static const struct override *override_of(const struct policyd *policyd, const char *domain)
{
    return overrides_find(policyd->overrides, bytes_of(domain), POLICY_KEY_DOMAIN, domain,
                          clock_now());
}

/* What was found before, as when people asked, is told now. */
void policyd_asked(struct policyd *policyd, struct policy_entry *entry)
{
    if (!entry || entry->recent->asked)
        return;
    entry->recent->asked = true;
    if (policy_entry_is_ready(entry, refresh_now(policyd->refresh)))
        policyd_looked(policyd, entry, NULL);
}

bool policyd_heeds_policy(const struct policyd *policyd, const char *domain)
{
    const struct policy_entry *entry = policy_cache_find(policyd->cache, domain);

    return entry && policy_entry_recent(entry)->asked &&
           override_heeds_policy(override_of(policyd, domain));
}

void policyd_looked(void *arg, const struct policy_entry *entry, const struct facts *facts)
{
    struct policyd *policyd = arg;
    struct policyd_look look = {.facts = facts};

    if (!policyd->request.looked || !policy_entry_recent(entry)->asked)
        return;
    look.known = policy_entry_known(entry, refresh_now(policyd->refresh));
    look.override = override_of(policyd, policy_entry_domain(entry));
    policyd->request.looked(policyd->request.arg, &look);
}
