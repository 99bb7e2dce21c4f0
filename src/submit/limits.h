/* SPDX-License-Identifier: MIT */
/* limits.h - what the reports that we send are bounded by. */
#ifndef SUBMIT_LIMITS_H
#define SUBMIT_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#define LIMIT_PACKED       ((size_t)10 << 20) /* bytes of a packed report: mail servers take 10 MB */
#define LIMIT_DESTINATIONS 16                 /* URIs of a record; the RFC's examples have two */
#define LIMIT_KEYS         4 /* signatures of a mail: RSA, Ed25519, and their successors */

/* Seconds, unless it says otherwise. */
#define LIMIT_SPREAD      14400 /* RFC 8460 section 4.1: so that not all send at midnight */
#define LIMIT_RETRY_FIRST 300
#define LIMIT_RETRY_MOST  14400
#define LIMIT_RETRY_ALL   86400                 /* RFC 8460 section 5.4, from the first attempt */
#define LIMIT_FAILS_FOR   ((int64_t)14 * 86400) /* then a destination is not asked any more ... */
#define LIMIT_ASKED_AGAIN ((int64_t)7 * 86400)  /* ... but once in that time */
#define LIMIT_DAYS_BACK   3                     /* days that are reported late, after an outage */
#define LIMIT_KEPT        ((int64_t)60 * 86400) /* what was sent is shown so long */
#define LIMIT_LEASE       900                   /* longer than a turn may take */

#define LIMIT_TURN     64    /* messages and requests under way at a time */
#define LIMIT_PER_HOST 4     /* of these, at one host */
#define LIMIT_MAILS    8     /* sendmail(1) at a time: each has the whole report in memory */
#define LIMIT_POSTS    16    /* requests at a time, each a thread */
#define LIMIT_MAIL_MS  60000 /* for sendmail(1) */
#define LIMIT_PAGE     200   /* domains of a day read at a time */

#endif
