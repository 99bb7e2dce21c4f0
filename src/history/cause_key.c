/* SPDX-License-Identifier: MIT */
/* cause_key.c - what findings of several domains have in common. */
#include "history/cause_key.h"

#include <stdlib.h>
#include <string.h>

#include "vendors/provider.h"
#include "verdict/shown.h"

#define DIGEST_SHOWN 16 /* hexadecimal digits that tell certificates apart */

static const char *const kinds[] = {
#define X(symbol, name) [CAUSE_##symbol] = (name),
    CAUSE_KINDS(X)
#undef X
};

enum cause_kind cause_kind_of(const char *key, const char **ret_value)
{
    const char *colon = strchr(key, ':');

    for (int i = 0; colon && i < CAUSE_KIND_COUNT; i++)
        if (strlen(kinds[i]) == (size_t)(colon - key) &&
            memcmp(kinds[i], key, (size_t)(colon - key)) == 0) {
            *ret_value = colon + 1;
            return (enum cause_kind)i;
        }
    return CAUSE_KIND_COUNT;
}

static const char *key_of(TALLOC_CTX *ctx, enum cause_kind kind, const char *value)
{
    return talloc_asprintf(ctx, "%s:%.*s", kinds[kind], CAUSE_KEY_MAX - 20, value);
}

static const char *certificate_key(TALLOC_CTX *ctx, const struct certificate *cert)
{
    const char *name = cert->dns_name_count ? cert->dns_names[0] : cert->common_name;
    const char *value = talloc_asprintf(ctx, "%.*s:%s", DIGEST_SHOWN,
                                        cert->sha256 ? cert->sha256 : "", name ? name : "");

    return value ? key_of(ctx, CAUSE_CERTIFICATE, value) : NULL;
}

/* ---- what the domain uses -------------------------------------------------------------------- */

/* The subject of a finding is the host, or "host [address]". */
static const struct mx_host *mx_of(const struct facts *facts, const char *subject)
{
    size_t length = subject ? strcspn(subject, " ") : 0;

    for (size_t i = 0; length && i < facts->mx_count; i++)
        if (strlen(facts->mx[i].name) == length && memcmp(facts->mx[i].name, subject, length) == 0)
            return &facts->mx[i];
    return NULL;
}

/* The certificate that expires first of those that the host shows. */
static const struct certificate *certificate_of(const struct facts *facts, const char *host)
{
    TALLOC_CTX *work = talloc_new(NULL);
    const struct certificate *first = NULL;
    struct shown_certificate *shown;
    size_t count = 0;

    if (!work || shown_certificates(work, facts, &shown, &count) != STS_OK)
        count = 0;
    for (size_t i = 0; i < count; i++)
        if (strcmp(shown[i].host, host) == 0 &&
            (!first || shown[i].cert->not_after < first->not_after))
            first = shown[i].cert;
    talloc_free(work);
    return first;
}

static const char *last_cname(const struct dns_answer *answer)
{
    return answer && answer->cname_count ? answer->cnames[answer->cname_count - 1] : NULL;
}

static const char *first_address(const struct dns_answer *answer)
{
    return answer && answer->record_count ? answer->records[0].address : NULL;
}

/* NULL: it has neither. */
static const char *policy_host_key(TALLOC_CTX *ctx, const struct facts *facts)
{
    const struct policy_host *host = &facts->policy_host;
    const char *target = last_cname(host->a), *address = first_address(host->a);

    if (!target)
        target = last_cname(host->aaaa);
    if (target)
        return key_of(ctx, CAUSE_POLICY_HOST, target);
    if (!address)
        address = first_address(host->aaaa);
    return address ? key_of(ctx, CAUSE_POLICY_ADDRESS, address) : NULL;
}

/* ---- of a finding ---------------------------------------------------------------------------- */

static bool is_about_certificate(enum finding_code code)
{
    return strstr(finding_info(code)->name, "-cert-") != NULL;
}

static const char *host_key(TALLOC_CTX *ctx, const struct facts *facts,
                            const struct finding *finding, const char *host)
{
    const struct certificate *cert =
        is_about_certificate(finding->code) ? certificate_of(facts, host) : NULL;

    return cert ? certificate_key(ctx, cert) : NULL;
}

