/* SPDX-License-Identifier: MIT */
/* overrides.h - what the administrator says of single domains, whatever they publish: pure.
 *
 * A line each: DOMAIN ACTION "REASON" EXPIRES.  Blank lines and those that begin with # are passed
 * over.  DOMAIN may also be a [host] that mail is relayed to.  EXPIRES is the last day (2026-12-31)
 * or never.  A file in which anything is wrong is refused as a whole: an override that was
 * misspelt would go unnoticed. */
#ifndef POLICYD_OVERRIDES_H
#define POLICYD_OVERRIDES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "base/bytes.h"
#include "policyd/policy_key.h"
#include "policyd/policy_reply.h"

enum override_action {
    OVERRIDE_NONE,      /* not found: the level of the mail server's own configuration applies */
    OVERRIDE_MAY,       /* opportunistic TLS */
    OVERRIDE_ENCRYPT,   /* TLS with any certificate */
    OVERRIDE_DANE,      /* as the TLSA records say, where there are some */
    OVERRIDE_DANE_ONLY, /* no delivery without */
    OVERRIDE_SECURE,    /* secure=NAME:.DOMAIN: a certificate for one of these */
    OVERRIDE_NO_DANE,   /* as published, but for DANE */
    OVERRIDE_ACTIONS
};
const char *override_action_name(enum override_action action);

struct override {
    const char *domain; /* in its final form; "[host]" */
    enum override_action action;
    const char *reason;
    int64_t expires;     /* then it does not count any more; 0: never */
    size_t line;         /* in the file */
    const char *payload; /* of the reply; NULL: NO_DANE has none of its own */
};

struct overrides {
    struct override *list; /* by domain */
    size_t count;
};

enum override_fault {
    OVERRIDE_OK,
    OVERRIDE_NO_MEMORY,
    OVERRIDE_BAD_DOMAIN,
    OVERRIDE_BAD_ACTION,
    OVERRIDE_BAD_NAMES,
    OVERRIDE_BAD_REASON,
    OVERRIDE_BAD_EXPIRY,
    OVERRIDE_MORE,  /* behind it */
    OVERRIDE_TWICE, /* the domain has one already */
    OVERRIDE_TOO_MANY
};
/* *ret_line: where the fault is; *ret is set only if there is none. */
enum override_fault overrides_read(TALLOC_CTX *ctx, struct bytes text, struct overrides **ret,
                                   size_t *ret_line);

/* What counts for a key that a mail server asked for; domain: as policy_key_read() wrote it.  NULL:
 * nothing, as with overrides NULL. */
const struct override *overrides_find(const struct overrides *overrides, struct bytes key,
                                      enum policy_key_kind kind, const char *domain, int64_t now);
/* Do mail servers still apply what the domain publishes: its policy, its TLSA records?  override
 * may be NULL. */
bool override_heeds_policy(const struct override *override);
bool override_heeds_dane(const struct override *override);
bool override_is_expired(const struct override *override, int64_t now);
/* Would what is known lead to the same, or to something stronger where it demands something? */
bool override_is_unneeded(const struct override *override, const struct policy_known *known);

#endif
