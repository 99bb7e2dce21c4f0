/* SPDX-License-Identifier: MIT */
/* limits.h - what alerts are bounded by. */
#ifndef ALERTS_LIMITS_H
#define ALERTS_LIMITS_H

#include <stdint.h>

/* Seconds, unless it says otherwise. */
#define LIMIT_ALERT_LOOK                                                                           \
    ((int64_t)60 * 86400) /* reports of that long ago say who sends them usually */
#define LIMIT_FAILURE_LASTS   ((int64_t)8 * 86400) /* without another report a failure is over */
#define LIMIT_USUAL_REPORTS   5                    /* who sent as many is missed */
#define LIMIT_JOIN_FACTOR     10 /* further domains of an alert are told so much less often */
#define LIMIT_COVER_FACTOR    60 /* delays between messages on what new domains bring along */
#define LIMIT_ALERT_KEPT      ((int64_t)365 * 86400) /* history of alerts */
#define LIMIT_POLL_MS         1000    /* between looks at the log, by its newest number */
#define LIMIT_UPKEEP_MS       10000   /* between looks for digests and reminders that are due */
#define LIMIT_SWEEP_MS        3600000 /* between looks at all domains, for what time alone changes */
#define LIMIT_RETRY_MS        60000   /* after the store failed */
#define LIMIT_BATCH           100     /* domains, or messages, at a time */
#define LIMIT_WEBHOOKS        16      /* called at a time, each by a thread */
#define LIMIT_LANES           8       /* of sendmail(1) and of the command: used at a time */
#define LIMIT_SLOW_MS         5000    /* what takes longer gives up its place among those, ... */
#define LIMIT_WEBHOOKS_ALL    32      /* ... up to so many in all (of lanes, NOTIFY_LANES) */
#define LIMIT_SHARE           4       /* a group has so large a part of what is sent at a time */
#define LIMIT_LANES_SHARE     1       /* of those lanes: whose runs hang keeps one busy */
#define LIMIT_DOUBTFUL        2  /* what may hang has so large a part of what is sent at a time */
#define LIMIT_LEASE_WEBHOOK   30 /* longer than a call may take (LIMIT_WEB_MS) */
#define LIMIT_LEASE_PROGRAM   90 /* longer than sendmail(1) and the command may take */
#define LIMIT_DRAIN_MS        12000 /* at the end what is on its way is waited for; as a call */
#define LIMIT_MESSAGE_DOMAINS 100   /* named in one message; the others are counted */
#define LIMIT_DIGEST_DOMAINS  5     /* of each alert in a digest */
#define LIMIT_DIGEST_ALERTS   200   /* listed in a digest */
#define LIMIT_OUTBOX_S        60    /* the outbox is looked into so often at least */
#define LIMIT_COMMAND_MS      60000 /* for sendmail(1) and the command */
#define LIMIT_CAUSE           60    /* bytes */
#define LIMIT_WORST           10    /* failures of a kind that are looked at */
#define LIMIT_ASKED_AT        10 /* questions to the owner of an address in a day, of all groups, ... */
#define LIMIT_ASKED_AT_BY     4  /* ... and of one, so that none uses them up for the others */
#define LIMIT_ASKED_BY        50 /* mails that a group causes so in a day: questions, and tests */
#define LIMIT_CONFIRM_S       ((int64_t)3 * 86400) /* a link to confirm an address: over a weekend */
#define LIMIT_ASKER           200 /* entries of the log looked through for who asked */
#define LIMIT_CHANNELS        50  /* of a group */
#define LIMIT_RULES           50

#endif
