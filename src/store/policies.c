/* SPDX-License-Identifier: MIT */
/* policies.c - which policies a domain has served, and when: what senders may still live by. */
#include "store/db.h"
#include "store/hash.h"

#include <string.h>

struct policies_seen {
    const struct store_policy *policy;
    int64_t at;
    char *mx; /* one a line */
    uint8_t hash[STORE_HASH_SIZE];
};

static enum sts_status hash_policy(TALLOC_CTX *ctx, struct policies_seen *seen)
{
    struct hash *hash = hash_new(ctx);

    if (!hash)
        return STS_E_NOMEM;
    hash_text(hash, seen->policy->id);
    hash_text(hash, seen->policy->mode);
    hash_number(hash, seen->policy->max_age);
    hash_text(hash, seen->mx);
    return hash_end(hash, seen->hash);
}

/* The lines as one text; patterns are host names, so none holds a line end. */
static char *join(TALLOC_CTX *ctx, const char *const *mx, size_t count)
{
    char *text = talloc_strdup(ctx, "");

    for (size_t i = 0; text && i < count; i++)
        text = talloc_asprintf_append_buffer(text, "%s\n", mx[i]);
    return text;
}

static enum sts_status put_seen(struct store *store, void *arg)
{
    struct policies_seen *seen = arg;
    int64_t domain;
    enum sts_status status = db_domain(store, seen->policy->domain, &domain);

    if (status)
        return status;
    struct db_value args[] = {db_number(domain),
                              db_blob(seen->hash, STORE_HASH_SIZE),
                              db_text(seen->policy->id),
                              db_text(seen->policy->mode),
                              db_number(seen->policy->max_age),
                              db_text(seen->mx),
                              db_number(seen->at)};
    return db_run(store, DB_POLICY_SEEN, args, 7, NULL, NULL);
}

enum sts_status store_policy_seen(struct store *store, const struct store_policy *policy,
                                  int64_t at)
{
    struct policies_seen seen = {.policy = policy, .at = at};
    TALLOC_CTX *work;
    enum sts_status status;

    if (!policy->domain || !policy->id || !policy->mode)
        return STS_E_INVALID;
    if (policy->mx_count > STORE_LIST_MAX)
        return STS_E_LIMIT;
    work = talloc_new(store);
    if (!work)
        return STS_E_NOMEM;
    seen.mx = join(work, policy->mx, policy->mx_count);
    status = seen.mx ? hash_policy(work, &seen) : STS_E_NOMEM;
    if (!status)
        status = store_batch(store, put_seen, &seen);
    talloc_free(work);
    return status;
}

/* ---- reading --------------------------------------------------------------------------------- */

struct policies_reader {
    const char *domain;
    store_policy_fn fn;
    void *arg;
    TALLOC_CTX *ctx;
    bool no_memory, damaged;
};

/* The lines of a text of our own making, cut in place. */
static const char **split(TALLOC_CTX *ctx, const char *text, size_t *ret_count)
{
    char *copy = talloc_strdup(ctx, text), *end;
    const char **lines = talloc_zero_array(ctx, const char *, (unsigned)strlen(text) / 2 + 1);

    *ret_count = 0;
    if (!copy || !lines)
        return NULL;
    for (; (end = strchr(copy, '\n')); copy = end + 1) {
        *end = '\0';
        lines[(*ret_count)++] = copy;
    }
    return lines;
}

static bool read_policy(void *arg, const struct db_value *row)
{
    struct policies_reader *reader = arg;
    TALLOC_CTX *work;
    struct store_policy policy;
    bool more = false;

    reader->damaged = row[0].kind != DB_TEXT || row[1].kind != DB_TEXT || row[3].kind != DB_TEXT;
    if (reader->damaged)
        return false;
    work = talloc_new(reader->ctx);
    policy = (struct store_policy){.domain = reader->domain,
                                   .id = db_text_of(&row[0]),
                                   .mode = db_text_of(&row[1]),
                                   .max_age = row[2].number,
                                   .first_seen = row[4].number,
                                   .last_seen = row[5].number};
    policy.mx = work ? split(work, db_text_of(&row[3]), &policy.mx_count) : NULL;
    if (policy.mx)
        more = reader->fn(reader->arg, &policy);
    else
        reader->no_memory = true;
    talloc_free(work);
    return more;
}

enum sts_status store_policies(struct store *store, const char *domain, store_policy_fn fn,
                               void *arg)
{
    struct policies_reader reader = {.domain = domain, .fn = fn, .arg = arg, .ctx = store};
    struct db_value args[] = {db_text(domain)};
    enum sts_status status = db_run(store, DB_POLICIES, args, 1, read_policy, &reader);

    if (!status && reader.damaged)
        status = db_damaged(store);
    return !status && reader.no_memory ? STS_E_NOMEM : status;
}
