/* SPDX-License-Identifier: MIT */
/* policy_shelf.h - policies, and lists of MX hosts, each once: most domains have those of their
 * provider, word for word. */
#ifndef POLICYD_POLICY_SHELF_H
#define POLICYD_POLICY_SHELF_H

#include "base/pieces.h"
#include "base/table.h"
#include "verdict/view.h"

struct policy_shelf {
    struct pieces *pieces;
    struct table table;
    size_t bytes; /* of all that is on it */
};

struct shelved_policy {
    unsigned users;
    size_t size;
    struct live_policy policy; /* without an id, which is the domain's own */
};

/* The shelf stays where it is, and is freed with the pieces. */
void policy_shelf_begin(struct policy_shelf *shelf, struct pieces *pieces);
/* What says the same, a copy if there is none; to be given back.  NULL: no memory. */
struct shelved_policy *policy_shelf_take(struct policy_shelf *shelf,
                                         const struct live_policy *policy);
/* shelved: may be NULL. */
void policy_shelf_give(struct policy_shelf *shelf, struct shelved_policy *shelved);

#endif
