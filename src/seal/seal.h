/* SPDX-License-Identifier: MIT */
/* seal.h - does the DKIM signature of a report mail hold, and is it the sender's?  RFC 6376 and
 * RFC 8460 section 3: signed by the domain that reports, wholly (no l=), with a key for the service
 * "tlsrpt" or for any.
 *
 * Pure but for the keys, which the caller gets from where it likes.  Not judged: the time a
 * signature expires (x=), since reports are read long after they came, and whether the key is one
 * of a test (t=y).  What a mailbox did to a mail (">From " in an mbox) is not undone. */
#ifndef SEAL_SEAL_H
#define SEAL_SEAL_H

#include <talloc.h>

#include <mtasts/status.h>

#include "base/bytes.h"
#include "base/i18n.h"

#define SEAL_SIGNATURES_MAX 8    /* of one mail; further ones are not looked at */
#define SEAL_NAME_SIZE      512  /* of SELECTOR._domainkey.DOMAIN, with its NUL */
#define SEAL_RECORD_MAX     8192 /* bytes of a key record */

/* The best first: of several signatures the best counts.  X(symbol, name, text) */
#define SEAL_TRUSTS(X)                                                                             \
    X(ALIGNED, "aligned", N_("signed by the reporting domain"))                                    \
    X(OTHER_DOMAIN, "other-domain", N_("signed by a domain other than the reporting one"))         \
    X(PARTIAL, "partial", N_("signed only in part (l=), so text may have been added"))             \
    X(WEAK, "weak", N_("signed with an algorithm or a key that is too weak"))                      \
    X(UNANSWERED, "unanswered", N_("signed, but the DNS lookup of the key failed"))                \
    X(BROKEN, "broken", N_("modified in transit: signature invalid"))                              \
    X(NO_KEY, "no-key", N_("signed with a key that the domain does not publish for TLS reports"))  \
    X(UNSIGNED, "unsigned", N_("not signed"))                                                      \
    X(NO_MAIL, "no-mail", N_("not received by mail; sender cannot be verified"))

enum seal_trust {
#define X(symbol, name, text) SEAL_##symbol,
    SEAL_TRUSTS(X)
#undef X
        SEAL_TRUST_COUNT
};
/* A stable name, and a msgid. */
const char *seal_trust_name(enum seal_trust trust);
const char *seal_trust_text(enum seal_trust trust);
/* By its name; SEAL_TRUST_COUNT: none has it. */
enum seal_trust seal_trust_named(const char *name);

enum seal_key { SEAL_KEY_FOUND, SEAL_KEY_NONE, SEAL_KEY_UNANSWERED };
/* The TXT record at a name, "SELECTOR._domainkey.DOMAIN"; *ret is borrowed until the next call. */
typedef enum seal_key (*seal_key_fn)(void *arg, const char *name, struct bytes *ret);

struct seal {
    enum seal_trust trust;
    char domain[SEAL_NAME_SIZE]; /* that signed (d=), in lower case; "" where none did */
};

struct seals;
/* NULL: no memory. */
struct seals *seals_new(TALLOC_CTX *ctx, seal_key_fn key, void *arg);
/* from: the domain of the From header, NULL where there is none or more than one.  STS_E_NOMEM. */
STS_MUST_USE enum sts_status seal_read(struct seals *seals, struct bytes mail, const char *from,
                                       struct seal *ret);

/* The trust in a report out of a mail with that seal: contact is the domain of its contact-info,
 * which names the sender as From does; NULL where there is none. */
enum seal_trust seal_trust_of(const struct seal *seal, const char *contact);

/* ---- the pieces (seal_key.c) ----------------------------------------------------------------- */

/* Equal, or one is below the other, which has two labels at least. */
bool seal_related(const char *a, const char *b);
/* May the key verify reports?  Its s= is missing or lists *, email or tlsrpt.  *ret is the record
 * without its s=: the library takes no key that is not for "email". */
bool seal_key_serves(TALLOC_CTX *ctx, struct bytes record, char **ret);

#endif
