/* SPDX-License-Identifier: MIT */
/* place.c - does the resolver answer, and does it pass DNSSEC?
 *
 * One question three times: the SOA record of a top-level domain that is signed, as configured,
 * from the root, and without validation.  The second and third are put only where the first has
 * failed or takes long. */
#include "net/place.h"

#include <string.h>

#include "base/clock.h"
#include "event/loop.h"
#include "net/dns.h"
#include "net/limits.h"
#include "net/lookup_cache.h"

#define KEY       "place"
#define REFERENCE "org" /* signed since 2009 */

struct place_look {
    struct place *place;
    struct dns_query *query;
    struct dns_answer *answer; /* NULL: not there yet, or not asked */
    bool asked;
};

struct place {
    struct place_needs needs;
    struct lookup *lookup; /* NULL: nobody has asked yet */
    const struct place_seen *seen;
    int64_t seen_at;
    struct place_look looks[DNS_WAY_COUNT];
    struct loop_timer *late;
};

/* ---- what it means --------------------------------------------------------------------------- */

static bool is_answer(const struct dns_answer *answer)
{
    return answer &&
           (answer->outcome == DNS_OUTCOME_FOUND || answer->outcome == DNS_OUTCOME_NODATA ||
            answer->outcome == DNS_OUTCOME_NXDOMAIN);
}

static bool is_secure(const struct dns_answer *answer)
{
    return is_answer(answer) && answer->security == DNS_SECURITY_SECURE;
}

char *place_resolvers(TALLOC_CTX *ctx, const struct dns *dns)
{
    size_t count;
    const char *const *list = dns_resolvers(dns, DNS_WAY_GIVEN, &count);
    char *text = talloc_strdup(ctx, "");

    for (size_t i = 0; i < count && text; i++)
        text = talloc_asprintf_append(text, "%s%s", i ? ", " : "", list[i]);
    return text;
}

static struct vantage_point point(enum vantage_name name, enum vantage_state state,
                                  const char *detail)
{
    return (struct vantage_point){name, state, detail};
}

/* The resolver is silent, or knows nothing but errors.  libunbound says SERVFAIL itself where
 * nothing could be sent. */
static void no_resolver(bool sent, struct place_seen *seen, const struct dns_answer *plain,
                        const char *resolvers)
{
    bool error = sent && plain && plain->outcome == DNS_OUTCOME_FAILED;
    const char *detail = error && plain->rcode
                             ? talloc_asprintf(seen, "%s: %s", resolvers, plain->rcode)
                             : resolvers;

    seen->resolver =
        point(VANTAGE_RESOLVER, error ? VANTAGE_STATE_WRONG : VANTAGE_STATE_CLOSED, detail);
}

static bool says(const struct dns_answer *answer, const char *words)
{
    return answer && answer->why_bogus && strstr(answer->why_bogus, " for trust anchor ") &&
           strstr(answer->why_bogus, words);
}

/* The keys of the root arrive, and another is trusted. */
static bool anchor_is_wrong(const struct dns_answer *answer)
{
    return says(answer, "no keys have a DS") || says(answer, "DS hash mismatches key");
}

/* They are the right ones, at another time than our clock shows. */
static bool clock_is_wrong(const struct dns_answer *answer)
{
    return says(answer, "signature expired") || says(answer, "signature before inception");
}

static void judge(struct place *place, struct place_seen *seen)
{
    const struct dns *dns = place->needs.dns;
    const char *anchor = dns_trust_anchor(dns, DNS_WAY_GIVEN);
    const struct dns_answer *given = place->looks[DNS_WAY_GIVEN].answer,
                            *plain = place->looks[DNS_WAY_UNVALIDATED].answer,
                            *root = place->looks[DNS_WAY_ROOT].answer;
    char *resolvers = place_resolvers(seen, dns);

    seen->way = DNS_WAY_GIVEN;
    seen->dnssec = point(VANTAGE_DNSSEC, VANTAGE_STATE_UNKNOWN, anchor ? NULL : "no trust anchor");
    seen->resolver = point(VANTAGE_RESOLVER, VANTAGE_STATE_OK, resolvers);
    if (is_answer(given)) {
        if (anchor)
            seen->dnssec = point(VANTAGE_DNSSEC, VANTAGE_STATE_OK, NULL);
    } else if (!is_answer(plain)) {
        no_resolver(place->needs.has_route, seen, plain, resolvers);
    } else if (is_secure(root)) {
        seen->way = DNS_WAY_ROOT;
        seen->dnssec = point(VANTAGE_DNSSEC, VANTAGE_STATE_CLOSED, resolvers);
    } else if (anchor_is_wrong(given) || anchor_is_wrong(root)) {
        seen->way = DNS_WAY_UNVALIDATED;
        seen->dnssec = point(VANTAGE_DNSSEC, VANTAGE_STATE_WRONG, talloc_strdup(seen, anchor));
    } else if (clock_is_wrong(given) || clock_is_wrong(root)) {
        seen->way = DNS_WAY_UNVALIDATED;
        seen->dnssec = point(VANTAGE_DNSSEC, VANTAGE_STATE_WRONG, NULL);
    } else {
        seen->way = DNS_WAY_UNVALIDATED;
        seen->dnssec = point(VANTAGE_DNSSEC, VANTAGE_STATE_CLOSED, resolvers);
    }
}

