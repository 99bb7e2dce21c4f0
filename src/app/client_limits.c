/* SPDX-License-Identifier: MIT */
/* client_limits.c - how much a client may ask for. */
#include "app/client_limits.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/table.h"

#define MS 1000

/* free_at: when the bucket of each limit will be full again, GCRA's theoretical arrival time. */
struct client {
    uint64_t network;
    int64_t free_at[CLIENT_LIMITS_MAX];
};

struct client_limits {
    struct client_limit limits[CLIENT_LIMITS_MAX];
    size_t count, clients;
    struct table table;
};

/* ---- clients --------------------------------------------------------------------------------- */

static uint64_t hash_client(const void *owner, uint64_t word)
{
    const struct client *client = table_thing(word);

    (void)owner;
    return table_hash(0, &client->network, sizeof client->network);
}

static bool is_client(const void *owner, uint64_t word, const void *key)
{
    const struct client *client = table_thing(word);

    (void)owner;
    return client->network == *(const uint64_t *)key;
}

static const struct table_kind client_kind = {hash_client, is_client};

/* An IPv4 address (mapped too) behind a mark that no /64 in use has; what is no address is all one
 * client. */
static uint64_t network_of(const char *address)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    uint8_t bytes[16];
    uint64_t network = 0;

    if (inet_pton(AF_INET, address, bytes + 12) == 1)
        memcpy(bytes, mapped, sizeof mapped);
    else if (inet_pton(AF_INET6, address, bytes) != 1)
        return 0;
    if (memcmp(bytes, mapped, sizeof mapped) == 0) {
        memset(bytes, 0xff, 4);
        memcpy(bytes + 4, bytes + 12, 4);
    }
    memcpy(&network, bytes, sizeof network);
    return network;
}

/* Behind a mark that no address has: ff00::/8 is for groups of receivers. */
static uint64_t network_of_token(int64_t token)
{
    uint8_t bytes[8] = {0xff, 0x00};
    uint64_t network;

    for (size_t i = 2; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)((uint64_t)token >> 8 * (i - 2));
    memcpy(&network, bytes, sizeof network);
    return network;
}

static bool is_forgotten(void *arg, uint64_t word)
{
    const struct client *client = table_thing(word);
    int64_t now_ms = *(const int64_t *)arg;

    for (size_t i = 0; i < CLIENT_LIMITS_MAX; i++)
        if (client->free_at[i] > now_ms)
            return false;
    talloc_free(table_thing(word));
    return true;
}

static struct client *find(struct client_limits *limits, uint64_t network)
{
    uint64_t hash = table_hash(0, &network, sizeof network);

    return table_thing(table_find(&limits->table, hash, &network));
}

static struct client *find_or_add(struct client_limits *limits, uint64_t network)
{
    struct client *client = find(limits, network);

    if (client || limits->table.count >= limits->clients)
        return client;
    client = talloc_zero(limits, struct client);
    if (!client)
        return NULL;
    client->network = network;
    if (!table_add(&limits->table, table_word(client)))
        TALLOC_FREE(client);
    return client;
}

/* ---- limits ---------------------------------------------------------------------------------- */

static int64_t interval(const struct client_limit *limit)
{
    return limit->seconds * MS / limit->count;
}

/* Milliseconds until this limit lets one more pass; 0: now. */
static int64_t wait_of(const struct client_limit *limit, int64_t free_at, int64_t now_ms)
{
    int64_t full = free_at > now_ms ? free_at - now_ms : 0;
    int64_t room = interval(limit) * (limit->count - 1);

    return full > room ? full - room : 0;
}

static int64_t wait_for(const struct client_limits *limits, const struct client *client,
                        int64_t now_ms)
{
    int64_t longest = 0;

    for (size_t i = 0; i < limits->count; i++) {
        int64_t wait = wait_of(&limits->limits[i], client->free_at[i], now_ms);

        longest = wait > longest ? wait : longest;
    }
    return (longest + MS - 1) / MS;
}

struct client_limits *client_limits_new(TALLOC_CTX *ctx, const struct client_limit *limits,
                                        size_t count, size_t clients)
{
    struct client_limits *made = talloc_zero(ctx, struct client_limits);

    if (!made)
        return NULL;
    memcpy(made->limits, limits, count * sizeof *limits);
    made->count = count;
    made->clients = clients;
    table_begin(&made->table, made, &client_kind, made);
    return made;
}

int64_t client_limits_ask(struct client_limits *limits, const char *address, int64_t now_ms)
{
    const struct client *client = find(limits, network_of(address));

    return client ? wait_for(limits, client, now_ms) : 0;
}

static struct client_quota quota_of(const struct client_limit *limit, const struct client *client,
                                    int64_t now_ms)
{
    int64_t full = client && client->free_at[0] > now_ms ? client->free_at[0] - now_ms : 0;
    int64_t left = limit->count - (full + interval(limit) - 1) / interval(limit);

    return (struct client_quota){left > 0 ? left : 0, (full + MS - 1) / MS};
}

static int64_t spend(struct client_limits *limits, struct client *client, int64_t now_ms)
{
    int64_t wait;

    if (!client) /* as many as are remembered have asked within the last minutes */
        return limits->limits[0].seconds;
    wait = wait_for(limits, client, now_ms);
    for (size_t i = 0; !wait && i < limits->count; i++) {
        int64_t from = client->free_at[i] > now_ms ? client->free_at[i] : now_ms;

        client->free_at[i] = from + interval(&limits->limits[i]);
    }
    return wait;
}

int64_t client_limits_spend(struct client_limits *limits, const struct client_name *name,
                            int64_t now_ms, struct client_quota *ret)
{
    struct client *client;
    int64_t wait;

    if (limits->table.count >= limits->clients)
        table_sweep(&limits->table, is_forgotten, &now_ms);
    client = find_or_add(limits,
                         name->token ? network_of_token(name->token) : network_of(name->address));
    wait = spend(limits, client, now_ms);
    *ret = client ? quota_of(&limits->limits[0], client, now_ms) : (struct client_quota){0, wait};
    return wait;
}

int64_t client_limits_take(struct client_limits *limits, const char *address, int64_t now_ms)
{
    struct client_quota quota;

    return client_limits_spend(limits, &(struct client_name){address, 0}, now_ms, &quota);
}
