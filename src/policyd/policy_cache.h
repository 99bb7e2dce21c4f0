/* SPDX-License-Identifier: MIT */
/* policy_cache.h - what is known of the domains that mail goes to (RFC 8461 sections 3.3, 5.1 and
 * 10.2): pure, with time and chance as arguments.
 *
 * Per domain: the record as it was last seen, the policy as it was last fetched, and how DANE
 * covers the MX hosts.  Whoever looks up asks policy_entry_due() what is due, begins it, and puts
 * in what came of it; each of the three is under way once at a time (single flight).
 *
 * - The record is looked up again when its TTL is over, and another id makes the policy due.
 * - The age of a policy counts from its fetch alone; neither record nor failure prolongs or ends
 * it.
 * - It is fetched again at a random time, from a quarter to half of max_age and at most 24 hours:
 *   libmtasts leaves the later half to whoever keeps us from the policy host to give up.
 * - After a failure there is a pause of 5 minutes, doubled each time up to an hour; another id ends
 *   it.
 * - Domains that no mail goes to are not looked up, and are dropped in the end.  After two hours
 * without mail only what outlives an hour is left of them: a hundred thousand must cost little.
 *
 * Times are seconds of one clock.  One that was set back ends no policy (cache.h). */
#ifndef POLICYD_POLICY_CACHE_H
#define POLICYD_POLICY_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/mtasts.h>

#include "policyd/policy_reply.h"

struct policy_cache;
struct policy_entry;

/* most: entries, more than 0.  no_dane: nobody looks for it, so nobody waits for it.  For one more,
 * the one that was not used for longest goes: of those that protect nothing, if there are any. */
STS_MUST_USE enum sts_status policy_cache_new(TALLOC_CTX *ctx, size_t most, bool no_dane,
                                              struct policy_cache **ret);
size_t policy_cache_count(const struct policy_cache *cache);
/* There is a store: what it has of a domain is waited for, and what is fetched is looked up in it
 * before. */
void policy_cache_set_store(struct policy_cache *cache);
/* The clock was set, by so many seconds: nothing is older or younger by that. */
void policy_cache_shift(struct policy_cache *cache, int64_t seconds);

/* ---- entries --------------------------------------------------------------------------------- */

/* Of the domain, a new one if there is none; a mail server asks for it now.  It stays until the
 * next call, and as long as something of it is under way.  NULL: no memory, or all that the cache
 * holds is under way. */
struct policy_entry *policy_cache_use(struct policy_cache *cache, const char *domain, int64_t now);
/* The same for somebody who only wants to know: that is no use.  A new one is the next to go, and
 * goes at the next sweep, unless mail goes there until then. */
struct policy_entry *policy_cache_see(struct policy_cache *cache, const char *domain);
/* NULL: there is none. */
struct policy_entry *policy_cache_find(const struct policy_cache *cache, const char *domain);
enum policy_forgotten { POLICY_FORGOTTEN, POLICY_UNKNOWN, POLICY_UNDER_WAY };
/* Drops the domain, unless something of it is under way. */
enum policy_forgotten policy_cache_forget(struct policy_cache *cache, const char *domain);
struct policy_sweep {
    void (*due)(void *arg, struct policy_entry *entry);     /* in use; its policy applies, is due */
    void (*unsaved)(void *arg, struct policy_entry *entry); /* NULL */
    void *arg;
};
/* Drops what was not used for long, and names the others, as above.  To be called about once a
 * minute; who is called begins what it likes, and uses no other domain. */
void policy_cache_sweep(struct policy_cache *cache, int64_t now, const struct policy_sweep *sweep);
/* Calls `unsaved` alone, of all that are. */
void policy_cache_unsaved(struct policy_cache *cache, const struct policy_sweep *sweep);
const char *policy_entry_domain(const struct policy_entry *entry);

/* ---- what is due ----------------------------------------------------------------------------- */

enum policy_part {
    POLICY_PART_RECORD,
    POLICY_PART_POLICY,
    POLICY_PART_DANE,
    POLICY_PART_STORED, /* what others, and an earlier run, have seen */
    POLICY_PARTS
};

/* Is it to be begun now?  Never while it is under way, nor of what is not in use. */
bool policy_entry_due(const struct policy_entry *entry, enum policy_part part, int64_t now);
void policy_entry_begin(struct policy_entry *entry, enum policy_part part);
bool policy_entry_is_busy(const struct policy_entry *entry, enum policy_part part);
/* May an answer be given without waiting?  Not where what counts now was never seen or is out of
 * date; but a policy that applies does not wait for the record. */
