/* SPDX-License-Identifier: MIT */
/* control_client.h - asks the running daemon by its control socket (control.h), one thing after the
 * other. */
#ifndef POLICYD_CONTROL_CLIENT_H
#define POLICYD_CONTROL_CLIENT_H

#include "base/bytes.h"
#include "event/loop.h"

struct control_client;

/* STS_E_IO: nobody listens at the path, or we may not ask; errno tells. */
STS_MUST_USE enum sts_status control_client_new(TALLOC_CTX *ctx, struct loop *loop,
                                                const char *path, struct control_client **ret);

/* answer: borrowed until it returns; data is NULL where the connection broke or LIMIT_CONTROL_MS
 * were over: it is of no use any more. */
typedef void (*control_answer_fn)(void *arg, struct bytes answer);
/* What was asked before must have been answered.  Where it cannot be asked, `answer` says so. */
void control_client_ask(struct control_client *client, const char *request,
                        control_answer_fn answer, void *arg);

#endif
