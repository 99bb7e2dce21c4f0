/* SPDX-License-Identifier: MIT */
/* memo.h - what was looked at once in this run is not looked at again.
 *
 * Millions of domains share a few thousand MX hosts.  Whoever wants to know a thing makes a claim
 * on its key.  The first is told to look; those who come meanwhile wait for what he tells, and
 * those who come later find it, until it is too old or makes room for others.  If the one who looks
 * gives up (his claim is freed), it is the next one's turn.  All threads of a run share the memo.
 *
 * A thing told is a talloc tree of its own that nobody changes any more; it stays as long as a
 * claim on it. */
#ifndef NET_MEMO_H
#define NET_MEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

struct post;
struct post_box;
struct memo;
struct memo_claim;

/* most: entries, and bytes of things kept. */
STS_MUST_USE enum sts_status memo_new(TALLOC_CTX *ctx, struct post *post, size_t most_entries,
                                      size_t most_bytes, struct memo **ret);

/* Called from the loop: the thing is there, or it is this claim's turn to look. */
typedef void (*memo_fn)(void *arg);

/* *ret_turn: nobody has looked, look now, and no callback comes.  Else the callback comes. */
STS_MUST_USE enum sts_status memo_ask(TALLOC_CTX *ctx, struct memo *memo, struct post_box *box,
                                      const char *key, memo_fn known, void *arg,
                                      struct memo_claim **ret, bool *ret_turn);
/* NULL: it is this claim's turn. */
const void *memo_thing(const struct memo_claim *claim);
/* The thing, stolen from its parent, for all who wait and, if keep_ms > 0, for those who come. */
void memo_tell(struct memo_claim *claim, const void *thing, int64_t keep_ms);

#endif
