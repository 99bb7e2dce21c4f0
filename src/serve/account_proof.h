/* SPDX-License-Identifier: MIT */
/* account_proof.h - "check now": is the proof of a domain in the DNS? private to serve/. */
#ifndef SERVE_ACCOUNT_PROOF_H
#define SERVE_ACCOUNT_PROOF_H

#include <stdint.h>

struct exchange;

/* Looks at the claim that the form of that group's page names, then leads back there. */
void account_proof_look(struct exchange *exchange, int64_t group);

#endif
