/* SPDX-License-Identifier: MIT */
/* test_rule_dane.c - TLSA records, DNSSEC, and what they make of the MX hosts' certificates. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "rules/test_facts.h"

#define HOST   "mx1.example.com"
#define SHA256 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define SHA512 SHA256 SHA256

/* One TLSA record of the first MX, signed all the way, that the chain matches. */
static void record(struct facts *f, int64_t usage, int64_t selector, int64_t matching,
                   const char *data, int result)
{
    struct mx_host *mx = &f->mx[0];
    struct tls_session *tls = session(f)->tls;
    struct dns_record *made = talloc_zero(f, struct dns_record);

    assert_non_null(made);
    *made = (struct dns_record){
        .usage = usage, .selector = selector, .matching = matching, .data = text_bytes(data)};
    f->mx_answer->security = mx->a->security = DNS_SECURITY_SECURE;
    mx->tlsa = answer(f, "_25._tcp." HOST, DNS_TLSA, DNS_OUTCOME_FOUND);
    mx->tlsa->security = DNS_SECURITY_SECURE;
    mx->tlsa->records = made;
    mx->tlsa->record_count = 1;
    tls->tlsa = talloc_zero(f, struct tlsa_match);
    assert_non_null(tls->tlsa);
    *tls->tlsa = (struct tlsa_match){usage, selector, matching, made->data, result};
    tls->tlsa_count = 1;
    leaf(tls)->spki_sha256 = SHA256;
}

/* A further record beside the first. */
static struct tlsa_match *beside(struct facts *f, int64_t usage, int64_t selector, int64_t matching,
                                 const char *data, int result)
{
    struct dns_answer *tlsa = f->mx[0].tlsa;
    struct tls_session *tls = session(f)->tls;
    struct tlsa_match *match;

    tlsa->records =
        talloc_realloc(f, tlsa->records, struct dns_record, (unsigned)tlsa->record_count + 1);
    tls->tlsa = talloc_realloc(f, tls->tlsa, struct tlsa_match, (unsigned)tls->tlsa_count + 1);
    assert_true(tlsa->records && tls->tlsa);
    tlsa->records[tlsa->record_count++] = (struct dns_record){
        .usage = usage, .selector = selector, .matching = matching, .data = text_bytes(data)};
    match = &tls->tlsa[tls->tlsa_count++];
    *match = (struct tlsa_match){.usage = usage,
                                 .selector = selector,
                                 .matching = matching,
                                 .data = text_bytes(data),
                                 .result = result};
    return match;
}

static void active(struct facts *f)
{
    record(f, 3, 1, 1, SHA256, TLSA_MATCH);
}

static void full_certificate(struct facts *f)
{
    record(f, 3, 0, 0, "3082", TLSA_MATCH);
}

static void other_key(struct facts *f)
{
    record(f, 3, 1, 1, SHA256, TLSA_MISMATCH);
}

