/* SPDX-License-Identifier: MIT */
/* rate_limiter.c - places in a table: who connects there, and who waits.
 *
 * A slot waits at its address.  When an address has room its first slot goes on to the network: if
 * that has room too the slot is granted, else the address joins the network's queue, once, so that
 * one address with many who wait does not keep the others of its network out.  Whatever changes
 * (a slot is taken or given back, time has passed at a rate) settles the place that it changed.
 *
 * A place that the rate keeps waiting has one of its slots watch the clock, in the loop of that
 * slot's thread: so no thread is needed for all this, and no timer where nobody waits. */
#include "net/rate_limiter.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/table.h"
#include "event/inbox.h"
#include "event/loop.h"

#define SWEEP_EVERY  4096 /* limiter taken, then places that nobody uses are forgotten */
#define NETWORK4     3    /* bytes of an address that name its network: /24 */
#define NETWORK6     6    /* /48 */
#define NETWORK_PORT 0
#define NS_PER_MS    1000000
#define NS_PER_S     INT64_C(1000000000)

struct limiter_key {
    unsigned char address[16];
    int family;
    int64_t port;
};

/* An address, or a network. */
struct limiter_place {
    struct limiter_key key;
    const struct ceiling *ceiling;
    int64_t held, users; /* users: limiter that hold or wait; of a network, its addresses */
    int64_t paid_until;  /* ns: the connections made so far are paid for until then, by the rate */
    struct limiter_place *network; /* NULL: it is one */
    TAILQ_HEAD(, slot) waiting;
    TAILQ_HEAD(, limiter_place) queue; /* of a network: addresses that wait for it */
    TAILQ_ENTRY(limiter_place) link;
    bool queued;
    struct slot *watch; /* looks again when the rate allows more */
};

struct rate_limiter {
    struct inboxes *inboxes;
    struct ceiling address, network;
    struct table places;
    size_t taken;
};

struct slot {
    struct rate_limiter *limiter;
    struct limiter_place *place;
    TAILQ_ENTRY(slot) link;
    struct notice notice;
    bool granted;
    struct limiter_place *watched; /* the place whose watch this slot is */
    struct loop_timer *timer;
    slot_ready_fn ready;
    void *arg;
};

/* What is forgotten of the table now. */
struct sweep {
    int64_t now_ns;
    bool networks; /* or addresses */
};

static void settle(struct limiter_place *place);

/* ---- places ---------------------------------------------------------------------------------- */

static void parse(const char *address, struct limiter_key *key)
{
    key->family = AF_INET;
    if (inet_pton(AF_INET, address, key->address) == 1)
        return;
    key->family = AF_INET6;
    (void)inet_pton(AF_INET6, address, key->address);
}

static struct limiter_key network_of(const struct limiter_key *address)
{
    struct limiter_key key = {.family = address->family, .port = NETWORK_PORT};

    memcpy(key.address, address->address, key.family == AF_INET ? NETWORK4 : NETWORK6);
    return key;
}

static bool same_key(const struct limiter_key *a, const struct limiter_key *b)
{
    return a->family == b->family && a->port == b->port &&
           memcmp(a->address, b->address, sizeof a->address) == 0;
}

static uint64_t key_hash(const struct limiter_key *key)
{
    return table_hash((uint64_t)key->port, key->address, sizeof key->address);
}

static uint64_t place_hash(const void *limiter, uint64_t word)
{
    (void)limiter;
    return key_hash(&((const struct limiter_place *)table_thing(word))->key);
}

static bool place_is(const void *limiter, uint64_t word, const void *key)
{
    (void)limiter;
    return same_key(&((const struct limiter_place *)table_thing(word))->key, key);
}

static const struct table_kind place_kind = {place_hash, place_is};

enum sts_status rate_limiter_new(TALLOC_CTX *ctx, struct inboxes *inboxes, struct ceiling address,
                                 struct ceiling network, struct rate_limiter **ret)
{
    struct rate_limiter *limiter = talloc_zero(ctx, struct rate_limiter);

    if (!limiter)
        return STS_E_NOMEM;
    limiter->inboxes = inboxes;
    limiter->address = address;
    limiter->network = network;
    table_begin(&limiter->places, limiter, &place_kind, limiter);
    *ret = limiter;
    return STS_OK;
}

