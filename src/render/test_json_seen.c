/* SPDX-License-Identifier: MIT */
/* test_json_seen.c - certificates, addresses and timings of a check as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "render/json_seen.h"
#include "rules/test_facts.h"

static struct facts *facts;

static int fresh(void **state)
{
    (void)state;
    facts = healthy(NULL);
    leaf(fetch(facts)->tls)->sha256 = "aa";
    leaf(session(facts)->tls)->sha256 = "bb";
    return 0;
}

static int gone(void **state)
{
    (void)state;
    talloc_free(facts);
    return 0;
}

/* The member of the entry as text. */
static const char *of(struct json_object *array, size_t entry, const char *name)
{
    struct json_object *object = json_object_array_get_idx(array, entry), *value = NULL;

    assert_true(json_object_object_get_ex(object, name, &value));
    return talloc_strdup(
        facts, value ? json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN) : "null");
}

#define IS(array, entry, name, text) assert_string_equal(of(array, entry, name), text)

/* ---- certificates ---------------------------------------------------------------------------- */

static void certificates(void **state)
{
    struct json_object *array;

    (void)state;
    leaf(session(facts)->tls)->not_after = NOW - 1;
    array = json_certificates(facts, facts, NOW);
    assert_int_equal(json_object_array_length(array), 2);
    IS(array, 0, "host", "\"mta-sts.example.com\"");
    IS(array, 0, "service", "\"https\"");
    IS(array, 0, "addresses", "[\"198.18.2.1\"]");
    IS(array, 0, "names", "[\"mta-sts.example.com\"]");
    IS(array, 0, "not_after", "\"2027-01-22T15:00:00Z\"");
    IS(array, 0, "days_left", "60");
    IS(array, 0, "sha256", "\"aa\"");
    IS(array, 1, "service", "\"smtp\"");
    IS(array, 1, "days_left", "-1");
    json_object_put(array);
}

/* One that several addresses show is one; others are others. */
static void several_addresses(void **state)
{
    struct json_object *array;

    (void)state;
    leaf(add_session(facts, facts->mx, "198.18.2.26")->tls)->sha256 = "bb";
    leaf(add_session(facts, facts->mx, "198.18.2.27")->tls)->sha256 = "cc";
    array = json_certificates(facts, facts, NOW);
    assert_int_equal(json_object_array_length(array), 3);
    IS(array, 1, "addresses", "[\"198.18.2.25\",\"198.18.2.26\"]");
    IS(array, 2, "addresses", "[\"198.18.2.27\"]");
    json_object_put(array);
}

static void other_handshakes(void **state)
{
    struct tls_again again[2] = {{.keys = "RSA"}, {.no_sni = true}};
    struct json_object *array;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        again[i].tls = tls_new(facts, "mx1.example.com");
        leaf(again[i].tls)->sha256 = i ? "without" : "rsa";
    }
    session(facts)->again = again;
    session(facts)->again_count = 2;
    array = json_certificates(facts, facts, NOW);
    assert_int_equal(json_object_array_length(array), 3);
    IS(array, 2, "sha256", "\"rsa\"");
    IS(array, 2, "addresses", "[\"198.18.2.25\"]");
    json_object_put(array);
}

static void a_host_once(void **state)
{
    struct json_object *array;

    (void)state;
    add_mx(facts, "mx1.example.com", "198.18.2.25");
    array = json_certificates(facts, facts, NOW);
    assert_int_equal(json_object_array_length(array), 2);
    json_object_put(array);
    array = json_addresses(facts, facts);
    assert_int_equal(json_object_array_length(array), 2);
    json_object_put(array);
}

/* ---- addresses ------------------------------------------------------------------------------- */

static void addresses(void **state)
{
    struct json_object *array;

    (void)state;
    fetch(facts)->total_ms = 41;
    session_stops(session(facts), NET_REFUSED, PHASE_CONNECT);
    session(facts)->connect_ms = session(facts)->tls_ms = -1;
    array = json_addresses(facts, facts);
    IS(array, 0, "address", "\"198.18.2.1\"");
    IS(array, 0, "outcome", "\"ok\"");
    IS(array, 0, "status", "200");
    IS(array, 0, "tls", "\"TLSv1.3\"");
    IS(array, 0, "total_ms", "41");
    IS(array, 1, "host", "\"mx1.example.com\"");
    IS(array, 1, "outcome", "\"refused\"");
    IS(array, 1, "phase", "\"connect\"");
    IS(array, 1, "status", "null");
    IS(array, 1, "tls", "null");
    IS(array, 1, "connect_ms", "null");
    json_object_put(array);
}

/* ---- time ------------------------------------------------------------------------------------ */

static void the_slowest_of_each_kind(void **state)
{
    struct json_object *object;

    (void)state;
    facts->elapsed_ms = 900;
    facts->sts_txt->elapsed_ms = 70;
    facts->mx_answer->elapsed_ms = 80;
    fetch(facts)->total_ms = 300;
    add_fetch(facts, "198.18.2.2")->total_ms = 400;
    session(facts)->total_ms = 800;
    object = json_timings(facts);
    assert_string_equal(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN),
                        "{\"total_ms\":900,\"dns_ms\":80,\"https_ms\":400,\"smtp_ms\":800}");
    json_object_put(object);
}

static void nothing_seen(void **state)
{
    struct facts *none = talloc_zero(facts, struct facts);
    struct json_object *object = json_timings(none), *array;

    (void)state;
    assert_string_equal(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN),
                        "{\"total_ms\":0,\"dns_ms\":null,\"https_ms\":null,\"smtp_ms\":null}");
    json_object_put(object);
    array = json_certificates(facts, none, NOW);
    assert_int_equal(json_object_array_length(array), 0);
    json_object_put(array);
    array = json_addresses(facts, none);
    assert_int_equal(json_object_array_length(array), 0);
    json_object_put(array);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, gone)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(certificates), TEST(several_addresses), TEST(other_handshakes),
        TEST(a_host_once),  TEST(addresses),         TEST(the_slowest_of_each_kind),
        TEST(nothing_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
