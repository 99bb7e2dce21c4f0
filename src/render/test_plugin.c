/* SPDX-License-Identifier: MIT */
/* test_plugin.c - the line of a monitoring plugin: its grammar, its length, what is left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "render/plugin.h"
#include "rules/test_facts.h"

static struct facts *facts;
static struct expiry *list;

static int fresh(void **state)
{
    (void)state;
    facts = healthy(NULL);
    facts->elapsed_ms = 1050;
    return 0;
}

static int gone(void **state)
{
    (void)state;
    talloc_free(facts);
    return 0;
}

static const char *text(struct plugin_view view)
{
    struct diagnosis *d;
    const char *made;

    assert_int_equal(diagnose(facts, facts, NOW, &d), STS_OK);
    assert_int_equal(expiries(facts, facts, NOW, &list, &view.expiry_count), STS_OK);
    view.diagnosis = d;
    view.expiries = list;
    view.timeout = 50;
    made = plugin_text(facts, &view);
    assert_non_null(made);
    return made;
}

static void begins(const char *line, const char *head)
{
    if (strncmp(line, head, strlen(head)) != 0)
        fail_msg("\"%s\" does not begin with \"%s\"", line, head);
}

#define HAS(line, part)                                                                            \
    do {                                                                                           \
        const char *line_ = (line);                                                                \
        if (!strstr(line_, (part)))                                                                \
            fail_msg("\"%s\" does not have \"%s\"", line_, (part));                                \
    } while (0)

static void words(void **state)
{
    (void)state;
    begins(text((struct plugin_view){.status = 0}), "MTASTS OK - example.com: ");
    begins(text((struct plugin_view){.status = 1}), "MTASTS WARNING - example.com: ");
    begins(text((struct plugin_view){.status = 2}), "MTASTS CRITICAL - example.com: ");
    begins(text((struct plugin_view){.status = 3}), "MTASTS UNKNOWN - example.com: ");
}

static void perfdata(void **state)
{
    static const struct recent_sessions sessions = {.any = true, .failed = 3};

    (void)state;
    leaf(session(facts)->tls)->not_after = NOW + 20 * DAY;
    HAS(text((struct plugin_view){0}),
        " | time=1.050s;;;0;50 max_age=2592000s;;;0 mx1.example.com_smtp_days=20;14:;0: "
        "mta-sts.example.com_https_days=60;14:;0:\n");
    HAS(text((struct plugin_view){.sessions = &sessions}), " failed_sessions=3;;;0 ");
    HAS(text((struct plugin_view){.warning = "30:", .critical = "7:"}),
        "mx1.example.com_smtp_days=20;30:;7:");
    HAS(text((struct plugin_view){.critical = "7:"}), "mx1.example.com_smtp_days=20;14:;7:");
    HAS(text((struct plugin_view){.warn_days = 10}), "mx1.example.com_smtp_days=20;10:;0:");
}

/* The rule behind the default: no more than a third of the lifetime. */
static void short_lived(void **state)
{
    (void)state;
    leaf(session(facts)->tls)->not_before = NOW - 2 * DAY;
    leaf(session(facts)->tls)->not_after = NOW + 4 * DAY;
    HAS(text((struct plugin_view){0}), "mx1.example.com_smtp_days=4;2:;0:");
}

static void by_a_range(void **state)
{
    struct expiry cause = {.service = "smtp", .host = "mx1.example.com"};

    (void)state;
    cause.cert = leaf(session(facts)->tls);
    cause.days = 1;
    HAS(text((struct plugin_view){.status = 2, .cause = &cause}),
        "MTASTS CRITICAL - example.com: the certificate of mx1.example.com (mail server) expires "
        "in "
        "1 day (2027-01-22 15:00 UTC); mail is protected. |");
    cause.days = -1;
    HAS(text((struct plugin_view){.status = 2, .cause = &cause}),
        "the certificate of mx1.example.com (mail server) expired on ");
}

/* ---- what would break the line --------------------------------------------------------------- */

static void one_bar_and_no_more(void **state)
{
    const char *line;

    (void)state;
    set_policy(facts, "version: STSv1\nmode: enforce\nmx: a|b\nmax_age: 86400\n");
    line = text((struct plugin_view){.status = 2, .verbosity = 2});
    assert_non_null(strchr(line, '|'));
    assert_null(strchr(strchr(line, '|') + 1, '|'));
}

static void many_hosts(void **state)
{
    const char *line;

    (void)state;
    for (int i = 10; i < 60; i++)
        add_mx(facts, talloc_asprintf(facts, "a-rather-long-name-%d.mail.example.com", i),
               talloc_asprintf(facts, "198.18.3.%d", i));
    leaf(facts->mx[40].sessions[0].tls)->not_after = NOW + DAY;
    line = text((struct plugin_view){.status = 1});
    assert_true(strlen(line) <= 1001);
    HAS(line, talloc_asprintf(facts, "%s_smtp_days=1;", facts->mx[40].name));
    assert_int_equal(line[strlen(line) - 2], ':'); /* whole pieces only */
}

static void a_long_sentence(void **state)
{
    struct expiry cause = {.service = "smtp"};
    char *host = talloc_zero_size(facts, 601);
    const char *line;

    (void)state;
    for (size_t i = 0; i < 600; i += 2)
        memcpy(host + i, "\xc3\xa4", 2);
    cause.host = host;
    cause.cert = leaf(session(facts)->tls);
    line = text((struct plugin_view){.status = 1, .cause = &cause});
    HAS(line, "\xc3\xa4... | time=");
    assert_true(strcspn(line, "|") < 440);
}

/* ---- more lines ------------------------------------------------------------------------------ */

static void more_lines(void **state)
{
    const char *one, *two;

    (void)state;
    leaf(session(facts)->tls)->not_after = NOW - DAY;
    assert_string_equal(strchr(text((struct plugin_view){.status = 2}), '\n'), "\n");
    one = text((struct plugin_view){.status = 2, .verbosity = 1});
    HAS(one, "\ncritical: mx-cert-expired (mx1.example.com): The certificate ");
    two = text((struct plugin_view){.status = 2, .verbosity = 2});
    HAS(two, "\nexample.com: CRITICAL: ");
    assert_true(strlen(text((struct plugin_view){.status = 2, .verbosity = 3})) > strlen(two));
}

static void nothing_seen(void **state)
{
    const char *line;

    (void)state;
    fetch_stops(fetch(facts), NET_REFUSED, PHASE_CONNECT);
    session_stops(session(facts), NET_REFUSED, PHASE_CONNECT);
    line = text((struct plugin_view){.status = 2});
    HAS(line, " | time=1.050s;;;0;50\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, gone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(words),
        TEST(perfdata),
        TEST(short_lived),
        TEST(by_a_range),
        TEST(one_bar_and_no_more),
        TEST(many_hosts),
        TEST(a_long_sentence),
        TEST(more_lines),
        TEST(nothing_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
