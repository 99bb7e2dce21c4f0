/* SPDX-License-Identifier: MIT */
/* test_rule_shortage.c - a check that lacked something says nothing of the domain. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rules/test_facts.h"

/* What a process without files sees of a healthy domain: forged signatures and dead servers. */
static void short_of_files(struct facts *f)
{
    f->shortage = "files";
    f->sts_txt->outcome = DNS_OUTCOME_FAILED;
    f->sts_txt->security = DNS_SECURITY_BOGUS;
    session(f)->outcome = NET_FAILED;
}

static void short_of_memory(struct facts *f)
{
    f->shortage = "memory";
    session(f)->outcome = NET_TLS;
    session(f)->tls->outcome = TLS_FAILED;
    session(f)->tls->chain_count = 0;
}

static void nothing_seen(struct facts *f)
{
    const char *domain = f->domain;

    *f = (struct facts){.domain = domain, .shortage = "ports"};
}

static void clock_set(struct facts *f)
{
    f->shortage = "clock";
    leaf(fetch(f)->tls)->not_before = NOW + DAY;
}

/* The same failures where nothing was lacking. */
static void a_peer_that_fails(struct facts *f)
{
    short_of_memory(f);
    f->shortage = NULL;
}

static const struct rule_case cases[] = {
    {"files", short_of_files, "own-shortage:unknown", POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"memory", short_of_memory, "own-shortage:unknown", POSTURE_ENFORCE, DELIVERY_UNKNOWN},
    {"a clock that was set", clock_set, "own-shortage:unknown", POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"nothing seen", nothing_seen, "own-shortage:unknown", POSTURE_BROKEN, DELIVERY_UNKNOWN},
    {"a peer that fails", a_peer_that_fails, "mx-tls-handshake-failed:critical", POSTURE_ENFORCE,
     DELIVERY_REFUSED},
};

int main(void)
{
    return RUN_ONLY_CASES(cases);
}
