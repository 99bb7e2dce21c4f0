/* SPDX-License-Identifier: MIT */
/* test_id_token.c - tokens signed here by keys made here, and what is refused of them; the messages
 * of a sign-in; what groups of others mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "accounts/crypto.h"
#include "accounts/encoding.h"
#include "accounts/id_token.h"
#include "accounts/oidc.h"
#include "accounts/role_map.h"

#define ISSUER "https://idp.example"
#define NOW    1000000

static TALLOC_CTX *top;
static EVP_PKEY *rsa, *ec, *other;
static struct json *keys;

/* ---- keys ------------------------------------------------------------------------------------ */

static char *number_of(const EVP_PKEY *key, const char *name, int size)
{
    BIGNUM *number = NULL;
    unsigned char data[512];

    assert_int_equal(EVP_PKEY_get_bn_param(key, name, &number), 1);
    size = size ? size : BN_num_bytes(number);
    assert_int_equal(BN_bn2binpad(number, data, size), size);
    BN_free(number);
    return encoding_base64url(top, (struct bytes){(const char *)data, (size_t)size});
}

static int set_up(void **state)
{
    const char *text;

    (void)state;
    top = talloc_new(NULL);
    rsa = EVP_RSA_gen(2048);
    other = EVP_RSA_gen(2048);
    ec = EVP_EC_gen("P-256");
    text = talloc_asprintf(
        top,
        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"enc\",\"use\":\"enc\"},7,"
        "{\"kty\":\"RSA\",\"kid\":\"r\",\"n\":\"%s\",\"e\":\"%s\"},"
        "{\"kty\":\"EC\",\"kid\":\"e\",\"use\":\"sig\",\"alg\":\"ES256\","
        "\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}]}",
        number_of(rsa, OSSL_PKEY_PARAM_RSA_N, 0), number_of(rsa, OSSL_PKEY_PARAM_RSA_E, 0),
        number_of(ec, OSSL_PKEY_PARAM_EC_PUB_X, 32), number_of(ec, OSSL_PKEY_PARAM_EC_PUB_Y, 32));
    keys = oidc_keys_read(top, bytes_of(text));
    return keys ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(other);
    EVP_PKEY_free(ec);
    talloc_free(top);
    return 0;
}

static const unsigned char *data_of(const char *text)
{
    return (const unsigned char *)text;
}

/* R and S out of the DER that OpenSSL makes. */
static struct bytes raw_signature(const unsigned char *der, size_t length)
{
    const unsigned char *at = der;
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)length);
    unsigned char *raw = talloc_zero_array(top, unsigned char, 64);

    assert_non_null(pair);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, 32), 32);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + 32, 32), 32);
    ECDSA_SIG_free(pair);
    return (struct bytes){(const char *)raw, 64};
}

static char *sign(EVP_PKEY *key, const char *header, const char *claims)
{
    char *text = talloc_asprintf(top, "%s.%s", encoding_base64url(top, bytes_of(header)),
                                 encoding_base64url(top, bytes_of(claims)));
    unsigned char signature[512];
    size_t length = sizeof signature;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    struct bytes made = {(const char *)signature, 0};

    assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key), 1);
    assert_int_equal(EVP_DigestSign(ctx, signature, &length, data_of(text), strlen(text)), 1);
    EVP_MD_CTX_free(ctx);
    made.length = length;
    if (key == ec)
        made = raw_signature(signature, length);
    return talloc_asprintf(top, "%s.%s", text, encoding_base64url(top, made));
}

/* ---- tokens ---------------------------------------------------------------------------------- */

static const struct id_token_rules rules = {.issuer = ISSUER,
                                            .client_id = "mtasts",
                                            .nonce = "n-1",
                                            .now = NOW,
                                            .name_claim = "preferred_username",
                                            .groups_claim = "realm_access.roles"};

static enum id_token_fault check(const char *token, struct id_token **ret)
{
    struct id_token *read = NULL;
    enum id_token_fault fault = id_token_check(top, bytes_of(token), keys, &rules, &read);

    assert_true((fault == ID_TOKEN_NONE) == (read != NULL));
    if (ret)
        *ret = read;
    return fault;
}

