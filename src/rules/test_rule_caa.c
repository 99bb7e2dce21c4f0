/* SPDX-License-Identifier: MIT */
/* test_rule_caa.c - which CAA records keep which CA from renewing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "rules/test_facts.h"
#include "vendors/ca_rows.h"

#define HOST "mta-sts.example.com"
#define MX   "mx1.example.com"

/* The answer at a name: flags, tag, value ..., up to a tag of NULL. */
struct caa {
    int flags;
    const char *tag, *value;
};

static struct dns_answer *caa(struct facts *f, const char *name, const struct caa *rows)
{
    struct dns_answer *made = answer(f, name, DNS_CAA, DNS_OUTCOME_FOUND);

    made->records = talloc_zero_array(f, struct dns_record, 8);
    for (; rows->tag; rows++)
        made->records[made->record_count++] = (struct dns_record){
            .flags = rows->flags, .tag = rows->tag, .text = text_bytes(rows->value)};
    return made;
}

#define CAA(f, name, ...) caa(f, name, (const struct caa[]){__VA_ARGS__, {0, NULL, NULL}})

static void issued_by(struct tls_session *tls, const char *issuer)
{
    leaf(tls)->issuer = issuer;
}

static void by_lets_encrypt(struct facts *f)
{
    issued_by(fetch(f)->tls, "CN=R11,O=Let's Encrypt,C=US");
    issued_by(session(f)->tls, "CN=R11,O=Let's Encrypt,C=US");
}

/* ---- the CA is not named --------------------------------------------------------------------- */

static void other_ca(struct facts *f)
{
    by_lets_encrypt(f);
    f->policy_host.caa = CAA(f, HOST, {0, "issue", "pki.goog"});
}

static void other_ca_above(struct facts *f)
{
    by_lets_encrypt(f);
    f->mx[0].caa = CAA(f, "example.com", {0, "issue", "pki.goog"}, {0, "issue", "digicert.com"});
}

static void nobody(struct facts *f)
{
    by_lets_encrypt(f);
    f->policy_host.caa = CAA(f, HOST, {0, "issue", ";"});
    f->mx[0].caa = CAA(f, MX, {0, "issue", ""});
}

/* A URL is no identifier (RFC 8659 section 4.2: malformed is as good as empty). */
static void malformed(struct facts *f)
{
    by_lets_encrypt(f);
    f->policy_host.caa = CAA(f, HOST, {0, "issue", "https://letsencrypt.org"});
}

static void critical(struct facts *f)
{
    by_lets_encrypt(f);
    f->policy_host.caa = CAA(f, HOST, {0, "issue", "letsencrypt.org"}, {128, "tbs", "unknown"});
}

static void no_wildcards(struct facts *f)
{
    by_lets_encrypt(f);
    set_names(f, fetch(f)->tls, "*.example.com", NULL);
    f->policy_host.caa =
        CAA(f, "example.com", {0, "issue", "letsencrypt.org"}, {0, "issuewild", ";"});
}

static void issue_is_for_wildcards_too(struct facts *f)
{
    by_lets_encrypt(f);
    set_names(f, fetch(f)->tls, "*.example.com", NULL);
    f->policy_host.caa = CAA(f, "example.com", {0, "issue", "pki.goog"});
}

static void one_address(struct facts *f)
{
    other_ca(f);
    f->policy_host.caa = CAA(f, HOST, {0, "issue", "letsencrypt.org"});
    issued_by(add_fetch(f, "198.18.2.2")->tls, "CN=WE1,O=Google Trust Services,C=US");
}

/* ---- near misses ----------------------------------------------------------------------------- */

static void named(struct facts *f)
{
    by_lets_encrypt(f);
    f->policy_host.caa =
        CAA(f, HOST, {0, "issue", ";"}, {0, "issue", " LetsEncrypt.org ; accounturi=a"});
    f->mx[0].caa = CAA(f, "example.com", {128, "issue", "letsencrypt.org"}, {0, "issuewild", ";"});
}

static void nothing_restricted(struct facts *f)
{
    by_lets_encrypt(f);
    f->policy_host.caa = CAA(f, HOST, {128, "iodef", "mailto:a@example.com"}, {1, "tbs", "x"},
                             {128, "issuemail", ";"});
}

static void only_wildcards_restricted(struct facts *f)
{
    by_lets_encrypt(f);
    f->policy_host.caa = CAA(f, HOST, {0, "issuewild", ";"});
}

/* The search for *.example.com begins at example.com. */
static void below_the_wildcard(struct facts *f)
{
    other_ca(f);
    set_names(f, fetch(f)->tls, "*.example.com", NULL);
}

static void brand_of_the_ca(struct facts *f)
{
    f->policy_host.caa = CAA(f, HOST, {0, "issue", "symantec.com"});
    issued_by(fetch(f)->tls, "CN=GeoTrust TLS RSA CA G1,OU=www.digicert.com,O=DigiCert Inc,C=US");
}

static void unknown_ca(struct facts *f)
{
    other_ca(f);
    issued_by(fetch(f)->tls, "CN=R11\\,O=Let's Encrypt,O=Let's Encryption Society,C=US");
}

static void not_trusted(struct facts *f)
{
    other_ca(f);
    fetch(f)->tls->trust = CHAIN_REJECTED;
}

static void other_name(struct facts *f)
{
    other_ca(f);
    set_names(f, fetch(f)->tls, "www.example.com", NULL);
}

static void not_looked_up(struct facts *f)
{
    other_ca(f);
    f->policy_host.caa->outcome = DNS_OUTCOME_TIMEOUT;
    f->policy_host.caa->record_count = 0;
}

