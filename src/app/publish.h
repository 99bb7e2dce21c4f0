/* SPDX-License-Identifier: MIT */
/* publish.h - what to publish for a domain that was checked, and which of its MX hosts would lose
 * mail by it. */
#ifndef APP_PUBLISH_H
#define APP_PUBLISH_H

#include "rollout/publication.h"

/* All is borrowed. */
struct publish_request {
    const struct diagnosis *diagnosis; /* of a whole check */
    enum sts_mode mode;
    int64_t max_age;        /* 0: as publication.h */
    const char *const *rua; /* as a person wrote them; none: as publication.h */
    size_t rua_count;
    bool anyway; /* with MX hosts that are in doubt, too */
};

/* An MX host that a sender that enforces would not deliver to, or that could not be judged. */
struct publish_doubt {
    const char *host;
    bool unknown;
    const char *title; /* msgid: the worst that was found; NULL: nothing in particular */
};

struct publishing {
    struct advisory *advisory;
    bool usable; /* its files and steps are there */
    bool asks;   /* they are not, since `doubts` lose mail in mode enforce */
    struct publish_doubt *doubts;
    size_t doubt_count;
    const char *wrong_rua; /* is none; then there is nothing else */
};

/* Owned by ctx.  STS_E_NOMEM. */
STS_MUST_USE enum sts_status publish(TALLOC_CTX *ctx, const struct publish_request *request,
                                     struct publishing *ret);

#endif
