/* SPDX-License-Identifier: MIT */
/* bundle.c - the publications of many domains as one. */
#include "rollout/bundle.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/i18n.h"
#include "base/table.h"

#define POLICIES  "policies/"
#define LIST_FILE "domains.txt"

struct bundle_entry {
    struct bundle_site site; /* file NULL: not yet chosen */
    size_t policy;
    const char *zone, *update; /* its lines */
};

struct bundle {
    struct bundle_entry *entries;
    size_t count;
    const char **policies; /* texts, each once */
    size_t policy_count;
    struct table by_text, by_domain; /* indices and one */
    bool enforces;                   /* one of them at least */
};

/* ---- what is there already ------------------------------------------------------------------- */

static uint64_t hash_of(const char *text)
{
    return table_hash(0, text, strlen(text));
}

static uint64_t policy_hash(const void *owner, uint64_t word)
{
    const struct bundle *bundle = owner;

    return hash_of(bundle->policies[word - 1]);
}

static bool is_policy(const void *owner, uint64_t word, const void *key)
{
    const struct bundle *bundle = owner;

    return strcmp(bundle->policies[word - 1], key) == 0;
}

static uint64_t site_hash(const void *owner, uint64_t word)
{
    const struct bundle *bundle = owner;

    return hash_of(bundle->entries[word - 1].site.domain);
}

static bool is_site(const void *owner, uint64_t word, const void *key)
{
    const struct bundle *bundle = owner;

    return strcmp(bundle->entries[word - 1].site.domain, key) == 0;
}

struct bundle *bundle_new(TALLOC_CTX *ctx)
{
    static const struct table_kind policies = {policy_hash, is_policy};
    static const struct table_kind sites = {site_hash, is_site};
    struct bundle *bundle = talloc_zero(ctx, struct bundle);

    if (!bundle)
        return NULL;
    table_begin(&bundle->by_text, bundle, &policies, bundle);
    table_begin(&bundle->by_domain, bundle, &sites, bundle);
    return bundle;
}

/* ---- one more -------------------------------------------------------------------------------- */

/* The number of this text, which is taken over, and one; 0: no memory. */
static uint64_t policy_of(struct bundle *bundle, char *text)
{
    uint64_t word = text ? table_find(&bundle->by_text, hash_of(text), text) : 0;
    const char **policy;

    if (!text || word) {
        talloc_free(text);
        return word;
    }
    policy = array_grow(bundle, &bundle->policies, &bundle->policy_count, sizeof(*policy));
    if (!policy)
        return 0;
    *policy = text;
    return table_add(&bundle->by_text, bundle->policy_count) ? bundle->policy_count : 0;
}

static bool add_entry(struct bundle *bundle, struct advisory *a, const struct generate_wish *wish,
                      uint64_t policy)
{
    struct bundle_entry *entry =
        array_grow(bundle, &bundle->entries, &bundle->count, sizeof(*entry));
    char *zone = generate_zone(a, wish), *update = generate_update(a, wish);

    if (!entry)
        return false;
    *entry = (struct bundle_entry){.site = {.domain = talloc_strdup(bundle, wish->domain)},
                                   .policy = (size_t)policy - 1,
                                   .zone = talloc_steal(bundle, zone),
                                   .update = talloc_steal(bundle, update)};
    return zone && update && entry->site.domain && table_add(&bundle->by_domain, bundle->count);
}

bool bundle_add(struct bundle *bundle, struct advisory *a, const struct generate_wish *wish)
{
    uint64_t policy;

    if (table_find(&bundle->by_domain, hash_of(wish->domain), wish->domain))
        return true;
    policy = policy_of(
        bundle, generate_policy(bundle, wish->mode, wish->max_age, wish->mx, wish->mx_count));
    bundle->enforces |= wish->mode == STS_MODE_ENFORCE;
    return policy && add_entry(bundle, a, wish, policy);
}

/* ---- all of them ----------------------------------------------------------------------------- */

static const char *const show_sites[] = {"mtasts check --quiet --domains " LIST_FILE, NULL};