bool policy_entry_is_ready(const struct policy_entry *entry, int64_t now);

/* ---- what came of it; each ends what was begun, also where it fails for want of memory --------
 */

/* id: of STS_SEEN_RECORD, copied.  UNKNOWN: what was seen before still counts.  ttl: of the answer,
 * in seconds; negative: not known. */
STS_MUST_USE enum sts_status policy_entry_record(struct policy_entry *entry,
                                                 const struct sts_cache_record *record, int64_t ttl,
                                                 int64_t now);
/* A usable policy was fetched; it is copied, with the id of the record.  chance: any number. */
STS_MUST_USE enum sts_status policy_entry_fetched(struct policy_entry *entry,
                                                  const struct live_policy *policy, int64_t now,
                                                  uint32_t chance);
/* None was, and be it for a broken one.  why: for the log; outlives the entry. */
void policy_entry_failed(struct policy_entry *entry, const char *why, int64_t now);
/* The last fetch, if it failed, says nothing of the domain: "local", and the shortest pause. */
void policy_entry_failed_here(struct policy_entry *entry);
/* found: its dane and mx_hosts count, and are copied; NULL: the look-up failed, and what was known
 * still counts. */
STS_MUST_USE enum sts_status policy_entry_dane(struct policy_entry *entry,
                                               const struct policy_known *found, int64_t ttl,
                                               int64_t now);

/* ---- what outlives us ------------------------------------------------------------------------ */

/* What is worth storing. */
struct policy_stored {
    const struct live_policy *policy; /* NULL: none was fetched */
    int64_t fetched_at;
    enum dane_cover dane;
    int64_t dane_at; /* 0: not seen */
    int64_t used_at;
    bool moved; /* out of a store, which has other times, as the clock was set since */
};

/* Borrowed as policy_entry_known(). */
struct policy_stored policy_entry_stored(const struct policy_entry *entry);
/* Is it another than the store has, and worth a write? */
bool policy_entry_is_unsaved(const struct policy_entry *entry);
/* It is being written; it stays meanwhile.  waited: there is no answer before that. */
void policy_entry_save(struct policy_entry *entry, bool waited);
/* It has changed while it is written, and there is no answer before that is written, too. */
void policy_entry_save_again(struct policy_entry *entry);
bool policy_entry_is_saving(const struct policy_entry *entry);
/* No answer waits for it any more. */
void policy_entry_wait_no_more(struct policy_entry *entry);
/* saved: as it was then; NULL: it could not be written.  True: it was to be saved again. */
bool policy_entry_saved(struct policy_entry *entry, const struct policy_stored *saved);
/* What the store has: what is newer than ours counts from now on.  A time behind `now` is that of
 * another clock, and counts as now.  NULL: it has nothing, or cannot be read.  Ends
 * POLICY_PART_STORED. */
STS_MUST_USE enum sts_status policy_entry_restore(struct policy_entry *entry,
                                                  const struct policy_stored *stored, int64_t now,
                                                  uint32_t chance);
/* The same for a domain of which there is no entry yet; it comes behind all that were used.
 * STS_E_LIMIT: there is no room for it. */
STS_MUST_USE enum sts_status policy_cache_add(struct policy_cache *cache, const char *domain,
                                              const struct policy_stored *stored, int64_t now,
                                              uint32_t chance);

/* ---- the answer ------------------------------------------------------------------------------ */

/* A reply that Postfix takes. */
struct policy_made {
    const char *text;
    enum policy_answer answer;
    enum reply_cut cut;
    bool refused;   /* what was to be said did not pass the model of Postfix: TEMP */
    bool by_policy; /* one applied */
};
/* NULL: no memory. */
struct policy_made *policy_make(TALLOC_CTX *ctx, enum reply_profile profile,
                                const struct policy_known *known);

/* What is known now, for policy_make(); borrowed until something is put in, or is asked of another
 * entry. */
struct policy_known policy_entry_known(const struct policy_entry *entry, int64_t now);
/* The reply to such a client, made where it is not there yet, and borrowed until something is put
 * in or another reply is made.  NULL: no memory. */
const struct policy_made *policy_entry_reply(struct policy_entry *entry, enum reply_profile profile,
                                             int64_t now);
/* What libmtasts says of the policy: why it is used, when it ceases to apply. */
struct sts_cache_decision policy_entry_decision(const struct policy_entry *entry, int64_t now);
/* Of the record as it was last seen; NULL: there is none. */
const char *policy_entry_id(const struct policy_entry *entry);
/* Why the last fetch failed; NULL: it went well, or there was none. */
const char *policy_entry_failure(const struct policy_entry *entry);

#endif
