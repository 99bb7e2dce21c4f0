/* SPDX-License-Identifier: MIT */
/* seal.c - signatures, by libopendkim.
 *
 * The library takes keys for the service "email" only, so it gets each without its s=, which is
 * judged here.  It judges times by the machine's clock: a drift of decades keeps it from that. */
#include "seal/seal.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <opendkim/dkim.h>

#include "base/ascii.h"

/* The library takes it from the time of signing, unsigned: less than 2007, when DKIM came. */
#define DRIFT_S  1100000000
#define CHUNK    16384 /* bytes handed over at a time */
#define KEY_BITS 1024u

struct seals {
    DKIM_LIB *library;
    seal_key_fn key;
    void *arg;
};

/* One mail. */
struct reading {
    struct seals *seals;
    TALLOC_CTX *ctx;
    const char *from;
    bool unanswered, no_memory;
};

static u_char *octets(const void *text)
{
    return (u_char *)(uintptr_t)text;
}

/* ---- what the library asks ------------------------------------------------------------------- */

/* False: too long to be one. */
static bool key_name(DKIM_SIGINFO *sig, char name[SEAL_NAME_SIZE])
{
    const char *selector = (const char *)dkim_sig_getselector(sig);
    const char *domain = (const char *)dkim_sig_getdomain(sig);
    int length;

    if (!selector || !domain)
        return false;
    length = snprintf(name, SEAL_NAME_SIZE, "%s._domainkey.%s", selector, domain);
    return length > 0 && length < SEAL_NAME_SIZE;
}

/* What cannot be had is "not found" to the library, so that it goes on with other signatures. */
static DKIM_CBSTAT on_key(DKIM *dkim, DKIM_SIGINFO *sig, u_char *room, size_t size)
{
    struct reading *reading = dkim_get_user_context(dkim);
    char name[SEAL_NAME_SIZE], *record;
    struct bytes found;

    if (!key_name(sig, name))
        return DKIM_CBSTAT_NOTFOUND;
    switch (reading->seals->key(reading->seals->arg, name, &found)) {
    case SEAL_KEY_FOUND:
        break;
    case SEAL_KEY_UNANSWERED:
        reading->unanswered = true;
        return DKIM_CBSTAT_NOTFOUND;
    default:
        return DKIM_CBSTAT_NOTFOUND;
    }
    if (found.length > SEAL_RECORD_MAX || memchr(found.data, 0, found.length) ||
        !seal_key_serves(reading->ctx, found, &record) || strlen(record) >= size)
        return DKIM_CBSTAT_NOTFOUND;
    memcpy(room, record, strlen(record) + 1);
    return DKIM_CBSTAT_CONTINUE;
}

static DKIM_CBSTAT on_signatures(DKIM *dkim, DKIM_SIGINFO **sigs, int count)
{
    (void)dkim;
    for (int i = SEAL_SIGNATURES_MAX; i < count; i++)
        dkim_sig_ignore(sigs[i]);
    return DKIM_CBSTAT_CONTINUE;
}

/* ---- life ------------------------------------------------------------------------------------ */

static int seals_drop(struct seals *seals)
{
    dkim_close(seals->library);
    return 0;
}

static bool set_options(DKIM_LIB *library)
{
    uint64_t drift = DRIFT_S;
    unsigned bits = KEY_BITS, flags = DKIM_LIBFLAGS_BADSIGHANDLES;

    return dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_CLOCKDRIFT, &drift, sizeof(drift)) ==
               DKIM_STAT_OK &&
           dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_MINKEYBITS, &bits, sizeof(bits)) ==
               DKIM_STAT_OK &&
           dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_FLAGS, &flags, sizeof(flags)) ==
               DKIM_STAT_OK &&
           dkim_set_key_lookup(library, on_key) == DKIM_STAT_OK &&
           dkim_set_prescreen(library, on_signatures) == DKIM_STAT_OK;
}

struct seals *seals_new(TALLOC_CTX *ctx, seal_key_fn key, void *arg)
{
    struct seals *seals = talloc_zero(ctx, struct seals);

    if (!seals)
        return NULL;
    *seals = (struct seals){dkim_init(NULL, NULL), key, arg};
    if (!seals->library) {
        talloc_free(seals);
        return NULL;
    }
    talloc_set_destructor(seals, seals_drop);
    if (!set_options(seals->library)) {
        talloc_free(seals);
        return NULL;
    }
    return seals;
}

/* ---- one signature --------------------------------------------------------------------------- */

