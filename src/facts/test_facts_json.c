/* SPDX-License-Identifier: MIT */
/* test_facts_json.c - what is written is read; what is wrong is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64.h"
#include "facts/facts_copy.h"
#include "facts/facts_json.h"
#include "facts/facts_tables.h"
#include "facts/facts_values.h"

#define EMPTY                                                                                      \
    "{\"format\":\"mtasts.facts/1\",\"domain\":\"a.example\",\"policy_host\":{\"name\":\"b\"}"

static int setup(void **state)
{
    *state = talloc_new(NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    talloc_free(*state);
    return 0;
}

static const struct {
    size_t size, align;
} kinds[] = {
    [FIELD_TEXT] = {sizeof(char *), _Alignof(char *)},
    [FIELD_BYTES] = {sizeof(struct bytes), _Alignof(struct bytes)},
    [FIELD_BINARY] = {sizeof(struct bytes), _Alignof(struct bytes)},
    [FIELD_NUMBER] = {sizeof(int64_t), _Alignof(int64_t)},
    [FIELD_TIME] = {sizeof(int64_t), _Alignof(int64_t)},
    [FIELD_BOOL] = {sizeof(bool), _Alignof(bool)},
    [FIELD_ENUM] = {sizeof(int), _Alignof(int)},
    [FIELD_TEXTS] = {sizeof(char **) + sizeof(size_t), _Alignof(char **)},
    [FIELD_STRUCT] = {0, _Alignof(int64_t)},
    [FIELD_LINK] = {sizeof(void *), _Alignof(void *)},
    [FIELD_LIST] = {sizeof(void *) + sizeof(size_t), _Alignof(void *)},
};

static size_t aligned(size_t at, size_t align)
{
    return (at + align - 1) / align * align;
}

/* Each row begins where the one before ends: no member was forgotten. */
static void check_table(const struct facts_table *table)
{
    size_t at = 0;

    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];

        assert_int_equal(field->offset, aligned(at, kinds[field->kind].align));
        at = field->offset +
             (field->kind == FIELD_STRUCT ? field->table->size : kinds[field->kind].size);
        if (field->kind == FIELD_TEXTS || field->kind == FIELD_LIST)
            assert_int_equal(field->count_offset, field->offset + sizeof(void *));
        if (field->table)
            check_table(field->table);
    }
    assert_int_equal(table->size, aligned(at, 8));
}

static void test_tables_are_complete(void **state)
{
    check_table(&facts_table);
}

static void fill(TALLOC_CTX *ctx, const struct facts_table *table, char *base, int *seed);

static struct bytes some_bytes(TALLOC_CTX *ctx, int seed)
{
    /* Every third is no text, by a byte that is no UTF-8 or by a NUL. */
    char *text =
        talloc_asprintf(ctx, "bytes %d \"\xc3\xa4\" \\ \n%s", seed, seed % 3 == 0 ? "\xff" : "");

    if (seed % 3 == 1)
        text[0] = '\0';
    return (struct bytes){text, talloc_get_size(text) - 1};
}

/* Something that the member can hold. */
static char *some_text(TALLOC_CTX *ctx, const struct text_rule *rule, int seed)
{
    if (rule == &text_domain)
        return talloc_asprintf(ctx, "domain-%d.example", seed);
    if (rule == &text_name || rule == &text_asked)
        return talloc_asprintf(ctx, "_name\\032%d.example", seed);
    if (rule == &text_address)
        return talloc_asprintf(ctx, "2001:db8::%x", (unsigned)seed);
    if (rule == &text_hex)
        return talloc_asprintf(ctx, "%04x", (unsigned)seed);
    return talloc_asprintf(ctx, "text %d", seed);
}

static int64_t some_number(const struct field *field, int seed)
{
    return field->most < seed ? field->most - seed % 100 : seed;
}

static void fill_list(TALLOC_CTX *ctx, const struct field *field, char *base, int *seed)
{
    size_t size = field->table ? field->table->size : sizeof(char *);
    char *list = talloc_zero_size(ctx, 2 * size);

    *(void **)(void *)(base + field->offset) = list;
    *(size_t *)(void *)(base + field->count_offset) = 2;
    for (size_t i = 0; i < 2; i++) {
        if (field->kind == FIELD_LIST)
            fill(ctx, field->table, list + i * size, seed);
        else
            ((char **)(void *)list)[i] = some_text(ctx, field->rule, ++*seed);
    }
}

