/* SPDX-License-Identifier: MIT */
/* test_rule_family.c - hosts of a family that this machine lacks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/test_facts.h"

static void no_way_to_policy(struct facts *f)
{
    struct https_fetch *fetch = &f->policy_host.fetches[0];

    *fetch = (struct https_fetch){.address = "2001:2::80",
                                  .port = 443,
                                  .outcome = NET_NO_ROUTE,
                                  .phase = PHASE_CONNECT,
                                  .content_length = -1};
}

static void no_way_to_mx(struct facts *f)
{
    session_stops(&f->mx[0].sessions[0], NET_NO_ROUTE, PHASE_CONNECT);
    f->mx[0].sessions[0].address = "2001:2::25";
}

static void no_way_at_all(struct facts *f)
{
    no_way_to_policy(f);
    no_way_to_mx(f);
}

/* Somebody else of the family was reached: it is that host's network. */
static void another_is_reached(struct facts *f)
{
    no_way_to_mx(f);
    add_mx(f, "mx2.example.com", "2001:2::26");
}

/* The other address is tried and dead. */
static void other_address_is_dead(struct facts *f)
{
    no_way_to_mx(f);
    add_session(f, &f->mx[0], "198.18.2.26");
    session_stops(&f->mx[0].sessions[1], NET_TIMEOUT, PHASE_CONNECT);
}

/* Nobody's port 25 could have been tried over the family that is missing. */
static void no_way_to_others(struct facts *f)
{
    no_way_to_mx(f);
    f->mx[0].sessions[0].address = "198.18.2.25";
    f->policy_host.fetches[0].address = "2001:2::80";
    f->vantage = talloc_zero(f, struct vantage);
    f->vantage->points = talloc_zero(f->vantage, struct vantage_point);
    f->vantage->points[0] = (struct vantage_point){VANTAGE_IPV4, VANTAGE_STATE_CLOSED, NULL};
    f->vantage->point_count = 1;
    f->port25_controls = talloc_zero(f, struct port25_control);
    f->port25_controls[0] =
        (struct port25_control){"mx.example.net", "198.51.100.25", NET_NO_ROUTE};
    f->port25_control_count = 1;
}

static const struct rule_case cases[] = {
    {"policy host", no_way_to_policy, "address-family-unreachable:unknown", POSTURE_BROKEN,
     DELIVERY_UNKNOWN},
    {"mail server", no_way_to_mx, "address-family-unreachable:unknown", POSTURE_ENFORCE,
     DELIVERY_UNKNOWN},
    {"both, said once", no_way_at_all, "address-family-unreachable:unknown", POSTURE_BROKEN,
     DELIVERY_UNKNOWN},
    {"another is reached", another_is_reached, "mx-not-covered:critical mx-unreachable:high",
     POSTURE_ENFORCE, DELIVERY_REFUSED},
    {"the other address is dead", other_address_is_dead, "mx-unreachable:high", POSTURE_ENFORCE,
     DELIVERY_UNKNOWN},
    {"no way to others", no_way_to_others, "address-family-unreachable:unknown", POSTURE_ENFORCE,
     DELIVERY_UNKNOWN},
};

int main(void)
{
    return RUN_ONLY_CASES(cases);
}
