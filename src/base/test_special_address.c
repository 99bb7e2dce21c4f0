/* SPDX-License-Identifier: MIT */
/* test_special_address.c - the blocks of the registries, to their last address and not beyond. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/special_address.h"

#define PUBLIC      ADDRESS_USE_PUBLIC
#define RETIRED     ADDRESS_USE_RETIRED
#define PLACEHOLDER ADDRESS_USE_PLACEHOLDER
#define BENCHMARK   ADDRESS_USE_BENCHMARK
#define PRIVATE     ADDRESS_USE_PRIVATE
#define OWN         ADDRESS_USE_OWN

/* A block, and what lies right before and behind it.  NULL: nothing does. */
static const struct {
    const char *first, *last;
    enum address_use use;
    const char *before, *behind;
    enum address_use use_before, use_behind;
} edges[] = {
    {"0.0.0.0", "0.255.255.255", OWN, NULL, "1.0.0.0", OWN, PUBLIC},
    {"10.0.0.0", "10.255.255.255", PRIVATE, "9.255.255.255", "11.0.0.0", PUBLIC, PUBLIC},
    {"100.64.0.0", "100.127.255.255", PRIVATE, "100.63.255.255", "100.128.0.0", PUBLIC, PUBLIC},
    {"100.100.100.200", "100.100.100.200", OWN, "100.100.100.199", "100.100.100.201", PRIVATE,
     PRIVATE},
    {"127.0.0.0", "127.255.255.255", OWN, "126.255.255.255", "128.0.0.0", PUBLIC, PUBLIC},
    {"168.63.129.16", "168.63.129.16", OWN, "168.63.129.15", "168.63.129.17", PUBLIC, PUBLIC},
    {"169.254.0.0", "169.254.255.255", OWN, "169.253.255.255", "169.255.0.0", PUBLIC, PUBLIC},
    {"172.16.0.0", "172.31.255.255", PRIVATE, "172.15.255.255", "172.32.0.0", PUBLIC, PUBLIC},
    {"192.0.0.0", "192.0.0.255", PRIVATE, "191.255.255.255", "192.0.1.0", PUBLIC, PUBLIC},
    {"192.0.0.9", "192.0.0.10", PUBLIC, "192.0.0.8", "192.0.0.11", PRIVATE, PRIVATE},
    {"192.0.2.0", "192.0.2.255", PLACEHOLDER, "192.0.1.255", "192.0.3.0", PUBLIC, PUBLIC},
    {"192.88.99.0", "192.88.99.255", RETIRED, "192.88.98.255", "192.88.100.0", PUBLIC, PUBLIC},
    {"192.168.0.0", "192.168.255.255", PRIVATE, "192.167.255.255", "192.169.0.0", PUBLIC, PUBLIC},
    {"198.18.0.0", "198.19.255.255", BENCHMARK, "198.17.255.255", "198.20.0.0", PUBLIC, PUBLIC},
    {"198.51.100.0", "198.51.100.255", PLACEHOLDER, "198.51.99.255", "198.51.101.0", PUBLIC,
     PUBLIC},
    {"203.0.113.0", "203.0.113.255", PLACEHOLDER, "203.0.112.255", "203.0.114.0", PUBLIC, PUBLIC},
    {"224.0.0.0", "239.255.255.255", OWN, "223.255.255.255", NULL, PUBLIC, OWN},
    {"240.0.0.0", "255.255.255.255", OWN, NULL, NULL, OWN, OWN},
    {"::", "::1", OWN, NULL, NULL, OWN, OWN},
    {"64:ff9b:1::101:101", "64:ff9b:1:ffff:ffff:ffff:101:101", PRIVATE, "64:ff9b:0:ffff::1",
     "64:ff9b:2::", PUBLIC, PUBLIC},
    {"100::", "100::ffff:ffff:ffff:ffff", PLACEHOLDER, "ff:ffff::", "100:0:0:2::", PUBLIC, PUBLIC},
    {"100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff", PLACEHOLDER, NULL, NULL, PUBLIC, PUBLIC},
    {"2001:1::1", "2001:1::3", PUBLIC, "2001:1::", "2001:1::4", PRIVATE, PRIVATE},
    {"2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff", BENCHMARK,
     "2001:1:ffff::", "2001:2:1::", PRIVATE, PRIVATE},
    {"2001:3::", "2001:3:ffff:ffff:ffff:ffff:ffff:ffff", PUBLIC,
     "2001:2:ffff::", "2001:4::", PRIVATE, PRIVATE},
    {"2001:4:112::", "2001:4:112:ffff:ffff:ffff:ffff:ffff", PUBLIC,
     "2001:4:111::", "2001:4:113::", PRIVATE, PRIVATE},
    {"2001:20::", "2001:2f:ffff::", PUBLIC, "2001:1f:ffff::", NULL, PRIVATE, PUBLIC},
    {"2001:30::", "2001:3f:ffff::", PUBLIC, NULL, "2001:40::", PUBLIC, PRIVATE},
    {"2001:100::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", PRIVATE, NULL, "2001:200::", PRIVATE,
     PUBLIC},
    {"2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", PLACEHOLDER,
     "2001:db7:ffff::", "2001:db9::", PUBLIC, PUBLIC},
    {"3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", PLACEHOLDER,
     "3ffe:ffff::", "3fff:1000::", PUBLIC, PUBLIC},
    {"5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", PRIVATE, "5eff:ffff::", "5f01::", PUBLIC,
     PUBLIC},
    {"fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", PRIVATE, "fbff:ffff::", "fe00::", PUBLIC,
     PUBLIC},
    {"fd00:ec2::254", "fd00:ec2::254", OWN, "fd00:ec2::253", "fd00:ec2::255", PRIVATE, PRIVATE},
    {"fd20:ce::254", "fd20:ce::254", OWN, "fd20:ce::253", "fd20:ce::255", PRIVATE, PRIVATE},
    {"fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", OWN, "fe7f:ffff::", NULL, PUBLIC, OWN},
    {"fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", PRIVATE, NULL, NULL, OWN, OWN},
    {"ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", OWN, NULL, NULL, OWN, OWN},
};

