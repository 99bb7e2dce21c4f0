/* SPDX-License-Identifier: MIT */
/* policy_import_tlspol.c - the cache of postfix-tlspol: a map of domains to structs.
 *
 * Versions differ.  In older ones there is one policy for a domain, of DANE or MTA-STS, with its
 * end in "Expirable"; later ones have "Dane" and "MtaSts" beside it, each with its own.  The policy
 * is what Postfix is told; of modes that demand nothing there is none. */
#include "policyd/policy_import_work.h"

#include <string.h>

#include "base/array.h"
#include "policyd/gob.h"
#include "policyd/limits.h"

#define YEAR_1 62135596800 /* seconds from there to 1970 */

struct branch {
    struct bytes policy;
    int64_t expires;
    uint64_t ttl;
};

struct entry {
    struct branch selected, dane, sts;
};

/* ---- the file -------------------------------------------------------------------------------- */

/* A version, seconds since the year 1, nanoseconds, a zone.  0: it is another. */
static int64_t time_of(struct bytes text)
{
    uint64_t seconds = 0;

    if (text.length < 15 || (text.data[0] != 1 && text.data[0] != 2))
        return 0;
    for (size_t i = 1; i <= 8; i++)
        seconds = seconds << 8 | (unsigned char)text.data[i];
    return seconds > YEAR_1 && seconds - YEAR_1 <= LIMIT_IMPORT_TIME ? (int64_t)(seconds - YEAR_1)
                                                                     : 0;
}

static struct branch *branch_named(struct entry *entry, struct bytes name)
{
    if (bytes_equal(name, "Dane"))
        return &entry->dane;
    if (bytes_equal(name, "MtaSts"))
        return &entry->sts;
    return bytes_equal(name, "Expirable") ? &entry->selected : NULL;
}

/* Fields of other types are none that we know. */
static void read_field(struct gob *gob, struct branch *branch, struct bytes name, int64_t type)
{
    if (type == GOB_STRING && bytes_equal(name, "Policy"))
        branch->policy = gob_bytes(gob);
    else if (type == GOB_UINT && bytes_equal(name, "TTL"))
        branch->ttl = gob_uint(gob);
    else if (gob_is_opaque(gob, type) && bytes_equal(name, "ExpiresAt"))
        branch->expires = time_of(gob_bytes(gob));
    else
        gob_skip(gob, type);
}

static void read_branch(struct gob *gob, struct gob_fields *fields, struct branch *branch)
{
    struct bytes name;
    int64_t type;

    while (gob_field(gob, fields, &name, &type))
        read_field(gob, branch, name, type);
}

static void read_entry(struct gob *gob, struct gob_fields fields, struct entry *entry)
{
    struct bytes name;
    int64_t type;

    while (gob_field(gob, &fields, &name, &type)) {
        struct branch *branch = branch_named(entry, name);
        struct gob_fields inner;

        if (branch && gob_fields_begin(gob, type, &inner))
            read_branch(gob, &inner, branch);
        else
            read_field(gob, &entry->selected, name, type);
    }
}

/* ---- what it says ---------------------------------------------------------------------------- */

/* "match=mx.example.com:.example.com": a dot in front stands for "*." */
static bool names_of(TALLOC_CTX *ctx, struct bytes match, struct imported *found)
{
    struct bytes *names = NULL;

    while (match.length && found->mx_count <= LIMIT_IMPORT_NAMES) {
        long colon = bytes_find_char(match, ':');
        struct bytes name = {match.data, colon < 0 ? match.length : (size_t)colon};
        struct bytes *own = array_grow(ctx, &names, &found->mx_count, sizeof(*names));
        char *pattern = talloc_asprintf(ctx, "%s%.*s", bytes_begin(name, ".") ? "*" : "",
                                        (int)name.length, name.data);

        if (!own || !pattern)
            return false;
        *own = bytes_of(pattern);
        match = bytes_from(match, name.length + (colon >= 0));
    }
    found->mx = names;
    return true;
}

static struct bytes next_word(struct bytes *text)
{
    long blank = bytes_find_char(*text, ' ');
    struct bytes word = {text->data, blank < 0 ? text->length : (size_t)blank};

