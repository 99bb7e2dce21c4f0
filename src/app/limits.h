/* SPDX-License-Identifier: MIT */
/* limits.h - how much strangers may ask a service for. */
#ifndef APP_LIMITS_H
#define APP_LIMITS_H

/* Checks of everybody.  One takes some seconds, a hundred connections at the most, and a megabyte;
 * the rate limiter of net/ holds back those that go to one address. */
#define LIMIT_CHECKS_IN_FLIGHT 20
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

#endif
