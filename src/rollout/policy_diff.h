/* SPDX-License-Identifier: MIT */
/* policy_diff.h - what a change from one policy text to another needs (lint --against). */
#ifndef ROLLOUT_POLICY_DIFF_H
#define ROLLOUT_POLICY_DIFF_H

#include "rollout/advisory.h"

/* Both as lint_policy() read them, with the same MX hosts.  Members: new_id_needed, lost (patterns
 * of the old text alone), gained (of the new alone), refused_by_old (hosts of --mx that the old
 * text does not cover and the new does), wait (seconds for which a sender may hold the old one). */
void policy_diff(struct advisory *a, const struct lint *old, const struct lint *new);

#endif