    *text = bytes_from(*text, word.length + (blank >= 0));
    return word;
}

static bool take_secure(TALLOC_CTX *ctx, struct bytes words, const struct branch *branch,
                        struct imported *found)
{
    found->mode = "enforce";
    found->max_age = (int64_t)branch->ttl;
    found->fetched_at = branch->expires - found->max_age;
    while (words.length) {
        struct bytes word = next_word(&words);

        if (bytes_begin(word, "match="))
            return names_of(ctx, bytes_from(word, strlen("match=")), found);
    }
    return true;
}

static void take_dane(struct bytes level, const struct branch *branch, struct imported *found)
{
    found->dane = bytes_equal(level, "dane-only") ? DANE_COVER_ALL : DANE_COVER_SOME;
    found->dane_ends = branch->expires;
    found->dane_at = branch->expires - (int64_t)branch->ttl;
}

/* False: no memory. */
static bool take_branch(TALLOC_CTX *ctx, const struct branch *branch, struct imported *found)
{
    struct bytes words = branch->policy, level = next_word(&words);

    if (!branch->expires || !branch->ttl || branch->ttl > LIMIT_IMPORT_TIME)
        return true;
    if (bytes_equal(level, "secure"))
        return take_secure(ctx, words, branch, found);
    if (bytes_equal(level, "dane") || bytes_equal(level, "dane-only"))
        take_dane(level, branch, found);
    return true;
}

static enum policy_import_fault take_entry(struct importing *importing, struct bytes domain,
                                           const struct entry *entry)
{
    TALLOC_CTX *own = talloc_new(importing->ctx);
    struct imported found = {.domain = domain};
    bool branched = entry->dane.expires || entry->sts.expires;
    enum policy_import_fault fault = POLICY_IMPORT_NO_MEMORY;

    if (own &&
        (branched ? take_branch(own, &entry->dane, &found) && take_branch(own, &entry->sts, &found)
                  : take_branch(own, &entry->selected, &found)))
        fault = found.mode || found.dane ? import_take(importing, &found) : POLICY_IMPORT_OK;
    talloc_free(own);
    return fault;
}

static enum policy_import_fault fault_of(const struct gob *gob)
{
    static const enum policy_import_fault faults[] = {[GOB_OK] = POLICY_IMPORT_OK,
                                                      [GOB_NO_MEMORY] = POLICY_IMPORT_NO_MEMORY,
                                                      [GOB_ENDS_EARLY] = POLICY_IMPORT_ENDS_EARLY,
                                                      [GOB_DAMAGED] = POLICY_IMPORT_DAMAGED};

    return faults[gob_fault(gob)];
}

static enum policy_import_fault read_map(struct importing *importing, struct gob *gob,
                                         struct gob_fields fields)
{
    uint64_t count = gob_count(gob);
    enum policy_import_fault fault = fault_of(gob);

    for (uint64_t i = 0; !fault && i < count; i++) {
        struct entry entry = {.selected = {.ttl = 0}};
        struct bytes domain = gob_bytes(gob);

        read_entry(gob, fields, &entry);
        fault = fault_of(gob);
        if (!fault)
            fault = take_entry(importing, domain, &entry);
    }
    return fault;
}

enum policy_import_fault import_tlspol(struct importing *importing, struct bytes bytes)
{
    struct gob *gob = gob_new(importing->ctx, bytes);
    int64_t type, key, element;
    struct gob_fields fields;
    enum policy_import_fault fault;

    if (!gob)
        return POLICY_IMPORT_NO_MEMORY;
    type = gob_begin(gob);
    fault = fault_of(gob);
    if (!fault &&
        (!gob_map_types(gob, type, &key, &element) || key != GOB_STRING ||
         !gob_has_field(gob, element, "Policy") || !gob_has_field(gob, element, "Expirable") ||
         !gob_fields_begin(gob, element, &fields)))
        fault = POLICY_IMPORT_UNKNOWN;
    if (!fault)
        fault = read_map(importing, gob, fields);
    talloc_free(gob);
    return fault;
}
