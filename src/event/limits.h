/* SPDX-License-Identifier: MIT */
/* limits.h - how long one turn, one callback and one domain may keep a loop busy. */
#ifndef EVENT_LIMITS_H
#define EVENT_LIMITS_H

#define LIMIT_TURN_MS       100 /* of the loop; what a turn takes beyond is no time of the peers' */
#define LIMIT_DOMAIN_CPU_MS 5000  /* of the processor, for all handshakes; most take 5 */
#define LIMIT_HOLD_MS       10000 /* of the processor, for one callback; the longest take 50 */
#define LIMIT_HOLD_END_MS   30000 /* and then the process ends */

#endif
