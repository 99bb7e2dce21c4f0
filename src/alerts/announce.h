/* SPDX-License-Identifier: MIT */
/* announce.h - messages of an alert, written for each channel that a rule names; inside a batch. */
#ifndef ALERTS_ANNOUNCE_H
#define ALERTS_ANNOUNCE_H

#include "alerts/matching.h"

#define CONFIRM_EVENT "confirm" /* of a message that asks the owner of an address: confirm.h */

struct announcer {
    int64_t group;
    const struct matching_rules *rules;
    int64_t now, delay;
    /* set by announcer_open() */
    TALLOC_CTX *ctx;
    struct store *store;
    int64_t *channels; /* that are told at once: confirmed, not paused */
    size_t channel_count;
    bool added; /* there is a message */
};

STS_MUST_USE enum sts_status announcer_open(struct announcer *announcer, TALLOC_CTX *ctx,
                                            struct store *store);
/* An alert has begun, or taken in one more domain (NULL: it has none). */
STS_MUST_USE enum sts_status announce_begin(struct announcer *announcer, int64_t alert,
                                            const struct condition *condition,
                                            const struct matching_domain *domain);
/* As announce_begin() for what a domain brings along that joins the group: all such alerts are one
 * message, whatever their causes. */
STS_MUST_USE enum sts_status announce_brought(struct announcer *announcer, int64_t alert,
                                              const struct condition *condition,
                                              const struct matching_domain *domain);
/* It goes on: to channels that have not heard of it. */
STS_MUST_USE enum sts_status announce_further(struct announcer *announcer, int64_t alert,
                                              const struct condition *condition,
                                              const struct matching_domain *domain);
/* It is over: to those that have. */
STS_MUST_USE enum sts_status announce_end(struct announcer *announcer, int64_t alert,
                                          const struct condition *condition);

/* The id of a message, which nobody else has; owned by ctx, NULL: no memory. */
char *announce_new_id(TALLOC_CTX *ctx);

#endif