static void fill_field(TALLOC_CTX *ctx, const struct field *field, char *base, int *seed)
{
    void *at = base + field->offset;

    ++*seed;
    switch (field->kind) {
    case FIELD_TEXT:
        *(char **)at = some_text(ctx, field->rule, *seed);
        break;
    case FIELD_BYTES:
        if (field->rule) {
            *(struct bytes *)at = bytes_of(some_text(ctx, field->rule, *seed));
            break;
        }
        *(struct bytes *)at = some_bytes(ctx, *seed);
        break;
    case FIELD_BINARY:
        *(struct bytes *)at = some_bytes(ctx, *seed);
        break;
    case FIELD_NUMBER:
        *(int64_t *)at = some_number(field, *seed);
        break;
    case FIELD_TIME:
        *(int64_t *)at = 1700000000 + *seed;
        break;
    case FIELD_BOOL:
        *(bool *)at = true;
        break;
    case FIELD_ENUM:
        field->type->set(at, field->type->count - 1);
        break;
    case FIELD_TEXTS:
    case FIELD_LIST:
        fill_list(ctx, field, base, seed);
        break;
    case FIELD_STRUCT:
        fill(ctx, field->table, at, seed);
        break;
    case FIELD_LINK:
        *(void **)at = talloc_zero_size(ctx, field->table->size);
        fill(ctx, field->table, *(void **)at, seed);
        break;
    }
}

static void fill(TALLOC_CTX *ctx, const struct facts_table *table, char *base, int *seed)
{
    for (size_t i = 0; i < table->count; i++)
        fill_field(ctx, &table->fields[i], base, seed);
}

/* A block and all below it are overwritten, so that whoever still reads them is seen. */
static void wipe(const void *block, int depth, int max_depth, int is_ref, void *unused)
{
    (void)depth;
    (void)max_depth;
    (void)unused;
    if (!is_ref)
        memset((void *)(uintptr_t)block, 0x5a, talloc_get_size(block));
}

static struct facts *read_back(TALLOC_CTX *ctx, const char *text)
{
    struct facts *facts = NULL;
    char *why = NULL;
    enum sts_status status = facts_read(ctx, text, strlen(text), &facts, &why);

    if (status != STS_OK)
        fail_msg("%s: %.200s", why ? why : "no memory", text);
    return facts;
}

static void assert_has_every_name(const struct facts_table *table, const char *text)
{
    for (size_t i = 0; i < table->count; i++) {
        char name[64];

        snprintf(name, sizeof(name), "\"%s\":", table->fields[i].name);
        if (!strstr(text, name))
            fail_msg("%s was not written", name);
        if (table->fields[i].table)
            assert_has_every_name(table->fields[i].table, text);
    }
}

static void test_every_member_round_trips(void **state)
{
    struct facts *facts = talloc_zero(*state, struct facts);
    char *first, *second;
    int seed = 0;

    fill(facts, &facts_table, (char *)facts, &seed);
    assert_int_equal(facts_write(*state, facts, &first), STS_OK);
    assert_has_every_name(&facts_table, first);
    assert_null(strchr(first, '\n'));
    assert_int_equal(facts_write(*state, read_back(*state, first), &second), STS_OK);
    assert_string_equal(first, second);
}

/* Of nothing that the copy points to: what it is a copy of is gone. */
static void test_a_copy_outlives_the_facts(void **state)
{
    struct facts *facts = talloc_zero(NULL, struct facts), *copy;
    char *before, *after;
    int seed = 0;

    fill(facts, &facts_table, (char *)facts, &seed);
    assert_int_equal(facts_write(*state, facts, &before), STS_OK);
    assert_int_equal(facts_copy(*state, facts, &copy), STS_OK);
    assert_int_equal(talloc_total_blocks(copy), 1);
    talloc_report_depth_cb(facts, 0, -1, wipe, NULL);
    talloc_free(facts);
    assert_int_equal(facts_write(*state, copy, &after), STS_OK);
    assert_string_equal(before, after);
}

