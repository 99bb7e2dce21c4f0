/* SPDX-License-Identifier: MIT */
/* policyd_events.c - what is wrong with a policy as the event of a session, which mail servers do
 * not report. */
#include "cmd/policyd_events.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "app/policy_events.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "collect/session_event.h"
#include "event/datagrams.h"
#include "policyd/policy_faults.h"
#include "policyd/testing_probe.h"

struct policyd_events {
    const char *where;
    struct policy_events *events;
    struct testing_probe *probe; /* NULL: no MX host is connected to */
    int socket;                  /* -1: not connected */
    bool failing, muted;
};

/* By policyd_request.failed. */
static const struct {
    const char *why;
    enum sts_outcome outcome;
    const char *reason;
} reasons[] = {
    {"no-address", STS_OUTCOME_POLICY_HOST_MISSING, NULL},
    {"bogus", STS_OUTCOME_TLSA_BOGUS, "policy-host-bogus"},
    {"unreachable", STS_OUTCOME_POLICY_UNREACHABLE, NULL},
    {"certificate", STS_OUTCOME_POLICY_CERTIFICATE, NULL},
    {"status", STS_OUTCOME_POLICY_HTTP_STATUS, NULL},
    {"invalid", STS_OUTCOME_POLICY_SYNTAX, NULL},
};

static int events_drop(struct policyd_events *events)
{
    if (events->socket >= 0)
        close(events->socket);
    return 0;
}

/* A collector that was started anew has another socket at the path. */
static bool deliver(struct policyd_events *events, struct bytes datagram)
{
    for (int i = 0; i < 2; i++) {
        if (events->socket < 0 && !datagrams_connect(events->where, 0, &events->socket))
            return false;
        if (datagrams_send(events->socket, datagram))
            return true;
        if (errno == EAGAIN)
            return false;
        close(events->socket);
        events->socket = -1;
    }
    return false;
}

static void on_ready(void *arg, const struct policy_event *told, const char *record)
{
    struct policyd_events *events = arg;
    enum sts_result result = sts_outcome_result(told->outcome);
    const struct session_failure failure = {.type = sts_result_name(result),
                                            .sending_ip = "",
                                            .mx = told->host,
                                            .helo = "",
                                            .receiving_ip = told->address,
                                            .reason = told->reason,
                                            .info = ""};
    const struct session_policy policy = {.type = told->type,
                                          .domain = told->policy_domain,
                                          .lines = told->lines,
                                          .mx = told->mx,
                                          .failed = result != STS_RESULT_NONE,
                                          .failures = &failure,
                                          .failure_count = result != STS_RESULT_NONE};
    const struct session_event event = {told->domain, record, &policy, 1};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct bytes datagram;
    bool sent;

    datagram.data = ctx ? session_event_write(ctx, &event, &datagram.length) : NULL;
    sent = datagram.data && deliver(events, datagram);
    if (!sent && !events->failing)
        console_note(_("%s: the event could not be sent: %s"), events->where, _(strerror(errno)));
    events->failing = !sent;
    talloc_free(ctx);
}

static void on_probed(void *arg, const struct testing_probed *probed)
{
    struct policyd_events *events = arg;
    const struct policy_event event = {.domain = probed->domain,
                                       .outcome = probed->outcome,
                                       .reason = sts_outcome_name(probed->outcome),
                                       .type = "sts",
                                       .policy_domain = probed->domain,
                                       .lines = probed->lines,
                                       .mx = probed->mx,
                                       .host = probed->host,
                                       .address = probed->address};

    if (!events->muted)
        policy_events_tell(events->events, &event);
}

static enum sts_status begin_probe(struct policyd_events *events, struct net *net)
{
    const struct testing_probe_request request = {
        .net = net, .now = clock_now, .probed = on_probed, .arg = events};

    return testing_probe_new(events, &request, &events->probe);
}

enum sts_status policyd_events_new(TALLOC_CTX *ctx, const struct options *options, struct net *net,
                                   struct policyd_events **ret)
{
    struct policyd_events *events;
    struct policy_events_request request = {.net = net, .ready = on_ready, .now = clock_now};
    enum sts_status status;

    *ret = NULL;
    if (!options->collector)
        return STS_OK;
    events = talloc_zero(ctx, struct policyd_events);
    if (!events)
        return STS_E_NOMEM;
    events->where = options->collector;
    events->socket = -1;
    talloc_set_destructor(events, events_drop);
    request.arg = events;
    status = policy_events_new(events, &request, &events->events);
    if (status == STS_OK && options->probe_testing)
        status = begin_probe(events, net);
    if (status != STS_OK)
        talloc_free(events);
    else
        *ret = events;
    return status;
}

static void tell_fetch(struct policyd_events *events, const char *domain, enum sts_outcome outcome,
                       const char *reason)
{
    const struct policy_event event = {.domain = domain,
                                       .outcome = outcome,
                                       .reason = reason ? reason : sts_outcome_name(outcome),
                                       .type = "sts",
                                       .policy_domain = domain,
                                       .lines = "",
                                       .mx = "",
                                       .host = "",
                                       .address = ""};

    policy_events_tell(events->events, &event);
}

void policyd_events_failed(struct policyd_events *events, const char *domain, const char *why)
{
    for (size_t i = 0; events && i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (strcmp(reasons[i].why, why) == 0)
            tell_fetch(events, domain, reasons[i].outcome, reasons[i].reason);
}

static void tell_fault(struct policyd_events *events, const char *domain,
                       const struct policy_fault *fault)
{
    const struct policy_event event = {.domain = domain,
                                       .outcome = fault->outcome,
                                       .reason = fault->reason,
                                       .type = fault->type,
                                       .policy_domain = fault->domain,
                                       .lines = fault->lines,
                                       .mx = fault->mx,
                                       .host = fault->host,
                                       .address = ""};

    policy_events_tell(events->events, &event);
}

void policyd_events_mute(struct policyd_events *events, bool muted)
{
    if (events)
        events->muted = muted;
}

void policyd_events_decided(struct policyd_events *events, const struct policyd_decision *decision)
{
    if (events && events->probe && decision->known)
        testing_probe_domain(events->probe, decision->known);
}

void policyd_events_looked(struct policyd_events *events, const struct policyd_look *look)
{
    const struct policy_faults_request request = {
        .known = &look->known,
        .facts = look->facts,
        .dane_required = look->override && look->override->action == OVERRIDE_DANE_ONLY,
        .no_policy = !override_heeds_policy(look->override),
        .no_dane = !override_heeds_dane(look->override)};
    TALLOC_CTX *ctx = events && !events->muted ? talloc_new(NULL) : NULL;
    struct policy_faults faults;

    if (ctx && policy_faults_find(ctx, &request, &faults) == STS_OK)
        for (size_t i = 0; i < faults.count; i++)
            tell_fault(events, look->known.domain, &faults.list[i]);
    talloc_free(ctx);
}
