/* SPDX-License-Identifier: MIT */
/* names_look.h - a look at the DNS of a domain that a visitor typed, for a page that needs its MX
 * hosts; private to serve/. */
#ifndef SERVE_NAMES_LOOK_H
#define SERVE_NAMES_LOOK_H

#include "app/live_mx.h"

struct exchange;

/* live: until it returns; NULL: nothing was looked up, and `why`, a translated sentence, says why.
 */
typedef void (*names_look_fn)(void *arg, const struct live_mx *live, const char *why);
/* Calls `found` once, now or later; not where the exchange ends before. */
void names_look(struct exchange *exchange, const char *text, names_look_fn found, void *arg);

#endif
