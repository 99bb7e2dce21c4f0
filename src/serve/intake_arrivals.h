/* SPDX-License-Identifier: MIT */
/* intake_arrivals.h - what /intake shows to those who are no administrators; private to serve/. */
#ifndef SERVE_INTAKE_ARRIVALS_H
#define SERVE_INTAKE_ARRIVALS_H

struct exchange;

/* What follows "https:" in a rua; NULL: senders would deliver nothing there. */
const char *intake_rua(struct exchange *exchange);
/* The last reports on domains that they see. */
void intake_arrivals_answer(struct exchange *exchange);

#endif
