/* SPDX-License-Identifier: MIT */
/* json_seen.c - what a check saw of certificates, addresses and time. */
#include "render/json_seen.h"

#include <string.h>

#include "base/array.h"
#include "verdict/expiry.h"
#include "verdict/shown.h"

/* ---- certificates ---------------------------------------------------------------------------- */

struct seen_certificate {
    const char *service, *host;
    const struct certificate *cert;
    const char **addresses; /* which show it */
    size_t address_count;
};

struct seen {
    TALLOC_CTX *ctx;
    struct seen_certificate *list;
    size_t count;
};

static bool is_same(const char *a, const char *b)
{
    return a && b && !strcmp(a, b);
}

/* NULL: no memory. */
static struct seen_certificate *entry_of(struct seen *seen, const struct shown_certificate *shown)
{
    struct seen_certificate *entry;

    for (size_t i = 0; i < seen->count; i++)
        if (is_same(seen->list[i].service, shown->service) &&
            is_same(seen->list[i].host, shown->host) &&
            is_same(seen->list[i].cert->sha256, shown->cert->sha256))
            return &seen->list[i];
    entry = array_grow(seen->ctx, &seen->list, &seen->count, sizeof(*entry));
    if (entry)
        *entry = (struct seen_certificate){shown->service, shown->host, shown->cert, NULL, 0};
    return entry;
}

static void take(struct seen *seen, const struct shown_certificate *shown)
{
    struct seen_certificate *entry = entry_of(seen, shown);
    const char **place;

    if (!entry || (entry->address_count &&
                   is_same(entry->addresses[entry->address_count - 1], shown->address)))
        return;
    place = array_grow(seen->ctx, &entry->addresses, &entry->address_count, sizeof(*place));
    if (place)
        *place = shown->address;
}

static struct json_object *certificate(TALLOC_CTX *ctx, const struct seen_certificate *seen,
                                       int64_t now)
{
    const struct certificate *cert = seen->cert;
    struct json_object *object = json_object_new_object();

    json_add_text(ctx, object, "host", seen->host);
    json_add_text(ctx, object, "service", seen->service);
    json_add(object, "addresses", json_texts(ctx, seen->addresses, seen->address_count));
    json_add_text(ctx, object, "subject", cert->subject);
    json_add_text(ctx, object, "issuer", cert->issuer);
    json_add(object, "names", json_texts(ctx, cert->dns_names, cert->dns_name_count));
    json_add(object, "not_before", json_time(cert->not_before));
    json_add(object, "not_after", json_time(cert->not_after));
    json_add_number(object, "days_left", expiry_days(cert, now));
    json_add_text(ctx, object, "key", cert->key);
    json_add_text(ctx, object, "sha256", cert->sha256);
    return object;
}

struct json_object *json_certificates(TALLOC_CTX *ctx, const struct facts *facts, int64_t now)
{
    struct json_object *array = json_object_new_array();
    struct seen seen = {.ctx = talloc_new(ctx)};
    struct shown_certificate *shown;
    size_t count;

    if (!seen.ctx || shown_certificates(seen.ctx, facts, &shown, &count) != STS_OK)
        count = 0;
    for (size_t i = 0; i < count; i++)
        take(&seen, &shown[i]);
    for (size_t i = 0; i < seen.count; i++)
        json_append(array, certificate(seen.ctx, &seen.list[i], now));
    talloc_free(seen.ctx);
    return array;
}

/* ---- addresses ------------------------------------------------------------------------------- */

/* NULL, JSON's null, where it did not come so far. */
static void add_ms(struct json_object *object, const char *name, int64_t ms)
{
    json_add(object, name, ms < 0 ? NULL : json_object_new_int64(ms));
}

static struct json_object *address(TALLOC_CTX *ctx, const char *host, const char *service,
                                   const char *at)
{
    struct json_object *object = json_object_new_object();

    json_add_text(ctx, object, "host", host);
    json_add_text(ctx, object, "service", service);
    json_add_text(ctx, object, "address", at);
    return object;
}