static void test_a_copy_of_next_to_nothing(void **state)
{
    static const char *const no_names[] = {NULL};
    const struct facts facts = {.domain = "a.example",
                                .observer = {.resolvers = (const char **)(uintptr_t)no_names},
                                .policy_host = {.name = "mta-sts.a.example"},
                                .mx_omitted = true,
                                .elapsed_ms = -1};
    struct facts *copy;

    assert_int_equal(facts_copy(*state, &facts, &copy), STS_OK);
    assert_string_equal(copy->domain, "a.example");
    assert_ptr_not_equal(copy->domain, facts.domain);
    assert_string_equal(copy->policy_host.name, "mta-sts.a.example");
    assert_null(copy->domain_given);
    assert_null(copy->mx_answer);
    assert_true(copy->mx_omitted);
    assert_int_equal(copy->elapsed_ms, -1);
    assert_int_equal(copy->observer.resolver_count, 0);
}

static void test_what_is_not_there_is_left_out(void **state)
{
    struct dns_record record = {.text = {"v=STSv1; id=1;", 14}, .strings = 1};
    struct dns_answer answer = {.name = "_mta-sts.a.example",
                                .type = DNS_TXT,
                                .outcome = DNS_OUTCOME_FOUND,
                                .records = &record,
                                .record_count = 1,
                                .ttl = 0,
                                .negative_ttl = -1};
    struct facts facts = {.domain = "a.example",
                          .observed_at = 1763910000,
                          .sts_txt = &answer,
                          .policy_host = {.name = "mta-sts.a.example"}};
    char *text;

    assert_int_equal(facts_write(*state, &facts, &text), STS_OK);
    assert_string_equal(
        text,
        "{\"format\":\"mtasts.facts/1\",\"domain\":\"a.example\","
        "\"observed_at\":\"2025-11-23T15:00:00Z\",\"observer\":{},"
        "\"sts_txt\":{\"name\":\"_mta-sts.a.example\",\"type\":\"TXT\",\"outcome\":\"found\","
        "\"security\":\"unchecked\",\"records\":[{\"text\":\"v=STSv1; id=1;\",\"strings\":1}],"
        "\"ttl\":0},\"policy_host\":{\"name\":\"mta-sts.a.example\"}}");
}

static void test_defaults_of_what_is_left_out(void **state)
{
    struct facts *facts =
        read_back(*state, EMPTY ",\"mx\":[{\"name\":\"m\",\"sessions\":[{\"address\":\"::1\"}]}],"
                                "\"sts_txt\":{\"name\":\"n\"},\"from_the_future\":[{}]}");

    assert_int_equal(facts->sts_txt->ttl, -1);
    assert_int_equal(facts->sts_txt->elapsed_ms, 0);
    assert_int_equal(facts->mx_count, 1);
    assert_int_equal(facts->mx[0].sessions[0].total_ms, -1);
    assert_int_equal(facts->mx[0].sessions[0].outcome, NET_UNKNOWN);
    assert_null(facts->mx[0].sessions[0].tls);
    assert_null(facts->mx_answer);
}

