/* SPDX-License-Identifier: MIT */
/* forecast.h - which sender sees what when.
 *
 * A change is published policy file first, TXT record second.  A sender that holds an older policy
 * acts on it until it learns of the new one, and how soon that is depends on how it looks:
 *   - at the id before each delivery: until its resolver forgets the old TXT answer;
 *   - once a day: a day later at most, or when what it holds expires, if that is sooner;
 *   - at nothing until max_age is over: until the last copy taken before the change expires.
 * All bounds are the worst case over all senders of a behaviour, counted to the second, under the
 * assumption that the policy host answers.  Pure: times are arguments. */
#ifndef ROLLOUT_FORECAST_H
#define ROLLOUT_FORECAST_H

#include "rollout/advisory.h"

/* A policy that was served.  A sender may have fetched it until the moment it went, which was
 * after last_seen and before gone_at, and may hold it for max_age from then on. */
struct served {
    const char *id; /* NULL: not known */
    enum sts_mode mode;
    int64_t max_age;
    const char *const *mx;
    size_t mx_count;
    int64_t first_seen, last_seen;
    int64_t gone_at; /* the first look that saw another, or none, in its place; 0: no such look */
};

/* One report on the domain: sessions under MTA-STS or DANE, the larger of the two. */
struct reported {
    const char *submitter;
    int64_t begins, ends, received_at;
    int64_t successful, failed;
    size_t more; /* so many reports of the same sender and day are counted in it */
};

/* What is known from the past.  All of it may be empty. */
struct history {
    bool unread;                   /* it is not known: the store fails */
    const struct served *policies; /* by the time they were first seen; the live one among them */
    size_t policy_count;
    int64_t max_age_told; /* seconds: the largest max_age of earlier days, as the person says; 0 */
    size_t check_count;
    int64_t first_check, last_check; /* 0: none */
    int64_t last_bad;    /* last check in which mail was refused or would have been; 0: none */
    int64_t clean_since; /* first clean check after it; 0: none, or the last was not clean */
    const struct reported *reports; /* by the begin of their ranges */
    size_t report_count;
};

struct change {
    int64_t file_at;     /* when the policy file changes */
    int64_t record_at;   /* when the TXT record changes: not before the file */
    int64_t record_ttl;  /* of the old TXT answer; that of "does not exist" where there was none */
    int64_t old_max_age; /* of the policy before; 0: there was none */
    int64_t held_until;  /* when copies of still older policies expire; 0: none */
};

int64_t forecast(const struct change *change, enum behaviour behaviour);
/* All three, into the advisory. */
void forecast_all(struct advisory *a, const struct change *change);

/* The time by which the last copy of it has expired, as far as is known now. */
int64_t copies_expire(const struct served *served, int64_t now);
/* The time by which every copy of the policies of the past has expired that `matters` (NULL: all),
 * where `live` (NULL: none) is served until `now`. */
typedef bool (*served_matters)(void *arg, const struct served *served);
int64_t held_until(const struct history *history, const struct live_policy *live, int64_t now,
                   served_matters matters, void *arg);

/* Seconds a resolver may keep the answer for _mta-sts, positive or negative; `otherwise` where it
 * is not known. */
int64_t record_ttl(const struct facts *facts, int64_t otherwise);
#define TTL_UNKNOWN 3600 /* what to assume where no TTL was seen: more than most zones have */

/* Is every MX the pattern list covers? */
bool patterns_cover(const char *const *patterns, size_t count, const char *host);

#endif
