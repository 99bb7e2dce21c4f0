/* SPDX-License-Identifier: MIT */
/* signature.c - signatures, by libopendkim.
 *
 * The library asks for all keys of a mail when it has read the header, by a callback.  To learn
 * which they are, it gets the header, and its questions are written down; to verify, it gets the
 * whole mail, and the questions are answered from what the caller knows.  So both see the same
 * signatures, however odd they are written.
 *
 * The library takes keys for the service "email" only, so it gets each without its s=, which is
 * judged here.  It judges times by the machine's clock: a drift of decades keeps it from that. */
#include "dkim/signature.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <opendkim/dkim.h>

#include "base/ascii.h"

/* The library takes it from the time of signing, unsigned: less than 2007, when DKIM came. */
#define DRIFT_S  1100000000
#define CHUNK    16384 /* bytes handed over at a time */
#define KEY_BITS 1024u

struct signature_verifier {
    DKIM_LIB *library;
};

/* One mail. */
struct signature_reading {
    TALLOC_CTX *ctx;
    const char *from;
    const struct signature_key *keys;
    size_t key_count;
    struct signature_names *wanted; /* only these are to be found out */
    bool head_is_read;
    bool unanswered;
};

static u_char *octets(const void *text)
{
    return (u_char *)(uintptr_t)text;
}

/* ---- what the library asks ------------------------------------------------------------------- */

/* False: too long to be one. */
static bool key_name(DKIM_SIGINFO *sig, char name[SIGNATURE_NAME_SIZE])
{
    const char *selector = (const char *)dkim_sig_getselector(sig);
    const char *domain = (const char *)dkim_sig_getdomain(sig);
    int length;

    if (!selector || !domain)
        return false;
    length = snprintf(name, SIGNATURE_NAME_SIZE, "%s._domainkey.%s", selector, domain);
    return length > 0 && length < SIGNATURE_NAME_SIZE;
}

static void want(struct signature_names *wanted, const char *name)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (!strcmp(wanted->names[i], name))
            return;
    if (wanted->count < SIGNATURE_COUNT_MAX)
        memcpy(wanted->names[wanted->count++], name, strlen(name) + 1);
}

static const struct signature_key *key_of(const struct signature_reading *reading, const char *name)
{
    static const struct signature_key missing = {.state = SIGNATURE_KEY_UNANSWERED};

    for (size_t i = 0; i < reading->key_count; i++)
        if (!strcmp(reading->keys[i].name, name))
            return &reading->keys[i];
    return &missing;
}

/* NULL: none that serves. */
static const char *record_of(struct signature_reading *reading, const char *name)
{
    const struct signature_key *key = key_of(reading, name);
    char *record;

    reading->unanswered |= key->state == SIGNATURE_KEY_UNANSWERED;
    if (key->state != SIGNATURE_KEY_FOUND || key->record.length > SIGNATURE_RECORD_MAX ||
        memchr(key->record.data, 0, key->record.length) ||
        !signature_key_serves(reading->ctx, key->record, &record))
        return NULL;
    return record;
}

/* What cannot be had is "not found" to the library, so that it goes on with other signatures. */
static DKIM_CBSTAT on_key(DKIM *dkim, DKIM_SIGINFO *sig, u_char *room, size_t size)
{
    struct signature_reading *reading = dkim_get_user_context(dkim);
    char name[SIGNATURE_NAME_SIZE];
    const char *record;

    if (!key_name(sig, name))
        return DKIM_CBSTAT_NOTFOUND;
    if (reading->wanted) {
        want(reading->wanted, name);
        return DKIM_CBSTAT_NOTFOUND;
    }
    record = record_of(reading, name);
    if (!record || strlen(record) >= size)
        return DKIM_CBSTAT_NOTFOUND;
    memcpy(room, record, strlen(record) + 1);
    return DKIM_CBSTAT_CONTINUE;
}

static DKIM_CBSTAT on_signatures(DKIM *dkim, DKIM_SIGINFO **sigs, int count)
{
    struct signature_reading *reading = dkim_get_user_context(dkim);

    reading->head_is_read = true;
    for (int i = SIGNATURE_COUNT_MAX; i < count; i++)
        dkim_sig_ignore(sigs[i]);
    return DKIM_CBSTAT_CONTINUE;
}

/* ---- life ------------------------------------------------------------------------------------ */

