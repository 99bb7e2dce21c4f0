/* SPDX-License-Identifier: MIT */
/* limits.h - how much strangers may ask a service for. */
#ifndef APP_LIMITS_H
#define APP_LIMITS_H

/* Checks of everybody.  One takes some seconds, a hundred connections at the most, and a megabyte;
 * the rate limiter of net/ holds back those that go to one address. */
#define LIMIT_CHECKS_IN_FLIGHT 20
#define LIMIT_CHECKS_ASIDE     20    /* that nobody waits for: 20,000 domains in two hours */
#define LIMIT_CHECKS_WAITING   200   /* half a minute; whoever comes later is asked to come again */
#define LIMIT_CHECK_WISHERS    256   /* of a check; whoever comes later cannot cancel it */
#define LIMIT_CHECK_RETRY_S    30    /* then */
#define LIMIT_CHECKS_KEPT      100   /* results in memory, of some 100 KB */
#define LIMIT_CHECK_REUSED_MS  60000 /* so long a result is as good as a new check */

/* Checks of one client that are begun for it: a person tries some names one after the other. */
#define LIMIT_CHECKS_A_MINUTE 10
#define LIMIT_CHECKS_AN_HOUR  60
#define LIMIT_CHECK_CLIENTS   100000 /* that are remembered, for some minutes each */

/* Results that outlive the program, of some 100 KB each. */
#define LIMIT_LINK_DAYS    90
#define LIMIT_LINKS        5000
#define LIMIT_LINKS_PRUNED 100 /* so many are stored until the old ones are looked for */

/* Overviews, of some 100 KB each: for as many groups or people as ask at about the same time. */
#define LIMIT_CAUSE_CACHE 32

/* Names of sending addresses (reverse_names.h): a page shows some dozens. */
#define REVERSE_ENTRIES_MAX    2000 /* kept, of some 500 bytes */
#define REVERSE_PENDING_MAX    64   /* looked up at a time; what is more waits for another visit */
#define REVERSE_ASKED_MAX      100  /* of one page */
#define REVERSE_WAIT_MS        300  /* so long a page waits */
#define REVERSE_LOOKUP_MS      5000 /* each of two questions */
#define REVERSE_KEPT_MS        3600000 /* names seldom change */
#define REVERSE_FAILED_KEPT_MS 60000   /* what could not be looked up */

/* Domains of groups (domain_watch.h). */
#define LIMIT_WATCH_AHEAD     40    /* that are claimed and not begun: twice as many as run */
#define LIMIT_WATCH_CLAIM_S   300   /* a look takes half a minute at most, and others are ahead */
#define LIMIT_WATCH_PACE      1     /* domains in a second, at least, ... */
#define LIMIT_WATCH_CATCH_UP  4     /* ... and so many times as many as need to be */
#define LIMIT_WATCH_TURN_MS   2000  /* until the store is asked again what is due */
#define LIMIT_WATCH_REST_MS   15000 /* the same where it has failed */
#define LIMIT_WATCH_UPDATE_MS 30000 /* which domains belong to a group; who adds one says so */
#define LIMIT_WATCH_COUNT_MS  10000 /* numbers are so old at most */
#define LIMIT_WATCH_UNWRITTEN 100   /* looks of some 100 KB that wait for the store */
#define LIMIT_WATCH_DOUBTS    100   /* looks that saw nothing, until our own place was looked at */
#define LIMIT_WATCH_LATE_S    900   /* due for so long */

/* Lists of domains of groups (domain_batches.h). */
#define LIMIT_BATCH_DOMAINS     20000   /* of one list, ... */
#define LIMIT_BATCH_WAITING     50000   /* ... and of all of a group that wait */
#define LIMIT_BATCH_KEEP_DAYS   14      /* results, of some 5 KB each */
#define LIMIT_BATCH_IDLE_MS     30000   /* until the store is asked again where there was nothing */
#define LIMIT_BATCH_PRUNE_MS    3600000 /* between two looks for what is old */
#define LIMIT_BATCH_TRIES       3       /* then it counts that nothing was seen, ... */
#define LIMIT_BATCH_TRIES_BLIND 8       /* ... and so though it may be our own fault */
#define LIMIT_BATCH_AGAIN_S     10      /* doubled each time */

/* Our own place. */
#define LIMIT_PLACE_EVERY_MS     3600000 /* it takes some questions to hosts of others */
#define LIMIT_PLACE_RETRY_MS     5000    /* doubled each time, ... */
#define LIMIT_PLACE_RETRY_MAX_MS 600000  /* ... up to this */
#define LIMIT_PLACE_DOUBT_MS     10000   /* between two because looks at domains saw nothing */

/* Policies that cannot be had: the domain's fault or ours? */
#define LIMIT_POLICY_DOUBTS       4096    /* at a time, 500 bytes each; more are not the domains' */
#define LIMIT_POLICY_DOUBT_MAX_MS 3600000 /* nothing good was seen: it will fail again */
#define LIMIT_WALLED_DOUBTS       8       /* so many one after the other are hardly the domains' */
#define LIMIT_INTERCEPTED_HOSTS   3       /* two may have the same private authority by chance */

/* What is wrong with policies, told to the collector. */
#define LIMIT_POLICY_EVENT_MS 10000 /* for the TLSRPT record */
#define LIMIT_POLICY_EVENTS   20000 /* that are remembered, 400 bytes each */

/* Of a report that strangers deliver; both are far beyond what known senders send. */
#define LIMIT_RECEIVED_TEXT     (INT64_C(4) << 20) /* bytes */
#define LIMIT_RECEIVED_POLICIES 5000

#endif
