/* SPDX-License-Identifier: MIT */
/* signature.h - does the DKIM signature of a report mail hold, and is it the sender's?  RFC 6376
 * and RFC 8460 section 3: signed by the domain that reports, wholly (no l=), with a key for the
 * service "tlsrpt" or for any.
 *
 * Pure: signature_keys_wanted() says which keys a mail needs, the caller gets them from where it
 * likes, all at once, and signature_verify() judges by what it is given.  Not judged: the time a
 * signature expires (x=), since reports are read long after they came, and whether the key is one
 * of a test (t=y).  What a mailbox did to a mail (">From " in an mbox) is not undone.
 *
 * The prefix is not `dkim_`, as elsewhere the directory's: libopendkim owns that one. */
#ifndef DKIM_SIGNATURE_H
#define DKIM_SIGNATURE_H

#include <talloc.h>

#include <mtasts/status.h>

#include "base/bytes.h"
#include "base/msgid.h"

#define SIGNATURE_COUNT_MAX  8    /* of one mail; further ones are not looked at */
#define SIGNATURE_NAME_SIZE  512  /* of SELECTOR._domainkey.DOMAIN, with its NUL */
#define SIGNATURE_RECORD_MAX 8192 /* bytes of a key record */

/* The best first: of several signatures the best counts.  X(symbol, name, text) */
#define SIGNATURE_LEVELS(X)                                                                        \
    X(ALIGNED, "aligned", N_("signed by the reporting domain"))                                    \
    X(OTHER_DOMAIN, "other-domain", N_("signed by a domain other than the reporting one"))         \
    X(PARTIAL, "partial", N_("signed only in part (l=), so text may have been added"))             \
    X(WEAK, "weak", N_("signed with an algorithm or a key that is too weak"))                      \
    X(UNANSWERED, "unanswered", N_("signed, but the DNS lookup of the key failed"))                \
    X(BROKEN, "broken", N_("modified in transit: signature invalid"))                              \
    X(NO_KEY, "no-key", N_("signed with a key that the domain does not publish for TLS reports"))  \
    X(UNSIGNED, "unsigned", N_("not signed"))                                                      \
    X(NO_MAIL, "no-mail", N_("not received by mail; sender cannot be verified"))

enum signature_level {
#define X(symbol, name, text) SIGNATURE_##symbol,
    SIGNATURE_LEVELS(X)
#undef X
        SIGNATURE_LEVEL_COUNT
};
/* A stable name, and a msgid. */
const char *signature_level_name(enum signature_level level);
const char *signature_level_text(enum signature_level level);
/* By its name; SIGNATURE_LEVEL_COUNT: none has it. */
enum signature_level signature_level_named(const char *name);
/* Of two names: is the first better? */
bool signature_level_is_better(const char *name, const char *than);

/* What the DNS has at a name "SELECTOR._domainkey.DOMAIN". */
enum signature_key_state {
    SIGNATURE_KEY_UNANSWERED,
    SIGNATURE_KEY_NONE,
    SIGNATURE_KEY_FOUND,
};
struct signature_key {
    const char *name;
    enum signature_key_state state;
    struct bytes record; /* the TXT record, where it was found */
};

/* Names of keys, each once. */
struct signature_names {
    size_t count;
    char names[SIGNATURE_COUNT_MAX][SIGNATURE_NAME_SIZE];
};

struct signature {
    enum signature_level level;
    char domain[SIGNATURE_NAME_SIZE]; /* that signed (d=), in lower case; "" where none did */
};

struct signature_verifier;
/* NULL: no memory. */
struct signature_verifier *signature_verifier_new(TALLOC_CTX *ctx);
/* The keys that signature_verify() will look for.  STS_E_NOMEM. */
STS_MUST_USE enum sts_status signature_keys_wanted(struct signature_verifier *verifier,
                                                   struct bytes mail, struct signature_names *ret);
/* A key that is not among `keys` counts as unanswered.  from: the domain of the From header, NULL
 * where there is none or more than one.  STS_E_NOMEM. */
STS_MUST_USE enum sts_status signature_verify(struct signature_verifier *verifier,
                                              struct bytes mail, const char *from,
                                              const struct signature_key *keys, size_t key_count,
                                              struct signature *ret);

/* The level of a report out of a mail with that signature: contact is the domain of its
 * contact-info, which names the sender as From does; NULL where there is none. */
enum signature_level signature_level_of(const struct signature *signature, const char *contact);

/* ---- the pieces (signature_key.c) ------------------------------------------------------------ */

/* Equal, or one is below the other, which has two labels at least. */
bool signature_related(const char *a, const char *b);
/* May the key verify reports?  Its s= is missing or lists *, email or tlsrpt.  *ret is the record
 * without its s=: the library takes no key that is not for "email". */
bool signature_key_serves(TALLOC_CTX *ctx, struct bytes record, char **ret);

#endif