static void test_what_is_wrong_is_named(void **state)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"", "not JSON at byte 1"},
        {"{\"format\":", "not JSON"},
        {"null ", "null is not"},
        {"[]", "format:"},
        {"{}", "format:"},
        {"{\"format\":\"mtasts.facts/2\"}", "format:"},
        {"{\"format\":\"mtasts.facts/1\"}", "domain: missing"},
        {"{\"format\":\"mtasts.facts/1\",\"domain\":\"a\"}", "policy_host.name: missing"},
        {EMPTY ",}", "not JSON"},
        {EMPTY "} {}", "not JSON at byte"},
        {EMPTY ",\"elapsed_ms\":1.5}", "elapsed_ms: expected an integer"},
        {EMPTY ",\"elapsed_ms\":\"1\"}", "elapsed_ms: expected an integer"},
        {EMPTY ",\"interrupted\":1}", "interrupted: expected true or false"},
        {EMPTY ",\"observed_at\":\"yesterday\"}", "observed_at: expected a time"},
        {EMPTY ",\"observed_at\":253402300800}", "observed_at: the time is out of range"},
        {EMPTY ",\"elapsed_ms\":9223372036854775807}", "elapsed_ms: the number is too large"},
        {EMPTY ",\"elapsed_ms\":-99999999999999999999}", "elapsed_ms: the number is too large"},
        {EMPTY ",\"elapsed_ms\":-1}", "elapsed_ms: the number is out of range"},
        {EMPTY ",\"observer\":{\"smtp_port\":65536}}",
         "observer.smtp_port: the number is out of range"},
        {EMPTY ",\"observer\":[]}", "observer: expected an object"},
        {EMPTY ",\"observer\":{\"resolvers\":[\"a\",7]}}",
         "observer.resolvers[1]: expected a string"},
        {EMPTY ",\"mx\":{}}", "mx: expected an array"},
        {EMPTY ",\"mx\":[null]}", "mx[0].name: missing"},
        {EMPTY
         ",\"mx\":[{\"name\":\"a\"},{\"name\":\"b\",\"a\":{\"name\":\"b\",\"type\":\"NAPTR\"}}]}",
         "mx[1].a.type: unknown value"},
        {EMPTY ",\"domain_given\":\"a\\u0000b\"}", "domain_given: expected a string without NUL"},
        {EMPTY ",\"domain_given\":{\"base64\":\"YQBi\"}}",
         "domain_given: expected a string without NUL"},
        {EMPTY ",\"domain_given\":{\"base64\":\"YQ\"}}", "domain_given: expected base64"},
        {EMPTY ",\"domain_given\":\"\xff\"}", "not JSON"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct facts *facts = NULL;
        char *why = NULL;

        assert_int_equal(facts_read(*state, cases[i].text, strlen(cases[i].text), &facts, &why),
                         STS_E_INVALID);
        if (!why || strncmp(why, cases[i].why, strlen(cases[i].why)) != 0)
            fail_msg("%s: %s", cases[i].text, why ? why : "(no reason)");
    }
}

/* ---- what no observation holds --------------------------------------------------------------- */

#define DOMAIN(domain)                                                                             \
    "{\"format\":\"mtasts.facts/1\",\"domain\":" domain ",\"policy_host\":{\"name\":\"b\"}}"
#define MX(members)      EMPTY ",\"mx\":[{\"name\":\"m\"," members "}]}"
#define RECORD(members)  EMPTY ",\"ns\":{\"name\":\"n\",\"records\":[{" members "}]}}"
#define SESSION(members) MX("\"sessions\":[{\"address\":\"192.0.2.1\"," members "}]")

