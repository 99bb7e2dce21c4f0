/* SPDX-License-Identifier: MIT */
/* reverse_names.c - a cache of names by address, and the lookups that fill it. */
#include "app/reverse_names.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/queue.h>

#include "app/limits.h"
#include "base/hname.h"
#include "base/special_address.h"
#include "base/table.h"
#include "event/loop.h"
#include "net/dns.h"
#include "net/net.h"

struct reverse_entry {
    TAILQ_ENTRY(reverse_entry) link;
    struct reverse_names *names;
    const char *address;
    TALLOC_CTX *work; /* the questions under way */
    char *candidate;  /* that the reverse DNS says; NULL */
    char *name;       /* confirmed; NULL: none is */
    bool pending;
    int64_t until; /* kept so long */
};

struct reverse_wait {
    LIST_ENTRY(reverse_wait) link;
    struct reverse_names *names;
    const char **addresses;
    size_t count;
    struct loop_timer *timer;
    void (*done)(void *arg);
    void *arg;
};

struct reverse_names {
    struct loop *loop;
    struct dns *dns;
    bool any; /* addresses of special use, too: a laboratory */
    struct table table;
    TAILQ_HEAD(, reverse_entry) entries; /* the oldest first */
    size_t count, pending;
    LIST_HEAD(, reverse_wait) waits;
};

/* ---- the cache ------------------------------------------------------------------------------- */

static uint64_t hash_of(const char *address)
{
    return table_hash(0, address, strlen(address));
}

static uint64_t entry_hash(const void *owner, uint64_t word)
{
    const struct reverse_entry *entry = table_thing(word);

    (void)owner;
    return hash_of(entry->address);
}

static bool entry_is(const void *owner, uint64_t word, const void *key)
{
    const struct reverse_entry *entry = table_thing(word);

    (void)owner;
    return strcmp(entry->address, key) == 0;
}

static const struct table_kind entry_kind = {entry_hash, entry_is};

static struct reverse_entry *find(const struct reverse_names *names, const char *address)
{
    uint64_t word = table_find(&names->table, hash_of(address), address);

    return word ? table_thing(word) : NULL;
}

static void drop(struct reverse_names *names, struct reverse_entry *entry)
{
    table_remove(&names->table, table_word(entry));
    TAILQ_REMOVE(&names->entries, entry, link);
    names->count--;
    talloc_free(entry);
}

/* The oldest that is not being looked up makes room.  False: there is none. */
static bool make_room(struct reverse_names *names)
{
    struct reverse_entry *entry;

    if (names->count < REVERSE_ENTRIES_MAX)
        return true;
    TAILQ_FOREACH(entry, &names->entries, link)
    if (!entry->pending) {
        drop(names, entry);
        return true;
    }
    return false;
}

static struct reverse_entry *add(struct reverse_names *names, const char *address)
{
    struct reverse_entry *entry =
        make_room(names) ? talloc_zero(names, struct reverse_entry) : NULL;

    if (!entry)
        return NULL;
    entry->names = names;
    entry->address = talloc_strdup(entry, address);
    entry->work = talloc_new(entry);
    if (!entry->address || !entry->work || !table_add(&names->table, table_word(entry))) {
        talloc_free(entry);
        return NULL;
    }
    TAILQ_INSERT_TAIL(&names->entries, entry, link);
    names->count++;
    return entry;
}

const char *reverse_name_of(const struct reverse_names *names, const char *address)
{
    const struct reverse_entry *entry = find(names, address);

    return entry ? entry->name : NULL;
}

/* ---- whoever waits --------------------------------------------------------------------------- */

static bool waits_for_any(const struct reverse_wait *wait)
{
    for (size_t i = 0; i < wait->count; i++) {
        const struct reverse_entry *entry = find(wait->names, wait->addresses[i]);

        if (entry && entry->pending)
            return true;
    }
    return false;
}

