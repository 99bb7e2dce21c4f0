/* SPDX-License-Identifier: MIT */
/* limits.h - how much of strangers' texts is kept. */
#ifndef HISTORY_LIMITS_H
#define HISTORY_LIMITS_H

#define LIMIT_CHANGE_VALUE                                                                         \
    2000                     /* bytes of a value in a change: longer than any DNS name or URL      \
                              */
#define LIMIT_CHANGE_DEPTH 2 /* values of a change are texts in one object */

#endif
