/* SPDX-License-Identifier: MIT */
/* test_log_sessions.c - lines that Postfix 3.7.11 has written, and what sessions they tell of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "collect/limits.h"
#include "collect/log_sessions.h"

#define NOW     1795446000 /* 2026-11-23 */
#define CIPHER  ":25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\n"
#define BEGIN   "Nov 22 10:00:00 mailer postfix/smtp[" PID "]: "
#define PID     "179"
#define RELAYED ":25, delay=0.2, delays=0/0.1/0.1/0, dsn=2.0.0, status=sent (250 2.0.0 Ok)\n"

struct seen {
    char text[4096];
    int64_t at;
};

static void on_session(void *arg, const struct log_session *session)
{
    struct seen *seen = arg;
    size_t length = strlen(seen->text);

    seen->at = session->at;
    snprintf(seen->text + length, sizeof(seen->text) - length, "%s %s[%s] %s%s%s\n",
             session->domain, session->host, session->address,
             session->result     ? sts_result_name(session->result)
             : session->verified ? "verified"
                                 : "ok",
             *session->reason ? " " : "", session->reason);
}

static struct seen read_log(const char *log)
{
    struct seen seen = {.text = ""};
    const struct log_sessions_request request = {on_session, &seen};
    struct log_sessions *sessions = log_sessions_new(NULL, &request);
    struct bytes rest = bytes_of(log);

    while (rest.length) {
        long end = bytes_find_char(rest, '\n');
        size_t length = end < 0 ? rest.length : (size_t)end;
        int64_t at;

        assert_int_equal(log_sessions_line(sessions, (struct bytes){rest.data, length}, NOW, &at),
                         STS_OK);
        rest = bytes_from(rest, length + (end >= 0));
    }
    talloc_free(sessions);
    return seen;
}

static void expect(const char *log, const char *sessions)
{
    assert_string_equal(read_log(log).text, sessions);
}

/* ---- one host -------------------------------------------------------------------------------- */

static void test_verified(void **state)
{
    struct seen seen = read_log(
        "2026-11-22T10:00:00.123456+01:00 mailer postfix/smtp[179]: Verified TLS connection "
        "established to mx.ok.example[198.18.64.1]" CIPHER
        "2026-11-22T10:00:00.223456+01:00 mailer postfix/smtp[179]: 8B42F17E: to=<ok@ok.example>, "
        "relay=mx.ok.example[198.18.64.1]" RELAYED);

    (void)state;
    assert_string_equal(seen.text, "ok.example mx.ok.example[198.18.64.1] verified\n");
    assert_int_equal(seen.at, 1795338000);
}

static void test_unverified(void **state)
{
    (void)state;
    expect(BEGIN
           "Untrusted TLS connection established to mx.dane-none.example[198.18.64.32]" CIPHER BEGIN
           "9913719C: to=<a@dane-none.example>, relay=mx.dane-none.example[198.18.64.32]" RELAYED,
           "dane-none.example mx.dane-none.example[198.18.64.32] ok\n");
}