/* Their timers tell them, so that nobody is called within somebody's callback. */
static void tell_waits(struct reverse_names *names)
{
    struct reverse_wait *wait;

    LIST_FOREACH(wait, &names->waits, link)
    if (!waits_for_any(wait))
        loop_timer_again(wait->timer, loop_now(names->loop));
}

static void end(struct reverse_entry *entry, int64_t keep_ms)
{
    struct reverse_names *names = entry->names;

    TALLOC_FREE(entry->work);
    entry->pending = false;
    entry->until = loop_now(names->loop) + keep_ms;
    names->pending--;
    tell_waits(names);
}

/* ---- looking up ------------------------------------------------------------------------------ */

struct binary_address {
    int family;
    unsigned char bytes[16];
    size_t length;
};

static bool address_read(const char *text, struct binary_address *ret)
{
    *ret = (struct binary_address){.family = strchr(text, ':') ? AF_INET6 : AF_INET};
    ret->length = ret->family == AF_INET6 ? 16 : 4;
    return inet_pton(ret->family, text, ret->bytes) == 1;
}

/* "1.2.0.192.in-addr.arpa"; owned by ctx.  NULL: no address, or no memory. */
static char *reverse_query(TALLOC_CTX *ctx, const char *address)
{
    struct binary_address read;
    char *text = address_read(address, &read) ? talloc_strdup(ctx, "") : NULL;

    for (size_t i = read.length; text && i--;)
        text = read.family == AF_INET
                   ? talloc_asprintf_append_buffer(text, "%u.", read.bytes[i])
                   : talloc_asprintf_append_buffer(text, "%x.%x.", read.bytes[i] & 15U,
                                                   read.bytes[i] >> 4U);
    return text ? talloc_asprintf_append_buffer(text, read.family == AF_INET ? "in-addr.arpa"
                                                                             : "ip6.arpa")
                : NULL;
}

static bool confirms(const struct dns_answer *answer, const char *address)
{
    struct binary_address wanted, got;

    for (size_t i = 0; i < answer->record_count; i++)
        if (answer->records[i].address && address_read(answer->records[i].address, &got) &&
            address_read(address, &wanted) && got.family == wanted.family &&
            memcmp(got.bytes, wanted.bytes, wanted.length) == 0)
            return true;
    return false;
}

static bool is_lasting(const struct dns_answer *answer)
{
    return answer->outcome == DNS_OUTCOME_FOUND || answer->outcome == DNS_OUTCOME_NODATA ||
           answer->outcome == DNS_OUTCOME_NXDOMAIN;
}

static bool ask(struct reverse_entry *entry, const char *name, enum dns_type type, dns_done_fn done)
{
    struct reverse_names *names = entry->names;
    struct dns_request request = {.name = name,
                                  .type = type,
                                  .deadline = loop_now(names->loop) + REVERSE_LOOKUP_MS,
                                  .done = done,
                                  .arg = entry};
    struct dns_query *query;

    return dns_ask(entry->work, names->dns, &request, &query) == STS_OK;
}

static void on_addresses(void *arg, struct dns_answer *answer)
{
    struct reverse_entry *entry = arg;

    if (confirms(answer, entry->address))
        entry->name = entry->candidate;
    end(entry, is_lasting(answer) ? REVERSE_KEPT_MS : REVERSE_FAILED_KEPT_MS);
}

static void on_name(void *arg, struct dns_answer *answer)
{
    struct reverse_entry *entry = arg;
    const char *host = answer->record_count ? answer->records[0].host : NULL;
    enum dns_type type = strchr(entry->address, ':') ? DNS_AAAA : DNS_A;

    if (host && hname_valid(bytes_of(host)))
        entry->candidate = talloc_strdup(entry, host);
    if (!entry->candidate || !ask(entry, entry->candidate, type, on_addresses))
        end(entry, is_lasting(answer) ? REVERSE_KEPT_MS : REVERSE_FAILED_KEPT_MS);
}

