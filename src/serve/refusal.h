/* SPDX-License-Identifier: MIT */
/* refusal.h - what is said to a request that no route answers; private to serve/. */
#ifndef SERVE_REFUSAL_H
#define SERVE_REFUSAL_H

struct exchange;

void refusal_answer(struct exchange *exchange, unsigned status);

#endif
