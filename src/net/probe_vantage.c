/* SPDX-License-Identifier: MIT */
/* probe_vantage.c - what can be seen from here, told with every domain. */
#include "net/probe_work.h"

#include <string.h>

#include "base/text.h"

void probe_vantage_set(struct probe *probe, enum vantage_name name, enum vantage_state state,
                       const char *detail)
{
    probe->vantage[name] = (struct vantage_point){
        .name = (int)name,
        .state = (int)state,
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
    return STS_OK;
}

/* A machine without a route may still have a resolver and a proxy of its network. */
static void set_network(struct probe *probe)
{
    bool route = probe->net->route_ipv4 || probe->net->route_ipv6;
    bool resolver = probe->vantage[VANTAGE_RESOLVER].state == VANTAGE_STATE_OK;

    probe_vantage_set(probe, VANTAGE_NETWORK,
                      route || resolver ? VANTAGE_STATE_OK : VANTAGE_STATE_CLOSED, NULL);
}

/* Points of which nothing is known are left out. */
enum sts_status probe_vantage_collect(struct probe *probe)
{
    struct vantage *vantage = talloc_zero(probe->facts, struct vantage);

    set_network(probe);
    if (!vantage)
        return STS_E_NOMEM;
    vantage->points = talloc_zero_array(vantage, struct vantage_point, VANTAGE_COUNT);
    if (!vantage->points)
        return STS_E_NOMEM;
    for (size_t i = 0; i < VANTAGE_COUNT; i++)
        if (probe->vantage[i].state != VANTAGE_STATE_UNKNOWN || probe->vantage[i].detail)
            vantage->points[vantage->point_count++] = probe->vantage[i];
    vantage->clock_known = probe->clock_known;
    vantage->clock_offset = probe->clock_offset;
    probe->facts->vantage = vantage;
    return STS_OK;
}