/* Nobody else's DNS is asked what our own network calls its hosts, and no page shows it. */
static bool may_look(const struct reverse_names *names, const char *address)
{
    struct binary_address read;

    return address_read(address, &read) &&
           (names->any || special_address_use(address) <= ADDRESS_USE_RETIRED);
}

static void look(struct reverse_names *names, const char *address)
{
    struct reverse_entry *entry = find(names, address);
    char *query;

    if (entry && (entry->pending || entry->until > loop_now(names->loop)))
        return;
    if (names->pending >= REVERSE_PENDING_MAX || !may_look(names, address))
        return;
    if (entry)
        drop(names, entry);
    entry = add(names, address);
    if (!entry)
        return;
    query = reverse_query(entry, address);
    entry->pending = query && ask(entry, query, DNS_PTR, on_name);
    names->pending += entry->pending;
    talloc_free(query);
}

/* ---- for the pages --------------------------------------------------------------------------- */

static void on_time(void *arg)
{
    struct reverse_wait *wait = arg;

    LIST_REMOVE(wait, link);
    wait->names = NULL; /* once */
    wait->done(wait->arg);
}

static int reverse_wait_drop(struct reverse_wait *wait)
{
    if (wait->names)
        LIST_REMOVE(wait, link);
    return 0;
}

static bool copy_addresses(struct reverse_wait *wait, const struct reverse_request *request)
{
    size_t count = request->count < REVERSE_ASKED_MAX ? request->count : REVERSE_ASKED_MAX;

    wait->addresses = talloc_array(wait, const char *, (unsigned)count + 1);
    for (; wait->addresses && wait->count < count; wait->count++) {
        wait->addresses[wait->count] = talloc_strdup(wait, request->addresses[wait->count]);
        if (!wait->addresses[wait->count])
            return false;
    }
    return wait->addresses;
}

enum sts_status reverse_names_wait(TALLOC_CTX *ctx, struct reverse_names *names,
                                   const struct reverse_request *request, struct reverse_wait **ret)
{
    struct reverse_wait *wait = talloc_zero(ctx, struct reverse_wait);
    int64_t deadline = loop_now(names->loop);

    if (!wait)
        return STS_E_NOMEM;
    wait->names = names;
    wait->done = request->done;
    wait->arg = request->arg;
    if (!copy_addresses(wait, request)) {
        talloc_free(wait);
        return STS_E_NOMEM;
    }
    for (size_t i = 0; i < wait->count; i++)
        look(names, wait->addresses[i]);
    if (waits_for_any(wait))
        deadline += REVERSE_WAIT_MS;
    if (loop_timer_start(wait, names->loop, deadline, on_time, wait, &wait->timer)) {
        talloc_free(wait);
        return STS_E_NOMEM;
    }
    LIST_INSERT_HEAD(&names->waits, wait, link);
    talloc_set_destructor(wait, reverse_wait_drop);
    *ret = wait;
    return STS_OK;
}

enum sts_status reverse_names_new(TALLOC_CTX *ctx, struct loop *loop, const struct net_options *net,
                                  struct reverse_names **ret, char **ret_why)
{
    const struct dns_config config = {.resolvers = net->resolvers,
                                      .resolver_count = net->resolver_count,
                                      .sockets = REVERSE_PENDING_MAX,
                                      .trust_anchor = net->trust_anchor,
                                      .public_only = net->public_only && !net->allow_private};
    struct reverse_names *names = talloc_zero(ctx, struct reverse_names);
    enum sts_status status = STS_E_NOMEM;

    *ret_why = NULL;
    if (!names)
        return status;
    names->loop = loop;
    names->any = net->allow_private;
    table_begin(&names->table, names, &entry_kind, names);
    TAILQ_INIT(&names->entries);
    LIST_INIT(&names->waits);
    status = dns_new(names, loop, &config, &names->dns, ret_why);
    if (status) {
        *ret_why = talloc_steal(ctx, *ret_why);
        talloc_free(names);
        return status;
    }
    *ret = names;
    return STS_OK;
}
