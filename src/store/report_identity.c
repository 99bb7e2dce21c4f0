/* SPDX-License-Identifier: MIT */
/* report_identity.c - which report it is: hashes, since strangers make its parts as long as they
 * like. */
#include "store/report_identity.h"

#include <stdlib.h>
#include <string.h>

#include "store/hash.h"

static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*x, *y);
}

/* A set: whatever their order, however often each is named.  Sorts them. */
static enum sts_status hash_names(TALLOC_CTX *work, const char **names, size_t count,
                                  uint8_t digest[STORE_HASH_SIZE])
{
    struct hash *hash = hash_new(work);

    if (!hash)
        return STS_E_NOMEM;
    if (count)
        qsort(names, count, sizeof *names, by_text);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
            hash_text(hash, names[i]);
    return hash_end(hash, digest);
}

static enum sts_status hash_domains(TALLOC_CTX *work, const struct store_report *report,
                                    uint8_t digest[STORE_HASH_SIZE])
{
    const char **names = talloc_array(work, const char *, (unsigned)report->policy_count + 1);

    if (!names)
        return STS_E_NOMEM;
    for (size_t i = 0; i < report->policy_count; i++)
        names[i] = report->policies[i].domain ? report->policies[i].domain : "";
    return hash_names(work, names, report->policy_count, digest);
}

static enum sts_status hash_content(TALLOC_CTX *work, const struct store_report *report,
                                    uint8_t digest[STORE_HASH_SIZE])
{
    struct hash *hash = hash_new(work);

    if (!hash)
        return STS_E_NOMEM;
    hash_part(hash, report->raw);
    return hash_end(hash, digest);
}

static enum sts_status hash_identity(TALLOC_CTX *work, const struct store_report *report,
                                     const uint8_t *domains, uint8_t digest[STORE_HASH_SIZE])
{
    struct hash *hash = hash_new(work);

    if (!hash)
        return STS_E_NOMEM;
    hash_text(hash, report->submitter);
    hash_text(hash, report->report_id);
    hash_number(hash, report->begins);
    hash_number(hash, report->ends);
    hash_part(hash, (struct bytes){(const char *)domains, STORE_HASH_SIZE});
    return hash_end(hash, digest);
}

/* Who may count a report in part only has nothing to do with those of other recipients. */
static enum sts_status hash_partial(TALLOC_CTX *work, const struct store_report *report,
                                    struct report_identity *ret)
{
    struct hash *hash = hash_new(work);
    const char **names = talloc_array(work, const char *, (unsigned)report->recipient_count + 1);
    uint8_t recipients[STORE_HASH_SIZE];
    enum sts_status status;

    if (!hash || !names)
        return STS_E_NOMEM;
    for (size_t i = 0; i < report->recipient_count; i++)
        names[i] = report->recipients[i];
    status = hash_names(work, names, report->recipient_count, recipients);
    if (status)
        return status;
    hash_part(hash, (struct bytes){(const char *)ret->identity, STORE_HASH_SIZE});
    hash_part(hash, (struct bytes){(const char *)recipients, STORE_HASH_SIZE});
    return hash_end(hash, ret->partial);
}

enum sts_status report_identify(TALLOC_CTX *work, const struct store_report *report,
                                struct report_identity *ret)
{
    uint8_t domains[STORE_HASH_SIZE];
    enum sts_status status = STS_OK;

    if (report->domains_hash)
        memcpy(domains, report->domains_hash, sizeof domains);
    else
        status = hash_domains(work, report, domains);
    if (!status)
        status = hash_identity(work, report, domains, ret->identity);
    if (!status && report->recipient_count)
        status = hash_partial(work, report, ret);
    if (status || !report->content_hash)
        return status ? status : hash_content(work, report, ret->content);
    memcpy(ret->content, report->content_hash, sizeof ret->content);
    return STS_OK;
}
