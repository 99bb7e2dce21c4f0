/* SPDX-License-Identifier: MIT */
/* test_accounts.c - codes, tokens, sessions, names, attempts, and the first start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/account_name.h"
#include "accounts/attempts.h"
#include "accounts/crypto.h"
#include "accounts/encoding.h"
#include "accounts/first_start.h"
#include "accounts/limits.h"
#include "accounts/token.h"
#include "accounts/totp.h"

static const struct bytes rfc_secret = {"12345678901234567890", 20};

/* RFC 6238 appendix B, SHA-1 */
static void codes_are_those_of_the_rfc(void **state)
{
    static const struct {
        int64_t at;
        int32_t code;
    } rows[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(totp_code(rfc_secret, totp_step(rows[i].at), 8), rows[i].code);
}

/* The code of 59 s, step 1, is 287082. */
static void a_code_holds_for_a_step_around_now(void **state)
{
    int64_t step = -1;

    (void)state;
    assert_true(totp_check(rfc_secret, "287082", 59, -1, &step));
    assert_int_equal(step, 1);
    assert_true(totp_check(rfc_secret, " 287 082 ", 89, -1, &step));
    assert_true(totp_check(rfc_secret, "287082", 29, -1, &step));
    assert_int_equal(step, 1);
    assert_false(totp_check(rfc_secret, "287082", 90, -1, &step));
    assert_false(totp_check(rfc_secret, "287082", 59, 1, &step)); /* used before */
    assert_false(totp_check(rfc_secret, "287083", 59, -1, &step));
    assert_false(totp_check(rfc_secret, "28708", 59, -1, &step));
    assert_false(totp_check(rfc_secret, "0287082", 59, -1, &step));
    assert_false(totp_check(rfc_secret, "", 59, -1, &step));
    assert_false(totp_check(rfc_secret, "28708a", 59, -1, &step));
}

static void an_app_can_read_the_secret(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct bytes secret, other;

    (void)state;
    assert_string_equal(totp_uri(ctx, rfc_secret, "mail & more", "ada"),
                        "otpauth://totp/mail%20%26%20more:ada?"
                        "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=mail%20%26%20more");
    assert_int_equal(totp_new_secret(ctx, &secret), STS_OK);
    assert_int_equal(totp_new_secret(ctx, &other), STS_OK);
    assert_int_equal(secret.length, TOTP_SECRET_SIZE);
    assert_memory_not_equal(secret.data, other.data, TOTP_SECRET_SIZE);
    talloc_free(ctx);
}

static void recovery_codes_are_read_as_people_type(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    uint8_t a[CRYPTO_SHA256_SIZE], b[CRYPTO_SHA256_SIZE];
    char *code = recovery_code_new(ctx);

    (void)state;
    assert_int_equal(strlen(code), 14);
    assert_int_equal(recovery_code_hash(code, a), STS_OK);
    assert_int_equal(recovery_code_hash("abcd-efgh-jkmn", a), STS_OK);
    assert_int_equal(recovery_code_hash(" ABCD efghjkmn", b), STS_OK);
    assert_memory_equal(a, b, sizeof a);
    assert_int_equal(recovery_code_hash("abcd-efgh-jkm", a), STS_E_INVALID);
    assert_int_equal(recovery_code_hash("abcd-efgh-jkmnp", a), STS_E_INVALID);
    talloc_free(ctx);
}

static void bytes_are_written_as_the_rfc_has_them(void **state)
{
    static const struct {
        const char *bytes, *base32, *base64url;
    } rows[] = {{"", "", ""},
                {"f", "MY", "Zg"},
                {"fo", "MZXQ", "Zm8"},
                {"foo", "MZXW6", "Zm9v"},
                {"foob", "MZXW6YQ", "Zm9vYg"},
                {"fooba", "MZXW6YTB", "Zm9vYmE"},
                {"foobar", "MZXW6YTBOI", "Zm9vYmFy"},
                {"\xfb\xff", "7P7Q", "-_8"}};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct bytes back;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(encoding_base32(ctx, bytes_of(rows[i].bytes)), rows[i].base32);
        assert_string_equal(encoding_base64url(ctx, bytes_of(rows[i].bytes)), rows[i].base64url);
        assert_true(encoding_from_base64url(ctx, bytes_of(rows[i].base64url), &back));
        assert_true(bytes_equal(back, rows[i].bytes));
    }
    assert_false(encoding_from_base64url(ctx, bytes_of("Zg=="), &back));
    assert_false(encoding_from_base64url(ctx, bytes_of("Z+8"), &back));
    assert_false(encoding_from_base64url(ctx, bytes_of("Zh"), &back)); /* bits that are not 0 */
    assert_false(encoding_from_base64url(ctx, bytes_of("Zm8vY"), &back));
    talloc_free(ctx);
}

