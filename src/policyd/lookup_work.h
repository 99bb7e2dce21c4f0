/* SPDX-License-Identifier: MIT */
/* lookup_work.h - what the parts of a look-up share; private to policyd/. */
#ifndef POLICYD_LOOKUP_WORK_H
#define POLICYD_LOOKUP_WORK_H

#include "facts/facts.h"
#include "net/dns.h"
#include "policyd/lookup.h"

struct policy_lookup {
    struct policy_lookup_request request;
    struct facts *facts; /* of this part alone: the rest was not asked */
    struct domain_view view;
    void (*next)(struct policy_lookup *lookup); /* when no question is open any more */
    size_t open;
    bool no_memory;
    struct loop_timer *turn; /* where there is nothing to wait for */
    /* the policy: */
    size_t tried;                  /* addresses of the policy host */
    const char *address, *reached; /* the one under way; the last one that was tried */
    bool late;                     /* the deadline was over before the next one */
    struct slot *slot;
    struct permit *permit;
    struct https_transfer *transfer;
};

/* Asks; *into, of lookup->facts, is set when the answer comes.  `next` is called when all have
 * come.
 */
void lookup_ask(struct policy_lookup *lookup, const char *name, enum dns_type type,
                struct dns_answer **into);
/* If nothing is open `next` is called at the next turn of the loop. */
void lookup_settle(struct policy_lookup *lookup);
void lookup_done(struct policy_lookup *lookup, const struct policy_found *found);

/* Begin the parts. */
void record_lookup(struct policy_lookup *lookup);
void policy_lookup(struct policy_lookup *lookup);
void dane_lookup(struct policy_lookup *lookup);

#endif
