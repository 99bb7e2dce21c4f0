/* SPDX-License-Identifier: MIT */
/* test_sign_in.c - a service with a store of its own: the first start, passwords, codes, sessions,
 * tokens; and nothing comes after a handle was freed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounts/external.h"
#include "accounts/limits.h"
#include "accounts/password.h"
#include "accounts/sign_in.h"
#include "accounts/token.h"
#include "accounts/totp.h"
#include "base/clock.h"
#include "event/loop.h"
#include "store/readers.h"
#include "store/writer.h"

#define PASSWORD "correct horse battery"

static struct lab {
    TALLOC_CTX *ctx;
    char folder[32];
    const char *where, *link;
    struct store *store; /* another connection */
    struct loop *loop;
    struct accounts *accounts;
    struct sign_in_result result;
    char *secret; /* of the result */
    struct account *account;
    int64_t ada;
} lab;

static int set_up(void **state)
{
    struct accounts_setup setup = {0};
    struct store_fault *fault = NULL;
    struct store_user ada = {.name = "ada", .administrator = true, .created = 1};

    (void)state;
    memset(&lab, 0, sizeof lab);
    lab.ctx = talloc_new(NULL);
    (void)snprintf(lab.folder, sizeof lab.folder, "/tmp/mtasts-accounts-XXXXXX");
    assert_non_null(mkdtemp(lab.folder));
    lab.where = talloc_asprintf(lab.ctx, "%s/store.db", lab.folder);
    lab.link = talloc_asprintf(lab.ctx, "%s/link", lab.folder);
    assert_int_equal(store_open(lab.ctx, lab.where, STORE_WRITE, &lab.store, &fault), STS_OK);
    if (*state == NULL) {
        ada.password = password_hash(lab.ctx, PASSWORD);
        assert_int_equal(store_add_user(lab.store, &ada, &lab.ada), STS_OK);
    }
    assert_int_equal(loop_new(lab.ctx, &lab.loop), STS_OK);
    setup.loop = lab.loop;
    setup.first_start = lab.link;
    assert_int_equal(store_writer_new(lab.ctx, lab.loop, lab.where, &setup.writer), STS_OK);
    assert_int_equal(store_readers_new(lab.ctx, lab.loop, lab.where, 2, &setup.readers), STS_OK);
    assert_int_equal(accounts_new(lab.ctx, &setup, &lab.accounts), STS_OK);
    return 0;
}

static int tear_down(void **state)
{
    char *remove = talloc_asprintf(NULL, "rm -rf %s", lab.folder);

    (void)state;
    talloc_free(lab.ctx);
    assert_int_equal(system(remove), 0);
    talloc_free(remove);
    return 0;
}

static void on_result(void *arg, const struct sign_in_result *result)
{
    (void)arg;
    lab.result = *result;
    lab.secret = talloc_strdup(lab.ctx, result->secret);
    loop_stop(lab.loop);
}

static enum sign_in run(struct sign_in_request request)
{
    struct sign_in_run *handle;

    request.address = request.address ? request.address : "192.0.2.1";
    request.agent = "test";
    request.done = on_result;
    assert_int_equal(sign_in_start(lab.ctx, lab.accounts, &request, &handle), STS_OK);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    talloc_free(handle);
    return lab.result.outcome;
}

static enum sign_in by_password(const char *name, const char *password)
{
    return run((struct sign_in_request){.name = name, .password = password});
}

static enum sign_in by_code(const char *ticket, const char *code)
{
    return run((struct sign_in_request){.ticket = ticket, .code = code});
}

static void on_who(void *arg, struct account *account, enum sts_status status)
{
    (void)arg;
    assert_int_equal(status, STS_OK);
    lab.account = talloc_steal(lab.ctx, account);
    loop_stop(lab.loop);
}

static struct account *who(const char *session, const char *token)
{
    struct accounts_who request = {.session = session, .token = token, .done = on_who};
    struct accounts_handle *handle;

