/* SPDX-License-Identifier: MIT */
/* policy_import.c - which program's cache it is, and what of a domain is taken. */
#include "policyd/policy_import_work.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include <mtasts/match.h>

#include "base/array.h"
#include "base/msgid.h"
#include "policyd/limits.h"
#include "policyd/policy_text.h"

const char *policy_import_fault_text(enum policy_import_fault fault)
{
    static const char *const texts[POLICY_IMPORT_FAULTS] = {
        [POLICY_IMPORT_OK] = "",
        [POLICY_IMPORT_NO_MEMORY] = "",
        [POLICY_IMPORT_EMPTY] = N_("it is empty"),
        [POLICY_IMPORT_SQLITE] =
            N_("it is a SQLite file; give the lines of its table instead: sqlite3 "
               "-tabs FILE 'SELECT domain, ts, pol_id, pol_body FROM "
               "sts_policy_cache' | mtasts policyd import -"),
        [POLICY_IMPORT_NAMES] =
            N_("it does not say when the policies expire; give the cache file of "
               "postfix-tlspol itself, or let the domains be looked up with mtasts "
               "policyd warm"),
        [POLICY_IMPORT_UNKNOWN] =
            N_("it is not a cache of postfix-tlspol or postfix-mta-sts-resolver, or "
               "its version is unknown; mtasts policyd warm lets the daemon look up "
               "a list of domains instead"),
        [POLICY_IMPORT_ENDS_EARLY] = N_("it is truncated"),
        [POLICY_IMPORT_DAMAGED] = N_("it is damaged"),
        [POLICY_IMPORT_BAD_LINE] =
            N_("the line does not consist of domain, ts, pol_id and pol_body, "
               "separated by tabs"),
        [POLICY_IMPORT_TOO_MANY] = N_("it has more than 200,000 domains"),
    };
    static_assert(LIMIT_POLICY_DOMAINS == 200000, "the sentence says it");

    return texts[fault];
}

/* ---- a domain -------------------------------------------------------------------------------- */

/* Nothing that would be another line of a policy. */
static bool is_word(struct bytes text)
{
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] <= ' ' || (unsigned char)text.data[i] >= 0x7f)
            return false;
    }
    return text.length > 0;
}

/* NULL: no memory, or (*ret_bad) what cannot be written down. */
static char *text_of(TALLOC_CTX *ctx, const struct imported *found, bool *ret_bad)
{
    char *text = talloc_asprintf(ctx, "version: STSv1\nmode: %s\n", found->mode);

    *ret_bad = !is_word(bytes_of(found->mode)) || found->mx_count > LIMIT_IMPORT_NAMES;
    for (size_t i = 0; text && !*ret_bad && i < found->mx_count; i++) {
        *ret_bad = !is_word(found->mx[i]);
        text = talloc_asprintf_append_buffer(text, "mx: %.*s\n", (int)found->mx[i].length,
                                             found->mx[i].data);
    }
    if (text)
        text = talloc_asprintf_append_buffer(text, "max_age: %" PRId64 "\n", found->max_age);
    if (*ret_bad)
        TALLOC_FREE(text);
    return text;
}

/* As we write it, if a sender would use it. */
static enum policy_import_fault take_policy(TALLOC_CTX *ctx, const struct imported *found,
                                            struct store_cached_policy *row, bool *ret_bad)
{
    char *text = text_of(ctx, found, ret_bad);
    struct live_policy *policy = NULL;

    if (!text)
        return *ret_bad ? POLICY_IMPORT_OK : POLICY_IMPORT_NO_MEMORY;
    if (policy_text_read(text, bytes_of(text), NULL, &policy) != STS_OK)
        return POLICY_IMPORT_NO_MEMORY;
    *ret_bad = !policy;
    if (policy && !(row->policy = policy_text(ctx, policy)))
        return POLICY_IMPORT_NO_MEMORY;
    row->fetched_at = policy ? found->fetched_at : 0;
    talloc_free(text);
    return POLICY_IMPORT_OK;
}

