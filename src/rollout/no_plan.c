/* SPDX-License-Identifier: MIT */
/* no_plan.c - there is nothing to plan: the domain does not exist, or nothing of it was seen. */
#include "rollout/plan.h"

#include "verdict/place.h"

static const char *const check_commands[] = {"mtasts check {domain}", NULL};
static const char *const selftest_commands[] = {"mtasts selftest", NULL};

static void nonexistent(struct advisory *a)
{
    advisory_headline(
        a, SEVERITY_HIGH,
        N_("the domain does not exist in the DNS, so there is nothing to plan. Is the "
           "name spelled correctly?"),
        NULL);
    advisory_step(a, "check", 0, N_("Check what is wrong and how to fix it."), NULL)->commands =
        check_commands;
}

/* The fault is ours: one finding says which, and nothing is known of the domain. */
static void not_seen(struct advisory *a, const struct diagnosis *d)
{
    advisory_headline(a, SEVERITY_UNKNOWN,
                      N_("nothing could be looked up from here, so there is no advice."), NULL);
    for (size_t i = 0; i < d->finding_count; i++)
        advisory_note_params(a, SEVERITY_UNKNOWN, finding_info(d->findings[i].code)->name,
                             d->findings[i].detail, d->findings[i].params,
                             d->findings[i].param_count);
    advisory_step(a, "selftest", 0, N_("Show what works from here and what does not."), NULL)
        ->commands = selftest_commands;
}

bool advisory_no_plan(struct advisory *a, const struct diagnosis *d)
{
    if (d->facts->shortage || place_is_blind(d->facts))
        not_seen(a, d);
    else if (d->posture == POSTURE_NONEXISTENT)
        nonexistent(a);
    else
        return false;
    return true;
}