/* ---- telling it ------------------------------------------------------------------------------ */

static void apply(struct place *place, const struct place_seen *seen)
{
    place->seen = seen;
    place->seen_at = loop_now(place->needs.loop);
    dns_take_way(place->needs.dns, seen->way);
}

static void drop_looks(struct place *place)
{
    TALLOC_FREE(place->late);
    for (size_t i = 0; i < DNS_WAY_COUNT; i++) {
        talloc_free(place->looks[i].query);
        talloc_free(place->looks[i].answer);
    }
    memset(place->looks, 0, sizeof place->looks);
}

/* Nothing can be told: what fails is believed, as it would be without a look. */
static void give_up(struct place *place)
{
    drop_looks(place);
    TALLOC_FREE(place->lookup);
    dns_take_way(place->needs.dns, DNS_WAY_GIVEN);
}

static void conclude(struct place *place)
{
    struct place_seen *seen = talloc_zero(NULL, struct place_seen);

    if (!seen) {
        give_up(place);
        return;
    }
    judge(place, seen);
    drop_looks(place);
    lookup_publish(place->lookup, seen, LIMIT_PLACE_KEPT_MS);
    apply(place, seen);
}

/* ---- looking --------------------------------------------------------------------------------- */

static void answered(void *arg, struct dns_answer *answer);

static bool ask(struct place *place, enum dns_way way)
{
    struct place_look *look = &place->looks[way];
    int64_t patience = way == DNS_WAY_ROOT ? LIMIT_PLACE_ROOT_MS : LIMIT_PLACE_MS;
    const struct dns_request request = {
        .name = REFERENCE,
        .type = DNS_SOA,
        .deadline = loop_now(place->needs.loop) + patience,
        .done = answered,
        .arg = look,
    };

    *look = (struct place_look){.place = place, .asked = true};
    return dns_ask_way(place, place->needs.dns, way, &request, &look->query) == STS_OK;
}

/* The other ways; where recursion is configured there is one less. */
static void look_further(struct place *place)
{
    const struct dns *dns = place->needs.dns;
    bool good = true;

    TALLOC_FREE(place->late);
    if (place->looks[DNS_WAY_UNVALIDATED].asked)
        return;
    good = ask(place, DNS_WAY_UNVALIDATED);
    if (good && !dns_is_recursive(dns) && dns_trust_anchor(dns, DNS_WAY_GIVEN))
        good = ask(place, DNS_WAY_ROOT);
    if (!good)
        give_up(place);
}

static void is_late(void *arg)
{
    look_further(arg);
}

static bool all_there(const struct place *place)
{
    for (size_t i = 0; i < DNS_WAY_COUNT; i++)
        if (place->looks[i].asked && !place->looks[i].answer)
            return false;
    return true;
}

static void answered(void *arg, struct dns_answer *answer)
{
    struct place_look *look = arg;
    struct place *place = look->place;
    struct place_look *given = &place->looks[DNS_WAY_GIVEN];

    TALLOC_FREE(look->query);
    look->answer = answer;
    if (is_answer(given->answer)) {
        conclude(place);
        return;
    }
    if (given->answer)
        look_further(place);
    if (place->looks[DNS_WAY_UNVALIDATED].asked && all_there(place))
        conclude(place);
}

static void begin_look(struct place *place)
{
    if (!ask(place, DNS_WAY_GIVEN) ||
        loop_timer_start(place, place->needs.loop,
                         loop_now(place->needs.loop) + LIMIT_PLACE_FIRST_MS, is_late, place,
                         &place->late) != STS_OK)
        give_up(place);
}

/* Another thread has looked, or it is our turn. */
static void known(void *arg)
{
    struct place *place = arg;
    const struct place_seen *seen = lookup_thing(place->lookup);

    if (seen)
        apply(place, seen);
    else
        begin_look(place);
}

void place_begin(struct place *place)
{
    bool turn = false;

    if (place->lookup)
        return;
    if (place_wait(place, place, known, place, &place->lookup, &turn) != STS_OK)
        give_up(place);
    else if (turn)
        begin_look(place);
}

/* An answer has failed.  What was seen long ago is seen again. */
static void doubt(void *arg)
{
    struct place *place = arg;

    if (place->seen && loop_now(place->needs.loop) - place->seen_at >= LIMIT_PLACE_KEPT_MS) {
        place->seen = NULL;
        TALLOC_FREE(place->lookup);
    }
    place_begin(place);
}

const struct place_seen *place_seen(const struct place *place)
{
    return place->seen;
}

enum sts_status place_wait(TALLOC_CTX *ctx, struct place *place, lookup_fn seen, void *arg,
                           struct lookup **ret, bool *ret_nobody)
{
    const struct lookup_request request = {
        .inbox = place->needs.inbox, .key = KEY, .known = seen, .arg = arg};

    return lookup_start(ctx, place->needs.lookups, &request, ret, ret_nobody);
}

enum sts_status place_new(TALLOC_CTX *ctx, const struct place_needs *needs, struct place **ret)
{
    struct place *place = talloc_zero(ctx, struct place);

    if (!place)
        return STS_E_NOMEM;
    place->needs = *needs;
    dns_doubt_by(needs->dns, doubt, place);
    *ret = place;
    return STS_OK;
}
