/* SPDX-License-Identifier: MIT */
/* own_place.c - one look at our own place. */
#include "app/own_place.h"

#include "app/observe.h"
#include "event/loop.h"
#include "verdict/place.h"

struct own_place_look {
    struct net_options net;
    struct observation *observation;
    own_place_fn done;
    void *arg;
};

static void on_seen(void *arg, size_t index, const struct facts *facts)
{
    struct own_place_look *look = arg;

    (void)index;
    look->done(look->arg, facts);
}

static void on_over(void *arg, const struct observe_end *end)
{
    (void)arg;
    (void)end;
}

enum sts_status own_place_start(TALLOC_CTX *ctx, struct loop *loop, const struct net_options *net,
                                own_place_fn done, void *arg, struct own_place_look **ret)
{
    struct own_place_look *look = talloc_zero(ctx, struct own_place_look);
    struct observe_request request = {.place = true, .seen = on_seen, .over = on_over, .arg = look};
    enum sts_status status;
    char *why;

    if (!look)
        return STS_E_NOMEM;
    *look = (struct own_place_look){.net = *net, .done = done, .arg = arg};
    request.net = &look->net;
    status = observe_start(look, loop, &request, &look->observation, &why);
    if (status != STS_OK) {
        talloc_free(look);
        return status;
    }
    *ret = look;
    return STS_OK;
}

bool own_place_is_broken(const struct facts *facts)
{
    return facts->shortage || place_lacks_resolver(facts);
}
