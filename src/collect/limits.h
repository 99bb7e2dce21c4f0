/* SPDX-License-Identifier: MIT */
/* limits.h - every ceiling of the collector, each with its reason. */
#ifndef COLLECT_LIMITS_H
#define COLLECT_LIMITS_H

/* ---- an event (the datagrams of libtlsrpt) --------------------------------------------------- */
#define LIMIT_DATAGRAM       (256 << 10) /* a policy of 64 KiB, twice, escaped; Linux sends 208 KiB */
#define LIMIT_EVENT_DEPTH    8           /* of its JSON; four are used */
#define LIMIT_EVENT_POLICIES 16          /* libtlsrpt sends one, or one for each kind */
#define LIMIT_EVENT_LINES    4000        /* of a policy of 64 KiB the shortest */
#define LIMIT_EVENT_DETAILS  64          /* of one session */
#define LIMIT_EVENT_RECORD   8192        /* bytes of a TLSRPT record: some hundred addresses */
#define LIMIT_EVENT_POLICY   (64 << 10) /* bytes of its lines: STS_POLICY_MAX */
#define LIMIT_EVENT_NAME     255        /* bytes of a host name or what stands for one */
#define LIMIT_EVENT_REASON   200        /* bytes: one line of a report */
#define LIMIT_EVENT_INFO     500        /* bytes: a URI */

/* ---- reading --------------------------------------------------------------------------------- */
#define LIMIT_BATCH         64  /* datagrams at once: one call for what waits */
#define LIMIT_TURN          64  /* batches, before timers have their turn */
#define LIMIT_QUEUE_DEFAULT 10  /* net.unix.max_dgram_qlen of the kernel: too few for a burst */
#define LIMIT_QUEUE_GOOD    512 /* what systemd makes of it */

/* ---- lines (line_server.h) ------------------------------------------------------------------- */
#define LIMIT_LINE_READ        4096 /* bytes at once: some lines */
#define LIMIT_LINE_CONNECTIONS 200  /* a delivery each, or a mail server that keeps one open */
#define LIMIT_LINE_LOOKUPS     500  /* records that are looked up at a time */
#define LIMIT_LINE_REST_MS     100  /* where there is no descriptor left */
#define LIMIT_LINE_DRAIN       64   /* reads of a connection at the end: what Linux holds of one */
#define LIMIT_LINE_DRAINS      4    /* turns of connections that wait at the end */
#define LIMIT_LINE_END_MS      5000 /* for records at the end, before LIMIT_END_MS begins */

/* ---- what is counted in memory until it is stored -------------------------------------------- */
#define LIMIT_COUNTED_POLICIES 100000     /* of one flush: more domains than get mail in seconds */
#define LIMIT_COUNTED_BYTES    (48 << 20) /* of one flush, also while the store is away */
#define LIMIT_REPEATS_BYTES    (16 << 20) /* of these, what recognises a datagram that comes again */
#define LIMIT_REPEAT           4096       /* bytes of one that is recognised */
#define LIMIT_WAITING          4 /* flushes that wait for a store that is away: a day each */

#define LIMIT_KEEP_DAYS 60 /* what was reported is asked about for some weeks */

/* ---- audit ----------------------------------------------------------------------------------- */
#define LIMIT_AUDIT_LINE    4096   /* bytes: what counts is at the beginning */
#define LIMIT_AUDIT_DAYS    400    /* of a log; counters are kept for 60 */
#define LIMIT_AUDIT_DOMAINS 200000 /* and days, 150 bytes each */
#define LIMIT_AUDIT_DUE     3600   /* s after a day: send-reports runs every few minutes */

/* ---- sessions out of a log (log_sessions.h) -------------------------------------------------- */
#define LIMIT_LOG_PROCESSES 5000   /* smtp(8) at work at a time, of all hosts in the log */
#define LIMIT_LOG_IDLE_S    600    /* then a process that says nothing is forgotten */
#define LIMIT_LOG_FAILED    16     /* MX hosts that fail before one takes the message */
#define LIMIT_LOG_SETTLE_S  10     /* lines may be written so late, out of their order */
#define LIMIT_LOG_ID        40     /* bytes of a queue id; long ones have 16 */
#define LIMIT_LOG_DOMAINS   100000 /* of a log, each with its record and policy */
#define LIMIT_LOG_UNHEARD   30     /* records in vain, 10 s each, before any: no resolver */

/* ---- time, milliseconds ---------------------------------------------------------------------- */
#define LIMIT_FLUSH_MS     5000 /* what a kill may lose at most, and the flush under way */
#define LIMIT_RETRY_MS     5000 /* after a flush that failed; doubled each time, up to: */
#define LIMIT_RETRY_MAX_MS 60000
#define LIMIT_END_MS       20000 /* for the last flush, before the service manager kills us */

#endif