static void test_no_observation_holds_it(void **state)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {DOMAIN("\"\""), "domain: expected a host name"},
        {DOMAIN("\".\""), "domain: expected a host name"},
        {DOMAIN("\"A.example\""), "domain: expected a host name"},
        {DOMAIN("\"a.example.\""), "domain: expected a host name"},
        {DOMAIN("\"_a.example\""), "domain: expected a host name"},
        {DOMAIN("\"*.example\""), "domain: expected a host name"},
        {DOMAIN("\"192.0.2.1\""), "domain: expected a host name"},
        {DOMAIN("\"b\u00fccher.example\""), "domain: expected a host name"},
        {DOMAIN("\"a.example\\nsend\""), "domain: expected a host name"},
        {DOMAIN("\"a.example;\""), "domain: expected a host name"},
        {DOMAIN("{\"base64\":\"YQo=\"}"), "domain: expected a host name"},
        {EMPTY ",\"mx\":[{\"name\":\"\"}]}", "mx[0].name: expected a DNS name"},
        {EMPTY ",\"mx\":[{\"name\":\"a b\"}]}", "mx[0].name: expected a DNS name"},
        {EMPTY ",\"mx\":[{\"name\":\"a\\u0007\"}]}", "mx[0].name: expected a DNS name"},
        {EMPTY ",\"mx\":[{\"name\":\"a..b\"}]}", "mx[0].name: expected a DNS name"},
        {MX("\"tlsa_base\":\"a\\n| evil\""), "mx[0].tlsa_base: expected a DNS name"},
        {MX("\"preference\":65536"), "mx[0].preference: the number is out of range"},
        {MX("\"preference\":-1"), "mx[0].preference: the number is out of range"},
        {RECORD("\"host\":\"ns.example.\""), "ns.records[0].host: expected a DNS name"},
        {RECORD("\"address\":\"192.0.2.256\""), "ns.records[0].address: expected an IP address"},
        {RECORD("\"address\":\"[::1]\""), "ns.records[0].address: expected an IP address"},
        {RECORD("\"address\":\"fe80::1%eth0\""), "ns.records[0].address: expected an IP address"},
        {RECORD("\"serial\":4294967296"), "ns.records[0].serial: the number"},
        {RECORD("\"usage\":256"), "ns.records[0].usage: the number"},
        {RECORD("\"data\":\"ab cd\""), "ns.records[0].data: expected hexadecimal"},
        {EMPTY ",\"ns\":{\"name\":\"n\",\"cnames\":[\"a\",\"b c\"]}}",
         "ns.cnames[1]: expected a DNS name"},
        {EMPTY ",\"ns\":{\"name\":\"n\",\"ttl\":-2}}", "ns.ttl: the number"},
        {EMPTY ",\"ns\":{\"name\":\"$(x) y\"}}", "ns.name: expected a DNS name"},
        {SESSION("\"port\":65536"), "mx[0].sessions[0].port: the number"},
        {SESSION("\"ehlo_code\":1000"), "mx[0].sessions[0].ehlo_code: the number"},
        {SESSION("\"total_ms\":-2"), "mx[0].sessions[0].total_ms: the number"},
        {SESSION("\"tls\":{\"sni\":\"a b\"}"), "mx[0].sessions[0].tls.sni: expected a DNS name"},
        {SESSION("\"tls\":{\"chain\":[{\"spki_sha256\":\"3 1 1; x\"}]}"),
         "mx[0].sessions[0].tls.chain[0].spki_sha256: expected hexadecimal"},
        {SESSION("\"tls\":{\"anchor_not_after\":253402300800}"),
         "mx[0].sessions[0].tls.anchor_not_after: the number"},
        {MX("\"sessions\":[{\"address\":\"mx.example\"}]"),
         "mx[0].sessions[0].address: expected an IP"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct facts *facts = NULL;
        char *why = NULL;

        assert_int_equal(facts_read(*state, cases[i].text, strlen(cases[i].text), &facts, &why),
                         STS_E_INVALID);
        if (!why || strncmp(why, cases[i].why, strlen(cases[i].why)) != 0)
            fail_msg("%s: %s", cases[i].text, why ? why : "(no reason)");
    }
}

