/* SPDX-License-Identifier: MIT */
/* policyd_faults.c - a failed fetch and a bad certificate wait until it is known whose fault they
 * are. */
#include "cmd/policyd_faults.h"

#include <string.h>

#include "app/policy_doubts.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/policyd_events.h"
#include "cmd/policyd_verbs.h"

/* What a doubt is about. */
enum { ABOUT_FETCH, ABOUT_CERTIFICATE };

struct policyd_faults {
    struct net_options net;
    struct policyd *policyd;
    struct policyd_events *events; /* NULL: nobody is told */
    struct policy_doubts *doubts;
};

/* A line for programs too, whatever --quiet says. */
static void say_weaker(const char *domain, enum downgrade downgrade, int64_t expires)
{
    char until[CLOCK_TEXT_SIZE] = "-";
    char *line;

    if (expires)
        clock_format(expires, until);
    line = talloc_asprintf(NULL, "event=downgrade what=%s domain=%s until=%s\n",
                           downgrade_name(downgrade), domain, until);
    if (line) {
        (void)console_text(line);
        (void)console_flush();
    }
    talloc_free(line);
}

static void on_settled(void *arg, const struct policy_doubt *doubt, bool ours)
{
    struct policyd_faults *faults = arg;

    if (doubt->about == ABOUT_FETCH) {
        policyd_count_failure(faults->policyd, doubt->domain, ours);
        if (ours)
            return;
        console_note(_("%s: the policy could not be fetched: %s"), doubt->domain, doubt->why);
        if (policyd_heeds_policy(faults->policyd, doubt->domain))
            policyd_events_failed(faults->events, doubt->domain, doubt->why);
    } else if (!ours) {
        policyd_count_downgrade(faults->policyd, DOWNGRADE_CERTIFICATE);
        say_weaker(doubt->domain, DOWNGRADE_CERTIFICATE, doubt->expires);
    }
}

static const char *words_of(enum own_trouble trouble)
{
    static const char *const words[OWN_TROUBLES] = {
        [OWN_MEMORY] = N_("the daemon has run out of memory"),
        [OWN_FILES] = N_("the daemon may not open enough files and connections at the same time"),
        [OWN_PORTS] = N_("this machine has no free local port"),
        [OWN_JUMP] = N_("the clock of this machine jumped"),
        [OWN_RESOLVER] = N_("the DNS resolver does not work"),
        [OWN_PORT443] = N_("no host can be reached on port 443"),
        [OWN_TLS] = N_("TLS connections are intercepted"),
        [OWN_CLOCK] = N_("the clock of this machine is wrong"),
    };

    return _(words[trouble]);
}

static void on_changed(void *arg, enum own_trouble trouble, const char *detail)
{
    struct policyd_faults *faults = arg;
    bool ours = own_trouble_is_ours(trouble);

    policyd_set_trouble(faults->policyd, ours);
    policyd_events_mute(faults->events, ours);
    if (!ours)
        console_note("%s", _("policies can be fetched from this machine again"));
    else if (detail)
        console_note(_("no policy can be fetched from this machine: %s (%s); until this is "
                       "fixed, no domain is blamed for a failure, see \"mtasts selftest\""),
                     words_of(trouble), detail);
    else
        console_note(_("no policy can be fetched from this machine: %s; until this is fixed, "
                       "no domain is blamed for a failure, see \"mtasts selftest\""),
                     words_of(trouble));
}

enum sts_status policyd_faults_new(TALLOC_CTX *ctx, const struct options *options, struct net *net,
                                   struct policyd_events *events, struct policyd_faults **ret)
{
    struct policyd_faults *faults = talloc_zero(ctx, struct policyd_faults);
    struct policy_doubts_request request = {.loop = net->loop,
                                            .look = own_place_start,
                                            .settled = on_settled,
                                            .changed = on_changed,
                                            .arg = faults};
    enum sts_status status;

    if (!faults)
        return STS_E_NOMEM;
    policyd_net_options(options, &faults->net);
    request.net = &faults->net;
    faults->events = events;
    status = policy_doubts_new(faults, &request, &faults->doubts);
    if (status == STS_OK)
        *ret = faults;
    else
        talloc_free(faults);
    return status;
}

void policyd_faults_begin(struct policyd_faults *faults, struct policyd *policyd)
{
    faults->policyd = policyd;
}

void policyd_faults_failed(struct policyd_faults *faults, const char *domain,
                           const struct policy_found *found)
{
    const struct policy_doubt doubt = {.domain = domain,
                                       .why = found->why,
                                       .issuer = found->issuer,
                                       .address = found->address,
                                       .about = ABOUT_FETCH};

    if (strcmp(found->why, "local") == 0 || strcmp(found->why, "memory") == 0)
        on_settled(faults, &doubt, true);
    else
        policy_doubts_add(faults->doubts, &doubt);
}

void policyd_faults_fetched(struct policyd_faults *faults, int64_t begun_ms)
{
    policy_doubts_fetched(faults->doubts, begun_ms);
}

void policyd_faults_weaker(struct policyd_faults *faults, const char *domain,
                           enum downgrade downgrade, int64_t expires)
{
    const struct policy_doubt doubt = {
        .domain = domain, .why = "certificate", .about = ABOUT_CERTIFICATE, .expires = expires};

    if (downgrade == DOWNGRADE_CERTIFICATE)
        policy_doubts_add(faults->doubts, &doubt);
    else
        say_weaker(domain, downgrade, expires);
}
