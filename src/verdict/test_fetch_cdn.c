/* SPDX-License-Identifier: MIT */
/* test_fetch_cdn.c - answers of CDNs, object stores and walls against robots, told from a policy
 * host's own. */
#include "verdict/fetch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NONE                                                                                       \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

static struct bytes text_or_none(const char *text)
{
    return text ? (struct bytes){text, strlen(text)} : (struct bytes)NONE;
}

/* An answer with one header. */
static struct https_fetch answered(int64_t status, struct http_header *header, const char *name,
                                   const char *value, const char *body)
{
    *header = (struct http_header){name, text_or_none(value)};
    return (struct https_fetch){.status = status,
                                .headers = header,
                                .header_count = name != NULL,
                                .body = text_or_none(body)};
}

static void assert_text(struct bytes text, const char *expect)
{
    assert_int_equal(text.length, strlen(expect));
    assert_memory_equal(text.data ? text.data : "", expect, text.length);
}

/* ---- coding, pages --------------------------------------------------------------------------- */

static void codings(void **state)
{
    static const struct {
        const char *sent, *expect;
    } cases[] = {{"gzip", "gzip"},         {"identity", ""},           {"IDENTITY", ""},
                 {"identitx", "identitx"}, {"identity2", "identity2"}, {"", ""}};
    struct http_header header;
    struct https_fetch fetch;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fetch = answered(200, &header, "content-encoding", cases[i].sent, "");
        assert_text(fetch_coding(&fetch), cases[i].expect);
    }
    fetch = answered(200, &header, NULL, NULL, "");
    assert_text(fetch_coding(&fetch), "");
}

/* The right header among several. */
static void the_first_header_of_the_name(void **state)
{
    struct http_header headers[] = {{"server", {"gzip", 4}},
                                    {"content-encoding", {"br", 2}},
                                    {"content-encoding", {"gzip", 4}}};
    const struct https_fetch fetch = {.headers = headers, .header_count = 3};

    (void)state;
    assert_text(fetch_coding(&fetch), "br");
}

static void pages(void **state)
{
    static const struct {
        const char *body;
        bool page;
    } cases[] = {{"<html>", true}, {" \r\n\t<html>", true}, {"version: STSv1", false},
                 {"", false},      {"   ", false},          {"a<html>", false},
                 {"<", true}};
    struct https_fetch fetch = {.status = 200};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fetch.body = text_or_none(cases[i].body);
        assert_int_equal(fetch_is_page(&fetch), cases[i].page);
    }
    fetch.body = (struct bytes){"  <", 2}; /* it ends before */
    assert_false(fetch_is_page(&fetch));
}

/* ---- challenges ------------------------------------------------------------------------------ */

struct challenge_case {
    int64_t status;
    const char *header, *value, *body;
    bool expect;
};

static const struct challenge_case challenges[] = {
    {403, "cf-mitigated", "challenge", "", true},
    {200, "cf-mitigated", "Challenge", "", true},
    {403, "cf-mitigated", "block", "", false},
    {202, "x-amzn-waf-action", "challenge", "", true},
    {405, "x-amzn-waf-action", "captcha", "", true},
    {405, "x-amzn-waf-action", "allow", "", false},
    {200, "x-other", "challenge", "", false},
    {200, NULL, NULL, "<script>window._cf_chl_opt={}", true},
    {200, NULL, NULL, "<iframe src=/_Incapsula_Resource?", true},
    {200, NULL, NULL, "<script src=https://ct.captcha-delivery.com/", true},
    {200, NULL, NULL, "<div id=px-captcha>", true},
    {200, NULL, NULL, "<script>AwsWafCookieDomainList", true},
    {200, NULL, NULL, "_cf_chl_opt", false}, /* no page */
    {200, NULL, NULL, "<form>captcha", false},
    {403, NULL, NULL, "<form>captcha", true},
    {429, NULL, NULL, "<form>Captcha", true},
    {503, NULL, NULL, "<form>captcha", true},
    {402, NULL, NULL, "<form>captcha", false},
    {404, NULL, NULL, "<form>captcha", false},
    {430, NULL, NULL, "<form>captcha", false},
    {504, NULL, NULL, "<form>captcha", false},
    {403, NULL, NULL, "<form>captch", false}, /* shorter than the word by one */
    {403, NULL, NULL, "<captcha", true},      /* at the very end */
    {403, NULL, NULL, "captcha", false},
};