/* RFC 8301 section 3.1 */
static bool has_weak_digest(DKIM_SIGINFO *sig)
{
    dkim_alg_t algorithm;

    return dkim_sig_getsignalg(sig, &algorithm) == DKIM_STAT_OK && algorithm == DKIM_SIGN_RSASHA1;
}

static enum seal_trust trust_of(struct reading *reading, DKIM_SIGINFO *sig)
{
    const char *domain = (const char *)dkim_sig_getdomain(sig);

    if (!(dkim_sig_getflags(sig) & DKIM_SIGFLAG_KEYLOADED) &&
        dkim_sig_geterror(sig) == DKIM_SIGERROR_NOKEY)
        return reading->unanswered ? SEAL_UNANSWERED : SEAL_NO_KEY;
    if (dkim_sig_geterror(sig) == DKIM_SIGERROR_KEYREVOKED)
        return SEAL_NO_KEY;
    if (dkim_sig_geterror(sig) == DKIM_SIGERROR_KEYTOOSMALL)
        return SEAL_WEAK;
    if (!DKIM_SIG_CHECK(sig))
        return SEAL_BROKEN;
    if (has_weak_digest(sig))
        return SEAL_WEAK;
    if (dkim_sig_gettagvalue(sig, false, octets("l")))
        return SEAL_PARTIAL;
    return reading->from && seal_related(domain, reading->from) ? SEAL_ALIGNED : SEAL_OTHER_DOMAIN;
}

static void take_signature(struct reading *reading, DKIM_SIGINFO *sig, struct seal *seal)
{
    const char *domain = (const char *)dkim_sig_getdomain(sig);
    enum seal_trust trust = trust_of(reading, sig);

    if (dkim_sig_getflags(sig) & DKIM_SIGFLAG_IGNORE || trust >= seal->trust)
        return;
    seal->trust = trust;
    snprintf(seal->domain, sizeof(seal->domain), "%s", domain ? domain : "");
    for (char *c = seal->domain; *c; c++)
        *c = ascii_lower(*c);
}

/* ---- the mail, with the line ends that were signed ------------------------------------------- */

/* A line feed alone, as files have it, was CR LF on the way. */
static DKIM_STAT feed(DKIM *dkim, struct bytes mail)
{
    char piece[CHUNK + 2];
    DKIM_STAT status = DKIM_STAT_OK;
    size_t length = 0;

    for (size_t i = 0; i < mail.length && status == DKIM_STAT_OK; i++) {
        if (mail.data[i] == '\n' && (!i || mail.data[i - 1] != '\r'))
            piece[length++] = '\r';
        piece[length++] = mail.data[i];
        if (length >= CHUNK || i + 1 == mail.length) {
            status = dkim_chunk(dkim, octets(piece), length);
            length = 0;
        }
    }
    if (status == DKIM_STAT_OK)
        status = dkim_chunk(dkim, NULL, 0);
    return status;
}

static void take_signatures(struct reading *reading, DKIM *dkim, struct seal *seal)
{
    DKIM_SIGINFO **sigs;
    int count = 0;

    if (dkim_getsiglist(dkim, &sigs, &count) != DKIM_STAT_OK)
        return;
    for (int i = 0; i < count && i < SEAL_SIGNATURES_MAX; i++)
        take_signature(reading, sigs[i], seal);
}

enum sts_status seal_read(struct seals *seals, struct bytes mail, const char *from,
                          struct seal *ret)
{
    struct reading reading = {.seals = seals, .ctx = talloc_new(NULL), .from = from};
    DKIM_STAT status;
    DKIM *dkim = reading.ctx ? dkim_verify(seals->library, octets("-"), NULL, &status) : NULL;
    bool testing;

    *ret = (struct seal){.trust = SEAL_UNSIGNED};
    if (!dkim || dkim_set_user_context(dkim, &reading) != DKIM_STAT_OK) {
        talloc_free(reading.ctx);
        return STS_E_NOMEM;
    }
    status = feed(dkim, mail);
    if (status == DKIM_STAT_OK)
        status = dkim_eom(dkim, &testing);
    take_signatures(&reading, dkim, ret);
    dkim_free(dkim);
    talloc_free(reading.ctx);
    return status == DKIM_STAT_NORESOURCE ? STS_E_NOMEM : STS_OK;
}

enum seal_trust seal_trust_of(const struct seal *seal, const char *contact)
{
    if (seal->trust == SEAL_ALIGNED && contact && !seal_related(seal->domain, contact))
        return SEAL_OTHER_DOMAIN;
    return seal->trust;
}
