/* SPDX-License-Identifier: MIT */
/* test_rule_delegation.c - aliases at hosting services. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rules/test_facts.h"

#define V6 "2001:2:0:9::1"

static void host_at(struct facts *f, const char *target)
{
    add_cname(f, f->policy_host.a, target);
}

static void record_at(struct facts *f, const char *target)
{
    add_cname(f, f->sts_txt, target);
}

static void alert(struct facts *f, size_t index)
{
    struct https_fetch *fetch = &f->policy_host.fetches[index];
    struct tls_session *tls = fetch->tls;

    fetch_stops(fetch, NET_TLS, PHASE_TLS);
    *tls = (struct tls_session){.outcome = TLS_FAILED, .alert = "unrecognized name"};
    fetch->tls = tls;
}

/* ---- set up there? --------------------------------------------------------------------------- */

static void pages_alert(struct facts *f)
{
    host_at(f, "project.pages.dev");
    alert(f, 0);
}

static void own_alert(struct facts *f)
{
    host_at(f, "www.example.net");
    alert(f, 0);
}

static void default_certificate(struct facts *f)
{
    host_at(f, "someone.github.io");
    set_names(f, fetch(f)->tls, "*.github.io", "github.io", NULL);
    fetch(f)->status = 404;
}

static void service_404(struct facts *f)
{
    host_at(f, "example-com.mta-sts.tech");
    fetch(f)->status = 404;
}

/* The name is known there; the file is missing. */
static void pages_404(struct facts *f)
{
    host_at(f, "project.pages.dev");
    fetch(f)->status = 404;
}

static void service_expired(struct facts *f)
{
    host_at(f, "example-com.mta-sts.tech");
    leaf(fetch(f)->tls)->not_after = NOW - DAY;
}

static void alert_at_one(struct facts *f)
{
    host_at(f, "project.pages.dev");
    f->policy_host.aaaa = address(f, "mta-sts.example.com", V6);
    add_fetch(f, V6);
    alert(f, 1);
}

static void refused_there(struct facts *f)
{
    host_at(f, "project.pages.dev");
    fetch_stops(fetch(f), NET_REFUSED, PHASE_CONNECT);
}

/* ---- one service for both? ------------------------------------------------------------------- */

static void one_service(struct facts *f)
{
    record_at(f, "example-com._mta-sts.uriports.com");
    host_at(f, "example-com.mta-sts.uriports.com");
    host_at(f, "d1234.cloudfront.net");
}

static void two_services(struct facts *f)
{
    record_at(f, "example-com._mta-sts.uriports.com");
    host_at(f, "example-com.mta-sts.tech");
}

static void service_and_pages(struct facts *f)
{
    record_at(f, "example-com._mta-sts.uriports.com");
    host_at(f, "project.pages.dev");
}

static void unknown_services(struct facts *f)
{
    record_at(f, "_mta-sts.provider-one.example");
    host_at(f, "mta-sts.provider-two.example");
}

static void own_aliases(struct facts *f)
{
    record_at(f, "_mta-sts.example.net");
    host_at(f, "mta-sts.example.net");
}

static void own_record_alias(struct facts *f)
{
    record_at(f, "_mta-sts.example.net");
    host_at(f, "project.pages.dev");
}

static void own_web_alias(struct facts *f)
{
    record_at(f, "_mta-sts.example.net");
    host_at(f, "www.example.org");
}

/* A name of one's own for the record, whoever has the policy. */
static void any_record_alias(struct facts *f)
{
    record_at(f, "txt.example.net");
    host_at(f, "mta-sts.provider-two.example");
}

static void any_record_alias_at_a_service(struct facts *f)
{
    record_at(f, "txt.example.net");
    host_at(f, "example-com.mta-sts.tech");
}

static void one_registered_domain(struct facts *f)
{
    record_at(f, "first.example.net");
    record_at(f, "_mta-sts.provider-two.example");
    host_at(f, "mta-sts.example.org");
    host_at(f, "mta-sts.provider-two.example");
}

static void host_alone(struct facts *f)
{
    host_at(f, "example-com.mta-sts.tech");
}

#define BROKEN POSTURE_BROKEN, DELIVERY_UNPROTECTED
#define FINE   POSTURE_ENFORCE, DELIVERY_PROTECTED

static const struct rule_case cases[] = {
    {"alert at Pages", pages_alert, "policy-host-unprovisioned:high", BROKEN},
    {"alert elsewhere", own_alert, "policy-tls-handshake-failed:high", BROKEN},
    {"default certificate", default_certificate, "policy-host-unprovisioned:high", BROKEN},
    {"404 of a service", service_404, "policy-host-unprovisioned:high", BROKEN},
    {"404 at Pages", pages_404, "policy-not-found:high", BROKEN},
    {"expired at a service", service_expired, "policy-cert-expired:high", BROKEN},
    {"alert at one address", alert_at_one, "policy-tls-handshake-failed:high", FINE},
    {"refused there", refused_there, "policy-host-unreachable:high", BROKEN},
    {"one service", one_service, "", FINE},
    {"two services", two_services, "policy-host-delegation-split:medium", FINE},
    {"service and Pages", service_and_pages, "policy-host-delegation-split:medium", FINE},
    {"unknown services", unknown_services, "policy-host-delegation-split:medium", FINE},
    {"own aliases", own_aliases, "", FINE},
    {"own record alias", own_record_alias, "", FINE},
    {"own web alias", own_web_alias, "", FINE},
    {"any record alias", any_record_alias, "", FINE},
    {"any record alias, a service", any_record_alias_at_a_service, "", FINE},
    {"one registered domain", one_registered_domain, "", FINE},
    {"host alone", host_alone, "", FINE},
};

int main(void)
{
    return RUN_ONLY_CASES(cases);
}