static void a_token_has_a_form_and_an_end(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char label[TOKEN_LABEL_LENGTH + 1], *text = token_new(ctx), *other = token_new(ctx);
    uint8_t hash[CRYPTO_SHA256_SIZE], another[CRYPTO_SHA256_SIZE];
    struct store_token stored = {.hash = hash};

    (void)state;
    assert_int_equal(strlen(text), TOKEN_LENGTH);
    assert_string_not_equal(text, other);
    assert_true(token_read(other, label, another));
    assert_true(token_read(text, label, hash));
    assert_memory_equal(label, text, TOKEN_LABEL_LENGTH);
    assert_true(token_is_good(&stored, hash, 100));
    assert_false(token_is_good(&stored, another, 100));
    stored.expires = 100;
    assert_true(token_is_good(&stored, hash, 99));
    assert_false(token_is_good(&stored, hash, 100));
    text[TOKEN_LENGTH - 1] = '-';
    assert_false(token_read(text, label, hash));
    assert_false(token_read("", label, hash));
    assert_false(token_read("mts_", label, hash));
    assert_false(token_read(talloc_asprintf(ctx, "%s0", other), label, hash));
    talloc_free(ctx);
}

static void scopes_are_read_as_written(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);

    (void)state;
    assert_int_equal(token_scopes_read("read admin"), TOKEN_READ | TOKEN_ADMIN);
    assert_int_equal(token_scopes_read("  ingest "), TOKEN_INGEST);
    assert_int_equal(token_scopes_read("read root"), 0);
    assert_int_equal(token_scopes_read(""), 0);
    assert_string_equal(token_scopes_write(ctx, TOKEN_DOMAINS | TOKEN_CHECK), "check domains");
    talloc_free(ctx);
}

static void a_session_ends(void **state)
{
    struct store_login login = {.created = 1000, .used = 1000};

    (void)state;
    assert_false(session_is_over(&login, 1000 + SESSION_IDLE_S - 1));
    assert_true(session_is_over(&login, 1000 + SESSION_IDLE_S));
    login.used = 1000 + SESSION_LIFE_S - 10;
    assert_false(session_is_over(&login, 1000 + SESSION_LIFE_S - 1));
    assert_true(session_is_over(&login, 1000 + SESSION_LIFE_S));
    login.created = login.used = 10 * SESSION_LIFE_S;
    assert_true(session_is_over(&login, 1000));
}

static void a_form_is_of_its_session(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *a = session_secret_new(ctx), *b = session_secret_new(ctx);
    uint8_t hash[CRYPTO_SHA256_SIZE];

    (void)state;
    assert_true(session_secret_hash(a, hash));
    assert_false(session_secret_hash("short", hash));
    assert_true(session_form_token_is(a, session_form_token(ctx, a)));
    assert_false(session_form_token_is(b, session_form_token(ctx, a)));
    assert_false(session_form_token_is(a, ""));
    assert_null(strstr(session_form_token(ctx, a), a));
    talloc_free(ctx);
}

static void names_can_be_told_apart(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char *longest = talloc_zero_array(ctx, char, ACCOUNT_NAME_MAX + 2);

    (void)state;
    memset(longest, 'a', ACCOUNT_NAME_MAX);
    assert_string_equal(account_name_of_user(ctx, " Ada.L@example "), "ada.l@example");
    assert_string_equal(account_name_of_group(ctx, " Mail & more "), "Mail & more");
    assert_non_null(account_name_of_user(ctx, longest));
    longest[ACCOUNT_NAME_MAX] = 'a';
    assert_null(account_name_of_user(ctx, longest));
    assert_null(account_name_of_user(ctx, "  "));
    assert_null(account_name_of_user(ctx, "a b"));
    assert_null(account_name_of_user(ctx, "a\nb"));
    assert_null(account_name_of_user(ctx, "a\xe2\x80\xae"
                                          "b")); /* from right to left */
    assert_null(account_name_of_group(ctx, "a\xff"));
    talloc_free(ctx);
}

