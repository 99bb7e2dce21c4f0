/* SPDX-License-Identifier: MIT */
/* test_multipart.c - forms with files, as browsers and curl send them, and as nobody should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "http/limits.h"
#include "http/multipart.h"
#include "http/parameters.h"

#define DISPOSITION "Content-Disposition: form-data; "

/* A line for each part: "name file type [content]"; "400" where it is refused. */
static char *parts_of(TALLOC_CTX *ctx, struct bytes body, size_t most)
{
    struct http_multipart *multipart = http_multipart_new(ctx, "b");
    struct http_fault fault = {0};
    const struct http_part *parts;
    size_t count;
    char *to = talloc_strdup(ctx, "");

    for (size_t at = 0; at < body.length && !fault.status; at += most) {
        size_t left = body.length - at;

        fault = http_multipart_take(multipart,
                                    (struct bytes){body.data + at, left < most ? left : most});
    }
    if (!fault.status)
        fault = http_multipart_finish(multipart, &parts, &count);
    if (fault.status)
        return talloc_asprintf(ctx, "%u", fault.status);
    for (size_t i = 0; i < count; i++)
        to = talloc_asprintf_append(
            to, "%s %s %s [%.*s]\n", parts[i].name, parts[i].file_name ? parts[i].file_name : "-",
            parts[i].type ? parts[i].type : "-", (int)parts[i].length, body.data + parts[i].offset);
    return to;
}

