/* SPDX-License-Identifier: MIT */
/* prover.h - looks in the DNS whether a group that claims a domain can prove it.
 *
 * The proof is a TXT record of _mtasts-challenge.DOMAIN, of which there may be several.  Claims are
 * looked at by themselves, soon at first, then ever less often (limits.h), until they are proven.
 * What was proven is not looked at again, until another group proves the same domain: then it goes
 * to that one, unless the record of the first is still there too, or an administrator gave it. */
#ifndef ACCOUNTS_PROVER_H
#define ACCOUNTS_PROVER_H

#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

struct accounts;
struct net_options;
struct prover;

#define PROOF_LABEL "_mtasts-challenge."

enum proof_found {
    PROOF_RIGHT,
    PROOF_ABSENT,  /* there is no record */
    PROOF_OTHER,   /* none of the records is ours */
    PROOF_NO_WORD, /* the DNS did not answer */
    PROOF_OWNED,   /* it is right, and the domain another group's all the same */
    PROOF_NO_CLAIM,
    PROOF_FAILED /* the store did */
};
/* As the store has it. */
const char *proof_found_name(enum proof_found found);
/* PROOF_NO_CLAIM: no name of them. */
enum proof_found proof_found_named(const char *name);

/* In the loop; on an error *ret_why, owned by ctx, is one line.  It looks at once and then by
 * itself. */
STS_MUST_USE enum sts_status prover_new(TALLOC_CTX *ctx, struct accounts *accounts,
                                        const struct net_options *net, struct prover **ret,
                                        char **ret_why);
/* There are new claims. */
void prover_wake(struct prover *prover);

struct prover_look;
struct prover_question {
    const char *domain;
    int64_t group;
    void (*done)(void *arg, enum proof_found found);
    void *arg;
};
/* Looks at one claim now; freeing cancels, though what was found is stored. */
STS_MUST_USE enum sts_status prover_look_start(TALLOC_CTX *ctx, struct prover *prover,
                                               const struct prover_question *question,
                                               struct prover_look **ret);

#endif