static bool try_it(struct attempts *attempts, const char *account, const char *address, int64_t at)
{
    int64_t wait;

    return attempts_try(attempts, &(struct attempt_of){account, address, false}, at, &wait);
}

/* At so many addresses, each once. */
static void try_often(struct attempts *attempts, int count, bool code)
{
    for (int i = 0; i < count; i++) {
        char address[32];
        int64_t wait;

        (void)snprintf(address, sizeof address, "198.51.100.%d", i);
        assert_true(
            attempts_try(attempts, &(struct attempt_of){"ada", address, code}, 1000 + i, &wait));
    }
}

static void an_account_and_an_address_have_so_many_a_minute(void **state)
{
    struct attempts *attempts = attempts_new(NULL);
    const struct attempt_of one_more = {"ada", "192.0.2.1", false};
    int64_t wait = -1;

    (void)state;
    try_often(attempts, ATTEMPTS_OF_ACCOUNT, false);
    assert_false(attempts_try(attempts, &one_more, 2000, &wait));
    assert_int_equal(wait, 59);
    assert_true(try_it(attempts, "bob", "192.0.2.1", 2000));
    assert_true(try_it(attempts, "ada", "192.0.2.1", 61000));
    for (int i = 0; i < ATTEMPTS_MAX - 2; i++)
        assert_true(try_it(attempts, NULL, "192.0.2.1", 61001));
    assert_false(try_it(attempts, "eve", "192.0.2.1", 61500)); /* of the address: 5 since 2000 */
    talloc_free(attempts);
}

/* One network that guesses keeps nobody out who comes from another. */
static void an_account_is_not_locked_by_one_address(void **state)
{
    struct attempts *attempts = attempts_new(NULL);

    (void)state;
    for (int i = 0; i < ATTEMPTS_MAX; i++)
        assert_true(try_it(attempts, "ada", "192.0.2.1", 1000));
    assert_false(try_it(attempts, "ada", "192.0.2.1", 1000));
    assert_true(try_it(attempts, "ada", "192.0.2.2", 1000));
    talloc_free(attempts);
}

static void codes_are_tried_five_times_wherever_it_is(void **state)
{
    struct attempts *attempts = attempts_new(NULL);
    const struct attempt_of code = {"ada", "192.0.2.1", true};
    int64_t wait;

    (void)state;
    try_often(attempts, ATTEMPTS_MAX, true);
    assert_false(attempts_try(attempts, &code, 2000, &wait));
    assert_true(try_it(attempts, "ada", "192.0.2.1", 2000));
    attempts_forget(attempts, "ada", "192.0.2.1");
    assert_true(attempts_try(attempts, &code, 2000, &wait));
    talloc_free(attempts);
}

static void addresses_of_a_network_are_one(void **state)
{
    struct attempts *attempts = attempts_new(NULL);
    char address[64];

    (void)state;
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
        (void)snprintf(address, sizeof address, "2001:db8:0:1:%d::%d", i, i);
        assert_true(try_it(attempts, NULL, address, 1000));
    }
    assert_false(try_it(attempts, NULL, "2001:db8:0:1::99", 1000));
    assert_true(try_it(attempts, NULL, "2001:db8:0:2::99", 1000));
    talloc_free(attempts);
}

static void who_signed_in_may_sign_in_again(void **state)
{
    struct attempts *attempts = attempts_new(NULL);

    (void)state;
    for (int i = 0; i < ATTEMPTS_MAX; i++)
        assert_true(try_it(attempts, "ada", i % 2 ? "192.0.2.1" : "192.0.2.2", 1000));
    attempts_forget(attempts, "ada", "192.0.2.2");
    for (int i = 0; i < 3; i++) /* of 192.0.2.1 there were two before, of 192.0.2.2 three */
        assert_true(try_it(attempts, NULL, i ? "192.0.2.1" : "192.0.2.2", 1000));
    assert_true(try_it(attempts, "ada", "192.0.2.1", 1000));
    assert_false(try_it(attempts, "bob", "192.0.2.1", 1000));
    talloc_free(attempts);
}

