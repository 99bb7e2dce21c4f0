/* SPDX-License-Identifier: MIT */
/* limits.h - how long and how much a peer of the web service may have, each with its reason. */
#ifndef SERVE_LIMITS_H
#define SERVE_LIMITS_H

/* Absolute deadlines in milliseconds: a byte now and then buys no time. */
#define LIMIT_TLS_MS    10000 /* a handshake over a satellite takes two seconds */
#define LIMIT_HEAD_MS   10000 /* from its first byte, of a new connection from its beginning */
#define LIMIT_BODY_MS   10000 /* and a millisecond for each byte that has come: 1 KB a second */
#define LIMIT_IDLE_MS   15000 /* between requests: browsers ask again within some seconds */
#define LIMIT_WRITE_MS  30000 /* without any progress */
#define LIMIT_ENDED_MS  60000 /* for the answer to somebody who sends no more: pages take 20 s */
#define LIMIT_LOOK_MS   250   /* between two looks whether they have gone: no event tells that */
#define LIMIT_LINGER_MS 2000  /* the rest of what we refused is read, so that it hears why */
#define LIMIT_STOP_MS   10000 /* requests end that had begun before SIGTERM */
#define LIMIT_LOG_MS    60000 /* between two lines of the log on the same trouble */
#define LIMIT_READY_MS  1000  /* /readyz tries the store anew: monitoring asks every few seconds */

/* Connections; those of trusted proxies and of this machine count in all only. */
#define LIMIT_CONNECTIONS 10000 /* in all, at most: 40 MB, and what the open files allow */
#define LIMIT_KEPT_FILES  256   /* open files that are not for connections: checks, the store */
#define LIMIT_PER_ADDRESS 128   /* of a /64: an office behind one address, six a browser */
#define LIMIT_PER_NETWORK 512   /* of a /24 or /48 */

/* Bytes. */
#define LIMIT_READ   16384       /* in one turn of one connection */
#define LIMIT_AHEAD  32768       /* of further requests, read while one is answered */
#define LIMIT_UNSENT (256 << 10) /* of answers; then no further request is taken */
/* Of all connections of an address together; beyond it, each of them is answered one request, and
 * the next when that answer is sent. */
#define LIMIT_UNSENT_ADDRESS (2 << 20)
#define LIMIT_STREAM         65536     /* of a stream of events: who is so far behind is dropped */
#define LIMIT_PIECES         (4 << 20) /* of another answer in pieces: a long page, at once */
#define LIMIT_LINGER         (1 << 20) /* of a refused body, read and thrown away */
#define LIMIT_SHORT          (32 << 10) /* of an upload in memory: most reports; a longer one is a file */
#define LIMIT_FORM           (64 << 10) /* a policy has at most 64 KB; anything else is shorter */
#define LIMIT_JSON           (1 << 20)  /* 20,000 domains */
#define LIMIT_UPLOAD         (INT64_C(64) << 20) /* a mailbox of some thousand reports */
#define LIMIT_LINT           (512 << 10)         /* two policies, every byte of which is escaped */

/* Work of a kind at a time, and so many that wait for it: beyond that somebody else is served. */
#define LIMIT_TEXT_WORKERS   2
#define LIMIT_TEXTS          64 /* of some milliseconds each: a second */
#define LIMIT_REPORT_WORKERS 2
#define LIMIT_REPORTS        8 /* of 20 seconds at most, with a process of 384 MB */

/* Checks by the API. */
#define LIMIT_CHECK_BODY   4096 /* bytes: a domain has 253 */
#define LIMIT_JSON_DEPTH   8
#define LIMIT_RETESTS      5   /* domains of an upload; a person may ask for ten checks a minute */
#define LIMIT_RETEST_ROWS  200 /* failures beside them */
#define LIMIT_RETEST_MS    60000 /* a check takes 30 seconds at most, and may wait */
#define LIMIT_NAMES_MS     10000 /* for MX hosts that a page shows beside a text */
#define LIMIT_CHECK_WAIT_S 20    /* proxies give up after 30 */
#define LIMIT_PULSE_MS     15000 /* of a stream of events in which nothing happens: likewise */

/* Checks of a group's own domains, one by one: several people who go through a list, and at most
 * one in six of the places of those that wait.  For all of them there is "Check again" of the list.
 */
#define LIMIT_GROUP_CHECKS_A_MINUTE 30
#define LIMIT_GROUP_CHECKS_AN_HOUR  300
#define LIMIT_GROUPS                10000 /* that are remembered, for an hour each */

/* Requests of the API, of a token or an address: ten a second for a minute, which is more than a
 * dashboard asks for, and far less than the service does. */
#define LIMIT_API_A_MINUTE 600
#define LIMIT_API_CLIENTS  100000 /* that are remembered */
/* Rows of a page of a list: what a client shows, and what is read in some milliseconds. */
#define LIMIT_API_PAGE 50
#define LIMIT_API_LIST 500
/* Of /intake: a look at whether reports come, picked out of the newest by their period, so that one
 * that came late is among them. */
#define LIMIT_ARRIVALS      10
#define LIMIT_ARRIVALS_READ 200
#define LIMIT_TOKEN_SCOPES  16
#define LIMIT_TOKEN_NAME    100 /* bytes, as the account page has it */
/* What programs say of alerts. */
#define LIMIT_ALERT_BODY   16384              /* bytes: a rule with its domains */
#define LIMIT_ALERT_LIST   1000               /* words of a rule */
#define LIMIT_ALERT_NUMBER 720                /* hours or days: the largest that a rule takes */
#define LIMIT_MUTE_HOURS   (INT64_C(90) * 24) /* whoever needs longer changes the rule */

/* POST /tlsrpt. */
#define LIMIT_POST (INT64_C(10) << 20) /* packed: the largest real ones have some 100 KB */
#define LIMIT_POSTS_A_MINUTE                                                                       \
    120 /* of one address; a large sender has many, and one domain a day                           \
         */
#define LIMIT_POSTS_AN_HOUR 3600
#define LIMIT_POST_READERS  2      /* each a process that parses, and a thread that waits for it */
#define LIMIT_POST_CLIENTS  100000 /* that are remembered */
#define LIMIT_POST_AGAIN_S  300    /* where the store is busy or full; senders try for a day */

/* /api/v1/batches. */
#define LIMIT_BATCH_BODY    (2 << 20) /* 20,000 domains, and quotation marks */
#define LIMIT_BATCH_REFUSED 1000      /* lines that are named; more are counted */
#define LIMIT_BATCH_NAME    200       /* bytes */
#define LIMIT_BATCH_RESULTS 200       /* of a page, of some 5 KB each */
#define LIMIT_BATCH_KEY     200       /* bytes of an Idempotency-Key */

/* Pages of the knowledge base that are kept as they were sent (page_cache.h): of some 300 pages in
 * two languages and three appearances those that are asked for. */
#define LIMIT_PAGE_CACHE ((size_t)8 << 20)

#endif
