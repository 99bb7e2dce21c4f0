/* SPDX-License-Identifier: MIT */
/* vantage.c - what can be seen from here, told with every domain. */
#include <string.h>

#include "base/text.h"
#include "net/dns.h"
#include "net/place.h"
#include "probe/task.h"
#include "probe/work.h"

void probe_vantage_set(struct probe *probe, enum vantage_name name, enum vantage_state state,
                       const char *detail)
{
    probe->vantage.points[name] = (struct vantage_point){
        .name = name,
        .state = state,
        .detail = detail ? text_printable(probe->facts, detail, strlen(detail), LIMIT_TEXT) : NULL,
    };
}

static void set_route(struct probe *probe, enum vantage_name name, bool wanted, bool exists)
{
    if (wanted)
        probe_vantage_set(probe, name, exists ? VANTAGE_STATE_OK : VANTAGE_STATE_CLOSED, NULL);
}

enum sts_status probe_vantage(struct probe *probe)
{
    const struct net *net = probe->net;

    set_route(probe, VANTAGE_IPV4, net->observer.ipv4, net->route_ipv4);
    set_route(probe, VANTAGE_IPV6, net->observer.ipv6, net->route_ipv6);
    place_begin(net->place);
    return STS_OK;
}

/* ---- the look at the resolver ---------------------------------------------------------------- */

struct vantage_task {
    struct task task;
    struct lookup *lookup;
    struct loop_timer *timer; /* nobody looks: go on at once */
};

static void vantage_cut(void *arg)
{
    struct vantage_task *work = arg;

    talloc_free(work->lookup);
}

static const struct task_kind vantage_kind = {sizeof(struct vantage_task), vantage_cut};

static void place_known(void *arg)
{
    task_done(arg, STS_OK);
}

enum sts_status probe_place_known(struct probe *probe)
{
    struct vantage_task *work = task_new(probe, &vantage_kind);
    enum sts_status status;
    bool nobody = false;

    if (!work)
        return STS_E_NOMEM;
    status = place_wait(probe->facts, probe->net->place, place_known, work, &work->lookup, &nobody);
    if (status == STS_OK && nobody)
        status = loop_timer_start(work, probe->net->loop, 0, place_known, work, &work->timer);
    return task_started(&work->task, status);
}

/* ---- into the facts -------------------------------------------------------------------------- */

/* The time was up before the look was over, and nobody had said anything. */
static void set_silent(struct probe *probe)
{
    const struct dns *dns = probe->net->dns;

    if (probe->facts->deadline_reached && !dns_has_heard(dns))
        probe_vantage_set(probe, VANTAGE_RESOLVER, VANTAGE_STATE_CLOSED,
                          place_resolvers(probe->facts, dns));
}

/* An answer that was proven shows as much as the look would have. */
static void set_resolver(struct probe *probe)
{
    const struct place_seen *seen = place_seen(probe->net->place);

    if (seen) {
        probe_vantage_set(probe, VANTAGE_RESOLVER, seen->resolver.state, seen->resolver.detail);
        probe_vantage_set(probe, VANTAGE_DNSSEC, seen->dnssec.state, seen->dnssec.detail);
    } else if (dns_has_proven(probe->net->dns)) {
        probe_vantage_set(probe, VANTAGE_RESOLVER, VANTAGE_STATE_OK, NULL);
        probe_vantage_set(probe, VANTAGE_DNSSEC, VANTAGE_STATE_OK, NULL);
    } else {
        set_silent(probe);
    }
}

/* Who was really asked. */
static void set_observer(struct probe *probe)
{
    const struct dns *dns = probe->net->dns;
    struct observer *observer = &probe->facts->observer;
    enum dns_way way = dns_way(dns);

    observer->resolvers =
        (const char **)(uintptr_t)dns_resolvers(dns, way, &observer->resolver_count);
    observer->trust_anchor = dns_trust_anchor(dns, way);
}

/* A machine without a route may still have a resolver and a proxy of its network. */
static void set_network(struct probe *probe)
{
    bool route = probe->net->route_ipv4 || probe->net->route_ipv6;
    bool resolver = probe->vantage.points[VANTAGE_RESOLVER].state == VANTAGE_STATE_OK;

    probe_vantage_set(probe, VANTAGE_NETWORK,
                      route || resolver ? VANTAGE_STATE_OK : VANTAGE_STATE_CLOSED, NULL);
}

/* Points of which nothing is known are left out. */
enum sts_status probe_vantage_collect(struct probe *probe)
{
    struct vantage *vantage = talloc_zero(probe->facts, struct vantage);

    set_resolver(probe);
    set_network(probe);
    set_observer(probe);
    if (!vantage)
        return STS_E_NOMEM;
    vantage->points = talloc_zero_array(vantage, struct vantage_point, VANTAGE_COUNT);
    if (!vantage->points)
        return STS_E_NOMEM;
    for (size_t i = 0; i < VANTAGE_COUNT; i++)
        if (probe->vantage.points[i].state != VANTAGE_STATE_UNKNOWN ||
            probe->vantage.points[i].detail)
            vantage->points[vantage->point_count++] = probe->vantage.points[i];
    vantage->clock_known = probe->vantage.clock_known;
    vantage->clock_offset = probe->vantage.clock_offset;
    probe->facts->vantage = vantage;
    return STS_OK;
}
