/* SPDX-License-Identifier: MIT */
/* testing_probe.c - a table of hosts and of domains, each of a day; hosts are looked at a few at a
 * time, and who wants to know waits. */
#include "policyd/testing_probe.h"

#include <stdio.h>
#include <string.h>
#include <sys/queue.h>

#include <mtasts/match.h>

#include "base/table.h"
#include "event/semaphore.h"
#include "policyd/limits.h"
#include "policyd/mx_look.h"
#include "policyd/policy_faults.h"
#include "policyd/policy_text.h"

#define DAY_S 86400 /* of UTC, as reports have it */

/* A domain and its policy, which its wishes share; the last of them frees it. */
struct probe_text {
    struct testing_probe *probe;
    size_t users, bytes;
    const char *domain, *lines, *mx;
};

/* A domain that wants to know how a host fares. */
struct probe_wish {
    struct probe_text *text;
    SLIST_ENTRY(probe_wish) next;
};

/* A host, or a domain, of which nothing but the day counts. */
struct probed_name {
    struct testing_probe *probe;
    int64_t day;
    struct permit *permit; /* of a look that is under way or waits */
    struct mx_look *look;
    enum sts_outcome outcome;
    char *address;
    SLIST_HEAD(, probe_wish) wishes;
    TAILQ_ENTRY(probed_name) next; /* in_doubt */
    bool in_doubt;                 /* it failed, and so may everything from here */
    char key[];                    /* "h" or "d" before the name */
};

struct testing_probe {
    struct testing_probe_request request;
    struct semaphore *looks;
    struct table names;
    TAILQ_HEAD(, probed_name) doubts;
    int64_t good_at;   /* when a session went well last */
    size_t text_bytes; /* of all that wishes have */
};

/* ---- names of today -------------------------------------------------------------------------- */

static uint64_t hash_of(const void *owner, uint64_t word)
{
    const struct probed_name *name = table_thing(word);

    (void)owner;
    return table_hash(0, name->key, strlen(name->key));
}

static bool has_key(const void *owner, uint64_t word, const void *key)
{
    (void)owner;
    return strcmp(((const struct probed_name *)table_thing(word))->key, key) == 0;
}

static const struct table_kind by_key = {hash_of, has_key};

static int64_t today(const struct testing_probe *probe)
{
    return probe->request.now() / DAY_S;
}

static bool is_old(void *arg, uint64_t word)
{
    struct probed_name *name = table_thing(word);

    if (name->permit || name->in_doubt || name->day == today(arg))
        return false;
    talloc_free(name);
    return true;
}

static struct probed_name *add_name(struct testing_probe *probe, const char *key)
{
    size_t size = strlen(key) + 1;
    struct probed_name *name;

    if (probe->names.count >= LIMIT_PROBED_NAMES)
        table_sweep(&probe->names, is_old, probe);
    if (probe->names.count >= LIMIT_PROBED_NAMES)
        return NULL;
    name = talloc_zero_size(probe, sizeof(*name) + size);
    if (!name)
        return NULL;
    name->probe = probe;
    memcpy(name->key, key, size);
    if (!table_add(&probe->names, table_word(name)))
        TALLOC_FREE(name);
    return name;
}

/* NULL: there is no room for it. */
static struct probed_name *name_of(struct testing_probe *probe, char kind, const char *text)
{
    char key[STS_NAME_SIZE + 1];
    struct probed_name *name;

    snprintf(key, sizeof(key), "%c%s", kind, text);
    name = table_thing(table_find(&probe->names, table_hash(0, key, strlen(key)), key));
    return name ? name : add_name(probe, key);
}

/* ---- a host ---------------------------------------------------------------------------------- */

static void grant(struct probed_name *host, const struct probe_wish *wish)
{
    const struct testing_probe_request *request = &host->probe->request;
    const struct testing_probed probed = {.domain = wish->text->domain,
                                          .lines = wish->text->lines,
                                          .mx = wish->text->mx,
                                          .host = host->key + 1,
                                          .address = host->address ? host->address : "",
                                          .outcome = host->outcome};

    if (sts_outcome_counts(host->outcome))
        request->probed(request->arg, &probed);
}

static void grant_all(struct probed_name *host)
{
    struct probe_wish *wish;

    while ((wish = SLIST_FIRST(&host->wishes))) {
        SLIST_REMOVE_HEAD(&host->wishes, next);
        grant(host, wish);
        talloc_free(wish);
    }
}

/* Those of a day before: their day has been reported by now, and where nothing ever goes well they
 * would become more every day. */
static void forget_wishes(struct probed_name *host)
{
    struct probe_wish *wish;

    while ((wish = SLIST_FIRST(&host->wishes))) {
        SLIST_REMOVE_HEAD(&host->wishes, next);
        talloc_free(wish);
    }
}

/* Whoever takes STARTTLS away in our own network, or a clock that is wrong, makes every host fail.
 * So a failure counts when some session went well, an hour before or at any time after, until the
 * host is looked at anew. */
static void judge(struct probed_name *host)
{
    struct testing_probe *probe = host->probe;
    int64_t now = probe->request.now();
    bool failed = sts_outcome_result(host->outcome) != STS_RESULT_NONE;

    if (failed && now - probe->good_at > LIMIT_PROBE_GOOD_S) {
        if (!host->in_doubt)
            TAILQ_INSERT_TAIL(&probe->doubts, host, next);
        host->in_doubt = true;
        return;
    }
    if (host->in_doubt)
        TAILQ_REMOVE(&probe->doubts, host, next);
    host->in_doubt = false;
    grant_all(host);
}

