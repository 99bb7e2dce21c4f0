/* SPDX-License-Identifier: MIT */
/* question.h - a look's questions to the DNS, through the resolver; private to probe/. */
#ifndef PROBE_QUESTION_H
#define PROBE_QUESTION_H

#include <stdbool.h>

#include <mtasts/status.h>

#include "facts/facts.h"

struct probe;

/* Called when the answer is there, to start what follows from it. */
typedef enum sts_status (*question_fn)(struct probe *probe, void *arg);

/* name: copied.  answer: where the answer goes; one without outcome where the time is up first.
 * then: may be NULL. */
STS_MUST_USE enum sts_status question_ask(struct probe *probe, const char *name, enum dns_type type,
                                          struct dns_answer **answer, question_fn then, void *arg);
/* The same for a name that many domains share: asked once in a run. */
STS_MUST_USE enum sts_status question_ask_shared(struct probe *probe, const char *name,
                                                 enum dns_type type, struct dns_answer **answer,
                                                 question_fn then, void *arg);

struct question_addresses {
    const char *name;
    struct dns_answer **a, **aaaa;
    question_fn then_a, then_aaaa;
    void *arg;
    bool shared;
};
/* A and AAAA, as far as their family was asked for. */
STS_MUST_USE enum sts_status question_ask_addresses(struct probe *probe,
                                                    const struct question_addresses *request);

/* What stands in the facts where the time was up before an answer came; NULL: no memory. */
struct dns_answer *question_unanswered(struct probe *probe, const char *name, enum dns_type type);

#endif