static void test_forms(void **state)
{
    static const struct {
        const char *body;
        const char *parts;
    } rows[] = {
        {"--b--", ""},
        {"--b--\r\n", ""},
        {"--b--\r\nwhatever\r\n--b\r\n", ""},
        {"--b\r\n" DISPOSITION "name=\"text\"\r\n\r\nv=STSv1\r\n--b--\r\n", "text - - [v=STSv1]\n"},
        {"--b\r\n" DISPOSITION "name=text\r\n\r\n\r\n--b--\r\n", "text - - []\n"},
        {"--b\r\ncontent-disposition:form-data;name=\"a\";filename=\"r.json.gz\"\r\n"
         "Content-Type: application/tlsrpt+gzip\r\nX: "
         "y\r\n\r\n\r\n\r\r\n-\r\n--\r\n--B\r\n--b\r\n" DISPOSITION "name=\"a\"\r\n\r\nc\r\n--b--",
         "a r.json.gz application/tlsrpt+gzip [\r\n\r\r\n-\r\n--\r\n--B]\na - - [c]\n"},
        {"--b\r\n" DISPOSITION "name=\"a\"; filename=\"\"\r\n\r\n\r\n--b--", "a  - []\n"},
        {"--b\r\n" DISPOSITION "name=\"a\"; filename=\"C:\\dir\\x;y.zip\"\r\n\r\n\r\n--b--",
         "a x;y.zip - []\n"},
        {"--b\r\n" DISPOSITION "name=\"a\"; filename=\"../../etc/pass\\\"wd\"\r\n\r\n\r\n--b--",
         "a pass\"wd - []\n"},
        {"--b\r\n" DISPOSITION "filename=\"f\xff\x1b\"; name=\"a\"\r\n\r\n\r\n--b--", "400"},
        {"--b\r\n" DISPOSITION "filename=\"f\xff\"; name=\"a\"\r\n\r\n\r\n--b--",
         "a f\\xff - []\n"},
        {"", "400"},
        {"--b", "400"},
        {"--b-", "400"},
        {"--b-x", "400"},
        {"--b \r\n", "400"},
        {"--b\n", "400"},
        {"--b\rx", "400"},
        {"\r\n--b--", "400"}, /* the body begins with its boundary */
        {"x--b--", "400"},
        {"--c--", "400"},
        {"--b\r\n\r\nno name\r\n--b--", "400"},
        {"--b\r\nX: y\r\n\r\nno name\r\n--b--", "400"},
        {"--b\r\n" DISPOSITION "filename=\"f\"\r\n\r\n\r\n--b--", "400"},
        {"--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n\r\n--b--", "400"},
        {"--b\r\n" DISPOSITION "name=\"a\r\n\r\n\r\n--b--", "400"},
        {"--b\r\n" DISPOSITION "name=\"\xff\"\r\n\r\n\r\n--b--", "400"},
        {"--b\r\n" DISPOSITION "name=\"a\"\r\n" DISPOSITION "name=\"b\"\r\n\r\n\r\n--b--", "400"},
        {"--b\r\nX : y\r\n" DISPOSITION "name=\"a\"\r\n\r\n\r\n--b--", "400"},
        {"--b\r\n" DISPOSITION "name=\"a\"\nX: y\r\n\r\n\r\n--b--", "400"},
        {"--b\r\n" DISPOSITION "name=\"a\"\rX: y\r\n\r\n\r\n--b--", "400"},
        {"--b\r\n" DISPOSITION "name=\"a\"\r\n\r\nno end\r\n--", "400"},
        {"--b\r\n" DISPOSITION "name=\"a\"\r\n\r\nno end\n--b--", "400"},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (size_t most = 1; most < 100; most += most < 9 ? 1 : 90)
            assert_string_equal(parts_of(ctx, bytes_of(rows[i].body), most), rows[i].parts);
    talloc_free(ctx);
}

static void test_nul(void **state)
{
    static const char content[] = "--b\r\n" DISPOSITION "name=\"a\"\r\n\r\n\0\r\n--b--";
    static const char head[] = "--b\r\n" DISPOSITION "name=\"a\0\"\r\n\r\n\r\n--b--";
    TALLOC_CTX *ctx = talloc_new(NULL);

    assert_string_equal(parts_of(ctx, (struct bytes){content, sizeof(content) - 1}, 7),
                        "a - - []\n"); /* a content may have it */
    assert_string_equal(parts_of(ctx, (struct bytes){head, sizeof(head) - 1}, 7), "400");
    talloc_free(ctx);
}

static void test_ceilings(void **state)
{
    static const char part[] = "\r\n" DISPOSITION "name=\"a\"\r\n\r\n\r\n--b";
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *body = talloc_strdup(ctx, "--b"), *head = talloc_strdup(ctx, "--b\r\n");

    for (int i = 0; i < LIMIT_PARTS; i++)
        body = talloc_strdup_append(body, part);
    assert_int_equal(strlen(parts_of(ctx, bytes_of(talloc_asprintf(ctx, "%s--", body)), 99)),
                     LIMIT_PARTS * strlen("a - - []\n"));
    assert_string_equal(parts_of(ctx, bytes_of(talloc_asprintf(ctx, "%s%s--", body, part)), 99),
                        "413");
    for (int i = 0; i < LIMIT_PART_HEAD / 4; i++)
        head = talloc_strdup_append(head, "X:\r\n");
    assert_string_equal(parts_of(ctx, bytes_of(head), 99), "400"); /* its empty line is missing */
    head = talloc_strdup_append(head, "X");
    assert_string_equal(parts_of(ctx, bytes_of(head), 99), "400");
    talloc_free(ctx);
}

static void test_boundary(void **state)
{
    static const struct {
        const char *type;
        const char *boundary;
    } rows[] = {
        {"multipart/form-data; boundary=b", "b"},
        {"Multipart/Form-Data;charset=utf-8 ; BOUNDARY=\"----WebKit/x y\"", "----WebKit/x y"},
        {"multipart/form-data; x=\"; boundary=a\"; boundary=b", "b"},
        {"multipart/form-data", NULL},
        {"multipart/form-data; boundary=", NULL},
        {"multipart/form-data; boundary=\"a ", NULL},
        {"multipart/form-data; boundary=\"a \"", NULL},
        {"multipart/form-data; boundary=\"a\\\"b\"", NULL},
        {"multipart/form-data; boundary=0123456789012345678901234567890123456789012345678901234567"
         "890123456789",
         "0123456789012345678901234567890123456789012345678901234567890123456789"},
        {"multipart/form-data; boundary=0123456789012345678901234567890123456789012345678901234567"
         "8901234567890",
         NULL},
        {"multipart/mixed; boundary=b", NULL},
        {"application/x-www-form-urlencoded", NULL},
    };
    TALLOC_CTX *ctx = talloc_new(NULL);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *boundary = http_multipart_boundary(ctx, rows[i].type);

        assert_int_equal(boundary != NULL, rows[i].boundary != NULL);
        if (boundary)
            assert_string_equal(boundary, rows[i].boundary);
    }
    talloc_free(ctx);
}

static void test_find(void **state)
{
    static const struct http_part parts[] = {{.name = "a"}, {.name = "b"}, {.name = "a"}};

    assert_ptr_equal(http_part_find(parts, 3, "a"), &parts[0]);
    assert_ptr_equal(http_part_find(parts, 3, "b"), &parts[1]);
    assert_null(http_part_find(parts, 3, "c"));
    assert_null(http_part_find(NULL, 0, "a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),    cmocka_unit_test(test_nul),
        cmocka_unit_test(test_ceilings), cmocka_unit_test(test_boundary),
        cmocka_unit_test(test_find),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