static void each_challenge(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(challenges) / sizeof(challenges[0]); i++) {
        const struct challenge_case *one = &challenges[i];
        struct http_header header;
        struct https_fetch fetch =
            answered(one->status, &header, one->header, one->value, one->body);

        if (fetch_is_challenge(&fetch) != one->expect)
            fail_msg("case %zu: %d", i, !one->expect);
    }
}

static void client_certificates(void **state)
{
    static const char *const body = "<center>No required SSL certificate was sent</center>";
    struct https_fetch fetch = {.status = 400, .body = text_or_none(body)};

    (void)state;
    assert_true(fetch_lacks_certificate(&fetch));
    fetch.status = 401;
    assert_false(fetch_lacks_certificate(&fetch));
    fetch.status = 400;
    fetch.body = text_or_none("Bad Request");
    assert_false(fetch_lacks_certificate(&fetch));
}

/* ---- object stores --------------------------------------------------------------------------- */

struct store_case {
    int64_t status;
    const char *header, *value;
    enum object_store expect;
};

static const struct store_case stores[] = {
    {404, "server", "AmazonS3", STORE_S3},
    {400, "server", "AmazonS3", STORE_S3},
    {399, "server", "AmazonS3", STORE_NONE},
    {200, "server", "AmazonS3", STORE_NONE},
    {403, "x-amz-request-id", "4442587FB7D0A2F9", STORE_S3},
    {403, "x-amz-request-id", "", STORE_NONE},
    {403, "x-guploader-uploadid", "ABg5", STORE_GCS},
    {403, "server", "UploadServer", STORE_GCS},
    {404, "x-ms-error-code", "BlobNotFound", STORE_AZURE},
    {404, "server", "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0", STORE_AZURE},
    {404, "server", "nginx", STORE_NONE},
    {404, NULL, NULL, STORE_NONE},
};

static void each_store(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(stores) / sizeof(stores[0]); i++) {
        const struct store_case *one = &stores[i];
        struct http_header header;
        struct https_fetch fetch = answered(one->status, &header, one->header, one->value, "");

        if (fetch_store(&fetch) != one->expect)
            fail_msg("case %zu: %d", i, fetch_store(&fetch));
    }
}

#define X10 "xxxxxxxxxx"
#define X63 X10 X10 X10 X10 X10 X10 "xxx"

static void errors_of_stores(void **state)
{
    static const struct {
        const char *body, *expect;
    } cases[] = {{"<Error><Code>AccessDenied</Code>", "AccessDenied"},
                 {"<error><code>NoSuchKey</code>", "NoSuchKey"},
                 {"<Code></Code>", ""},
                 {"<Code>NoSuchKey", ""},
                 {"<Code>", ""},
                 {"Not Found", ""},
                 {"<Code>" X63 "<", X63},
                 {"<Code>" X63 "x<", ""}}; /* that is no word */
    struct http_header header;
    struct https_fetch fetch;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fetch = answered(404, &header, "server", "AmazonS3", cases[i].body);
        assert_text(fetch_store_error(&fetch), cases[i].expect);
    }
    fetch = answered(404, &header, "server", "nginx", cases[0].body);
    assert_text(fetch_store_error(&fetch), ""); /* no store */
    fetch = answered(404, &header, "x-ms-error-code", "BlobNotFound", "");
    assert_text(fetch_store_error(&fetch), "BlobNotFound");
    fetch = answered(404, &header, "x-ms-error-code", "BlobNotFound", "<Code>InBody</Code>");
    assert_text(fetch_store_error(&fetch), "InBody");
    /* the body ends where the word does */
    fetch.body = (struct bytes){"<Code>NoSuchKey<", 15};
    assert_text(fetch_store_error(&fetch), "BlobNotFound");
}

