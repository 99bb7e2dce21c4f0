/* SPDX-License-Identifier: MIT */
/* tlsrpt_lookup.h - the TLSRPT record of a domain: who is to be told how its sessions went. */
#ifndef APP_TLSRPT_LOOKUP_H
#define APP_TLSRPT_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

struct dns;
struct tlsrpt_lookup;

struct tlsrpt_lookup_request {
    struct dns *dns;
    const char *domain; /* A-labels; copied */
    int64_t deadline;
    /* record: its text, as published; NULL: there is none that counts, or it is not known.
     * `known` is false where the DNS has not answered. */
    void (*done)(void *arg, const char *record, bool known);
    void *arg;
};

STS_MUST_USE enum sts_status tlsrpt_lookup_start(TALLOC_CTX *ctx,
                                                 const struct tlsrpt_lookup_request *request,
                                                 struct tlsrpt_lookup **ret);

#endif
