/* SPDX-License-Identifier: MIT */
/* dane_cover.h - does DANE protect every MX host of a domain?  Pure. */
#ifndef POLICYD_DANE_COVER_H
#define POLICYD_DANE_COVER_H

#include "facts/facts.h"
#include "policyd/policy_reply.h"

/* Signed from the MX records to TLSA records that a sender can use. */
bool dane_protects(const struct facts *facts, const struct mx_host *host);
enum dane_cover dane_cover_of(const struct facts *facts);

#endif