static void a_store_says(void **state)
{
    struct http_header header;
    struct https_fetch fetch =
        answered(404, &header, "server", "AmazonS3", "<Code>NoSuchKey</Code>");

    (void)state;
    assert_true(fetch_store_says(&fetch, "NoSuchKey"));
    assert_false(fetch_store_says(&fetch, "NoSuchKeys"));
    assert_false(fetch_store_says(&fetch, "NoSuchKe"));
    assert_false(fetch_store_says(&fetch, "NoSuchKex"));
    fetch.body = text_or_none("");
    assert_false(fetch_store_says(&fetch, "NoSuchKey"));
    assert_false(fetch_store_says(&fetch, ""));
}

/* ---- Cloudflare ------------------------------------------------------------------------------ */

struct cloudflare_case {
    int64_t status;
    const char *header, *value, *body;
    int64_t expect;
};

static const struct cloudflare_case cloudflare[] = {
    {530, "server", "cloudflare", "error code: 1016", 1016},
    {530, "cf-ray", "8", "error code: 1016", 1016},
    {530, "cf-ray", "", "error code: 1016", 0},
    {530, "server", "cloudflare2", "error code: 1016", 0},
    {530, "server", "cloudflar", "error code: 1016", 0},
    {530, "server", "nginx", "error code: 1016", 0},
    {400, "server", "cloudflare", "error code: 1001", 1001},
    {399, "server", "cloudflare", "error code: 1001", 0},
    {403, "server", "cloudflare", "error code: 1000", 1000},
    {403, "server", "cloudflare", "error code: 0999", 0},
    {403, "server", "cloudflare", "error code: 1999", 1999},
    {403, "server", "cloudflare", "error code: 2000", 0},
    {403, "server", "cloudflare", "error code: 101", 0},
    {403, "server", "cloudflare", "error code: 10x6", 0},
    {403, "server", "cloudflare", "<title>Error 1020</title>", 1020},
    {403, "server", "cloudflare", "Forbidden", 0},
    {519, "server", "cloudflare", "", 0},
    {520, "server", "cloudflare", "", 520},
    {526, "server", "cloudflare", "", 526},
    {530, "server", "cloudflare", "", 530},
    {531, "server", "cloudflare", "", 0},
    {522, "server", "cloudflare", "error code: 1016", 1016},
};

static void each_cloudflare_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cloudflare) / sizeof(cloudflare[0]); i++) {
        const struct cloudflare_case *one = &cloudflare[i];
        struct http_header header;
        struct https_fetch fetch =
            answered(one->status, &header, one->header, one->value, one->body);

        if (fetch_cloudflare_error(&fetch) != one->expect)
            fail_msg("case %zu: %d", i, (int)fetch_cloudflare_error(&fetch));
    }
}

/* Behind the end of the body there may be anything. */
static void the_number_ends_with_the_body(void **state)
{
    struct http_header header;
    struct https_fetch fetch = answered(403, &header, "server", "cloudflare", "error code: 1016");

    (void)state;
    fetch.body.length--;
    assert_int_equal(fetch_cloudflare_error(&fetch), 0);
    fetch.body.length++;
    assert_int_equal(fetch_cloudflare_error(&fetch), 1016);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codings),
        cmocka_unit_test(the_first_header_of_the_name),
        cmocka_unit_test(pages),
        cmocka_unit_test(each_challenge),
        cmocka_unit_test(client_certificates),
        cmocka_unit_test(each_store),
        cmocka_unit_test(errors_of_stores),
        cmocka_unit_test(a_store_says),
        cmocka_unit_test(each_cloudflare_error),
        cmocka_unit_test(the_number_ends_with_the_body),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