/* Packets to these go to the IPv4 address inside, or claim to. */
static const struct {
    const char *address;
    enum address_use use;
} disguises[] = {
    {"::ffff:127.0.0.1", OWN},
    {"::ffff:0:0", OWN},
    {"::ffff:169.254.169.254", OWN},
    {"::ffff:10.0.0.1", PRIVATE},
    {"::ffff:198.18.0.1", PRIVATE},
    {"::ffff:8.8.8.8", PRIVATE}, /* no address for DNS, whatever is inside */
    {"::fffe:8.8.8.8", PUBLIC},
    {"::ffff:0:127.0.0.1", OWN},
    {"::ffff:0:8.8.8.8", PRIVATE},
    {"::127.0.0.1", OWN},
    {"::2", OWN}, /* 0.0.0.2 */
    {"::8.8.8.8", PRIVATE},
    {"::1:8.8.8.8", PUBLIC}, /* reserved, and beyond the block */
    {"64:ff9b::7f00:1", OWN},
    {"64:ff9b::169.254.169.254", OWN},
    {"64:ff9b::", OWN},
    {"64:ff9b::10.0.0.1", PRIVATE},
    {"64:ff9b::198.18.0.1", BENCHMARK},
    {"64:ff9b::192.0.2.1", PLACEHOLDER},
    {"64:ff9b::8.8.8.8", PUBLIC},
    {"64:ff9a::7f00:1", PUBLIC},
    {"64:ff9b:1::7f00:1", OWN},
    {"64:ff9b:1:fffe::8.8.8.8", PRIVATE},
    {"64:ff9b:1:7f00:0:100::", OWN},         /* 127.0.0.1 behind a /48 */
    {"64:ff9b:1:12a9:fe:a9fe::", OWN},       /* 169.254.169.254 behind a /56 */
    {"64:ff9b:1:1234:a9:fea9:fe00:0", OWN},  /* the same behind a /64 */
    {"64:ff9b:1:1234:8:808:800:0", PRIVATE}, /* 8.8.8.8 */
    {"2002:7f00:1::1", OWN},
    {"2002:a9fe:a9fe::", OWN},
    {"2002:a00:1::1", PRIVATE},
    {"2002:808:808::1", PUBLIC},
    {"2003:7f00:1::1", PUBLIC},
    {"2001:0:808:808:0:0:80ff:fffe", OWN},     /* Teredo: the client is 127.0.0.1, */
    {"2001:0:7f00:1:0:0:f7f7:f7f7", OWN},      /* the server is, */
    {"2001:0:808:808:0:0:f5ff:fffe", PRIVATE}, /* the client is 10.0.0.1 */
    {"2001:0:808:808:8000:63bf:f7f7:f7f7", PUBLIC},
    {"8.8.8.8", PUBLIC},
    {"2a00::1", PUBLIC},
};

/* What is no address is none of these. */
static const char *const no_addresses[] = {
    "",       "localhost", "127.1",   "0x7f.0.0.1", "127.0.0.1 ", "2130706433",
    "::1%lo", "[::1]",     "::1/128", ":::1",       "1.2.3.4.5",  "::ffff:127.0.0.1.",
};

static void expect(const char *address, enum address_use use)
{
    if (address && special_address_use(address) != use)
        fail_msg("%s: %d, expected %d", address, (int)special_address_use(address), (int)use);
}

static void blocks_end_where_the_registry_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        expect(edges[i].first, edges[i].use);
        expect(edges[i].last, edges[i].use);
        expect(edges[i].before, edges[i].use_before);
        expect(edges[i].behind, edges[i].use_behind);
    }
}

static void what_is_inside_counts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof disguises / sizeof disguises[0]; i++)
        expect(disguises[i].address, disguises[i].use);
}

static void other_text_is_no_address(void **state)
{
    (void)state;
    expect("a name", PUBLIC);
    assert_null(special_block(NULL));
    assert_int_equal(special_address_use(NULL), PUBLIC);
    for (size_t i = 0; i < sizeof no_addresses / sizeof no_addresses[0]; i++) {
        assert_null(special_block(no_addresses[i]));
        expect(no_addresses[i], PUBLIC);
    }
}

static void a_block_has_its_source(void **state)
{
    (void)state;
    assert_string_equal(special_block("10.1.2.3")->spec, "RFC 1918");
    assert_string_equal(special_block("3fff::1")->spec, "RFC 9637");
    assert_ptr_equal(special_block("172.16.0.1"), special_block("172.31.0.1"));
    assert_ptr_not_equal(special_block("10.0.0.1"), special_block("172.16.0.1"));
    assert_null(special_block("9.9.9.9"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_end_where_the_registry_says),
        cmocka_unit_test(what_is_inside_counts),
        cmocka_unit_test(other_text_is_no_address),
        cmocka_unit_test(a_block_has_its_source),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
