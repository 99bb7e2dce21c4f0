/* SPDX-License-Identifier: MIT */
/* limits.h - ceilings and time-outs of the queue, each with its reason. */
#ifndef QUEUE_LIMITS_H
#define QUEUE_LIMITS_H

#define SERVERS_MAX     16    /* addresses of a cluster; it tells the others itself */
#define CREDENTIALS_MAX 16384 /* bytes of a file with a login: a JWT and a seed are 2,000 */
#define IN_WORK_MAX     20000 /* shards in work over all workers: 100 machines, some each */
#define CONNECT_MS      5000  /* a broker is near */
#define ANSWER_MS       5000  /* a stream of three replicas may elect a leader meanwhile */
#define RECONNECT_MS    500   /* shards that are done wait for it */
#define PING_MS         10000 /* a broker that hangs is noticed within two of these */

#endif
