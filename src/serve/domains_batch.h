/* SPDX-License-Identifier: MIT */
/* domains_batch.h - a change of many domains on its way; private to serve/. */
#ifndef SERVE_DOMAINS_BATCH_H
#define SERVE_DOMAINS_BATCH_H

#include "accounts/domain_batch.h"

struct exchange;

/* By whoever asks; it hangs on nothing.  NULL: no memory. */
struct domain_batch *domains_batch_new(const struct exchange *exchange,
                                       enum domain_batch_action action);
/* In the visitor's language; the batch is the exchange's then. */
typedef void (*domains_batch_fn)(struct exchange *exchange, struct domain_batch *batch);
/* Takes the batch; a failure of the store is answered here. */
void domains_batch_start(struct exchange *exchange, struct domain_batch *batch,
                         domains_batch_fn done);

#endif
