/* SPDX-License-Identifier: MIT */
/* notify_outcome.h - how an order to the command of --notify ends. */
#ifndef APP_NOTIFY_OUTCOME_H
#define APP_NOTIFY_OUTCOME_H

enum notify_outcome {
    NOTIFY_DELIVERED,
    NOTIFY_EXITED,      /* with status `number`, which is not 0 */
    NOTIFY_KILLED,      /* by signal `number` */
    NOTIFY_TIMED_OUT,   /* it was killed */
    NOTIFY_INTERRUPTED, /* by notify_interrupt() */
    NOTIFY_NOT_BEGUN,   /* `number` is the system's error */
    NOTIFY_NO_PROCESS,  /* that of notify_prepare() has ended */
    NOTIFY_OUTCOMES
};

#endif