#define RS      "{\"alg\":\"RS256\",\"kid\":\"r\"}"
#define ES      "{\"alg\":\"ES256\",\"kid\":\"e\"}"
#define WHO     "\"iss\":\"" ISSUER "\",\"sub\":\"17\",\"nonce\":\"n-1\""
#define TIMES   "\"iat\":999990,\"exp\":1000300"
#define FOR_US  "\"aud\":\"mtasts\""
#define NOTHING "{" WHO "," FOR_US "," TIMES "}"

static void a_good_token_says_who_it_is(void **state)
{
    struct id_token *token;

    (void)state;
    assert_int_equal(check(sign(rsa, RS,
                                "{" WHO "," FOR_US "," TIMES ",\"preferred_username\":\"ada\","
                                "\"realm_access\":{\"roles\":[\"a\",3,\"b\"]}}"),
                           &token),
                     ID_TOKEN_NONE);
    assert_string_equal(token->subject, "17");
    assert_string_equal(token->name, "ada");
    assert_int_equal(token->group_count, 2);
    assert_string_equal(token->groups[1], "b");
    assert_int_equal(
        check(sign(ec, ES, "{" WHO "," FOR_US "," TIMES ",\"realm_access.roles\":\"solo\"}"),
              &token),
        ID_TOKEN_NONE);
    assert_string_equal(token->name, "17");
    assert_int_equal(token->group_count, 1);
    assert_string_equal(token->groups[0], "solo");
}