static int64_t not_later(int64_t time, int64_t now)
{
    return time > now ? now : time;
}

static bool has_policy(const struct imported *found)
{
    return found->fetched_at > 0 && found->mode;
}

/* max_age is what RFC 8461 allows at most, or the policy is not usable. */
static bool policy_is_over(const struct imported *found, int64_t now)
{
    return found->max_age <= 0 || found->fetched_at <= now - found->max_age;
}

static enum policy_import_fault fill(struct importing *importing, const struct imported *found,
                                     struct store_cached_policy *row)
{
    int64_t now = importing->now;
    bool over = has_policy(found) && policy_is_over(found, now), bad = false;
    enum policy_import_fault fault = POLICY_IMPORT_OK;

    if (has_policy(found) && !over)
        fault = take_policy(importing->ctx, found, row, &bad);
    if (found->dane != DANE_COVER_NONE && found->dane_ends > now) {
        row->dane = found->dane;
        row->dane_at = not_later(found->dane_at, now);
    }
    row->fetched_at = not_later(row->fetched_at, now);
    row->used_at = now; /* so that it is fetched anew soon */
    if (row->policy || row->dane_at)
        return fault;
    importing->import->unusable += bad;
    importing->import->expired += over || (!bad && found->dane != DANE_COVER_NONE);
    return fault;
}

static enum policy_import_fault put(struct importing *importing,
                                    const struct store_cached_policy *row, const char *domain,
                                    struct bytes id)
{
    struct policy_import *import = importing->import;
    struct store_cached_policy *own;

    if (import->count == LIMIT_POLICY_DOMAINS)
        return POLICY_IMPORT_TOO_MANY;
    own = array_grow(importing->ctx, &import->list, &import->count, sizeof(*own));
    if (!own)
        return POLICY_IMPORT_NO_MEMORY;
    *own = *row;
    own->domain = talloc_strdup(importing->ctx, domain);
    if (row->policy && is_word(id) && id.length <= LIMIT_IMPORT_ID)
        own->id = talloc_strndup(importing->ctx, id.data, id.length);
    return own->domain ? POLICY_IMPORT_OK : POLICY_IMPORT_NO_MEMORY;
}

enum policy_import_fault import_take(struct importing *importing, const struct imported *found)
{
    char written[STS_NAME_SIZE * 2], domain[STS_NAME_SIZE];
    struct store_cached_policy row = {.policy = NULL};
    enum policy_import_fault fault;

    if (found->domain.length >= sizeof(written) ||
        memchr(found->domain.data, '\0', found->domain.length)) {
        importing->import->unusable++;
        return POLICY_IMPORT_OK;
    }
    memcpy(written, found->domain.data, found->domain.length);
    written[found->domain.length] = '\0';
    if (sts_name_from_user(written, domain) != STS_OK) {
        importing->import->unusable++;
        return POLICY_IMPORT_OK;
    }
    fault = fill(importing, found, &row);
    if (fault || (!row.policy && !row.dane_at))
        return fault;
    return put(importing, &row, domain, found->id);
}

/* ---- which program's ------------------------------------------------------------------------- */

static enum policy_import_fault read_any(struct importing *importing, struct bytes bytes)
{
    static const char sqlite[] = "SQLite format 3";

    if (!bytes.length)
        return POLICY_IMPORT_EMPTY;
    if (bytes.length > sizeof(sqlite) && !memcmp(bytes.data, sqlite, sizeof(sqlite)))
        return POLICY_IMPORT_SQLITE;
    /* The number of the first type, which is none of those built in; no text has this byte. */
    if (bytes.length > 1 && (unsigned char)bytes.data[1] == 0xff)
        return import_tlspol(importing, bytes);
    return import_lines(importing, bytes);
}

enum policy_import_fault policy_import_read(TALLOC_CTX *ctx, struct bytes bytes, int64_t now,
                                            struct policy_import *ret)
{
    struct importing importing = {.ctx = ctx, .now = now, .import = ret};

    *ret = (struct policy_import){.count = 0};
    return read_any(&importing, bytes);
}