    request.address = "192.0.2.1";
    assert_int_equal(accounts_who_start(lab.ctx, lab.accounts, &request, &handle), STS_OK);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    talloc_free(handle);
    return lab.account;
}

/* "ada sign-in;" of all that the log has, the newest first */
static bool tell(void *arg, const struct store_audit *audit)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s %s;", audit->who, audit->action);
    return true;
}

static void expect_log(const char *expected)
{
    char *text = talloc_strdup(lab.ctx, "");

    assert_int_equal(store_audit(lab.store, 0, INT64_MAX, 50, tell, &text), STS_OK);
    assert_string_equal(text, expected);
}

static void who_knows_the_password_gets_a_session(void **state)
{
    (void)state;
    assert_int_equal(by_password(" Ada ", PASSWORD), SIGN_IN_DONE);
    assert_string_equal(who(lab.secret, NULL)->name, "ada");
    assert_true(lab.account->administrator && lab.account->form_token);
    assert_int_equal(by_password("ada", "wrong"), SIGN_IN_WRONG);
    assert_int_equal(by_password("eve", PASSWORD), SIGN_IN_WRONG);
    assert_int_equal(by_password("", ""), SIGN_IN_WRONG);
    assert_null(who("no such secret", NULL));
    assert_null(who(NULL, NULL));
    expect_log(" sign-in-failed;eve sign-in-failed;ada sign-in-failed;ada sign-in;");
}

static void who_guesses_has_to_wait(void **state)
{
    (void)state;
    for (int i = 0; i < ATTEMPTS_MAX; i++)
        assert_int_equal(by_password("ada", "wrong"), SIGN_IN_WRONG);
    assert_int_equal(by_password("ada", PASSWORD), SIGN_IN_LATER);
    assert_true(lab.result.wait_s > 0 && lab.result.wait_s <= ATTEMPTS_SPAN_S);
    assert_int_equal(
        run((struct sign_in_request){.name = "ada", .password = PASSWORD, .address = "192.0.2.2"}),
        SIGN_IN_DONE);
}

static void a_user_who_is_disabled_is_nobody(void **state)
{
    int64_t id;
    bool done;

    (void)state;
    assert_int_equal(
        store_add_user(lab.store,
                       &(struct store_user){.name = "bob",
                                            .administrator = true,
                                            .password = password_hash(lab.ctx, PASSWORD)},
                       &id),
        STS_OK);
    assert_int_equal(by_password("bob", PASSWORD), SIGN_IN_DONE);
    assert_non_null(who(lab.secret, NULL));
    assert_int_equal(store_set_rights(lab.store, id, true, true, &done), STS_OK);
    assert_null(who(lab.secret, NULL));
    assert_int_equal(by_password("bob", PASSWORD), SIGN_IN_WRONG);
}

static char *code_of(struct bytes secret, int64_t step)
{
    return talloc_asprintf(lab.ctx, "%06d", (int)totp_code(secret, step, 6));
}

static void a_second_factor_is_asked_for(void **state)
{
    static const struct bytes secret = {"12345678901234567890", 20};
    uint8_t hash[CRYPTO_SHA256_SIZE];
    int64_t step = totp_step(clock_now());
    char *ticket;
    bool fresh;

    (void)state;
    assert_int_equal(store_put_factor(lab.store, lab.ada, secret), STS_OK);
    assert_int_equal(store_use_step(lab.store, lab.ada, step - 5, &fresh), STS_OK);
    assert_int_equal(recovery_code_hash("abcd-efgh-jkmn", hash), STS_OK);
    assert_int_equal(store_put_recovery(lab.store, lab.ada, hash, 1), STS_OK);
    assert_int_equal(by_password("ada", PASSWORD), SIGN_IN_CODE);
    ticket = lab.secret;
    assert_null(who(ticket, NULL));
    assert_int_equal(by_code(ticket, "000000x"), SIGN_IN_WRONG);
    assert_int_equal(by_code(ticket, code_of(secret, step)), SIGN_IN_DONE);
    assert_non_null(who(lab.secret, NULL));
    assert_int_equal(by_code(ticket, code_of(secret, step + 1)), SIGN_IN_EXPIRED); /* used up */
    assert_int_equal(by_password("ada", PASSWORD), SIGN_IN_CODE);
    ticket = lab.secret;
    assert_int_equal(by_code(ticket, code_of(secret, step)), SIGN_IN_WRONG); /* as the code is */
    assert_int_equal(by_code("no such ticket", "1"), SIGN_IN_EXPIRED);
}

