/* SPDX-License-Identifier: MIT */
/* delegation.h - a policy host that is an alias at a hosting service. */
#ifndef RULES_DELEGATION_H
#define RULES_DELEGATION_H

#include "rules/rule.h"

/* Does every address of the policy host show that the service behind its CNAME does not know the
 * domain?  Then that is found, and explains whatever else is wrong with TLS and HTTP. */
bool policy_host_unprovisioned(struct rules *r);

#endif
