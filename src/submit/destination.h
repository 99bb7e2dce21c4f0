/* SPDX-License-Identifier: MIT */
/* destination.h - where a TLSRPT record wants reports to go.  Pure. */
#ifndef SUBMIT_DESTINATION_H
#define SUBMIT_DESTINATION_H

#include <stddef.h>

#include <talloc.h>

#include <mtasts/status.h>

enum destination_kind {
    DESTINATION_MAIL,
    DESTINATION_POST,
    DESTINATION_UNUSABLE, /* an address that cannot be written into a message, or no host name */
};

struct destination {
    enum destination_kind kind;
    const char *uri;     /* as published */
    const char *address; /* of MAIL */
    const char *url;     /* of POST */
    const char *host;    /* lower case; "" of UNUSABLE */
};

/* Of one URI.  The texts are owned by ctx; uri is borrowed.  STS_E_NOMEM. */
STS_MUST_USE enum sts_status destination_read(TALLOC_CTX *ctx, const char *uri,
                                              struct destination *ret);
/* All of a record, each once (two spellings of one address are one), the first LIMIT_DESTINATIONS;
 * none where the record is not usable.  Owned by ctx.  STS_E_NOMEM. */
STS_MUST_USE enum sts_status destinations_of(TALLOC_CTX *ctx, const char *record,
                                             struct destination **ret, size_t *ret_count);

#endif