static struct limiter_place *find_place(struct rate_limiter *limiter, const struct limiter_key *key,
                                        const struct ceiling *ceiling)
{
    struct limiter_place *place = table_thing(table_find(&limiter->places, key_hash(key), key));

    if (place)
        return place;
    place = talloc_zero(limiter, struct limiter_place);
    if (!place)
        return NULL;
    place->key = *key;
    place->ceiling = ceiling;
    if (!table_add(&limiter->places, table_word(place))) {
        talloc_free(place);
        return NULL;
    }
    TAILQ_INIT(&place->waiting);
    TAILQ_INIT(&place->queue);
    return place;
}

static struct limiter_place *find_address(struct rate_limiter *limiter,
                                          const struct limiter_key *key)
{
    struct limiter_place *place = find_place(limiter, key, &limiter->address);
    struct limiter_key network = network_of(key);

    if (!place || place->network)
        return place;
    place->network = find_place(limiter, &network, &limiter->network);
    if (!place->network)
        return NULL; /* the place stays; the next one who asks tries again */
    place->network->users++;
    return place;
}

/* Nobody uses it, and it is paid for. */
static bool forget(void *arg, uint64_t word)
{
    const struct sweep *sweep = arg;
    struct limiter_place *place = table_thing(word);

    if (place->users || place->paid_until > sweep->now_ns || !place->network != sweep->networks)
        return false;
    if (place->queued)
        TAILQ_REMOVE(&place->network->queue, place, link);
    if (place->network)
        place->network->users--;
    talloc_free(place);
    return true;
}

/* Networks last: an address is a user. */
static void sweep_places(struct rate_limiter *limiter)
{
    struct sweep sweep = {.now_ns = clock_monotonic_ms() * NS_PER_MS};

    table_sweep(&limiter->places, forget, &sweep);
    sweep.networks = true;
    table_sweep(&limiter->places, forget, &sweep);
}

/* ---- who may go ------------------------------------------------------------------------------ */

/* What one connection costs, in ns, rounded so that the rate is never above what is asked. */
static int64_t price(const struct ceiling *ceiling)
{
    return (NS_PER_S + ceiling->per_second - 1) / ceiling->per_second;
}

/* How many ms until the rate allows one more; 0: now. */
static int64_t too_soon(const struct limiter_place *place, int64_t now)
{
    const struct ceiling *ceiling = place->ceiling;
    int64_t ahead;

    if (!ceiling->per_second)
        return 0;
    ahead = place->paid_until - now * NS_PER_MS - (ceiling->at_a_time - 1) * price(ceiling);
    return ahead > 0 ? (ahead + NS_PER_MS - 1) / NS_PER_MS : 0;
}

static void charge(struct limiter_place *place, int64_t now)
{
    place->held++;
    if (!place->ceiling->per_second)
        return;
    if (place->paid_until < now * NS_PER_MS)
        place->paid_until = now * NS_PER_MS;
    place->paid_until += price(place->ceiling);
}

static void grant(struct slot *slot, int64_t now)
{
    struct limiter_place *place = slot->place;

    TAILQ_REMOVE(&place->waiting, slot, link);
    slot->granted = true;
    charge(place, now);
    charge(place->network, now);
    notice_send(&slot->notice);
}

/* Only the thread of a slot can set its timer: a notice makes it do so. */
static void set_watch(struct limiter_place *place, struct slot *slot)
{
    if (place->watch || slot->watched)
        return;
    place->watch = slot;
    slot->watched = place;
    notice_send(&slot->notice);
}

static void enqueue(struct limiter_place *place)
{
    if (place->queued)
        return;
    place->queued = true;
    TAILQ_INSERT_TAIL(&place->network->queue, place, link);
}

static void settle_address(struct limiter_place *place)
{
    struct limiter_place *network = place->network;
    int64_t now = clock_monotonic_ms();
    struct slot *slot;

    while ((slot = TAILQ_FIRST(&place->waiting)) && place->held < place->ceiling->at_a_time) {
        if (too_soon(place, now)) {
            set_watch(place, slot);
            return;
        }
        if (network->held >= network->ceiling->at_a_time) {
            enqueue(place);
            return;
        }
        if (too_soon(network, now)) {
            enqueue(place);
            set_watch(network, slot);
            return;
        }
        grant(slot, now);
    }
}

