/* SPDX-License-Identifier: MIT */
/* test_seal.c - what becomes of signatures, by key, text and domain.  The mail was signed once by
 * test/dkim_sign.py; test/dkim.py signs anew and asks a name server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "seal/seal.h"

static const char mail[] =
    "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=sender.example; s=k1;\r\n"
    "\th=From:To:Subject:Date:MIME-Version:Content-Type:TLS-Report-Domain:TLS-Report-Submitter;\r\n"
    "\tbh=w+8Q6IJLvod26xb1y1wJayvGXNlrTRNHj1qTrsBEaUQ=;\r\n"
    "\tb=fzeB8VsJ5t4mrIbym/"
    "7wc0KCMFMa32wp5lpyX1VvRpNyihaOF2UzUZMo9d7coUA5FujlVhPmhblGgfAuOWDrCg==\r\n"
    "From: Reports <tls@sender.example>\r\n"
    "To: tls@a.example\r\n"
    "Subject: Report Domain: a.example\r\n"
    "TLS-Report-Domain: a.example\r\n"
    "Content-Type: application/tlsrpt+json\r\n"
    "\r\n"
    "{\"policies\": []}\r\n";
static const char without[] = "From: tls@sender.example\r\n\r\ntext\r\n";
#define KEY "p=3/BrNZ3JXZmx4zLhhWNa+Ga777HBHlKMGigTMn3W/mw="

/* A DNS of one record. */
static const char *record;
static char asked[SEAL_NAME_SIZE];

static enum seal_key find_key(void *arg, const char *name, struct bytes *ret)
{
    (void)arg;
    assert_true(strlen(name) < sizeof(asked));
    memcpy(asked, name, strlen(name) + 1);
    if (!record)
        return SEAL_KEY_UNANSWERED;
    *ret = bytes_of(record);
    return *record ? SEAL_KEY_FOUND : SEAL_KEY_NONE;
}

static struct seal seal_of(struct bytes text, const char *from)
{
    struct seals *seals = seals_new(NULL, find_key, NULL);
    struct seal seal;

    assert_non_null(seals);
    assert_int_equal(seal_read(seals, text, from, &seal), STS_OK);
    talloc_free(seals);
    return seal;
}

static enum seal_trust trust_of(const char *text, const char *from)
{
    return seal_of(bytes_of(text), from).trust;
}

static void the_key_decides(void **state)
{
    static const struct {
        const char *record;
        enum seal_trust trust;
    } cases[] = {
        {"v=DKIM1; k=ed25519; " KEY, SEAL_ALIGNED},
        {"v=DKIM1; k=ed25519; s=tlsrpt; " KEY, SEAL_ALIGNED},
        {"k=ed25519;s=email:tlsrpt;" KEY, SEAL_ALIGNED},
        {"k=ed25519; s = * ; " KEY ";", SEAL_ALIGNED},
        {"k=ed25519; s=TLSRPT; n=for reports; " KEY, SEAL_ALIGNED},
        {"k=ed25519; s=email; " KEY, SEAL_ALIGNED},
        {"k=ed25519; s=other; " KEY, SEAL_NO_KEY},
        {"k=ed25519; s=; " KEY, SEAL_NO_KEY},
        {"k=ed25519; p=", SEAL_NO_KEY},
        {"", SEAL_NO_KEY},
        {NULL, SEAL_UNANSWERED},
        {"k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", SEAL_BROKEN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        record = cases[i].record;
        assert_int_equal(trust_of(mail, "sender.example"), cases[i].trust);
    }
}

static void a_key_too_long_for_anything_is_none(void **state)
{
    char *text = talloc_strdup(NULL, "k=ed25519; n=");

    (void)state;
    while (strlen(text) <= SEAL_RECORD_MAX)
        text = talloc_strdup_append(text, "ffffffffffffffffffffffffffffffffffffffffffffffffffff");
    text = talloc_strdup_append(text, "; " KEY);
    record = text;
    assert_int_equal(trust_of(mail, "sender.example"), SEAL_NO_KEY);
    talloc_free(text);
}

static void the_domain_decides(void **state)
{
    (void)state;
    record = "k=ed25519; " KEY;
    assert_int_equal(trust_of(mail, "sender.example"), SEAL_ALIGNED);
    assert_string_equal(asked, "k1._domainkey.sender.example");
    assert_int_equal(trust_of(mail, "Mail.Sender.Example"), SEAL_ALIGNED);
    assert_int_equal(trust_of(mail, "example"), SEAL_OTHER_DOMAIN);
    assert_int_equal(trust_of(mail, "xsender.example"), SEAL_OTHER_DOMAIN);
    assert_int_equal(trust_of(mail, NULL), SEAL_OTHER_DOMAIN);
    assert_string_equal(seal_of(bytes_of(mail), NULL).domain, "sender.example");
}

static void the_report_must_name_the_signer(void **state)
{
    struct seal seal;

    (void)state;
    record = "k=ed25519; " KEY;
    seal = seal_of(bytes_of(mail), "sender.example");
    assert_int_equal(seal_trust_of(&seal, NULL), SEAL_ALIGNED);
    assert_int_equal(seal_trust_of(&seal, "corp.sender.example"), SEAL_ALIGNED);
    assert_int_equal(seal_trust_of(&seal, "google.com"), SEAL_OTHER_DOMAIN);
    seal = seal_of(bytes_of(without), "sender.example");
    assert_int_equal(seal_trust_of(&seal, "google.com"), SEAL_UNSIGNED);
}

/* Each byte of the body changed, one at a time. */
static void no_changed_byte_is_overlooked(void **state)
{
    char changed[sizeof(mail)];
    const char *body = strstr(mail, "\r\n\r\n") + 4;

    (void)state;
    record = "k=ed25519; " KEY;
    for (size_t i = (size_t)(body - mail); i < sizeof(mail) - 3; i++) {
        memcpy(changed, mail, sizeof(mail));
        changed[i] = changed[i] == 'x' ? 'y' : 'x';
        assert_int_equal(trust_of(changed, "sender.example"), SEAL_BROKEN);
    }
}

static void a_cut_mail_does_not_hold(void **state)
{
    size_t whole = sizeof(mail) - 3; /* the last line end is not signed */

    (void)state;
    record = "k=ed25519; " KEY;
    for (size_t length = 0; length < whole; length++) {
        char *text = talloc_memdup(NULL, mail, length ? length : 1); /* its end can be watched */

        assert_int_not_equal(seal_of((struct bytes){text, length}, "sender.example").trust,
                             SEAL_ALIGNED);
        talloc_free(text);
    }
}

static void names_are_related(void **state)
{
    (void)state;
    assert_true(seal_related("a.example", "A.example"));
    assert_true(seal_related("a.example", "b.a.example"));
    assert_true(seal_related("b.a.example", "a.example"));
    assert_false(seal_related("a.example", "ba.example"));
    assert_false(seal_related("example", "a.example"));
    assert_false(seal_related("", "a.example"));
    assert_false(seal_related("", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_decides),
        cmocka_unit_test(a_key_too_long_for_anything_is_none),
        cmocka_unit_test(the_domain_decides),
        cmocka_unit_test(the_report_must_name_the_signer),
        cmocka_unit_test(no_changed_byte_is_overlooked),
        cmocka_unit_test(a_cut_mail_does_not_hold),
        cmocka_unit_test(names_are_related),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