static struct json_object *fetched(TALLOC_CTX *ctx, const char *host,
                                   const struct https_fetch *fetch)
{
    struct json_object *object = address(ctx, host, "https", fetch->address);

    json_add_text(ctx, object, "outcome", net_outcome_name(fetch->outcome));
    json_add_text(ctx, object, "phase", net_phase_name(fetch->phase));
    json_add(object, "status", fetch->status ? json_object_new_int64(fetch->status) : NULL);
    json_add_text(ctx, object, "tls", fetch->tls ? fetch->tls->version : NULL);
    add_ms(object, "connect_ms", fetch->connect_ms);
    add_ms(object, "tls_ms", fetch->tls_ms);
    add_ms(object, "total_ms", fetch->total_ms);
    return object;
}

static struct json_object *spoken(TALLOC_CTX *ctx, const char *host,
                                  const struct smtp_session *session)
{
    struct json_object *object = address(ctx, host, "smtp", session->address);
    int64_t status = session->greeting_code;

    json_add_text(ctx, object, "outcome", net_outcome_name(session->outcome));
    json_add_text(ctx, object, "phase", net_phase_name(session->phase));
    json_add(object, "status", status ? json_object_new_int64(status) : NULL);
    json_add_text(ctx, object, "tls", session->tls ? session->tls->version : NULL);
    add_ms(object, "connect_ms", session->connect_ms);
    add_ms(object, "tls_ms", session->tls_ms);
    add_ms(object, "total_ms", session->total_ms);
    return object;
}

struct json_object *json_addresses(TALLOC_CTX *ctx, const struct facts *facts)
{
    const struct policy_host *host = &facts->policy_host;
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < host->fetch_count; i++)
        json_append(array, fetched(ctx, host->name, &host->fetches[i]));
    for (size_t i = 0; i < facts->mx_count; i++)
        for (size_t j = 0; j < facts->mx[i].session_count && !shown_before(facts, i); j++)
            json_append(array, spoken(ctx, facts->mx[i].name, &facts->mx[i].sessions[j]));
    return array;
}

/* ---- time ------------------------------------------------------------------------------------ */

static void longer(int64_t *longest, int64_t ms)
{
    if (ms > *longest)
        *longest = ms;
}

static void longer_answer(int64_t *longest, const struct dns_answer *answer)
{
    if (answer)
        longer(longest, answer->elapsed_ms);
}

/* Of what is asked of every domain. */
static int64_t slowest_answer(const struct facts *facts)
{
    int64_t longest = -1;

    longer_answer(&longest, facts->sts_txt);
    longer_answer(&longest, facts->tlsrpt_txt);
    longer_answer(&longest, facts->mx_answer);
    longer_answer(&longest, facts->policy_host.a);
    longer_answer(&longest, facts->policy_host.aaaa);
    for (size_t i = 0; i < facts->mx_count; i++) {
        longer_answer(&longest, facts->mx[i].a);
        longer_answer(&longest, facts->mx[i].aaaa);
        longer_answer(&longest, facts->mx[i].tlsa);
    }
    return longest;
}

struct json_object *json_timings(const struct facts *facts)
{
    struct json_object *object = json_object_new_object();
    int64_t fetch = -1, session = -1;

    for (size_t i = 0; i < facts->policy_host.fetch_count; i++)
        longer(&fetch, facts->policy_host.fetches[i].total_ms);
    for (size_t i = 0; i < facts->mx_count; i++)
        for (size_t j = 0; j < facts->mx[i].session_count; j++)
            longer(&session, facts->mx[i].sessions[j].total_ms);
    add_ms(object, "total_ms", facts->elapsed_ms);
    add_ms(object, "dns_ms", slowest_answer(facts));
    add_ms(object, "https_ms", fetch);
    add_ms(object, "smtp_ms", session);
    return object;
}