static void steps(struct advisory *a)
{
    advisory_step(a, "prepare-host", 0,
                  N_("Point the mta-sts names of all domains to one web server (A and AAAA, or a "
                     "CNAME), and use the configuration below for it: nginx.conf, Caddyfile or "
                     "apache.conf. Each says what it needs."),
                  NULL);
    advisory_step(a, "publish-policy", 0,
                  N_("Copy the files of policies/ to /var/www/mta-sts on that server. The "
                     "configuration says which domain has which."),
                  NULL);
    advisory_step(a, "publish-record", 0,
                  N_("Once the policies are served, publish the records of each domain in its "
                     "zone. From then on, senders apply the policies."),
                  NULL)
        ->artefact = ZONE_FILE;
    advisory_step(a, "check", 0, N_("Check all domains."), NULL)->commands = show_sites;
}

static int by_name(const void *left, const void *right)
{
    const struct bundle_entry *a = left, *b = right;

    return strcmp(a->site.domain, b->site.domain);
}

/* In one order, however the answers came: each policy has the name of its first domain. */
static struct bundle_entry *sorted(struct advisory *a, const struct bundle *bundle)
{
    struct bundle_entry *entries =
        talloc_memdup(a, bundle->entries, bundle->count * sizeof(*entries));
    const char **files = talloc_zero_array(a, const char *, bundle->policy_count);

    if (!entries || !files)
        return NULL;
    qsort(entries, bundle->count, sizeof(*entries), by_name);
    for (size_t i = 0; i < bundle->count; i++) {
        const char **file = &files[entries[i].policy];

        if (!*file) {
            *file = advisory_format(a, "%s.txt", entries[i].site.domain);
            advisory_artefact(a, advisory_format(a, POLICIES "%s", *file), N_("a policy"),
                              talloc_strdup(a, bundle->policies[entries[i].policy]));
        }
        entries[i].site.file = *file;
    }
    return entries;
}

static void hosting(struct advisory *a, const struct bundle_entry *entries, size_t count)
{
    struct bundle_site *sites = talloc_array(a, struct bundle_site, count);

    for (size_t i = 0; sites && i < count; i++)
        sites[i] = entries[i].site;
    if (sites)
        generate_hosting_of_many(a, sites, count);
    else
        a->no_memory = true;
}

static void lines(struct advisory *a, const struct bundle_entry *entries, size_t count)
{
    char *zone = talloc_strdup(a, ""), *update = talloc_strdup(a, "");
    char *list = talloc_strdup(a, "");

    for (size_t i = 0; zone && update && list && i < count; i++) {
        zone = talloc_strdup_append_buffer(zone, entries[i].zone);
        update = talloc_strdup_append_buffer(update, entries[i].update);
        list = talloc_asprintf_append_buffer(list, "%s\n", entries[i].site.domain);
    }
    advisory_artefact(a, ZONE_FILE,
                      N_("the records of all domains, as lines of zone files (BIND, NSD, Knot); "
                         "they replace the TXT records of these names"),
                      zone);
    advisory_artefact(a, NSUPDATE_FILE,
                      N_("the same records for a server that takes dynamic updates: nsupdate -k "
                         "KEYFILE nsupdate.txt"),
                      update);
    advisory_artefact(a, LIST_FILE, N_("the domains, for mtasts check and mtasts scan"), list);
}

static void files(struct advisory *a, const struct bundle *bundle)
{
    const struct bundle_entry *entries = sorted(a, bundle);

    if (!entries) {
        a->no_memory = true;
        return;
    }
    hosting(a, entries, bundle->count);
    lines(a, entries, bundle->count);
}

struct advisory *bundle_advise(TALLOC_CTX *ctx, const struct bundle *bundle, int64_t now)
{
    struct advisory *a = advisory_new(ctx, NULL, NULL, now);

    if (!a)
        return NULL;
    if (!bundle->count) {
        advisory_headline(a, SEVERITY_UNKNOWN, N_("no policy could be written."), NULL);
        return a;
    }
    advisory_headline(a, SEVERITY_INFO,
                      N_("{domains|domain|domains} with {policies|policy|policies}, served by one "
                         "web server."),
                      "domains", advisory_format(a, "%zu", bundle->count), "policies",
                      advisory_format(a, "%zu", bundle->policy_count), NULL);
    if (bundle->enforces)
        advisory_note(a, SEVERITY_LOW, "enforce-first",
                      N_("In mode enforce, senders refuse every mail server that is not covered or "
                         "has no valid certificate. Start with testing for domains that have not "
                         "been through that phase; mtasts plan DOMAIN shows when enforce is safe."),
                      NULL);
    steps(a);
    files(a, bundle);
    return a;
}
