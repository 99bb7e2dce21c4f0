/* SPDX-License-Identifier: MIT */
/* test_signature.c - what becomes of signatures, by key, text and domain.  The mail was signed once
 * by test/dkim_sign.py; test/dkim.py signs anew and asks a name server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "dkim/signature.h"

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

/* A DNS of one record, at every name.  NULL: no answer; "": none there. */
static const char *record;
static struct signature_names wanted;

static struct signature signature_of(struct bytes text, const char *from)
{
    struct signature_verifier *verifier = signature_verifier_new(NULL);
    struct signature_key keys[SIGNATURE_COUNT_MAX] = {0};
    struct signature signature;

    assert_non_null(verifier);
    assert_int_equal(signature_keys_wanted(verifier, text, &wanted), STS_OK);
    for (size_t i = 0; i < wanted.count; i++) {
        keys[i].name = wanted.names[i];
        if (record)
            keys[i].state = *record ? SIGNATURE_KEY_FOUND : SIGNATURE_KEY_NONE;
        if (record && *record)
            keys[i].record = bytes_of(record);
    }
    assert_int_equal(signature_verify(verifier, text, from, keys, wanted.count, &signature),
                     STS_OK);
    talloc_free(verifier);
    return signature;
}

static enum signature_level level_of(const char *text, const char *from)
{
    return signature_of(bytes_of(text), from).level;
}

static void the_key_decides(void **state)
{
    static const struct {
        const char *record;
        enum signature_level level;
    } cases[] = {
        {"v=DKIM1; k=ed25519; " KEY, SIGNATURE_ALIGNED},
        {"v=DKIM1; k=ed25519; s=tlsrpt; " KEY, SIGNATURE_ALIGNED},
        {"k=ed25519;s=email:tlsrpt;" KEY, SIGNATURE_ALIGNED},
        {"k=ed25519; s = * ; " KEY ";", SIGNATURE_ALIGNED},
        {"k=ed25519; s=TLSRPT; n=for reports; " KEY, SIGNATURE_ALIGNED},
        {"k=ed25519; s=email; " KEY, SIGNATURE_ALIGNED},
        {"k=ed25519; s=other; " KEY, SIGNATURE_NO_KEY},
        {"k=ed25519; s=; " KEY, SIGNATURE_NO_KEY},
        {"k=ed25519; p=", SIGNATURE_NO_KEY},
        {"", SIGNATURE_NO_KEY},
        {NULL, SIGNATURE_UNANSWERED},
        {"k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", SIGNATURE_BROKEN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        record = cases[i].record;
        assert_int_equal(level_of(mail, "sender.example"), cases[i].level);
    }
}

static void a_key_too_long_for_anything_is_none(void **state)
{
    char *text = talloc_strdup(NULL, "k=ed25519; n=");

    (void)state;
    while (strlen(text) <= SIGNATURE_RECORD_MAX)
        text = talloc_strdup_append(text, "ffffffffffffffffffffffffffffffffffffffffffffffffffff");
    text = talloc_strdup_append(text, "; " KEY);
    record = text;
    assert_int_equal(level_of(mail, "sender.example"), SIGNATURE_NO_KEY);
    talloc_free(text);
}

static void the_domain_decides(void **state)
{
    (void)state;
    record = "k=ed25519; " KEY;
    assert_int_equal(level_of(mail, "sender.example"), SIGNATURE_ALIGNED);
    assert_int_equal(wanted.count, 1);
    assert_string_equal(wanted.names[0], "k1._domainkey.sender.example");
    assert_int_equal(level_of(mail, "Mail.Sender.Example"), SIGNATURE_ALIGNED);
    assert_int_equal(level_of(mail, "example"), SIGNATURE_OTHER_DOMAIN);
    assert_int_equal(level_of(mail, "xsender.example"), SIGNATURE_OTHER_DOMAIN);
    assert_int_equal(level_of(mail, NULL), SIGNATURE_OTHER_DOMAIN);
    assert_string_equal(signature_of(bytes_of(mail), NULL).domain, "sender.example");
}

static void the_report_must_name_the_signer(void **state)
{
    struct signature signature;

    (void)state;
    record = "k=ed25519; " KEY;
    signature = signature_of(bytes_of(mail), "sender.example");
    assert_int_equal(signature_level_of(&signature, NULL), SIGNATURE_ALIGNED);
    assert_int_equal(signature_level_of(&signature, "corp.sender.example"), SIGNATURE_ALIGNED);
    assert_int_equal(signature_level_of(&signature, "google.com"), SIGNATURE_OTHER_DOMAIN);
    signature = signature_of(bytes_of(without), "sender.example");
    assert_int_equal(signature_level_of(&signature, "google.com"), SIGNATURE_UNSIGNED);
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
        assert_int_equal(level_of(changed, "sender.example"), SIGNATURE_BROKEN);
    }
}

