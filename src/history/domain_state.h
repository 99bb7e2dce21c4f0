/* SPDX-License-Identifier: MIT */
/* domain_state.h - which state a domain is in, by harm. */
#ifndef HISTORY_DOMAIN_STATE_H
#define HISTORY_DOMAIN_STATE_H

#include "history/domain_model.h"

const char *domain_state_name(enum domain_state state);
/* Sets state and verdict from the rest. */
void domain_state_judge(struct domain_summary *summary);

/* The failures that senders still reported in the last days and that are not known to be over;
 * *ret_sender: the only one that did, NULL: several.  How many kinds. */
size_t domain_open_failures(const struct domain_summary *summary, const char **ret_sender);

#endif