/* What was right when it was given counts no longer. */
static void a_pending_sign_in_dies_with_its_password(void **state)
{
    static const struct bytes secret = {"12345678901234567890", 20};
    struct store_user root = {.name = "root", .administrator = true, .created = 1};
    int64_t step = totp_step(clock_now()), id;
    char *ticket;
    bool done;

    (void)state;
    assert_int_equal(store_add_user(lab.store, &root, &id), STS_OK);
    assert_int_equal(store_put_factor(lab.store, lab.ada, secret), STS_OK);
    assert_int_equal(store_use_step(lab.store, lab.ada, step - 5, &done), STS_OK);
    assert_int_equal(by_password("ada", PASSWORD), SIGN_IN_CODE);
    ticket = lab.secret;
    assert_int_equal(store_set_rights(lab.store, lab.ada, false, true, &done), STS_OK);
    assert_int_equal(by_code(ticket, code_of(secret, step)), SIGN_IN_EXPIRED);
    assert_int_equal(store_set_rights(lab.store, lab.ada, false, false, &done), STS_OK);
    assert_int_equal(by_code(ticket, code_of(secret, step)), SIGN_IN_EXPIRED); /* it is gone */
    assert_int_equal(by_password("ada", PASSWORD), SIGN_IN_CODE);
    ticket = lab.secret;
    assert_int_equal(
        store_set_password(lab.store, lab.ada, password_hash(lab.ctx, "another password")), STS_OK);
    assert_int_equal(by_code(ticket, code_of(secret, step)), SIGN_IN_EXPIRED);
    assert_int_equal(by_password("ada", "another password"), SIGN_IN_CODE);
}

static void a_recovery_code_is_as_good_once(void **state)
{
    uint8_t hash[CRYPTO_SHA256_SIZE];
    bool fresh;

    (void)state;
    assert_int_equal(store_put_factor(lab.store, lab.ada, bytes_of("secret")), STS_OK);
    assert_int_equal(store_use_step(lab.store, lab.ada, 1, &fresh), STS_OK);
    assert_int_equal(recovery_code_hash("abcd-efgh-jkmn", hash), STS_OK);
    assert_int_equal(store_put_recovery(lab.store, lab.ada, hash, 1), STS_OK);
    assert_int_equal(by_password("ada", PASSWORD), SIGN_IN_CODE);
    assert_int_equal(by_code(lab.secret, "ABCD efgh jkmn"), SIGN_IN_DONE);
    assert_int_equal(by_password("ada", PASSWORD), SIGN_IN_CODE);
    assert_int_equal(by_code(lab.secret, "abcd-efgh-jkmn"), SIGN_IN_WRONG);
    expect_log("ada sign-in-failed;ada sign-in;ada recovery-code;");
}

static void an_empty_service_is_claimed_once(void **state)
{
    struct sign_in_request request = {.name = "ada", .password = PASSWORD, .claim = "guess"};

    (void)state;
    assert_int_equal(run(request), SIGN_IN_WRONG);
    request.claim = talloc_strdup(lab.ctx, accounts_first_start(lab.accounts));
    assert_int_equal(run(request), SIGN_IN_DONE);
    assert_true(who(lab.secret, NULL)->administrator);
    assert_int_equal(access(lab.link, F_OK), -1);
    assert_null(accounts_first_start(lab.accounts));
    request.name = "eve";
    assert_int_equal(run(request), SIGN_IN_CLAIMED);
    expect_log("ada sign-in;ada claim;");
}

