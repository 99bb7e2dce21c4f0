/* SPDX-License-Identifier: MIT */
/* policyd_faults.h - what fails is told, of a domain only where it is the domain's fault. */
#ifndef CMD_POLICYD_FAULTS_H
#define CMD_POLICYD_FAULTS_H

#include "cmd/options.h"
#include "net/net.h"
#include "policyd/server.h"

struct policyd_events;
struct policyd_faults;

/* events: NULL, where nobody is told. */
STS_MUST_USE enum sts_status policyd_faults_new(TALLOC_CTX *ctx, const struct options *options,
                                                struct net *net, struct policyd_events *events,
                                                struct policyd_faults **ret);
/* It is the one that counts; before anything can fail. */
void policyd_faults_begin(struct policyd_faults *faults, struct policyd *policyd);
/* As policyd_request has them. */
void policyd_faults_failed(struct policyd_faults *faults, const char *domain,
                           const struct policy_found *found);
void policyd_faults_fetched(struct policyd_faults *faults, int64_t begun_ms);
void policyd_faults_weaker(struct policyd_faults *faults, const char *domain,
                           enum downgrade downgrade, int64_t expires);

#endif
