/* SPDX-License-Identifier: MIT */
/* state.h - what is known of a domain, as attributes that can be compared, and what has changed.
 *
 * A state is made of one check: its facts and its diagnosis.  Merging the checks of the past, one
 * after the other, gives what is known: what a check could not see (no answer, no route) stays
 * as it was, so an unreachable resolver changes nothing.  Addresses that were seen before are
 * remembered, so that a host whose addresses rotate is not news each time.
 *
 * What differs is told as notes of an advisory; the codes of the notes are those of changes.h. */
#ifndef ROLLOUT_STATE_H
#define ROLLOUT_STATE_H

#include "rules/rules.h"

enum attribute_kind {
    ATTRIBUTE_RECORD,      /* an MTA-STS record is there */
    ATTRIBUTE_ID,          /* value: its id */
    ATTRIBUTE_MODE,        /* value */
    ATTRIBUTE_MAX_AGE,     /* value */
    ATTRIBUTE_PATTERN,     /* item: an mx line */
    ATTRIBUTE_MX,          /* item: a host */
    ATTRIBUTE_ADDRESS,     /* subject: host, item: address */
    ATTRIBUTE_CERTIFICATE, /* subject: host, item: address, value: fingerprint, number: its end */
    ATTRIBUTE_TLSRPT,      /* value: the record */
    ATTRIBUTE_POSTURE,     /* value, these three: the names of rules.h */
    ATTRIBUTE_DELIVERY,
    ATTRIBUTE_VERDICT,
    ATTRIBUTE_FINDING, /* subject: code, item: what it is about */
    ATTRIBUTE_KINDS
};

struct attribute {
    enum attribute_kind kind;
    const char *subject, *item, *value; /* never NULL; "" where the kind has none */
    int64_t number;
    enum severity severity;        /* FINDING */
    enum finding_topic topic;      /* FINDING */
    const struct finding *finding; /* FINDING: of the newest check; NULL: known from earlier ones */
    bool of_session;               /* FINDING: seen in a session with an address */
    bool past;                     /* ADDRESS: not there now, but was */
    bool unconfirmed; /* FINDING that tells of something unseen: news when it is so twice */
};

/* Nothing is known of these attributes: of one kind, and of one subject or item where not NULL; of
 * findings, of one topic, of sessions only or all. */
struct unknown {
    enum attribute_kind kind;
    const char *subject, *item;
    enum finding_topic topic;
    bool sessions;
};

struct state {
    int64_t at; /* of the newest check; 0: there was none */
    struct attribute *attributes;
    size_t attribute_count;
    struct unknown *unknowns;
    size_t unknown_count;
    const char **rotating; /* hosts with addresses that came back */
    size_t rotating_count;
    bool id_owed; /* the policy has changed and a new id has not followed yet */
    bool no_memory;
    struct attribute spare; /* written to and never read, where memory ran out */
};

/* The state that one check shows.  The diagnosis is borrowed and must outlive it.  NULL: no memory.
 */
struct state *state_of(TALLOC_CTX *ctx, const struct diagnosis *diagnosis);
/* Nothing known yet. */
struct state *state_new(TALLOC_CTX *ctx);

/* The attribute of that kind, subject and item (NULL: any) that is there now; NULL. */
const struct attribute *state_find(const struct state *state, enum attribute_kind kind,
                                   const char *subject, const char *item);
/* There is one of this kind at the most: another value takes its place. */
bool state_is_single(enum attribute_kind kind);
/* Have addresses of the host come back that had gone? */
bool state_rotates(const struct state *state, const char *host);
/* Could it be seen? */
bool state_is_open(const struct state *state, const struct attribute *attribute);

/* What is known when `seen` is the newest check: `seen` itself, completed with what it could not
 * see.  `known` is left as it is and nothing of it is borrowed; what `seen` borrows stays borrowed.
 */
struct state *state_merge(TALLOC_CTX *ctx, const struct state *known, const struct state *seen);

#endif