static void a_token_has_the_roles_of_its_group(void **state)
{
    char label[TOKEN_LABEL_LENGTH + 1], *text = token_new(lab.ctx);
    uint8_t hash[CRYPTO_SHA256_SIZE];
    struct store_user bea = {.name = "bea", .created = 1};
    struct store_token token = {.label = label, .hash = hash, .name = "ci"};
    int64_t alpha, beta, id;

    (void)state;
    assert_int_equal(store_add_user(lab.store, &bea, &token.user), STS_OK);
    assert_int_equal(store_add_group(lab.store, "alpha", 1, &alpha), STS_OK);
    assert_int_equal(store_add_group(lab.store, "beta", 1, &beta), STS_OK);
    assert_int_equal(store_set_role(lab.store, token.user, alpha, STORE_ROLE_EDITOR), STS_OK);
    assert_int_equal(store_set_role(lab.store, token.user, beta, STORE_ROLE_VIEWER), STS_OK);
    assert_true(token_read(text, label, hash));
    token.group = alpha;
    token.scopes = "read check";
    token.created = clock_now();
    token.expires = clock_now() + 1000;
    assert_int_equal(store_add_token(lab.store, &token, &id), STS_OK);
    assert_int_equal(who(NULL, text)->scopes, TOKEN_READ | TOKEN_CHECK);
    assert_int_equal(account_role_in(lab.account, alpha), STORE_ROLE_EDITOR);
    assert_int_equal(account_role_in(lab.account, beta), STORE_ROLE_NONE);
    assert_null(lab.account->form_token);
    text[TOKEN_LENGTH - 1] ^= 1;
    assert_null(who(NULL, text));
}

static void a_token_of_an_administrator_is_of_one_group(void **state)
{
    char label[TOKEN_LABEL_LENGTH + 1], *text = token_new(lab.ctx);
    uint8_t hash[CRYPTO_SHA256_SIZE];
    struct store_token token = {.label = label, .hash = hash, .user = lab.ada, .name = "ci"};
    int64_t alpha, beta, id;

    (void)state;
    assert_int_equal(store_add_group(lab.store, "alpha", 1, &alpha), STS_OK);
    assert_int_equal(store_add_group(lab.store, "beta", 1, &beta), STS_OK);
    assert_int_equal(store_set_role(lab.store, lab.ada, beta, STORE_ROLE_ADMIN), STS_OK);
    assert_true(token_read(text, label, hash));
    token.group = alpha;
    token.scopes = "admin";
    token.created = clock_now();
    assert_int_equal(store_add_token(lab.store, &token, &id), STS_OK);
    assert_false(who(NULL, text)->administrator);
    assert_int_equal(account_role_in(lab.account, alpha), STORE_ROLE_ADMIN);
    assert_int_equal(account_role_in(lab.account, beta), STORE_ROLE_NONE);
    assert_int_equal(lab.account->role_count, 1);
    assert_string_equal(lab.account->roles[0].group_name, "alpha");
}

static enum sign_in by_provider(const char *subject, const char *name, const struct role_map *map,
                                const char *theirs)
{
    struct external_request request = {.identity = {.issuer = "https://idp.example",
                                                    .subject = subject,
                                                    .name = name,
                                                    .groups = &theirs,
                                                    .group_count = theirs ? 1 : 0},
                                       .map = map,
                                       .address = "192.0.2.1",
                                       .done = on_result};
    struct external_run *handle;

    assert_int_equal(external_sign_in_start(lab.ctx, lab.accounts, &request, &handle), STS_OK);
    assert_int_equal(loop_run(lab.loop), STS_OK);
    talloc_free(handle);
    return lab.result.outcome;
}

static void who_is_vouched_for_has_an_account_of_their_own(void **state)
{
    int64_t user;

    (void)state;
    assert_int_equal(by_provider("17", "Ada", NULL, NULL), SIGN_IN_DONE);
    assert_string_equal(who(lab.secret, NULL)->name, "ada-2"); /* ada is another */
    assert_false(lab.account->administrator);
    user = lab.account->user;
    assert_int_equal(by_provider("17", "Lovelace", NULL, NULL), SIGN_IN_DONE);
    assert_int_equal(who(lab.secret, NULL)->user, user);
    assert_int_equal(by_provider("18", "\x01", NULL, NULL), SIGN_IN_DONE);
    assert_string_equal(who(lab.secret, NULL)->name, "18");
    assert_int_equal(by_password("ada-2", ""), SIGN_IN_WRONG);
}