static void on_good(struct testing_probe *probe)
{
    struct probed_name *host, *next;

    probe->good_at = probe->request.now();
    for (host = TAILQ_FIRST(&probe->doubts); host; host = next) {
        next = TAILQ_NEXT(host, next);
        if (!host->permit)
            judge(host);
    }
}

static void on_looked(void *arg, const char *address, enum sts_outcome outcome)
{
    struct probed_name *host = arg;

    host->outcome = outcome;
    talloc_free(host->address);
    host->address = address ? talloc_strdup(host, address) : NULL;
    TALLOC_FREE(host->look);
    TALLOC_FREE(host->permit);
    if (outcome == STS_OUTCOME_SUCCESS)
        on_good(host->probe);
    judge(host);
}

static void look(void *arg)
{
    struct probed_name *host = arg;
    const struct mx_look_request request = {
        .net = host->probe->request.net, .host = host->key + 1, .done = on_looked, .arg = host};

    if (mx_look_start(host, &request, &host->look) != STS_OK)
        on_looked(host, NULL, STS_OUTCOME_NOT_CONNECTED);
}

static void begin(struct probed_name *host)
{
    const struct semaphore_request request = {SEMAPHORE_BEGINS, look, host};
    bool in = false;

    host->day = today(host->probe);
    host->outcome = STS_OUTCOME_NOT_CONNECTED;
    if (semaphore_acquire(host, host->probe->looks, &request, &host->permit, &in) == STS_OK && in)
        look(host);
}

/* ---- wishes ---------------------------------------------------------------------------------- */

static int text_drop(struct probe_text *text)
{
    text->probe->text_bytes -= text->bytes;
    return 0;
}

static void text_release(struct probe_text *text)
{
    if (!--text->users)
        talloc_free(text);
}

/* The caller is its first user.  NULL: there is no room. */
static struct probe_text *text_new(struct testing_probe *probe, const struct policy_known *known)
{
    struct probe_text *text =
        probe->text_bytes < LIMIT_PROBE_TEXTS ? talloc_zero(NULL, struct probe_text) : NULL;

    if (!text)
        return NULL;
    text->domain = talloc_strdup(text, known->domain);
    text->lines = policy_text(text, known->policy);
    text->mx = policy_patterns(text, known->policy);
    if (!text->domain || !text->lines || !text->mx) {
        talloc_free(text);
        return NULL;
    }
    text->probe = probe;
    text->users = 1;
    text->bytes = strlen(text->domain) + strlen(text->lines) + strlen(text->mx);
    probe->text_bytes += text->bytes;
    talloc_set_destructor(text, text_drop);
    return text;
}

static int wish_drop(struct probe_wish *wish)
{
    text_release(wish->text);
    return 0;
}

static struct probe_wish *wish_new(TALLOC_CTX *ctx, struct probe_text *text)
{
    struct probe_wish *wish = talloc_zero(ctx, struct probe_wish);

    if (!wish)
        return NULL;
    wish->text = text;
    text->users++;
    talloc_set_destructor(wish, wish_drop);
    return wish;
}

static void want(struct testing_probe *probe, struct probe_text *text, const char *name)
{
    struct probed_name *host = name_of(probe, 'h', name);
    struct probe_wish *wish = host ? wish_new(host, text) : NULL;

    if (!wish)
        return;
    if (!host->permit && !host->in_doubt && host->day == today(probe)) {
        grant(host, wish);
        talloc_free(wish);
        return;
    }
    if (!host->permit && host->day != today(probe)) {
        forget_wishes(host);
        SLIST_INSERT_HEAD(&host->wishes, wish, next);
        begin(host);
    } else {
        SLIST_INSERT_HEAD(&host->wishes, wish, next);
    }
}

/* ---- a domain -------------------------------------------------------------------------------- */

void testing_probe_domain(struct testing_probe *probe, const struct policy_known *known)
{
    struct probed_name *domain;
    struct probe_text *text;

    if (!known->policy || known->policy->mode != STS_MODE_TESTING || !known->mx_host_count ||
        known->dane == DANE_COVER_ALL)
        return;
    domain = name_of(probe, 'd', known->domain);
    text = domain && domain->day != today(probe) ? text_new(probe, known) : NULL;
    if (!text)
        return;
    domain->day = today(probe);
    for (size_t i = 0; i < known->mx_host_count && i < LIMIT_PROBED_HOSTS; i++)
        if (policy_names_host(known->policy, known->mx_hosts[i]))
            want(probe, text, known->mx_hosts[i]);
    text_release(text);
}

enum sts_status testing_probe_new(TALLOC_CTX *ctx, const struct testing_probe_request *request,
                                  struct testing_probe **ret)
{
    struct testing_probe *probe = talloc_zero(ctx, struct testing_probe);

    if (!probe)
        return STS_E_NOMEM;
    probe->request = *request;
    table_begin(&probe->names, probe, &by_key, NULL);
    TAILQ_INIT(&probe->doubts);
    if (semaphore_new(probe, request->net->loop, LIMIT_PROBES, &probe->looks) != STS_OK) {
        talloc_free(probe);
        return STS_E_NOMEM;
    }
    *ret = probe;
    return STS_OK;
}