/* What the DNS does hold, and probes wrote down. */
static void test_odd_names_are_read(void **state)
{
    static const char *const names[] = {".",
                                        "m",
                                        "192.0.2.1",
                                        "[2001:db8::1]",
                                        "_x.example",
                                        "*.example",
                                        "-x.example",
                                        "a\\\\032b.example",
                                        "a\\\\;rm\\\\032-rf.example",
                                        "$(x)`{}'|&.example"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        read_back(*state, talloc_asprintf(*state, EMPTY ",\"mx\":[{\"name\":\"%s\"}]}", names[i]));
}

/* Probes make texts printable; a file may hold others. */
static void test_texts_are_made_printable(void **state)
{
    struct facts *facts = read_back(
        *state, EMPTY ",\"domain_given\":\"a\\nb\\u001b[2J\\u202e\",\"observer\":{"
                      "\"helo\":\"back\\\\slash\",\"resolvers\":[{\"base64\":\"/w==\"}]}}");

    assert_string_equal(facts->domain_given, "a\\x0ab\\x1b[2J\\xe2\\x80\\xae");
    assert_string_equal(facts->observer.helo, "back\\slash");
    assert_string_equal(facts->observer.resolvers[0], "\\xff");
}

static char *repeated(TALLOC_CTX *ctx, const char *head, const char *middle, size_t count,
                      const char *tail)
{
    char *text = talloc_zero_size(ctx, strlen(head) + count * strlen(middle) + strlen(tail) + 1);
    char *at;

    assert_non_null(text);
    at = stpcpy(text, head);
    for (size_t i = 0; i < count; i++)
        at = stpcpy(at, middle);
    stpcpy(at, tail);
    return text;
}

static void test_bombs_are_refused(void **state)
{
    const char *bombs[] = {
        repeated(*state, EMPTY ",\"x\":", "[", 1000, ""),
        repeated(*state, EMPTY ",\"x\":", "{\"x\":", 1000, ""),
        repeated(*state, EMPTY ",\"x\":[0", ",0", 1000000, "]}"),
        repeated(*state, EMPTY ",\"mx\":[{\"name\":\"m\"}", ",{\"name\":\"m\"}", 4096, "]}"),
    };

    for (size_t i = 0; i < sizeof(bombs) / sizeof(bombs[0]); i++) {
        struct facts *facts;
        char *why = NULL;

        assert_int_equal(facts_read(*state, bombs[i], strlen(bombs[i]), &facts, &why),
                         STS_E_INVALID);
        assert_non_null(why);
    }
}

/* Every beginning of a document is refused, none is half read. */
static void test_truncated(void **state)
{
    const char *text = EMPTY ",\"mx\":[{\"name\":\"m\",\"preference\":10}]}";

    for (size_t length = 0; length < strlen(text); length++) {
        struct facts *facts;
        char *why;

        assert_int_equal(facts_read(*state, text, length, &facts, &why), STS_E_INVALID);
    }
}

static void test_the_last_of_a_name_counts(void **state)
{
    struct facts *facts = read_back(*state, EMPTY ",\"domain\":\"z.example\"} \r\n");

    assert_string_equal(facts->domain, "z.example");
}

static void test_base64(void **state)
{
    static const struct {
        const char *plain, *text;
    } good[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}};
    static const char *const bad[] = {
        "Z", "Zg=", "Zg===", "Zh==", "Z===", "====", "Zg==Zg==", "Zm9*"};
    struct bytes bytes;

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_string_equal(base64_encode(*state, good[i].plain, strlen(good[i].plain)),
                            good[i].text);
        assert_true(base64_decode(*state, good[i].text, strlen(good[i].text), &bytes));
        assert_int_equal(bytes.length, strlen(good[i].plain));
        assert_string_equal(bytes.data, good[i].plain);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(base64_decode(*state, bad[i], strlen(bad[i]), &bytes));
}

/* Files of before there was a vantage know nothing of it. */
static void test_vantage(void **state)
{
    struct facts *old = read_back(*state, EMPTY "}");
    struct facts *facts = read_back(
        *state, EMPTY ",\"vantage\":{\"points\":[{\"name\":\"dnssec\",\"state\":\"closed\","
                      "\"detail\":\"no signatures\"},{\"name\":\"ipv6\",\"state\":\"ok\"}]}}");

    assert_null(old->vantage);
    assert_int_equal(vantage_state(old, VANTAGE_DNSSEC), VANTAGE_STATE_UNKNOWN);
    assert_null(vantage_detail(old, VANTAGE_DNSSEC));
    assert_int_equal(vantage_state(facts, VANTAGE_DNSSEC), VANTAGE_STATE_CLOSED);
    assert_string_equal(vantage_detail(facts, VANTAGE_DNSSEC), "no signatures");
    assert_int_equal(vantage_state(facts, VANTAGE_IPV6), VANTAGE_STATE_OK);
    assert_null(vantage_detail(facts, VANTAGE_IPV6));
    assert_int_equal(vantage_state(facts, VANTAGE_CLOCK), VANTAGE_STATE_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_tables_are_complete, setup, teardown),
        cmocka_unit_test_setup_teardown(test_every_member_round_trips, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_copy_outlives_the_facts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_copy_of_next_to_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_not_there_is_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(test_defaults_of_what_is_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_wrong_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_observation_holds_it, setup, teardown),
        cmocka_unit_test_setup_teardown(test_odd_names_are_read, setup, teardown),
        cmocka_unit_test_setup_teardown(test_texts_are_made_printable, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bombs_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_truncated, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_last_of_a_name_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_base64, setup, teardown),
        cmocka_unit_test_setup_teardown(test_vantage, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
