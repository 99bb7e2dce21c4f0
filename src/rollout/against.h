/* SPDX-License-Identifier: MIT */
/* against.h - what a change from one policy text to another needs (lint --against). */
#ifndef ROLLOUT_AGAINST_H
#define ROLLOUT_AGAINST_H

#include "rollout/outline.h"

/* Both as lint_policy() read them, with the same MX hosts.  Members: new_id_needed, lost (patterns
 * of the old text alone), gained (of the new alone), refused_by_old (hosts of --mx that the old
 * text does not cover and the new does), wait (seconds for which a sender may hold the old one). */
void against(struct outline *o, const struct lint *old, const struct lint *new);

#endif
