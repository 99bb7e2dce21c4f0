/* SPDX-License-Identifier: MIT */
/* condition_work.h - private to alerts/: one more condition in a list. */
#ifndef ALERTS_CONDITION_WORK_H
#define ALERTS_CONDITION_WORK_H

#include "alerts/condition.h"

/* The texts are copied.  NULL: no memory, which the list remembers. */
struct condition *condition_add(TALLOC_CTX *ctx, struct conditions *to, enum alert_kind kind,
                                const char *cause, const char *subject);

#endif