static void what_is_not_for_us_is_refused(void **state)
{
    static const struct {
        const char *header, *claims;
        enum id_token_fault fault;
    } rows[] = {
        {RS, NOTHING, ID_TOKEN_NONE},
        {"{\"alg\":\"RS256\"}", NOTHING, ID_TOKEN_NONE}, /* no kid: all keys are tried */
        {"{\"alg\":\"RS256\",\"kid\":\"x\"}", NOTHING, ID_TOKEN_SIGNATURE},
        {"{\"alg\":\"RS256\",\"kid\":\"e\"}", NOTHING, ID_TOKEN_SIGNATURE},
        {"{\"alg\":\"none\"}", NOTHING, ID_TOKEN_ALGORITHM},
        {"{\"alg\":\"HS256\",\"kid\":\"r\"}", NOTHING, ID_TOKEN_ALGORITHM},
        {"{\"alg\":\"rs256\",\"kid\":\"r\"}", NOTHING, ID_TOKEN_ALGORITHM},
        {"{\"alg\":\"PS256\",\"kid\":\"r\"}", NOTHING, ID_TOKEN_ALGORITHM},
        {"{\"kid\":\"r\"}", NOTHING, ID_TOKEN_ALGORITHM},
        {"{\"alg\":\"RS256\",\"kid\":\"r\",\"crit\":[\"exp\"]}", NOTHING, ID_TOKEN_CRITICAL},
        {"[]", NOTHING, ID_TOKEN_FORM},
        {RS, "7", ID_TOKEN_FORM},
        {RS, "{\"iss\":", ID_TOKEN_FORM},
        {RS, "{" FOR_US "," TIMES ",\"sub\":\"17\",\"nonce\":\"n-1\"}", ID_TOKEN_ISSUER},
        {RS, "{" FOR_US "," TIMES ",\"iss\":\"" ISSUER "/\",\"sub\":\"1\",\"nonce\":\"n-1\"}",
         ID_TOKEN_ISSUER},
        {RS, "{" WHO "," TIMES "}", ID_TOKEN_AUDIENCE},
        {RS, "{" WHO "," TIMES ",\"aud\":\"other\"}", ID_TOKEN_AUDIENCE},
        {RS, "{" WHO "," TIMES ",\"aud\":[\"mtasts\"]}", ID_TOKEN_NONE},
        {RS, "{" WHO "," TIMES ",\"aud\":[\"mtasts\",\"other\"]}", ID_TOKEN_AUDIENCE},
        {RS, "{" WHO "," TIMES ",\"aud\":[\"mtasts\",\"other\"],\"azp\":\"mtasts\"}",
         ID_TOKEN_NONE},
        {RS, "{" WHO "," TIMES "," FOR_US ",\"azp\":\"other\"}", ID_TOKEN_AUDIENCE},
        {RS, "{" WHO "," FOR_US ",\"iat\":999990}", ID_TOKEN_TIME},
        {RS, "{" WHO "," FOR_US ",\"iat\":999000,\"exp\":999940}", ID_TOKEN_TIME},
        {RS, "{" WHO "," FOR_US ",\"iat\":999000,\"exp\":999941}", ID_TOKEN_NONE},
        {RS, "{" WHO "," FOR_US ",\"iat\":999000.5,\"exp\":1000300.25}", ID_TOKEN_NONE},
        {RS, "{" WHO "," FOR_US ",\"iat\":999000,\"exp\":\"1000300\"}", ID_TOKEN_TIME},
        {RS, "{" WHO "," FOR_US ",\"iat\":1000061,\"exp\":1000300}", ID_TOKEN_TIME},
        {RS, "{" WHO "," FOR_US "," TIMES ",\"nbf\":1000061}", ID_TOKEN_TIME},
        {RS, "{" FOR_US "," TIMES ",\"iss\":\"" ISSUER "\",\"sub\":\"17\"}", ID_TOKEN_NONCE},
        {RS, "{" FOR_US "," TIMES ",\"iss\":\"" ISSUER "\",\"sub\":\"17\",\"nonce\":\"n-2\"}",
         ID_TOKEN_NONCE},
        {RS, "{" FOR_US "," TIMES ",\"iss\":\"" ISSUER "\",\"nonce\":\"n-1\"}", ID_TOKEN_SUBJECT},
        {RS, "{" FOR_US "," TIMES ",\"iss\":\"" ISSUER "\",\"nonce\":\"n-1\",\"sub\":17}",
         ID_TOKEN_SUBJECT},
        {RS, "{" FOR_US "," TIMES ",\"iss\":\"" ISSUER "\",\"nonce\":\"n-1\",\"sub\":\"\"}",
         ID_TOKEN_SUBJECT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum id_token_fault fault = check(sign(rsa, rows[i].header, rows[i].claims), NULL);

        if (fault != rows[i].fault)
            fail_msg("row %zu: %s", i, id_token_fault_text(fault));
    }
}

static void only_the_providers_keys_count(void **state)
{
    char *token = sign(rsa, RS, NOTHING), *dot = strrchr(token, '.');

    (void)state;
    assert_int_equal(check(sign(other, RS, NOTHING), NULL), ID_TOKEN_SIGNATURE);
    assert_int_equal(check(sign(rsa, ES, NOTHING), NULL), ID_TOKEN_SIGNATURE);
    assert_int_equal(check(sign(ec, RS, NOTHING), NULL), ID_TOKEN_SIGNATURE);
    dot[1] = dot[1] == 'A' ? 'B' : 'A';
    assert_int_equal(check(token, NULL), ID_TOKEN_SIGNATURE);
    dot[1] = '\0';
    assert_int_equal(check(token, NULL), ID_TOKEN_FORM);
    *dot = '\0';
    assert_int_equal(check(token, NULL), ID_TOKEN_FORM);
    assert_int_equal(check("", NULL), ID_TOKEN_FORM);
    assert_int_equal(check("..", NULL), ID_TOKEN_FORM);
    assert_int_equal(check(talloc_asprintf(top, "%s.x", sign(ec, ES, NOTHING)), NULL),
                     ID_TOKEN_FORM);
}

/* ---- the messages ---------------------------------------------------------------------------- */

#define CONFIGURATION(issuer, authorize, more)                                                     \
    "{\"issuer\":\"" issuer "\",\"authorization_endpoint\":\"" authorize "\","                     \
    "\"token_endpoint\":\"" ISSUER "/token\",\"jwks_uri\":\"" ISSUER "/keys\"" more "}"

static void a_configuration_is_of_its_issuer(void **state)
{
    static const char *const bad[] = {
        "",
        "[]",
        "{}",
        CONFIGURATION("https://idp.example/", ISSUER "/auth", ""),
        CONFIGURATION(ISSUER, "http://idp.example/auth", ""),
        CONFIGURATION(ISSUER, "javascript:alert(1)", ""),
        CONFIGURATION(ISSUER, ISSUER "/a b", ""),
        CONFIGURATION(ISSUER, ISSUER "/a\\nb", ""),
    };
    struct oidc_provider *provider =
        oidc_provider_read(top, bytes_of(CONFIGURATION(ISSUER, ISSUER "/auth?x=1", "")), ISSUER);

    (void)state;
    assert_string_equal(provider->token_url, ISSUER "/token");
    assert_false(provider->secret_in_form);
    provider =
        oidc_provider_read(top,
                           bytes_of(CONFIGURATION(ISSUER, ISSUER "/auth",
                                                  ",\"token_endpoint_auth_methods_supported\":"
                                                  "[\"client_secret_post\"]")),
                           ISSUER);
    assert_true(provider->secret_in_form);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_null(oidc_provider_read(top, bytes_of(bad[i]), ISSUER));
    assert_string_equal(oidc_discovery_url(top, ISSUER "/"),
                        ISSUER "/.well-known/openid-configuration");
}

/* RFC 7636 appendix B */
static void a_sign_in_proves_that_the_code_is_ours(void **state)
{
    const struct oidc_provider provider = {
        .authorize_url = ISSUER "/auth?x=1", .token_url = ISSUER, .secret_in_form = true};
    const struct oidc_client client = {.id = "mta&sts",
                                       .secret = "s 1",
                                       .redirect_url = "https://a.example/cb",
                                       .scopes = "openid profile"};
    struct oidc_sign_in *made = oidc_sign_in_new(top), sign_in = *made;

    (void)state;
    assert_int_equal(strlen(made->verifier), 43);
    assert_string_not_equal(made->state, made->nonce);
    sign_in.state = talloc_strdup(top, "st");
    sign_in.nonce = talloc_strdup(top, "no");
    sign_in.verifier = talloc_strdup(top, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_string_equal(oidc_authorize_url(top, &provider, &client, &sign_in),
                        ISSUER "/auth?x=1&response_type=code&client_id=mta%26sts"
                               "&redirect_uri=https%3A%2F%2Fa.example%2Fcb&scope=openid%20profile"
                               "&state=st&nonce=no"
                               "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
                               "&code_challenge_method=S256");
    assert_string_equal(oidc_token_form(top, &provider, &client, &sign_in, "c/d"),
                        "grant_type=authorization_code&code=c%2Fd"
                        "&redirect_uri=https%3A%2F%2Fa.example%2Fcb"
                        "&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
                        "&client_id=mta%26sts&client_secret=s%201");
    assert_true(bytes_equal(oidc_token_read(top, bytes_of("{\"id_token\":\"a.b.c\"}")), "a.b.c"));
    assert_int_equal(oidc_token_read(top, bytes_of("{\"error\":\"x\"}")).length, 0);
}

/* ---- groups ---------------------------------------------------------------------------------- */

static void groups_of_others_are_roles_here(void **state)
{
    static const char *const theirs[] = {"mail", "ops", "x"};
    static const char *const bad[] = {"",          "a",         "a=b",        "a=b:root",
                                      "=b:viewer", "a=:viewer", "a=*:viewer", "a:viewer=b"};
    struct role_map *map = role_map_new(top);
    struct role_grant *grants;
    size_t count = 9;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (role_map_add(map, bad[i]))
            fail_msg("row %zu", i);
    assert_true(role_map_add(map, "mail=Mail & more:viewer"));
    grants = role_map_apply(top, map, theirs + 2, 1, &count);
    assert_non_null(grants);
    assert_int_equal(count, 0);
    assert_true(role_map_add(map, "ops=Mail & more:editor"));
    assert_true(role_map_add(map, "cn=ops,dc=example=Mail & more:admin"));
    assert_true(role_map_add(map, "ops=*:admin"));
    assert_true(role_map_add(map, "*=Everyone:viewer"));
    grants = role_map_apply(top, map, theirs, 3, &count);
    assert_int_equal(count, 3);
    assert_string_equal(grants[0].group, "Mail & more");
    assert_int_equal(grants[0].role, STORE_ROLE_EDITOR);
    assert_null(grants[1].group);
    assert_string_equal(grants[2].group, "Everyone");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_token_says_who_it_is),
        cmocka_unit_test(what_is_not_for_us_is_refused),
        cmocka_unit_test(only_the_providers_keys_count),
        cmocka_unit_test(a_configuration_is_of_its_issuer),
        cmocka_unit_test(a_sign_in_proves_that_the_code_is_ours),
        cmocka_unit_test(groups_of_others_are_roles_here),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
