/* SPDX-License-Identifier: MIT */
/* nonexistent.c - the domain does not exist: there is nothing to plan. */
#include "rollout/plan.h"

static const char *const check_commands[] = {"mtasts check {domain}", NULL};

bool outline_nonexistent(struct outline *o, const struct diagnosis *d)
{
    if (d->posture != POSTURE_NONEXISTENT)
        return false;
    outline_headline(o, SEVERITY_HIGH,
                     N_("the domain does not exist in the DNS, so there is nothing to plan. Is the "
                        "name spelled correctly?"),
                     NULL);
    outline_step(o, "check", 0, N_("mtasts check says what is wrong, and how to fix it."), NULL)
        ->commands = check_commands;
    return true;
}