static int signature_verifier_drop(struct signature_verifier *verifier)
{
    dkim_close(verifier->library);
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

struct signature_verifier *signature_verifier_new(TALLOC_CTX *ctx)
{
    struct signature_verifier *verifier = talloc_zero(ctx, struct signature_verifier);

    if (!verifier)
        return NULL;
    verifier->library = dkim_init(NULL, NULL);
    if (!verifier->library) {
        talloc_free(verifier);
        return NULL;
    }
    talloc_set_destructor(verifier, signature_verifier_drop);
    if (!set_options(verifier->library)) {
        talloc_free(verifier);
        return NULL;
    }
    return verifier;
}

/* ---- one signature --------------------------------------------------------------------------- */

/* RFC 8301 section 3.1 */
static bool has_weak_digest(DKIM_SIGINFO *sig)
{
    dkim_alg_t algorithm;

    return dkim_sig_getsignalg(sig, &algorithm) == DKIM_STAT_OK && algorithm == DKIM_SIGN_RSASHA1;
}

static enum signature_level level_of(struct signature_reading *reading, DKIM_SIGINFO *sig)
{
    const char *domain = (const char *)dkim_sig_getdomain(sig);

    if (!(dkim_sig_getflags(sig) & DKIM_SIGFLAG_KEYLOADED) &&
        dkim_sig_geterror(sig) == DKIM_SIGERROR_NOKEY)
        return reading->unanswered ? SIGNATURE_UNANSWERED : SIGNATURE_NO_KEY;
    if (dkim_sig_geterror(sig) == DKIM_SIGERROR_KEYREVOKED)
        return SIGNATURE_NO_KEY;
    if (dkim_sig_geterror(sig) == DKIM_SIGERROR_KEYTOOSMALL)
        return SIGNATURE_WEAK;
    if (!DKIM_SIG_CHECK(sig))
        return SIGNATURE_BROKEN;
    if (has_weak_digest(sig))
        return SIGNATURE_WEAK;
    if (dkim_sig_gettagvalue(sig, false, octets("l")))
        return SIGNATURE_PARTIAL;
    return reading->from && signature_related(domain, reading->from) ? SIGNATURE_ALIGNED
                                                                     : SIGNATURE_OTHER_DOMAIN;
}

static void take_signature(struct signature_reading *reading, DKIM_SIGINFO *sig,
                           struct signature *best)
{
    const char *domain = (const char *)dkim_sig_getdomain(sig);
    enum signature_level level = level_of(reading, sig);

    if (dkim_sig_getflags(sig) & DKIM_SIGFLAG_IGNORE || level >= best->level)
        return;
    best->level = level;
    snprintf(best->domain, sizeof(best->domain), "%s", domain ? domain : "");
    for (char *c = best->domain; *c; c++)
        *c = ascii_lower(*c);
}

/* ---- the mail, with the line ends that were signed ------------------------------------------- */

/* A line feed alone, as files have it, was CR LF on the way. */
static DKIM_STAT feed(const struct signature_reading *reading, DKIM *dkim, struct bytes mail)
{
    char piece[CHUNK + 2];
    DKIM_STAT status = DKIM_STAT_OK;
    size_t length = 0;

    for (size_t i = 0; i < mail.length && status == DKIM_STAT_OK; i++) {
        if (mail.data[i] == '\n' && (!i || mail.data[i - 1] != '\r'))
            piece[length++] = '\r';
        piece[length++] = mail.data[i];
        if (length < CHUNK && i + 1 < mail.length)
            continue;
        status = dkim_chunk(dkim, octets(piece), length);
        length = 0;
        if (reading->wanted && reading->head_is_read)
            return status;
    }
    return status == DKIM_STAT_OK ? dkim_chunk(dkim, NULL, 0) : status;
}

static void take_signatures(struct signature_reading *reading, DKIM *dkim, struct signature *best)
{
    DKIM_SIGINFO **sigs;
    int count = 0;

    if (dkim_getsiglist(dkim, &sigs, &count) != DKIM_STAT_OK)
        return;
    for (int i = 0; i < count && i < SIGNATURE_COUNT_MAX; i++)
        take_signature(reading, sigs[i], best);
}

/* NULL: no memory. */
static DKIM *begin(struct signature_verifier *verifier, struct signature_reading *reading)
{
    DKIM_STAT status;
    DKIM *dkim = dkim_verify(verifier->library, octets("-"), NULL, &status);

    if (dkim && dkim_set_user_context(dkim, reading) != DKIM_STAT_OK) {
        dkim_free(dkim);
        return NULL;
    }
    return dkim;
}

enum sts_status signature_keys_wanted(struct signature_verifier *verifier, struct bytes mail,
                                      struct signature_names *ret)
{
    struct signature_reading reading = {.wanted = ret};
    DKIM *dkim = begin(verifier, &reading);
    DKIM_STAT status;

    ret->count = 0;
    if (!dkim)
        return STS_E_NOMEM;
    status = feed(&reading, dkim, mail);
    dkim_free(dkim);
    return status == DKIM_STAT_NORESOURCE ? STS_E_NOMEM : STS_OK;
}

enum sts_status signature_verify(struct signature_verifier *verifier, struct bytes mail,
                                 const char *from, const struct signature_key *keys,
                                 size_t key_count, struct signature *ret)
{
    struct signature_reading reading = {
        .ctx = talloc_new(NULL), .from = from, .keys = keys, .key_count = key_count};
    DKIM *dkim = reading.ctx ? begin(verifier, &reading) : NULL;
    DKIM_STAT status;
    bool testing;

    *ret = (struct signature){.level = SIGNATURE_UNSIGNED};
    if (!dkim) {
        talloc_free(reading.ctx);
        return STS_E_NOMEM;
    }
    status = feed(&reading, dkim, mail);
    if (status == DKIM_STAT_OK)
        status = dkim_eom(dkim, &testing);
    take_signatures(&reading, dkim, ret);
    dkim_free(dkim);
    talloc_free(reading.ctx);
    return status == DKIM_STAT_NORESOURCE ? STS_E_NOMEM : STS_OK;
}
