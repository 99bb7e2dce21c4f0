/* SPDX-License-Identifier: MIT */
/* vantage.c - what the observer's own place hides, in words. */
#include "rules/vantage.h"

#define UNCLEAR N_("This could not be determined.")

bool finding_is_of_place(enum finding_code code)
{
    static const enum finding_code codes[] = {
        FINDING_OWN_SHORTAGE,      FINDING_RESOLVER_UNREACHABLE,       FINDING_RESOLVER_NO_DNSSEC,
        FINDING_RESOLVER_FILTERS,  FINDING_TRUST_ANCHOR_WRONG,         FINDING_CLOCK_WRONG,
        FINDING_TLS_INTERCEPTED,   FINDING_POLICY_PORT443_BLOCKED,     FINDING_POLICY_PROXY_FAILED,
        FINDING_MX_PORT25_BLOCKED, FINDING_ADDRESS_FAMILY_UNREACHABLE,
    };

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i] == code)
            return true;
    return false;
}

/* By name and state: the sentence, and the same where there is no detail. */
static const struct {
    const char *with, *without;
} sentences[VANTAGE_COUNT][VANTAGE_STATE_COUNT] = {
    [VANTAGE_RESOLVER] =
        {
            [VANTAGE_STATE_OK] = {N_("The DNS resolver answers: {detail}."), NULL},
            [VANTAGE_STATE_CLOSED] = {N_("The DNS resolver does not answer: {detail}. Choose "
                                         "another with --resolver ADDRESS."),
                                      NULL},
            [VANTAGE_STATE_WRONG] = {N_("The DNS resolver answers with an error: {detail}. Choose "
                                        "another with --resolver ADDRESS."),
                                     NULL},
        },
    [VANTAGE_DNSSEC] =
        {
            [VANTAGE_STATE_UNKNOWN] =
                {N_("DNSSEC is not validated: there is no trust anchor. Specify one with "
                    "--trust-anchor FILE, or install the package dns-root-data."),
                 NULL},
            [VANTAGE_STATE_OK] = {NULL, N_("DNSSEC signatures arrive and are valid.")},
            [VANTAGE_STATE_CLOSED] =
                {N_("The DNS resolver {detail} does not return DNSSEC signatures. Choose one "
                    "that does with --resolver ADDRESS, or query the root servers with "
                    "--resolver none."),
                 NULL},
            [VANTAGE_STATE_WRONG] = {N_("The signatures of the DNS root do not match the trust "
                                        "anchor {detail}."),
                                     N_("The signatures of the DNS root are not valid at the "
                                        "time shown by the clock of this machine.")},
        },
    [VANTAGE_IPV4] =
        {
            [VANTAGE_STATE_UNKNOWN] = {NULL, N_("IPv4 is disabled.")},
            [VANTAGE_STATE_OK] = {NULL, N_("There is a route to the internet over IPv4.")},
            [VANTAGE_STATE_CLOSED] = {NULL, N_("There is no route to the internet over IPv4, so "
                                               "IPv4 addresses are not checked.")},
        },
    [VANTAGE_IPV6] =
        {
            [VANTAGE_STATE_UNKNOWN] = {NULL, N_("IPv6 is disabled.")},
            [VANTAGE_STATE_OK] = {NULL, N_("There is a route to the internet over IPv6.")},
            [VANTAGE_STATE_CLOSED] = {NULL, N_("There is no route to the internet over IPv6, so "
                                               "IPv6 addresses are not checked.")},
        },
    [VANTAGE_PORT25] =
        {
            [VANTAGE_STATE_OK] = {NULL, N_("Port 25 of mail servers can be reached.")},
            [VANTAGE_STATE_CLOSED] = {NULL, N_("Port 25 of mail servers cannot be reached: this "
                                               "network blocks it. Check from a host that may send "
                                               "mail.")},
        },
    [VANTAGE_PORT443] =
        {
            [VANTAGE_STATE_OK] = {NULL, N_("Port 443 of web servers can be reached.")},
            [VANTAGE_STATE_CLOSED] = {NULL, N_("Port 443 of web servers cannot be reached: this "
                                               "network blocks it.")},
        },
    [VANTAGE_TLS] =
        {
            [VANTAGE_STATE_OK] = {NULL, N_("TLS connections are not intercepted.")},
            [VANTAGE_STATE_WRONG] = {N_("TLS connections are intercepted: unrelated hosts present "
                                        "certificates of the same private CA, {detail}."),
                                     NULL},
        },
    [VANTAGE_CLOCK] =
        {
            [VANTAGE_STATE_OK] = {NULL, N_("The clock of this machine is correct.")},
            [VANTAGE_STATE_WRONG] = {NULL, N_("The clock of this machine is wrong.")},
        },
    [VANTAGE_NETWORK] =
        {
            [VANTAGE_STATE_OK] = {NULL, N_("This machine has a network connection.")},
            [VANTAGE_STATE_CLOSED] = {NULL, N_("This machine has no network: there is no route "
                                               "to the internet.")},
        },
};

/* One family is enough: the other's addresses are left out, and nothing else is missed. */
static bool matters_little(const struct facts *facts, enum vantage_name name)
{
    return (name == VANTAGE_IPV4 && vantage_state(facts, VANTAGE_IPV6) == VANTAGE_STATE_OK) ||
           (name == VANTAGE_IPV6 && vantage_state(facts, VANTAGE_IPV4) == VANTAGE_STATE_OK);
}

static enum severity severity_of(const struct facts *facts, const struct vantage_view *view)
{
    if (view->state == VANTAGE_STATE_OK)
        return SEVERITY_NONE;
    return matters_little(facts, view->name) ? SEVERITY_LOW : SEVERITY_UNKNOWN;
}

static void fill(const struct facts *facts, struct vantage_view *view)
{
    const char *detail = vantage_detail(facts, view->name);
    const char *with = sentences[view->name][view->state].with;
    const char *without = sentences[view->name][view->state].without;

    view->severity = severity_of(facts, view);
    if (with && detail) {
        view->params[view->param_count++] = (struct param){"detail", detail};
        view->sentence = with;
    } else {
        view->sentence = without ? without : UNCLEAR;
    }
}

void vantage_views(const struct facts *facts, struct vantage_view views[VANTAGE_COUNT])
{
    for (int i = 0; i < VANTAGE_COUNT; i++) {
        views[i] = (struct vantage_view){.name = (enum vantage_name)i,
                                         .state = vantage_state(facts, (enum vantage_name)i)};
        fill(facts, &views[i]);
    }
}
