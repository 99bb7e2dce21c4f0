/* SPDX-License-Identifier: MIT */
/* words.h - a report of ours in words, in the language of its sender's choice. */
#ifndef SUBMIT_WORDS_H
#define SUBMIT_WORDS_H

#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "submit/outgoing.h"

/* Judged by the rules for the reports of others.  Owned by ctx.  STS_E_NOMEM. */
STS_MUST_USE enum sts_status words_of_report(TALLOC_CTX *ctx, const struct submit_sender *sender,
                                             const struct outgoing_report *report, int64_t now,
                                             char **ret);

#endif
