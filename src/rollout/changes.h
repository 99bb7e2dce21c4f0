/* SPDX-License-Identifier: MIT */
/* changes.h - what differs between two states, as notes of an advisory.
 *
 * Codes of the notes; they never change their meaning:
 *   record-gone, record-appeared, id-changed, id-changed-policy-same, id-followed,
 *   policy-changed-id-same, mode-changed, max-age-changed, mx-line-added, mx-line-removed,
 *   mx-appeared, mx-gone, mx-changed-policy-same, address-appeared, address-gone,
 *   certificate-renewed, certificate-replaced, tlsrpt-appeared, tlsrpt-gone, tlsrpt-changed,
 *   posture-changed, delivery-changed, verdict-changed, finding-appeared, finding-gone
 *
 * Each has the time of its check as "seen_at".  The value of a place named "title" is a msgid,
 * which whoever shows the note translates. */
#ifndef ROLLOUT_CHANGES_H
#define ROLLOUT_CHANGES_H

#include "rollout/advisory.h"
#include "rollout/state.h"

/* Notes of what is in `after` and not in `before`, or otherwise; `after` is made of `before` by
 * state_merge() and remembers whether a new id is still owed.  How many notes were added; none
 * where there was no check before. */
size_t changes(struct advisory *a, const struct state *before, struct state *after);

#endif
