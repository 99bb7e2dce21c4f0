/* SPDX-License-Identifier: MIT */
/* rule_policy_same.c - do all addresses of the policy host serve the same policy and certificate?
 */
#include "rules/rule.h"
#include "verdict/cert.h"

#include <string.h>

#include "verdict/fetch.h"

/* The addresses that are like the first in some respect, and the others. */
struct halves {
    const struct https_fetch *first;
    const char *like, *unlike;
    bool like_good, unlike_good, like_bad, unlike_bad;
};

static bool same_text(const struct https_fetch *a, const struct https_fetch *b)
{
    return a->body.length == b->body.length &&
           (!a->body.length || !memcmp(a->body.data, b->body.data, a->body.length));
}

static bool has_certificate(const struct https_fetch *fetch)
{
    return fetch->tls && fetch->tls->outcome == TLS_OK && fetch->tls->chain_count &&
           fetch->tls->chain[0].sha256;
}

static bool same_certificate(const struct https_fetch *a, const struct https_fetch *b)
{
    return !strcmp(a->tls->chain[0].sha256, b->tls->chain[0].sha256);
}

static struct halves divide(struct rules *r, bool (*takes_part)(const struct https_fetch *),
                            bool (*same)(const struct https_fetch *, const struct https_fetch *))
{
    const struct policy_host *host = &r->view.facts->policy_host;
    struct halves halves = {0};

    for (size_t i = 0; i < host->fetch_count; i++) {
        const struct https_fetch *fetch = &host->fetches[i];
        bool good;

        if (!takes_part(fetch))
            continue;
        halves.first = halves.first ? halves.first : fetch;
        good = !(tls_faults(fetch->tls, host->name, r->view.now) & FAULTS_FATAL);
        if (same(halves.first, fetch)) {
            halves.like = rule_list(r, halves.like, fetch->address);
            halves.like_good = halves.like_good || good;
            halves.like_bad = halves.like_bad || !good;
        } else {
            halves.unlike = rule_list(r, halves.unlike, fetch->address);
            halves.unlike_good = halves.unlike_good || good;
            halves.unlike_bad = halves.unlike_bad || !good;
        }
    }
    return halves;
}

static struct finding *differs(struct rules *r, const struct halves *halves, const char *detail)
{
    const char *name = r->view.facts->policy_host.name;

    return finding_add(r, FINDING_POLICY_HOST_INCONSISTENT, name, detail, "host", name, "address",
                       halves->first->address, "addresses", halves->like, "other_addresses",
                       halves->unlike, NULL);
}

void rule_policy_same(struct rules *r)
{
    struct halves halves;

    if (posture_is_absent(r->view.posture))
        return;
    halves = divide(r, fetch_has_text, same_text);
    if (halves.unlike) {
        differs(r, &halves,
                N_("The addresses of {host} serve different texts: {addresses} one, "
                   "{other_addresses} another."));
        return;
    }
    halves = divide(r, has_certificate, same_certificate);
    if (!halves.unlike)
        return;
    if ((halves.like_good || halves.unlike_good) && (halves.like_bad || halves.unlike_bad))
        differs(r, &halves,
                N_("The addresses of {host} present different certificates, and senders do not "
                   "accept all of them: {addresses} one, {other_addresses} another."));
    else if (halves.like_good) /* each server has its own: nothing is wrong with that */
        differs(r, &halves,
                N_("The addresses of {host} present different certificates, which senders "
                   "accept: {addresses} one, {other_addresses} another."))
            ->severity = SEVERITY_INFO;
}