static void test_certificates(void **state)
{
    static const struct {
        const char *why, *seen;
    } cases[] = {
        {"certificate verification failed for mx.d.example[198.18.64.7]:25: self-signed "
         "certificate",
         "certificate-not-trusted self-signed_certificate"},
        {"server certificate verification failed for mx.d.example[198.18.64.7]:25: "
         "num=62:hostname mismatch",
         "certificate-host-mismatch hostname_mismatch"},
        {"server certificate verification failed for mx.d.example[198.18.64.7]:25: certificate "
         "has expired",
         "certificate-expired certificate_has_expired"},
        {"certificate verification failed for mx.d.example[198.18.64.7]:25: untrusted issuer "
         "/O=Lab/CN=Unknown Root CA",
         "certificate-not-trusted untrusted_issuer"},
        {"server certificate verification failed for mx.d.example[198.18.64.7]:25: num=65:no "
         "matching DANE TLSA records",
         "certificate-not-trusted no_matching_DANE_TLSA_records"},
        {"certificate verification failed for mx.other.example[198.18.64.8]:25: of another host",
         "certificate-not-trusted"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char log[2048], wanted[512];

        snprintf(log, sizeof(log),
                 BEGIN
                 "%s\n" BEGIN
                 "Untrusted TLS connection established to mx.d.example[198.18.64.7]" CIPHER BEGIN
                 "903CC185: to=<a@d.example>, relay=mx.d.example[198.18.64.7]:25, "
                 "delay=0.2, dsn=4.7.5, status=deferred (Server certificate not verified)\n",
                 cases[i].why);
        snprintf(wanted, sizeof(wanted), "d.example mx.d.example[198.18.64.7] %s\n", cases[i].seen);
        expect(log, wanted);
    }
}

static void test_no_tls(void **state)
{
    (void)state;
    expect(BEGIN "91E2E188: to=<a@n.example>, relay=mx.n.example[198.18.64.10]:25, delay=0.24, "
                 "dsn=4.7.4, status=deferred (TLS is required, but was not offered by host "
                 "mx.n.example[198.18.64.10])\n" BEGIN
                 "91E2E188: to=<b@n.example>, relay=mx.n.example[198.18.64.10]:25, delay=0.24, "
                 "dsn=4.7.4, status=deferred (TLS is required, but was not offered by host "
                 "mx.n.example[198.18.64.10])\n",
           "n.example mx.n.example[198.18.64.10] starttls-not-supported\n");
    expect(BEGIN "SSL_connect error to mx.closes.example[198.18.64.11]:25: lost connection\n" BEGIN
                 "9239F189: to=<a@closes.example>, relay=mx.closes.example[198.18.64.11]:25, "
                 "delay=0.27, dsn=4.7.5, status=deferred (Cannot start TLS: handshake failure)\n",
           "closes.example mx.closes.example[198.18.64.11] validation-failure "
           "tls-handshake-failure\n");
}

/* ---- several --------------------------------------------------------------------------------- */

static void test_second_host(void **state)
{
    (void)state;
    expect(BEGIN "server certificate verification failed for mx1.s.example[198.18.64.17]:25: "
                 "num=62:hostname mismatch\n" BEGIN
                 "Untrusted TLS connection established to mx1.s.example[198.18.64.17]" CIPHER BEGIN
                 "9500218E: Server certificate not verified\n" BEGIN
                 "Verified TLS connection established to mx2.s.example[198.18.64.18]" CIPHER BEGIN
                 "9500218E: to=<a@s.example>, relay=mx2.s.example[198.18.64.18]" RELAYED,
           "s.example mx1.s.example[198.18.64.17] certificate-host-mismatch hostname_mismatch\n"
           "s.example mx2.s.example[198.18.64.18] verified\n");
    expect(BEGIN "SSL_connect error to mx1.s.example[198.18.64.17]:25: lost connection\n" BEGIN
                 "9500218E: Cannot start TLS: handshake failure\n" BEGIN
                 "Verified TLS connection established to mx2.s.example[198.18.64.18]" CIPHER BEGIN
                 "9500218E: to=<a@s.example>, relay=mx2.s.example[198.18.64.18]" RELAYED,
           "s.example mx1.s.example[198.18.64.17] validation-failure tls-handshake-failure\n"
           "s.example mx2.s.example[198.18.64.18] verified\n");
}

/* Recipients, and messages over one connection. */
static void test_counted_once(void **state)
{
    (void)state;
    expect(BEGIN "Verified TLS connection established to mx.o.example[198.18.64.1]" CIPHER BEGIN
                 "8B42F17E: to=<a@o.example>, relay=mx.o.example[198.18.64.1]" RELAYED BEGIN
                 "8B42F17E: to=<b@o.example>, relay=mx.o.example[198.18.64.1]" RELAYED BEGIN
                 "8B42F17F: to=<c@o.example>, relay=mx.o.example[198.18.64.1]" RELAYED,
           "o.example mx.o.example[198.18.64.1] verified\n");
}

static void test_processes_are_told_apart(void **state)
{
#define LINE(pid) "Nov 22 10:00:00 mailer postfix/smtp[" pid "]: "
    (void)state;
    expect(LINE("1") "Verified TLS connection established to mx.a.example[198.18.64.1]" CIPHER LINE(
               "2") "Untrusted TLS connection established to mx.b.example[198.18.64.2]" CIPHER
               LINE("1") "8B42F171: to=<a@a.example>, relay=mx.a.example[198.18.64.1]" RELAYED LINE(
                   "2") "8B42F172: to=<b@b.example>, relay=mx.b.example[198.18.64.2]" RELAYED,
           "a.example mx.a.example[198.18.64.1] verified\nb.example mx.b.example[198.18.64.2] "
           "ok\n");
}

static void test_nothing(void **state)
{
    (void)state;
    expect("", "");
    /* in the clear; refused; another relay; a line of another program; a recipient that is none */
    expect(BEGIN "96AC6194: to=<a@m.example>, relay=mx.m.example[198.18.64.25]" RELAYED, "");
    expect(BEGIN "connect to mx1.r.example[198.18.64.21]:25: Connection refused\n" BEGIN
                 "95D9E191: to=<a@r.example>, relay=none, delay=0.4, dsn=4.4.1, status=deferred "
                 "(connect to mx1.r.example[198.18.64.21]:25: Connection refused)\n",
           "");
    expect(BEGIN "Verified TLS connection established to mx.o.example[198.18.64.1]" CIPHER BEGIN
                 "8B42F17E: to=<a@o.example>, relay=mx.p.example[198.18.64.1]" RELAYED,
           "");
    expect("Nov 22 10:00:00 mailer postfix/smtpd[179]: Verified TLS connection established to "
           "mx.o.example[198.18.64.1]" CIPHER BEGIN
           "8B42F17E: to=<a@o.example>, relay=mx.o.example[198.18.64.1]" RELAYED,
           "");
    expect(BEGIN "Verified TLS connection established to mx.o.example[198.18.64.1]" CIPHER BEGIN
                 "8B42F17E: to=<root>, relay=mx.o.example[198.18.64.1]" RELAYED,
           "");
}

/* What a host says of itself is no line of Postfix. */
static void test_words_of_strangers(void **state)
{
    (void)state;
    expect(BEGIN "8B42F17E: host mx.o.example[198.18.64.1] said: 450 Verified TLS connection "
                 "established to mx.o.example[198.18.64.1]:25: \n" BEGIN
                 "8B42F17E: to=<a@o.example>, relay=mx.o.example[198.18.64.1]:25, delay=1, "
                 "dsn=4.0.0, status=deferred (host mx.o.example[198.18.64.1] said: 450 Server "
                 "certificate not verified)\n",
           "");
}

/* Whoever writes to us chooses the sender, which smtpd(8) logs. */
static void test_other_processes(void **state)
{
    (void)state;
    expect("Nov 22 10:00:00 mailer postfix/smtpd[181]: NOQUEUE: reject: RCPT from "
           "x.o.example[198.18.64.9]: 450 4.1.8 from=<\"a postfix/smtp[179]: 8B42F17E: "
           "to=<a@o.example>, relay=mx.o.example[198.18.64.1]:25, delay=1, dsn=4.7.4, "
           "status=deferred (TLS is required, but was not offered by host "
           "mx.o.example[198.18.64.1])\"@x.example>\n",
           "");
}

/* More processes than any machine has at a time. */
static void test_ceiling(void **state)
{
    struct seen seen = {.text = ""};
    const struct log_sessions_request request = {on_session, &seen};
    struct log_sessions *sessions = log_sessions_new(NULL, &request);
    int64_t at;

    (void)state;
    for (int i = 0; i < 3 * LIMIT_LOG_PROCESSES; i++) {
        char line[200];

        snprintf(line, sizeof(line),
                 "Nov 22 10:%02d:00 mailer postfix/smtp[%d]: Verified TLS connection established "
                 "to mx.o.example[198.18.64.1]:25: x",
                 i % 60, i);
        assert_int_equal(log_sessions_line(sessions, bytes_of(line), NOW, &at), STS_OK);
    }
    assert_true(talloc_total_size(sessions) <
                (size_t)LIMIT_LOG_PROCESSES * 2048 + (size_t)(1 << 20));
    talloc_free(sessions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verified),
        cmocka_unit_test(test_unverified),
        cmocka_unit_test(test_certificates),
        cmocka_unit_test(test_no_tls),
        cmocka_unit_test(test_second_host),
        cmocka_unit_test(test_counted_once),
        cmocka_unit_test(test_processes_are_told_apart),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_words_of_strangers),
        cmocka_unit_test(test_other_processes),
        cmocka_unit_test(test_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