static void their_groups_count_at_each_sign_in(void **state)
{
    struct role_map *map = role_map_new(lab.ctx);
    bool done;

    (void)state;
    assert_true(role_map_add(map, "mail=Mail:editor"));
    assert_true(role_map_add(map, "web=Web:viewer"));
    assert_true(role_map_add(map, "root=*:admin"));
    assert_int_equal(by_provider("17", "bob", map, "other"), SIGN_IN_NO_ROLE);
    assert_int_equal(by_provider("17", "bob", map, NULL), SIGN_IN_NO_ROLE);
    assert_int_equal(by_provider("17", "bob", map, "mail"), SIGN_IN_DONE);
    assert_int_equal(who(lab.secret, NULL)->role_count, 1);
    assert_int_equal(lab.account->roles[0].role, STORE_ROLE_EDITOR);
    assert_int_equal(by_provider("17", "bob", map, "web"), SIGN_IN_DONE);
    assert_int_equal(who(lab.secret, NULL)->role_count, 1);
    assert_string_equal(lab.account->roles[0].group_name, "Web");
    assert_int_equal(by_provider("17", "bob", map, "root"), SIGN_IN_DONE);
    assert_true(who(lab.secret, NULL)->administrator);
    assert_int_equal(lab.account->role_count, 0);
    assert_int_equal(store_set_rights(lab.store, lab.ada, false, false, &done), STS_OK);
    assert_int_equal(by_provider("17", "bob", map, "web"), SIGN_IN_DONE);
    assert_true(who(lab.secret, NULL)->administrator); /* the last one */
    assert_int_equal(store_set_rights(lab.store, lab.ada, true, false, &done), STS_OK);
    assert_int_equal(store_set_rights(lab.store, lab.account->user, false, true, &done), STS_OK);
    assert_int_equal(by_provider("17", "bob", map, "web"), SIGN_IN_WRONG); /* disabled */
}

static void unexpected(void *arg, const struct sign_in_result *result)
{
    (void)arg;
    (void)result;
    fail();
}

static void stop(void *arg)
{
    loop_stop(arg);
}

static void who_goes_away_is_not_told(void **state)
{
    struct sign_in_request request = {.name = "ada",
                                      .password = PASSWORD,
                                      .address = "192.0.2.1",
                                      .agent = "test",
                                      .done = unexpected};
    struct sign_in_run *handle;
    struct loop_timer *timer;

    (void)state;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(sign_in_start(lab.ctx, lab.accounts, &request, &handle), STS_OK);
        assert_int_equal(loop_timer_start(lab.ctx, lab.loop, loop_now(lab.loop) + 15 * i, stop,
                                          lab.loop, &timer),
                         STS_OK);
        assert_int_equal(loop_run(lab.loop), STS_OK);
        talloc_free(handle);
    }
    assert_int_equal(by_password("ada", "wrong"), SIGN_IN_WRONG);
}

int main(void)
{
    static int empty;
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(who_knows_the_password_gets_a_session),
        CASE(who_guesses_has_to_wait),
        CASE(a_user_who_is_disabled_is_nobody),
        CASE(a_second_factor_is_asked_for),
        CASE(a_pending_sign_in_dies_with_its_password),
        CASE(a_recovery_code_is_as_good_once),
        cmocka_unit_test_prestate_setup_teardown(an_empty_service_is_claimed_once, set_up,
                                                 tear_down, &empty),
        CASE(a_token_has_the_roles_of_its_group),
        CASE(a_token_of_an_administrator_is_of_one_group),
        CASE(who_is_vouched_for_has_an_account_of_their_own),
        CASE(their_groups_count_at_each_sign_in),
        CASE(who_goes_away_is_not_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
