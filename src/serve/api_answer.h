/* SPDX-License-Identifier: MIT */
/* api_answer.h - what answers of the API have in common; private to serve/. */
#ifndef SERVE_API_ANSWER_H
#define SERVE_API_ANSWER_H

#include <stdint.h>

#include "base/json_write.h"

struct exchange;

/* The group of the token: it is of one.  0: its user is in none any more. */
int64_t api_group(const struct exchange *exchange);

/* What was written is the whole answer. */
void api_answer(struct exchange *exchange, unsigned status, const struct json_writer *json);
/* 204. */
void api_answer_done(struct exchange *exchange);

#endif
