/* SPDX-License-Identifier: MIT */
/* log.h - an answer is complete: it is counted, and has its line in the access log; private to
 * serve/. */
#ifndef SERVE_LOG_H
#define SERVE_LOG_H

struct exchange;
struct meter;

void log_request(const struct exchange *exchange, struct meter *meter);

#endif
