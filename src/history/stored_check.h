/* SPDX-License-Identifier: MIT */
/* stored_check.h - a diagnosis on its way into the store. */
#ifndef HISTORY_STORED_CHECK_H
#define HISTORY_STORED_CHECK_H

#include "rules/rules.h"
#include "store/store.h"

/* A look that was interrupted, or saw nothing for want of our own, is no check of the domain. */
bool stored_check_is_one(const struct diagnosis *diagnosis);

/* A diagnosis made ready for the store, which another thread may then write: it borrows nothing.
 * *ret is NULL where the diagnosis is no check. */
struct stored_check;
STS_MUST_USE enum sts_status stored_check_new(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                                              struct stored_check **ret);
/* Store it as a check of the time of its facts, facts and all, the policy it found as served at
 * that time, and what it changed (change_log.h): one batch, durable on return, or part of the one
 * that is open.  May be repeated.  Its number in the log. */
STS_MUST_USE enum sts_status stored_check_write(struct store *store,
                                                const struct stored_check *check, int64_t *ret_seq);
/* The same, unless the domain has a check that was observed at or after a time and left out as much
 * of what could be looked at: for whoever was killed and does not know whether this one was
 * written.  What others stored meanwhile does not count. */
STS_MUST_USE enum sts_status stored_check_write_once(struct store *store,
                                                     const struct stored_check *check,
                                                     int64_t since);
/* Both at once.  What is no check is passed over. */
STS_MUST_USE enum sts_status stored_check_put(struct store *store,
                                              const struct diagnosis *diagnosis);

#endif