static void settle_network(struct limiter_place *network)
{
    struct limiter_place *place;

    while (network->held < network->ceiling->at_a_time &&
           !too_soon(network, clock_monotonic_ms()) && (place = TAILQ_FIRST(&network->queue))) {
        TAILQ_REMOVE(&network->queue, place, link);
        place->queued = false;
        settle_address(place);
    }
    place = TAILQ_FIRST(&network->queue);
    if (place && network->held < network->ceiling->at_a_time && TAILQ_FIRST(&place->waiting))
        set_watch(network, TAILQ_FIRST(&place->waiting));
}

static void settle(struct limiter_place *place)
{
    if (place->network)
        settle_address(place);
    else
        settle_network(place);
}

/* ---- a slot ---------------------------------------------------------------------------------- */

static struct limiter_place *end_watch(struct slot *slot)
{
    struct limiter_place *place = slot->watched;

    if (place)
        place->watch = NULL;
    slot->watched = NULL;
    return place;
}

static void look_again(void *arg)
{
    struct slot *slot = arg;
    struct inboxes *inboxes = slot->limiter->inboxes;
    struct limiter_place *place;

    TALLOC_FREE(slot->timer);
    inboxes_lock(inboxes);
    place = end_watch(slot);
    if (place)
        settle(place);
    inboxes_unlock(inboxes);
}

/* Granted, or to watch. */
static void notice_came(void *arg)
{
    struct slot *slot = arg;
    struct loop *loop = inbox_loop(slot->notice.to);
    int64_t now = clock_monotonic_ms(), wait = 0;
    struct inboxes *inboxes = slot->limiter->inboxes;
    bool granted;

    inboxes_lock(inboxes);
    granted = slot->granted;
    if (granted && slot->watched) /* another one must watch in its place */
        settle(end_watch(slot));
    else if (slot->watched)
        wait = too_soon(slot->watched, now);
    inboxes_unlock(inboxes);
    if (granted) {
        slot->ready(slot->arg);
        return;
    }
    TALLOC_FREE(slot->timer);
    if (loop_timer_start(slot, loop, loop_now(loop) + wait, look_again, slot, &slot->timer) !=
        STS_OK)
        look_again(slot);
}

static int slot_drop(struct slot *slot)
{
    struct inboxes *inboxes = slot->limiter->inboxes;
    struct limiter_place *place = slot->place, *watched;

    inboxes_lock(inboxes);
    notice_cancel(&slot->notice);
    watched = end_watch(slot);
    place->users--;
    if (slot->granted) {
        place->held--;
        place->network->held--;
    } else {
        TAILQ_REMOVE(&place->waiting, slot, link);
    }
    settle_address(place);
    settle_network(place->network);
    if (watched)
        settle(watched);
    inboxes_unlock(inboxes);
    return 0;
}

static bool stand_in_line(struct slot *slot, const struct limiter_key *key)
{
    struct rate_limiter *limiter = slot->limiter;
    bool stands;

    inboxes_lock(limiter->inboxes);
    if (++limiter->taken % SWEEP_EVERY == 0)
        sweep_places(limiter);
    slot->place = find_address(limiter, key);
    stands = slot->place;
    if (stands) {
        slot->place->users++;
        TAILQ_INSERT_TAIL(&slot->place->waiting, slot, link);
        settle_address(slot->place);
    }
    inboxes_unlock(limiter->inboxes);
    return stands;
}

enum sts_status rate_limiter_take(TALLOC_CTX *ctx, struct rate_limiter *limiter,
                                  const struct slot_request *request, struct slot **ret)
{
    struct slot *slot = talloc_zero(ctx, struct slot);
    struct limiter_key key = {.port = request->port};

    if (!slot)
        return STS_E_NOMEM;
    slot->limiter = limiter;
    slot->ready = request->ready;
    slot->arg = request->arg;
    slot->notice = (struct notice){.to = request->inbox, .open = notice_came, .arg = slot};
    parse(request->address, &key);
    if (!stand_in_line(slot, &key)) {
        talloc_free(slot);
        return STS_E_NOMEM;
    }
    talloc_set_destructor(slot, slot_drop);
    *ret = slot;
    return STS_OK;
}
