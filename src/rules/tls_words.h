/* SPDX-License-Identifier: MIT */
/* tls_words.h - the faults of a TLS session (verdict/cert.h) as sentences and evidence. */
#ifndef RULES_TLS_WORDS_H
#define RULES_TLS_WORDS_H

#include "rules/rule.h"
#include "verdict/cert.h"

/* The evidence of a TLS fault, added to a finding. */
void tls_params(struct rules *r, struct finding *finding, const struct tls_session *tls);
/* The sentence for a fault, of any host. */
const char *tls_detail(enum tls_fault fault, const struct tls_session *tls);
/* The same for FAULT_SOON, by what is known of renewal. */
const char *tls_soon_detail(const struct rules *r, const struct tls_session *tls);
/* A short name, "expired": where faults are listed. */
const char *tls_fault_name(enum tls_fault fault);

#endif