static void other_key_absent(struct facts *f)
{
    other_key(f);
    f->sts_txt = answer(f, "_mta-sts.example.com", DNS_TXT, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.a = answer(f, "mta-sts.example.com", DNS_A, DNS_OUTCOME_NXDOMAIN);
    f->policy_host.fetch_count = 0;
}

static void other_key_at_one(struct facts *f)
{
    struct tls_session *second;

    active(f);
    second = add_session(f, &f->mx[0], "2001:470::25")->tls;
    second->tlsa = talloc_zero(f, struct tlsa_match);
    assert_non_null(second->tlsa);
    *second->tlsa = (struct tlsa_match){3, 1, 1, text_bytes(SHA256), TLSA_MISMATCH};
    second->tlsa_count = 1;
}

static void usage_one(struct facts *f)
{
    record(f, 1, 1, 1, SHA256, TLSA_UNUSABLE);
}

static void short_digest(struct facts *f)
{
    record(f, 3, 1, 1, "0011", TLSA_UNUSABLE);
}

static void long_digest(struct facts *f)
{
    record(f, 3, 1, 2, SHA256, TLSA_UNUSABLE);
}

static void unknown_matching(struct facts *f)
{
    record(f, 3, 1, 7, SHA256, TLSA_UNUSABLE);
}

static void unsigned_zone(struct facts *f)
{
    active(f);
    f->mx_answer->security = f->mx[0].a->security = DNS_SECURITY_INSECURE;
    f->mx[0].tlsa->security = DNS_SECURITY_INSECURE;
}

/* The host of a provider that is signed, below a domain that is not. */
static void unsigned_domain(struct facts *f)
{
    active(f);
    f->mx[0].name = "mx1.example.net";
    set_names(f, session(f)->tls, "mx1.example.net", NULL);
    set_policy(f, "version: STSv1\nmode: enforce\nmx: mx1.example.net\nmax_age: 2592000\n");
    f->mx_answer->security = DNS_SECURITY_INSECURE;
}

static void unsigned_address(struct facts *f)
{
    active(f);
    f->mx[0].aaaa = address(f, HOST, "2001:470::25");
}

static void never_validated(struct facts *f)
{
    other_key(f);
    f->mx_answer->security = f->mx[0].a->security = DNS_SECURITY_UNCHECKED;
    f->mx[0].tlsa->security = DNS_SECURITY_UNCHECKED;
}

static void none(struct facts *f)
{
    active(f);
    f->mx[0].tlsa = answer(f, "_25._tcp." HOST, DNS_TLSA, DNS_OUTCOME_NXDOMAIN);
}

static void servfail(struct facts *f)
{
    active(f);
    f->mx[0].tlsa = answer(f, "_25._tcp." HOST, DNS_TLSA, DNS_OUTCOME_FAILED);
}

static void servfail_unsigned(struct facts *f)
{
    servfail(f);
    f->mx_answer->security = DNS_SECURITY_INSECURE;
}

static void bogus(struct facts *f)
{
    active(f);
    f->mx[0].tlsa->security = DNS_SECURITY_BOGUS;
}

static void no_answer(struct facts *f)
{
    active(f);
    f->mx[0].tlsa = answer(f, "_25._tcp." HOST, DNS_TLSA, DNS_OUTCOME_TIMEOUT);
}

static void stopped(struct facts *f)
{
    active(f);
    f->mx[0].tlsa = answer(f, "_25._tcp." HOST, DNS_TLSA, DNS_OUTCOME_UNKNOWN);
}

static void self_signed(struct facts *f)
{
    active(f);
    session(f)->tls->trust = CHAIN_SELF_SIGNED;
    session(f)->tls->chain_count = 1;
}

static void self_signed_none(struct facts *f)
{
    self_signed(f);
    set_policy(f, "version: STSv1\nmode: none\nmx: mx1.example.com\nmax_age: 2592000\n");
}

/* Usage 3 passes over dates, usage 2 does not. */
static void expired_own_ca(struct facts *f)
{
    record(f, 2, 0, 1, SHA256, TLSA_MATCH);
    leaf(session(f)->tls)->not_after = NOW - DAY;
}

/* ---- digests (RFC 7671 section 9) ------------------------------------------------------------ */

static void strong_digest_wrong(struct facts *f)
{
    active(f);
    beside(f, 3, 1, 2, SHA512, TLSA_MISMATCH);
}

static void strong_digest_right(struct facts *f)
{
    other_key(f);
    beside(f, 3, 1, 2, SHA512, TLSA_MATCH);
}

static void strong_digest_unusable(struct facts *f)
{
    active(f);
    beside(f, 3, 1, 2, SHA256, TLSA_UNUSABLE);
}

static void strong_digest_of_other_selector(struct facts *f)
{
    active(f);
    beside(f, 3, 0, 2, SHA512, TLSA_MISMATCH);
}

static void whole_key_beside_digest(struct facts *f)
{
    record(f, 3, 1, 0, "3059", TLSA_MATCH);
    beside(f, 3, 1, 2, SHA512, TLSA_MISMATCH);
}

/* A whole key that is none shows only where it is tried. */
static void whole_key_malformed(struct facts *f)
{
    record(f, 3, 1, 0, "abcd", TLSA_UNUSABLE);
}

/* Together they do not match, whatever each does alone. */
static void set_without_match(struct facts *f)
{
    active(f);
    session(f)->tls->tlsa_set = talloc_zero(f, struct tlsa_set);
}

static void set_of_two_keys(struct facts *f)
{
    other_key(f);
    beside(f, 3, 0, 1, SHA256, TLSA_MATCH);
    session(f)->tls->tlsa_set = talloc_zero(f, struct tlsa_set);
    assert_non_null(session(f)->tls->tlsa_set);
    session(f)->tls->tlsa_set->decider = 2;
}

/* A number that no look can have written. */
static void set_of_nonsense(struct facts *f)
{
    active(f);
    session(f)->tls->tlsa_set = talloc_zero(f, struct tlsa_set);
    assert_non_null(session(f)->tls->tlsa_set);
    session(f)->tls->tlsa_set->decider = 3;
}

/* ---- usage 2 --------------------------------------------------------------------------------- */

/* The record describes the intermediate, to which the leaf leads. */
static struct tlsa_match *authority(struct facts *f, int result)
{
    struct tls_session *tls = session(f)->tls;

    record(f, 2, 1, 1, SHA256, result);
    tls->tlsa->position = 2;
    tls->tlsa->path = true;
    tls->tlsa->valid_from = tls->chain[0].not_before;
    tls->tlsa->valid_until = tls->chain[0].not_after;
    return tls->tlsa;
}

static void own_ca(struct facts *f)
{
    authority(f, TLSA_MATCH);
}

static void own_ca_other_name(struct facts *f)
{
    authority(f, TLSA_MISMATCH);
    set_names(f, session(f)->tls, "www.example.com", NULL);
}

static void own_ca_names_domain(struct facts *f)
{
    authority(f, TLSA_MISMATCH);
    set_names(f, session(f)->tls, "example.com", NULL);
}

/* The domain is no name to go by where its MX records are not signed. */
static void own_ca_names_unsigned_domain(struct facts *f)
{
    own_ca_names_domain(f);
    f->mx_answer->security = DNS_SECURITY_INSECURE;
}

static void own_ca_stale(struct facts *f)
{
    struct tlsa_match *match = authority(f, TLSA_MATCH);

    session(f)->tls->chain[1].not_after = match->valid_until = NOW - DAY;
}

static void own_ca_early(struct facts *f)
{
    authority(f, TLSA_MATCH)->valid_from = NOW + DAY;
}

static void own_ca_broken(struct facts *f)
{
    struct tlsa_match *match = authority(f, TLSA_MISMATCH);

    match->path = false;
    match->path_error = "invalid CA certificate";
}

static void own_ca_unsent(struct facts *f)
{
    record(f, 2, 1, 1, SHA256, TLSA_MISMATCH);
    session(f)->tls->tlsa->unsent = "CN=Lab Root";
}

static void own_ca_of_leaf(struct facts *f)
{
    record(f, 2, 1, 1, SHA256, TLSA_MISMATCH);
    session(f)->tls->tlsa->position = 1;
}

static void leaf_of_own_ca(struct facts *f)
{
    record(f, 3, 1, 1, SHA256, TLSA_MISMATCH);
    session(f)->tls->tlsa->position = 2;
}

/* The way that the set takes, which is not the way of the one record. */
static void own_ca_set(struct facts *f, int64_t until)
{
    struct tls_session *tls = session(f)->tls;

    authority(f, TLSA_MATCH);
    tls->tlsa_set = talloc_zero(f, struct tlsa_set);
    assert_non_null(tls->tlsa_set);
    *tls->tlsa_set = (struct tlsa_set){1, NOW - DAY, until};
}

static void own_ca_set_good(struct facts *f)
{
    own_ca_set(f, NOW + DAY);
    session(f)->tls->tlsa->valid_until = NOW - DAY;
}

static void own_ca_set_stale(struct facts *f)
{
    own_ca_set(f, NOW - 1);
}

/* ---- unsigned MX records --------------------------------------------------------------------- */

static void unsigned_domain_other_key(struct facts *f)
{
    other_key(f);
    f->mx_answer->security = DNS_SECURITY_INSECURE;
}

static void unvalidated_domain_other_key(struct facts *f)
{
    other_key(f);
    f->mx_answer->security = DNS_SECURITY_UNCHECKED;
}

/* ---- aliases (RFC 7672 section 2.2.2) -------------------------------------------------------- */

static void target_records(struct facts *f, int result)
{
    struct mx_host *mx = &f->mx[0];

    record(f, 3, 1, 1, SHA256, result);
    add_cname(f, mx->a, "real.example.com");
    mx->tlsa_target = mx->tlsa;
    mx->tlsa_target->name = "_25._tcp.real.example.com";
    mx->tlsa = answer(f, "_25._tcp." HOST, DNS_TLSA, DNS_OUTCOME_NXDOMAIN);
    mx->tlsa->security = DNS_SECURITY_SECURE;
}

static void target_other_key(struct facts *f)
{
    target_records(f, TLSA_MISMATCH);
}

/* The handshake that names the target was not made any more. */
static void target_interrupted(struct facts *f)
{
    target_records(f, TLSA_MISMATCH);
    f->mx[0].tlsa_base = "real.example.com";
    f->interrupted = true;
}

static void target_out_of_time(struct facts *f)
{
    target_records(f, TLSA_MISMATCH);
    f->mx[0].tlsa_base = "real.example.com";
    f->deadline_reached = true;
}

static void target_matches_interrupted(struct facts *f)
{
    target_records(f, TLSA_MATCH);
    f->mx[0].tlsa_base = "real.example.com";
    f->interrupted = true;
}

/* The name was asked for already. */
static void own_interrupted(struct facts *f)
{
    target_records(f, TLSA_MISMATCH);
    f->mx[0].tlsa_base = f->mx[0].name;
    f->interrupted = true;
}

/* What the server shows to those who ask for the target. */
static struct tls_session *by_target(struct facts *f, int result)
{
    struct smtp_session *s = session(f);

    s->by_base = talloc_zero(f, struct tls_again);
    assert_non_null(s->by_base);
    s->by_base->outcome = NET_OK;
    s->by_base->tls = talloc_memdup(f, s->tls, sizeof *s->tls);
    assert_non_null(s->by_base->tls);
    s->by_base->tls->tlsa = talloc_memdup(f, s->tls->tlsa, sizeof *s->tls->tlsa);
    assert_non_null(s->by_base->tls->tlsa);
    s->by_base->tls->tlsa->result = result;
    return s->by_base->tls;
}

static void target_other_key_by_sni(struct facts *f)
{
    target_records(f, TLSA_MATCH);
    by_target(f, TLSA_MISMATCH);
}

static void target_right_by_sni(struct facts *f)
{
    target_records(f, TLSA_MISMATCH);
    by_target(f, TLSA_MATCH);
}

static void target_unknown_to_server(struct facts *f)
{
    struct tls_session *tls;

    target_records(f, TLSA_MATCH);
    tls = by_target(f, TLSA_UNKNOWN);
    tls->outcome = TLS_FAILED;
    tls->alert = "unrecognized name";
    tls->chain_count = tls->tlsa_count = 0;
}

/* Broken off, without a word: the first handshake counts. */
static void target_broken_off(struct facts *f)
{
    struct tls_session *tls;

    target_records(f, TLSA_MATCH);
    tls = by_target(f, TLSA_UNKNOWN);
    tls->outcome = TLS_CLOSED;
    tls->chain_count = tls->tlsa_count = 0;
}

static void target_fails(struct facts *f)
{
    target_records(f, TLSA_MATCH);
    f->mx[0].tlsa_target->security = DNS_SECURITY_BOGUS;
}

static void target_without_records(struct facts *f)
{
    struct mx_host *mx = &f->mx[0];

    other_key(f);
    add_cname(f, mx->a, "real.example.com");
    mx->tlsa_target = answer(f, "_25._tcp.real.example.com", DNS_TLSA, DNS_OUTCOME_NXDOMAIN);
    mx->tlsa_target->security = DNS_SECURITY_SECURE;
}

static void into_unsigned(struct facts *f, int security)
{
    struct mx_host *mx = &f->mx[0];

    other_key(f);
    add_cname(f, mx->a, "mail.example.net");
    mx->a->security = DNS_SECURITY_INSECURE;
    mx->alias = answer(f, HOST, DNS_CNAME, DNS_OUTCOME_FOUND);
    mx->alias->security = security;
}

static void signed_alias_into_unsigned(struct facts *f)
{
    into_unsigned(f, DNS_SECURITY_SECURE);
}

static void unsigned_alias(struct facts *f)
{
    into_unsigned(f, DNS_SECURITY_INSECURE);
}

/* ---- the rest -------------------------------------------------------------------------------- */

static void no_starttls(struct facts *f)
{
    active(f);
    session(f)->starttls_offered = false;
    session(f)->starttls_code = 0;
    session(f)->tls = NULL;
}

static void misplaced(struct facts *f)
{
    f->domain_tlsa = answer(f, "_25._tcp.example.com", DNS_TLSA, DNS_OUTCOME_FOUND);
}

static void misplaced_too(struct facts *f)
{
    active(f);
    misplaced(f);
}

static void port_blocked(struct facts *f)
{
    active(f);
    session_stops(session(f), NET_TIMEOUT, PHASE_GREETING);
}

#define FINE    POSTURE_ENFORCE, DELIVERY_PROTECTED
#define REFUSED POSTURE_ENFORCE, DELIVERY_REFUSED
#define UNSEEN  POSTURE_ENFORCE, DELIVERY_UNKNOWN
#define FAILS   "dane-tlsa-mismatch:critical dane-sts-conflict:medium", REFUSED
#define HOLDS   "dane-active:info", FINE

static const struct rule_case cases[] = {
    {"active", active, "dane-active:info", FINE},
    {"whole certificate", full_certificate, "dane-active:info", FINE},
    {"other key", other_key, "dane-tlsa-mismatch:critical dane-sts-conflict:medium", REFUSED},
    {"other key, no MTA-STS", other_key_absent,
     "dane-tlsa-mismatch:critical sts-record-missing:medium", POSTURE_ABSENT, DELIVERY_REFUSED},
    {"other key at one address", other_key_at_one,
     "dane-tlsa-mismatch:medium dane-sts-conflict:medium", FINE},
    {"usage 1", usage_one, "dane-tlsa-unusable:medium", FINE},
    {"short digest", short_digest, "dane-tlsa-unusable:medium", FINE},
    {"long digest", long_digest, "dane-tlsa-unusable:medium", FINE},
    {"matching 7", unknown_matching, "dane-tlsa-unusable:medium", FINE},
    {"unsigned", unsigned_zone, "dane-tlsa-unsigned:medium", FINE},
    {"signed provider", unsigned_domain, "dane-tlsa-unsigned:info", FINE},
    {"an address unsigned", unsigned_address, "dane-tlsa-unsigned:medium", FINE},
    {"never validated", never_validated, "", FINE},
    {"none", none, "", FINE},
    {"servfail", servfail, "dane-lookup-failed:critical", REFUSED},
    {"servfail, unsigned", servfail_unsigned, "dane-lookup-failed:high", REFUSED},
    {"bogus", bogus, "dane-lookup-failed:critical", REFUSED},
    {"no answer", no_answer, "dane-lookup-failed:unknown", UNSEEN},
    {"stopped", stopped, "", FINE},
    {"self-signed", self_signed,
     "mx-cert-self-signed:critical dane-sts-conflict:medium dane-active:info", REFUSED},
    {"self-signed, mode none", self_signed_none,
     "policy-mode-none:low mx-cert-self-signed:low dane-active:info", POSTURE_NONE,
     DELIVERY_UNPROTECTED},
    {"own CA, expired", expired_own_ca, "mx-cert-expired:critical dane-tlsa-mismatch:critical",
     REFUSED},
    {"SHA-256 right, SHA-512 wrong", strong_digest_wrong, FAILS},
    {"SHA-256 wrong, SHA-512 right", strong_digest_right, HOLDS},
    {"SHA-256 right, SHA-512 unusable", strong_digest_unusable, HOLDS},
    {"SHA-256 of the key, SHA-512 of another certificate", strong_digest_of_other_selector, HOLDS},
    {"whole key right, SHA-512 wrong", whole_key_beside_digest, HOLDS},
    {"whole key malformed", whole_key_malformed, "dane-tlsa-unusable:medium", FINE},
    {"none as a set", set_without_match, FAILS},
    {"the second of a set", set_of_two_keys, HOLDS},
    {"a set of nonsense", set_of_nonsense, FAILS},
    {"own CA, as a set", own_ca_set_good, HOLDS},
    {"own CA, as a set, out of date", own_ca_set_stale, FAILS},
    {"own CA", own_ca, HOLDS},
    {"own CA, other name", own_ca_other_name,
     "mx-cert-name-mismatch:critical dane-tlsa-mismatch:critical", REFUSED},
    {"own CA, the domain's name", own_ca_names_domain,
     "mx-cert-name-mismatch:critical dane-sts-conflict:medium dane-active:info", REFUSED},
    {"own CA, the unsigned domain's name", own_ca_names_unsigned_domain,
     "mx-cert-name-mismatch:critical dane-tlsa-mismatch:high", REFUSED},
    {"own CA, out of date", own_ca_stale, "mx-cert-expired:critical dane-tlsa-mismatch:critical",
     REFUSED},
    {"own CA, not valid yet", own_ca_early, FAILS},
    {"own CA, no way to it", own_ca_broken, FAILS},
    {"own CA, not sent", own_ca_unsent, FAILS},
    {"usage 2 for the leaf", own_ca_of_leaf, FAILS},
    {"usage 3 for the CA", leaf_of_own_ca, FAILS},
    {"other key, MX unsigned", unsigned_domain_other_key,
     "dane-tlsa-mismatch:high dane-sts-conflict:medium", REFUSED},
    {"other key, MX unchecked", unvalidated_domain_other_key, "", FINE},
    {"other key at the target of the alias", target_other_key,
     "dane-tlsa-mismatch:critical dane-sts-conflict:medium mx-host-cname:low", REFUSED},
    {"interrupted before the target was named", target_interrupted,
     "check-interrupted:unknown mx-host-cname:low", POSTURE_ENFORCE, DELIVERY_UNKNOWN},
    {"time is up before the target was named", target_out_of_time, "mx-host-cname:low",
     POSTURE_ENFORCE, DELIVERY_UNKNOWN},
    {"right at the target, interrupted", target_matches_interrupted,
     "check-interrupted:unknown mx-host-cname:low dane-active:info", FINE},
    {"other key, interrupted", own_interrupted,
     "dane-tlsa-mismatch:critical check-interrupted:unknown dane-sts-conflict:medium "
     "mx-host-cname:low",
     REFUSED},
    {"other key for those who ask for the target", target_other_key_by_sni,
     "dane-tlsa-mismatch:critical dane-sts-conflict:medium mx-host-cname:low", REFUSED},
    {"right key for those who ask for the target", target_right_by_sni,
     "mx-host-cname:low dane-active:info", FINE},
    {"target not known to the server", target_unknown_to_server,
     "dane-tlsa-mismatch:critical mx-host-cname:low", REFUSED},
    {"broken off where asked for the target", target_broken_off,
     "mx-host-cname:low dane-active:info", FINE},
    {"target of the alias bogus", target_fails, "dane-lookup-failed:critical mx-host-cname:low",
     REFUSED},
    {"none at the target of the alias", target_without_records,
     "dane-tlsa-mismatch:critical dane-sts-conflict:medium mx-host-cname:low", REFUSED},
    {"signed alias into an unsigned zone", signed_alias_into_unsigned,
     "dane-tlsa-mismatch:critical dane-sts-conflict:medium mx-host-cname:low", REFUSED},
    {"unsigned alias", unsigned_alias, "dane-tlsa-unsigned:medium mx-host-cname:low", FINE},
    {"no STARTTLS", no_starttls, "mx-starttls-missing:critical dane-tlsa-mismatch:critical",
     REFUSED},
    {"at the domain", misplaced, "dane-tlsa-misplaced:low", FINE},
    {"at the domain too", misplaced_too, "dane-active:info dane-tlsa-misplaced:info", FINE},
    {"MX silent", port_blocked, "mx-timeout:medium", POSTURE_ENFORCE, DELIVERY_UNKNOWN},
};

static void test_cases(void **state)
{
    (void)state;
    RUN_CASES(cases);
}

/* ---- what is said ---------------------------------------------------------------------------- */

static const struct finding *found(const struct diagnosis *d, enum finding_code code)
{
    for (size_t i = 0; i < d->finding_count; i++)
        if (d->findings[i].code == code)
            return &d->findings[i];
    return NULL;
}

static void key_for_next(struct facts *f)
{
    active(f);
    session(f)->tls->tlsa->position = 1;
    beside(f, 3, 1, 1, SHA256, TLSA_MISMATCH);
}

static void one_key(struct facts *f)
{
    active(f);
    session(f)->tls->tlsa->position = 1;
}

/* Two records of the same key are one key. */
static void one_key_twice(struct facts *f)
{
    one_key(f);
    beside(f, 3, 0, 1, SHA256, TLSA_MATCH)->position = 1;
}

static void key_and_own_ca(struct facts *f)
{
    one_key(f);
    session(f)->tls->trust = CHAIN_UNTRUSTED_ROOT;
    beside(f, 2, 1, 1, SHA256, TLSA_MATCH)->position = 2;
}

static const struct {
    const char *name;
    void (*change)(struct facts *f);
    enum finding_code code;
    const char *detail, *note; /* words in them; note NULL: there is none */
} sayings[] = {
    {"name", own_ca_other_name, FINDING_DANE_TLSA_MISMATCH, "is issued for {names}", NULL},
    {"expired", own_ca_stale, FINDING_DANE_TLSA_MISMATCH, "expired on {not_after}", NULL},
    {"early", own_ca_early, FINDING_DANE_TLSA_MISMATCH, "not valid before", NULL},
    {"broken", own_ca_broken, FINDING_DANE_TLSA_MISMATCH, "does not chain to it", NULL},
    {"unsent", own_ca_unsent, FINDING_DANE_TLSA_MISMATCH, "does not send", NULL},
    {"leaf", own_ca_of_leaf, FINDING_DANE_TLSA_MISMATCH, "must be usage 3", NULL},
    {"CA", leaf_of_own_ca, FINDING_DANE_TLSA_MISMATCH, "must be usage 2", NULL},
    {"weaker", strong_digest_wrong, FINDING_DANE_TLSA_MISMATCH, "only the strongest digest", NULL},
    {"SNI", target_other_key_by_sni, FINDING_DANE_TLSA_MISMATCH, "(SNI)", NULL},
    {"none", other_key, FINDING_DANE_TLSA_MISMATCH, "matches none", NULL},
    {"unsigned MX", unsigned_domain_other_key, FINDING_DANE_TLSA_MISMATCH, "matches none",
     "Postfix"},
    {"unsigned MX, look-up", servfail_unsigned, FINDING_DANE_LOOKUP_FAILED, "fails", "Postfix"},
    {"one key", one_key, FINDING_DANE_ACTIVE, "protects", "next key"},
    {"one key twice", one_key_twice, FINDING_DANE_ACTIVE, "protects", "next key"},
    {"two keys", key_for_next, FINDING_DANE_ACTIVE, "protects", NULL},
    {"key and own CA", key_and_own_ca, FINDING_DANE_ACTIVE, "protects", NULL},
    {"public intermediate", own_ca, FINDING_DANE_ACTIVE, "protects", "intermediate"},
};

static void test_sayings(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(sayings) / sizeof(sayings[0]); i++) {
        TALLOC_CTX *ctx = talloc_new(NULL);
        struct facts *f = healthy(ctx);
        struct diagnosis *d = NULL;
        const struct finding *finding;

        sayings[i].change(f);
        assert_int_equal(diagnose(ctx, f, NOW, &d), STS_OK);
        finding = found(d, sayings[i].code);
        if (!finding || !strstr(finding->detail, sayings[i].detail))
            fail_msg("%s: %s", sayings[i].name, finding ? finding->detail : "not found");
        if (!finding)
            return;
        if (!finding->note != !sayings[i].note ||
            (finding->note && !strstr(finding->note, sayings[i].note)))
            fail_msg("%s: note: %s", sayings[i].name, finding->note ? finding->note : "none");
        talloc_free(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases),
                                       cmocka_unit_test(test_sayings)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
