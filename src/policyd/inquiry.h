/* SPDX-License-Identifier: MIT */
/* inquiry.h - what people ask of the running daemon: what it knows of a domain and why, that it
 * look one up, that it forget one. */
#ifndef POLICYD_INQUIRY_H
#define POLICYD_INQUIRY_H

#include "event/loop.h"
#include "policyd/server.h"

struct inquiry;

struct inquiry_request {
    const char *domain; /* copied */
    bool is_use;        /* as if mail went there: whoever explains a domain does not use it */
    loop_fn done;
    void *arg;
};
/* `done` is called when all that is due of the domain was looked up, at the latest after
 * LIMIT_INQUIRY_MS; what is cached is not looked up again. */
STS_MUST_USE enum sts_status inquiry_start(TALLOC_CTX *ctx, struct policyd *policyd,
                                           const struct inquiry_request *request,
                                           struct inquiry **ret);

struct inquiry_account {
    const char *domain;
    const char *source; /* "daemon", or "lookup" of one that was asked for this alone */
    bool brief;         /* without the replies; "" where the domain is not cached */
};
/* What is known of the domain now, as one line of JSON (mtasts.policyd/1), owned by ctx.  NULL: no
 * memory. */
char *inquiry_account(TALLOC_CTX *ctx, struct policyd *policyd, const struct inquiry_account *wish);

/* All domains that are cached, the one used last first; one array, owned by ctx.  NULL: no memory.
 */
const char **inquiry_domains(TALLOC_CTX *ctx, const struct policyd *policyd, size_t *ret_count);
/* Forgets it.  What is being looked up stays. */
enum policy_forgotten inquiry_purge(struct policyd *policyd, const char *domain);

#endif
