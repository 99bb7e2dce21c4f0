/* SPDX-License-Identifier: MIT */
/* test_account.c - what is known of a domain, as JSON, in invented time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/json.h"
#include "policyd/account.h"

#define NOW  1800000000 /* of the cache's clock; the day is 1000 seconds ahead */
#define TIME (NOW + 1000)

static struct lab {
    TALLOC_CTX *ctx;
    struct policy_cache *cache;
    struct policy_entry *entry;
} lab;

static int set_up(void **state)
{
    (void)state;
    lab.ctx = talloc_new(NULL);
    assert_int_equal(policy_cache_new(lab.ctx, 10, false, &lab.cache), STS_OK);
    lab.entry = policy_cache_use(lab.cache, "example.com", NOW);
    return lab.entry ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    talloc_free(lab.ctx);
    return 0;
}

static void see_record(enum sts_seen seen, const char *id)
{
    const struct sts_cache_record record = {seen, id};

    assert_int_equal(policy_entry_record(lab.entry, &record, 300, NOW), STS_OK);
}

static void fetch(enum sts_mode mode, const char *pattern)
{
    const char *const mx[] = {pattern};
    const struct live_policy policy = {"id1", mode, 86400, mx, 1};

    assert_int_equal(policy_entry_fetched(lab.entry, &policy, NOW, 0), STS_OK);
}

static const struct json *account(bool brief, bool no_dane)
{
    const struct policy_account account = {.domain = "example.com",
                                           .source = "daemon",
                                           .entry = lab.entry,
                                           .now = NOW,
                                           .time = TIME,
                                           .no_dane = no_dane,
                                           .brief = brief};
    char *text = policy_account_json(lab.ctx, &account);
    struct json *json;
    size_t at;

    assert_non_null(text);
    assert_null(strchr(text, '\n'));
    assert_int_equal(json_read(lab.ctx, bytes_of(text), false, 4, &json, &at), JSON_OK);
    return json;
}

static void has(const struct json *object, const char *name, const char *expected)
{
    const struct json *member = json_member(object, name);

    if (!expected) {
        assert_null(member);
        return;
    }
    assert_true(json_is(member, JSON_STRING));
    assert_string_equal(member->text.data, expected);
}

static void nothing_is_known(void **state)
{
    const struct json *json;

    (void)state;
    lab.entry = NULL;
    json = account(false, false);
    has(json, "domain", "example.com");
    has(json, "format", "mtasts.policyd/1");
    has(json, "time", "2027-01-15T08:16:40Z");
    has(json, "answer", NULL);
}

static void a_policy_applies(void **state)
{
    const struct json *json, *policy;

    (void)state;
    see_record(STS_SEEN_RECORD, "id1");
    fetch(STS_MODE_ENFORCE, "*.example.com");
    json = account(false, true);
    policy = json_member(json, "policy");
    has(json, "answer", "secure");
    has(json, "reason", "current");
    has(json, "dane", NULL);
    has(json, "failure", NULL);
    has(json_member(json, "record"), "id", "id1");
    has(json_member(json, "record"), "next", "2027-01-15T08:21:40Z");
    has(policy, "mode", "enforce");
    has(policy, "fetched", "2027-01-15T08:16:40Z");
    has(policy, "expires", "2027-01-16T08:16:40Z");
    has(json_member(json, "replies"), "postfix",
        "OK secure match=.example.com servername=hostname");
    assert_non_null(json_member(json_member(json, "replies"), "QUERYwithTLSRPT"));
    assert_null(json_member(account(true, true), "replies"));
}

static void a_fetch_failed(void **state)
{
    const struct json *json, *failure;

    (void)state;
    see_record(STS_SEEN_RECORD, "id2");
    policy_entry_failed(lab.entry, "certificate", NOW);
    json = account(false, false);
    failure = json_member(json, "failure");
    has(json, "answer", "none");
    has(json, "reason", "paused");
    has(json, "policy", NULL);
    has(failure, "why", "certificate");
    has(failure, "time", "2027-01-15T08:16:40Z");
    has(failure, "retry", "2027-01-15T08:21:40Z");
    assert_int_equal(json_member(failure, "count")->integer, 1);
    has(json_member(json, "replies"), "postfix", "NOTFOUND ");
}

static void dane_covers_all(void **state)
{
    static const char *const hosts[] = {"mx.example.com"};
    const struct policy_known found = {
        .dane = DANE_COVER_ALL, .mx_hosts = hosts, .mx_host_count = 1};
    const struct json *json;

    (void)state;
    see_record(STS_SEEN_NONE, NULL);
    assert_int_equal(policy_entry_dane(lab.entry, &found, 300, NOW), STS_OK);
    json = account(false, false);
    has(json, "answer", "dane-only");
    has(json_member(json, "record"), "seen", "none");
    has(json_member(json, "dane"), "cover", "all");
    assert_int_equal(json_member(json_member(json, "dane"), "mx_hosts")->count, 1);
}

static void it_is_forgotten_unless_it_is_under_way(void **state)
{
    (void)state;
    policy_entry_begin(lab.entry, POLICY_PART_RECORD);
    assert_int_equal(policy_cache_forget(lab.cache, "example.com"), POLICY_UNDER_WAY);
    see_record(STS_SEEN_NONE, NULL);
    assert_int_equal(policy_cache_forget(lab.cache, "example.com"), POLICY_FORGOTTEN);
    assert_int_equal(policy_cache_forget(lab.cache, "example.com"), POLICY_UNKNOWN);
    assert_int_equal(policy_cache_count(lab.cache), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(nothing_is_known),
        CASE(a_policy_applies),
        CASE(a_fetch_failed),
        CASE(dane_covers_all),
        CASE(it_is_forgotten_unless_it_is_under_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