/* Nobody may try rather than everybody as often as they like. */
/* Guessing at an account keeps strangers out, and not who signed in from there before. */
static void an_owner_is_not_kept_out(void **state)
{
    struct attempts *attempts = attempts_new(NULL);

    (void)state;
    assert_true(try_it(attempts, "ada", "192.0.2.99", 1000));
    attempts_forget(attempts, "ada", "192.0.2.99");
    try_often(attempts, ATTEMPTS_OF_ACCOUNT, false);
    assert_false(try_it(attempts, "ada", "198.51.100.200", 2000));
    for (int i = 0; i < ATTEMPTS_MAX; i++)
        assert_true(try_it(attempts, "ada", "192.0.2.99", 2000));
    assert_false(try_it(attempts, "ada", "192.0.2.99", 2000)); /* of the address */
    assert_false(try_it(attempts, "bob", "192.0.2.99", 2000));
    talloc_free(attempts);
}

static void a_flood_of_attempts_stops_them_all(void **state)
{
    struct attempts *attempts = attempts_new(NULL);
    char address[32];
    int many = 0;

    (void)state;
    for (int i = 0; i < ATTEMPTS_KEPT; i++) {
        (void)snprintf(address, sizeof address, "10.1.%d.%d", i / 256, i % 256);
        many += try_it(attempts, NULL, address, 1000);
    }
    assert_int_equal(many, ATTEMPTS_KEPT - 1);
    assert_false(try_it(attempts, NULL, "192.0.2.1", 60999));
    assert_true(try_it(attempts, NULL, "192.0.2.1", 61000));
    talloc_free(attempts);
}

static void the_first_start_has_a_private_file(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    char folder[] = "/tmp/mtasts-first-XXXXXX", *secret = NULL, *again = NULL;
    const char *path;
    struct stat file;
    bool is_new = false;

    (void)state;
    assert_non_null(mkdtemp(folder));
    path = talloc_asprintf(ctx, "%s/link", folder);
    assert_int_equal(first_start_secret(ctx, path, &secret, &is_new), STS_OK);
    assert_true(is_new);
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    assert_int_equal(first_start_secret(ctx, path, &again, &is_new), STS_OK);
    assert_false(is_new);
    assert_string_equal(secret, again);
    assert_true(first_start_is(secret, again));
    assert_false(first_start_is(secret, ""));
    assert_false(first_start_is(secret, "x"));
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(first_start_secret(ctx, path, &again, &is_new), STS_E_IO);
    assert_int_equal(errno, EPERM);
    first_start_over(path);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(symlink("/dev/null", path), 0);
    assert_int_equal(first_start_secret(ctx, path, &again, &is_new), STS_E_IO);
    first_start_over(path);
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(first_start_secret(ctx, path, &again, &is_new), STS_E_IO);
    assert_int_equal(errno, ENOENT);
    talloc_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_rfc),
        cmocka_unit_test(a_code_holds_for_a_step_around_now),
        cmocka_unit_test(an_app_can_read_the_secret),
        cmocka_unit_test(recovery_codes_are_read_as_people_type),
        cmocka_unit_test(bytes_are_written_as_the_rfc_has_them),
        cmocka_unit_test(a_token_has_a_form_and_an_end),
        cmocka_unit_test(scopes_are_read_as_written),
        cmocka_unit_test(a_session_ends),
        cmocka_unit_test(a_form_is_of_its_session),
        cmocka_unit_test(names_can_be_told_apart),
        cmocka_unit_test(an_account_and_an_address_have_so_many_a_minute),
        cmocka_unit_test(an_account_is_not_locked_by_one_address),
        cmocka_unit_test(codes_are_tried_five_times_wherever_it_is),
        cmocka_unit_test(addresses_of_a_network_are_one),
        cmocka_unit_test(who_signed_in_may_sign_in_again),
        cmocka_unit_test(an_owner_is_not_kept_out),
        cmocka_unit_test(a_flood_of_attempts_stops_them_all),
        cmocka_unit_test(the_first_start_has_a_private_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