static void too_many(struct facts *f)
{
    other_ca(f);
    f->policy_host.caa->truncated = true;
}

#define FORBIDDEN "renewal-caa-forbidden:low"
#define FINE      POSTURE_ENFORCE, DELIVERY_PROTECTED

static const struct rule_case cases[] = {
    {"another CA", other_ca, FORBIDDEN, FINE},
    {"other CAs, above an MX host", other_ca_above, FORBIDDEN, FINE},
    {"nobody", nobody, FORBIDDEN " " FORBIDDEN, FINE},
    {"a URL", malformed, FORBIDDEN, FINE},
    {"unknown and critical", critical, FORBIDDEN, FINE},
    {"no wildcards", no_wildcards, FORBIDDEN, FINE},
    {"issue alone, a wildcard", issue_is_for_wildcards_too, FORBIDDEN, FINE},
    {"the CA of one address", one_address, FORBIDDEN, FINE},
    {"named", named, "", FINE},
    {"nothing restricted", nothing_restricted, "", FINE},
    {"only wildcards restricted", only_wildcards_restricted, "", FINE},
    {"below the wildcard", below_the_wildcard, "", FINE},
    {"a brand of the CA", brand_of_the_ca, "", FINE},
    {"a CA not known", unknown_ca, "", FINE},
    {"not looked up", not_looked_up, "", FINE},
    {"too many records", too_many, "", FINE},
};

static void test_cases(void **state)
{
    (void)state;
    RUN_CASES(cases);
}

/* Where the certificate has other faults those are told. */
static void test_only_what_is_renewed(void **state)
{
    void (*const changes[])(struct facts * f) = {not_trusted, other_name};

    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct facts *f = healthy(*state);
        struct diagnosis *d;

        changes[i](f);
        assert_int_equal(diagnose(*state, f, NOW, &d), STS_OK);
        for (size_t j = 0; j < d->finding_count; j++)
            assert_int_not_equal(d->findings[j].code, FINDING_RENEWAL_CAA_FORBIDDEN);
    }
}

/* ---- the record to add ----------------------------------------------------------------------- */

static void alias_below(struct facts *f)
{
    other_ca_above(f);
    add_cname(f, f->mx[0].a, "mail.example.org");
}

static void alias_of_the_set(struct facts *f)
{
    other_ca(f);
    add_cname(f, f->policy_host.caa, "pages.example.org");
}

static void test_line(void **state)
{
    static const struct {
        void (*change)(struct facts *f);
        const char *right;
    } lines[] = {
        {other_ca, HOST ". 3600 IN CAA 0 issue \"letsencrypt.org\""},
        {other_ca_above, MX ". 3600 IN CAA 0 issue \"letsencrypt.org\""},
        {alias_below, "example.com. 3600 IN CAA 0 issue \"letsencrypt.org\""},
        {alias_of_the_set, "pages.example.org. 3600 IN CAA 0 issue \"letsencrypt.org\""},
        {no_wildcards, "example.com. 3600 IN CAA 0 issuewild \"letsencrypt.org\""},
        {issue_is_for_wildcards_too, "example.com. 3600 IN CAA 0 issue \"letsencrypt.org\""},
        {one_address, HOST ". 3600 IN CAA 0 issue \"pki.goog\""},
        {critical, NULL},
    };

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct facts *f = healthy(*state);
        const char *right = NULL;
        struct diagnosis *d;

        lines[i].change(f);
        assert_int_equal(diagnose(*state, f, NOW, &d), STS_OK);
        for (size_t j = 0; j < d->findings[0].param_count; j++)
            if (strcmp(d->findings[0].params[j].name, "right") == 0)
                right = d->findings[0].params[j].value;
        if (lines[i].right)
            assert_string_equal(right, lines[i].right);
        else
            assert_null(right);
    }
}

static void test_issuers(void **state)
{
    static const struct {
        const char *issuer, *name;
    } issuers[] = {
        {"CN=R11,O=Let's Encrypt,C=US", "Let's Encrypt"},
        {"CN=E8,O=let's encrypt", "Let's Encrypt"},
        {"CN=WE1,O=Google Trust Services,C=US", "Google Trust Services"},
        {"CN=GTS CA 1C3,O=Google Trust Services LLC,C=US", "Google Trust Services"},
        {"CN=Go Daddy Secure Certificate Authority - G2,OU=http://certs.godaddy.com/repository/,"
         "O=GoDaddy.com\\, Inc.,L=Scottsdale,ST=Arizona,C=US",
         "GoDaddy"},
        {"CN=Sectigo RSA Domain Validation Secure Server CA,O=Sectigo Limited,C=GB", "Sectigo"},
        {"CN=Buypass Class 2 CA 5,O=Buypass AS-983163327,C=NO", "Buypass"},
        {"CN=Amazon RSA 2048 M02,O=Amazon,C=US", "Amazon"},
        {"CN=a+O=GlobalSign nv-sa", "GlobalSign"},
        {"CN=Amazonas,O=Amazonas SA,C=BR", NULL},
        {"CN=O=Amazon,C=US", NULL},
        {"CN=a\\,O=Amazon,O=Lab", NULL},
        {"CN=a,OU=Amazon", NULL},
        {"CN=a\\", NULL},
        {"O=", NULL},
        {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof issuers / sizeof issuers[0]; i++) {
        const struct ca_row *ca = ca_of_issuer(issuers[i].issuer);

        if (issuers[i].name && ca)
            assert_string_equal(ca->name, issuers[i].name);
        else
            assert_true(!issuers[i].name && !ca);
    }
}

static int set_up(void **state)
{
    *state = talloc_new(NULL);
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    talloc_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_only_what_is_renewed),
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_issuers),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