static const char *mx_key(TALLOC_CTX *ctx, const struct facts *facts, const struct finding *finding,
                          const struct mx_host *mx)
{
    const char *key = host_key(ctx, facts, finding, mx->name);

    if (key)
        return key;
    return key_of(ctx,
                  finding->code == FINDING_MX_NOT_COVERED ||
                          finding->code == FINDING_MX_WILDCARD_DEPTH
                      ? CAUSE_NOT_COVERED
                      : CAUSE_MX,
                  mx->name);
}

/* A policy is written by a provider where the record or the policy host is an alias of its. */
static const char *provider_key(TALLOC_CTX *ctx, const struct facts *facts)
{
    const struct provider *provider = provider_of_answer(facts->sts_txt);

    return provider ? key_of(ctx, CAUSE_PROVIDER, provider->id) : NULL;
}

const char *cause_key(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                      const struct finding *finding)
{
    const struct facts *facts = diagnosis->facts;
    const struct finding_info *info = finding_info(finding->code);
    const struct mx_host *mx = mx_of(facts, finding->subject);
    const char *key = NULL;

    if (finding->severity == SEVERITY_UNKNOWN)
        return key_of(ctx, CAUSE_OWN, info->name);
    if (mx)
        return mx_key(ctx, facts, finding, mx);
    if (info->topic == TOPIC_POLICY_HOST && facts->policy_host.name)
        key = host_key(ctx, facts, finding, facts->policy_host.name);
    if (!key && info->topic == TOPIC_POLICY_HOST)
        key = policy_host_key(ctx, facts);
    if (!key && (info->topic == TOPIC_POLICY || info->topic == TOPIC_RECORD))
        key = provider_key(ctx, facts);
    return key ? key : key_of(ctx, CAUSE_CODE, info->name);
}

/* ---- parts ----------------------------------------------------------------------------------- */

struct parts {
    const char **list;
    size_t count, room;
    bool no_memory;
};

static void add_part(struct parts *parts, const char *key)
{
    if (!key || parts->count >= parts->room)
        parts->no_memory = true;
    else
        parts->list[parts->count++] = key;
}

static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*x, *y);
}

static void sort_parts(struct parts *parts)
{
    size_t kept = 0;

    qsort(parts->list, parts->count, sizeof(*parts->list), by_text);
    for (size_t i = 0; i < parts->count; i++)
        if (i == 0 || strcmp(parts->list[i], parts->list[kept - 1]) != 0)
            parts->list[kept++] = parts->list[i];
    parts->count = kept;
}

static void add_mx(struct parts *parts, const struct facts *facts)
{
    for (size_t i = 0; i < facts->mx_count; i++) {
        const struct provider *provider = provider_of_mx(facts->mx[i].name);

        add_part(parts, key_of(parts->list, CAUSE_MX, facts->mx[i].name));
        if (provider)
            add_part(parts, key_of(parts->list, CAUSE_PROVIDER, provider->id));
    }
}

static void add_certificates(struct parts *parts, const struct shown_certificate *shown,
                             size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_part(parts, certificate_key(parts->list, shown[i].cert));
}

enum sts_status cause_parts(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                            const char *const **ret, size_t *ret_count)
{
    const struct facts *facts = diagnosis->facts;
    struct shown_certificate *shown;
    size_t count;
    enum sts_status status = shown_certificates(ctx, facts, &shown, &count);
    struct parts parts = {.room = 2 * facts->mx_count + 2};
    const char *policy_host;

    if (status)
        return status;
    parts.room += count;
    parts.list = talloc_zero_array(ctx, const char *, parts.room);
    if (!parts.list)
        return STS_E_NOMEM;
    add_mx(&parts, facts);
    add_certificates(&parts, shown, count);
    talloc_free(shown);
    policy_host = policy_host_key(parts.list, facts);
    if (policy_host)
        add_part(&parts, policy_host);
    policy_host = provider_key(parts.list, facts);
    if (policy_host)
        add_part(&parts, policy_host);
    sort_parts(&parts);
    *ret = parts.list;
    *ret_count = parts.count;
    return parts.no_memory ? STS_E_NOMEM : STS_OK;
}
