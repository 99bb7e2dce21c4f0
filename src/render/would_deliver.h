/* SPDX-License-Identifier: MIT */
/* would_deliver.h - what becomes of a mail, for people and for programs.  NULL: no memory. */
#ifndef RENDER_WOULD_DELIVER_H
#define RENDER_WOULD_DELIVER_H

#include "policyd/would_deliver.h"
#include "render/textout.h"

char *text_would_deliver(TALLOC_CTX *ctx, const char *domain, const struct would_deliver *would,
                         const struct textout_options *options);
/* mtasts.would-deliver/1 */
char *json_would_deliver(TALLOC_CTX *ctx, const char *domain, const struct would_deliver *would);

#endif