static void a_cut_mail_does_not_hold(void **state)
{
    size_t whole = sizeof(mail) - 3; /* the last line end is not signed */

    (void)state;
    record = "k=ed25519; " KEY;
    for (size_t length = 0; length < whole; length++) {
        char *text = talloc_memdup(NULL, mail, length ? length : 1); /* its end can be watched */

        assert_int_not_equal(signature_of((struct bytes){text, length}, "sender.example").level,
                             SIGNATURE_ALIGNED);
        talloc_free(text);
    }
}

/* ---- which keys -------------------------------------------------------------------------------
 */

#define SIGNED(selector, domain)                                                                   \
    "DKIM-Signature: v=1; a=rsa-sha256; d=" domain "; s=" selector "; h=From; bh=AAAA; b=AAAA\r\n"
#define FROM_AND_BODY "From: tls@a.example\r\n\r\n" SIGNED("body", "a.example")

static void each_key_is_wanted_once_in_its_order(void **state)
{
    static const struct {
        const char *mail;
        size_t count;
        const char *first, *last;
    } cases[] = {
        {FROM_AND_BODY, 0, NULL, NULL},
        {SIGNED("k", "a.example") FROM_AND_BODY, 1, "k._domainkey.a.example", NULL},
        {SIGNED("k", "a.example") SIGNED("k", "a.example") FROM_AND_BODY, 1,
         "k._domainkey.a.example", NULL},
        {SIGNED("k", "a.example") SIGNED("l", "b.example") SIGNED("k", "a.example") FROM_AND_BODY,
         2, "k._domainkey.a.example", "l._domainkey.b.example"},
        {SIGNED("", "a.example") SIGNED("l", "b.example") FROM_AND_BODY, 1,
         "l._domainkey.b.example", NULL},
        {"DKIM-Signature: v=2; d=a.example; s=k\r\n" FROM_AND_BODY, 0, NULL, NULL},
        {"DKIM-Signature: nothing of the kind\r\n" FROM_AND_BODY, 0, NULL, NULL},
        {"", 0, NULL, NULL},
    };

    (void)state;
    record = NULL;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void)signature_of(bytes_of(cases[i].mail), NULL);
        assert_int_equal(wanted.count, cases[i].count);
        if (cases[i].first)
            assert_string_equal(wanted.names[0], cases[i].first);
        if (cases[i].last)
            assert_string_equal(wanted.names[wanted.count - 1], cases[i].last);
    }
}

static void no_more_keys_are_wanted_than_signatures_count(void **state)
{
    char *text = talloc_strdup(NULL, "");

    (void)state;
    record = NULL;
    for (int i = 0; i < SIGNATURE_COUNT_MAX + 4; i++)
        text = talloc_asprintf_append(text, SIGNED("k%d", "a.example"), i);
    text = talloc_strdup_append(text, FROM_AND_BODY);
    assert_int_equal(signature_of(bytes_of(text), NULL).level, SIGNATURE_UNANSWERED);
    assert_int_equal(wanted.count, SIGNATURE_COUNT_MAX);
    assert_string_equal(wanted.names[SIGNATURE_COUNT_MAX - 1], "k7._domainkey.a.example");
    talloc_free(text);
}

static void a_long_body_says_nothing_about_keys(void **state)
{
    char *text = talloc_strdup(NULL, SIGNED("k", "a.example") FROM_AND_BODY);

    (void)state;
    while (strlen(text) < 100000)
        text = talloc_strdup_append(text, SIGNED("body", "a.example"));
    (void)signature_of(bytes_of(text), NULL);
    assert_int_equal(wanted.count, 1);
    talloc_free(text);
}

static void a_key_that_nobody_has_is_unanswered(void **state)
{
    struct signature_verifier *verifier = signature_verifier_new(NULL);
    const struct signature_key other = {"k2._domainkey.sender.example", SIGNATURE_KEY_FOUND,
                                        bytes_of("k=ed25519; " KEY)};
    struct signature signature;

    (void)state;
    assert_int_equal(
        signature_verify(verifier, bytes_of(mail), "sender.example", &other, 1, &signature),
        STS_OK);
    assert_int_equal(signature.level, SIGNATURE_UNANSWERED);
    assert_int_equal(
        signature_verify(verifier, bytes_of(mail), "sender.example", NULL, 0, &signature), STS_OK);
    assert_int_equal(signature.level, SIGNATURE_UNANSWERED);
    talloc_free(verifier);
}

static void names_are_related(void **state)
{
    (void)state;
    assert_true(signature_related("a.example", "A.example"));
    assert_true(signature_related("a.example", "b.a.example"));
    assert_true(signature_related("b.a.example", "a.example"));
    assert_false(signature_related("a.example", "ba.example"));
    assert_false(signature_related("example", "a.example"));
    assert_false(signature_related("", "a.example"));
    assert_false(signature_related("", ""));
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
        cmocka_unit_test(each_key_is_wanted_once_in_its_order),
        cmocka_unit_test(no_more_keys_are_wanted_than_signatures_count),
        cmocka_unit_test(a_long_body_says_nothing_about_keys),
        cmocka_unit_test(a_key_that_nobody_has_is_unanswered),
        cmocka_unit_test(names_are_related),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
