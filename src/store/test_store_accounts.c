/* SPDX-License-Identifier: MIT */
/* test_store_accounts.c - groups, users, sessions, tokens and what else accounts.h has. */
#include "store/test_store.h"

#include <pthread.h>
#include <string.h>

#include "store/accounts.h"

struct fixture {
    TALLOC_CTX *ctx;
    struct store *store;
    const char *where;
    char *text; /* what a list told */
};

static struct fixture begin(void)
{
    struct fixture f = {.ctx = talloc_new(NULL)};

    f.where = backend.fresh(f.ctx);
    f.store = test_open(f.ctx, f.where);
    f.text = talloc_strdup(f.ctx, "");
    return f;
}

static int64_t add_group(struct fixture *f, const char *name)
{
    int64_t id = -1;

    assert_int_equal(store_add_group(f->store, name, 10, &id), STS_OK);
    return id;
}

static int64_t add_user(struct fixture *f, const char *name, bool administrator)
{
    int64_t id = -1;
    struct store_user user = {.name = name, .administrator = administrator, .created = 20};

    assert_int_equal(store_add_user(f->store, &user, &id), STS_OK);
    return id;
}

static bool tell_group(void *arg, const struct store_group *group)
{
    struct fixture *f = arg;

    f->text = talloc_asprintf_append(f->text, "%s@%lld %lld/%lld;", group->name,
                                     (long long)group->created, (long long)group->members,
                                     (long long)group->domains);
    return true;
}

static void expect(struct fixture *f, enum sts_status status, const char *expected)
{
    assert_int_equal(status, STS_OK);
    assert_string_equal(f->text, expected);
    f->text = talloc_strdup(f->ctx, "");
}

void groups_have_names_of_their_own(void **state)
{
    struct fixture f = begin();
    int64_t b = add_group(&f, "beta"), a = add_group(&f, "alpha"), id = -1;
    bool done = true;

    (void)state;
    assert_true(a > 0 && b > 0 && a != b);
    assert_int_equal(add_group(&f, "alpha"), 0);
    assert_int_equal(store_add_group(f.store, "", 1, &id), STS_E_INVALID);
    expect(&f, store_groups(f.store, 0, tell_group, &f), "alpha@10 0/0;beta@10 0/0;");
    expect(&f, store_groups(f.store, b, tell_group, &f), "beta@10 0/0;");
    assert_int_equal(store_rename_group(f.store, b, "alpha", &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_rename_group(f.store, b, "gamma", &done), STS_OK);
    assert_true(done);
    assert_int_equal(store_group_named(f.store, "gamma", &id), STS_OK);
    assert_int_equal(id, b);
    assert_int_equal(store_drop_group(f.store, b, &done), STS_OK);
    assert_true(done);
    assert_int_equal(store_drop_group(f.store, b, &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_group_named(f.store, "gamma", &id), STS_OK);
    assert_int_equal(id, 0);
    assert_true(add_group(&f, "delta") > 0);
    talloc_free(f.ctx);
}

void users_come_back_whole(void **state)
{
    struct fixture f = begin();
    struct store_user user = {.name = "ada",
                              .language = "de",
                              .password = "$y$j9T$salt$hash",
                              .administrator = true,
                              .created = 7},
                      *read = NULL;
    int64_t id = -1, again = -1;

    (void)state;
    assert_int_equal(store_add_user(f.store, &user, &id), STS_OK);
    assert_int_equal(store_add_user(f.store, &user, &again), STS_OK);
    assert_int_equal(again, 0);
    assert_int_equal(store_signed_in(f.store, id, 99), STS_OK);
    assert_int_equal(store_user_named(f.store, f.ctx, "ada", &read), STS_OK);
    assert_int_equal(read->id, id);
    assert_string_equal(read->language, "de");
    assert_string_equal(read->password, "$y$j9T$salt$hash");
    assert_true(read->administrator && !read->disabled && !read->second_factor);
    assert_int_equal(read->created, 7);
    assert_int_equal(read->signed_in, 99);
    assert_int_equal(store_set_password(f.store, id, NULL), STS_OK);
    assert_int_equal(store_set_language(f.store, id, NULL), STS_OK);
    assert_int_equal(store_user_numbered(f.store, f.ctx, id, &read), STS_OK);
    assert_null(read->password);
    assert_null(read->language);
    assert_int_equal(store_user_named(f.store, f.ctx, "nobody", &read), STS_OK);
    assert_null(read);
    talloc_free(f.ctx);
}

void the_last_administrator_stays(void **state)
{
    struct fixture f = begin();
    int64_t ada = add_user(&f, "ada", true), bob = add_user(&f, "bob", false), count = 0;
    bool done = true;

    (void)state;
    assert_int_equal(store_set_rights(f.store, ada, false, false, &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_set_rights(f.store, ada, true, true, &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_drop_user(f.store, ada, &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_set_rights(f.store, bob, true, false, &done), STS_OK);
    assert_true(done);
    assert_int_equal(store_count_administrators(f.store, &count), STS_OK);
    assert_int_equal(count, 2);
    assert_int_equal(store_set_rights(f.store, ada, false, false, &done), STS_OK);
    assert_true(done);
    assert_int_equal(store_drop_user(f.store, ada, &done), STS_OK);
    assert_true(done);
    assert_int_equal(store_drop_user(f.store, ada, &done), STS_OK);
    assert_false(done);
    talloc_free(f.ctx);
}

void one_claims_an_empty_service(void **state)
{
    struct fixture f = begin();
    struct store_user user = {.name = "bob", .created = 1};
    enum store_claimed claimed = STORE_CLAIMED_BEFORE;
    int64_t id = 0;

    (void)state;
    (void)add_user(&f, "bob", false); /* not an administrator: the service is still unclaimed */
    assert_int_equal(store_claim(f.store, &user, &claimed, &id), STS_OK);
    assert_int_equal(claimed, STORE_CLAIM_NAME_TAKEN);
    user.name = "ada";
    assert_int_equal(store_claim(f.store, &user, &claimed, &id), STS_OK);
    assert_int_equal(claimed, STORE_CLAIMED);
    assert_true(id > 0);
    user.name = "eve";
    assert_int_equal(store_claim(f.store, &user, &claimed, &id), STS_OK);
    assert_int_equal(claimed, STORE_CLAIMED_BEFORE);
    assert_int_equal(id, 0);
    talloc_free(f.ctx);
}

#define CLAIMANTS 6

struct claimant {
    const char *where;
    char name[8];
    enum store_claimed claimed;
    enum sts_status status;
};

static void *claim_alone(void *arg)
{
    struct claimant *claimant = arg;
    struct store_user user = {.name = claimant->name, .created = 1};
    struct store *store = NULL;
    struct store_fault *fault = NULL;
    int64_t id;

    claimant->status = store_open(NULL, claimant->where, STORE_WRITE, &store, &fault);
    if (!claimant->status)
        claimant->status = store_claim(store, &user, &claimant->claimed, &id);
    talloc_free(fault);
    talloc_free(store);
    return NULL;
}

void several_claim_and_one_wins(void **state)
{
    struct fixture f = begin();
    struct claimant claimants[CLAIMANTS] = {0};
    pthread_t threads[CLAIMANTS];
    int winners = 0;
    int64_t count = 0;

    (void)state;
    for (size_t i = 0; i < CLAIMANTS; i++) {
        claimants[i].where = f.where;
        claimants[i].name[0] = (char)('a' + i);
        assert_int_equal(pthread_create(&threads[i], NULL, claim_alone, &claimants[i]), 0);
    }
    for (size_t i = 0; i < CLAIMANTS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(claimants[i].status, STS_OK);
        winners += claimants[i].claimed == STORE_CLAIMED;
    }
    assert_int_equal(winners, 1);
    assert_int_equal(store_count_administrators(f.store, &count), STS_OK);
    assert_int_equal(count, 1);
    talloc_free(f.ctx);
}

static bool tell_member(void *arg, const struct store_member *member)
{
    struct fixture *f = arg;

    f->text = talloc_asprintf_append(f->text, "%s %s in %s;", member->user_name,
                                     store_role_name(member->role), member->group_name);
    return true;
}

void members_have_a_role(void **state)
{
    struct fixture f = begin();
    int64_t a = add_group(&f, "alpha"), b = add_group(&f, "beta");
    int64_t ada = add_user(&f, "ada", false), bob = add_user(&f, "bob", false);

    (void)state;
    assert_int_equal(store_set_role(f.store, bob, a, STORE_ROLE_VIEWER), STS_OK);
    assert_int_equal(store_set_role(f.store, ada, a, STORE_ROLE_ADMIN), STS_OK);
    assert_int_equal(store_set_role(f.store, ada, b, STORE_ROLE_VIEWER), STS_OK);
    assert_int_equal(store_set_role(f.store, ada, b, STORE_ROLE_EDITOR), STS_OK);
    expect(&f, store_groups_of(f.store, ada, tell_member, &f),
           "ada admin in alpha;ada editor in beta;");
    expect(&f, store_members_of(f.store, a, tell_member, &f),
           "ada admin in alpha;bob viewer in alpha;");
    expect(&f, store_groups(f.store, a, tell_group, &f), "alpha@10 2/0;");
    assert_int_equal(store_set_role(f.store, ada, a, STORE_ROLE_NONE), STS_OK);
    expect(&f, store_members_of(f.store, a, tell_member, &f), "bob viewer in alpha;");
    assert_int_equal(store_role_named("admin"), STORE_ROLE_ADMIN);
    assert_int_equal(store_role_named("root"), STORE_ROLE_NONE);
    talloc_free(f.ctx);
}

static bool tell_owned(void *arg, const struct store_owned *owned)
{
    struct fixture *f = arg;

    f->text = talloc_asprintf_append(f->text, "%s %s %lld;", owned->domain, owned->group_name,
                                     (long long)owned->proven);
    return true;
}

static int64_t give(struct fixture *f, const char *domain, int64_t group, int64_t proven)
{
    struct store_owned owned = {
        .domain = domain, .group = group, .added = 5, .proof = proven ? "" : "p", .proven = proven};
    int64_t whose = -1;

    assert_int_equal(store_give_domain(f->store, &owned, &whose), STS_OK);
    return whose;
}

static int64_t prove(struct fixture *f, int64_t group, int64_t from)
{
    struct store_proving what = {.domain = "a.example", .group = group, .at = 50, .from = from};
    int64_t whose = -1;

    assert_int_equal(store_prove_domain(f->store, &what, &whose), STS_OK);
    return whose;
}

static int64_t owner_of(struct fixture *f, const char *domain)
{
    struct store_owned *owner = NULL;

    assert_int_equal(store_owner(f->store, f->ctx, domain, &owner), STS_OK);
    return owner ? owner->group : 0;
}

void a_domain_is_one_groups(void **state)
{
    struct fixture f = begin();
    int64_t a = add_group(&f, "alpha"), b = add_group(&f, "beta");
    bool done = true;

    (void)state;
    assert_int_equal(give(&f, "b.example", a, 40), a);
    assert_int_equal(give(&f, "a.example", a, 0), a);
    assert_int_equal(owner_of(&f, "a.example"), 0);
    assert_int_equal(owner_of(&f, "b.example"), a);
    assert_int_equal(give(&f, "b.example", b, 60), a);
    expect(&f, store_owned_by(f.store, a, NULL, 10, tell_owned, &f),
           "a.example alpha 0;b.example alpha 40;");
    expect(&f, store_owned_by(f.store, a, NULL, 1, tell_owned, &f), "a.example alpha 0;");
    expect(&f, store_owned_by(f.store, a, "a.example", 10, tell_owned, &f), "b.example alpha 40;");
    assert_int_equal(store_owned_by(f.store, a, NULL, 0, tell_owned, &f), STS_E_INVALID);
    expect(&f, store_owned_by(f.store, b, NULL, 10, tell_owned, &f), "");
    assert_int_equal(store_take_domain(f.store, "b.example", b, &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_take_domain(f.store, "b.example", a, &done), STS_OK);
    assert_true(done);
    assert_int_equal(owner_of(&f, "b.example"), 0);
    assert_int_equal(give(&f, "b.example", b, 70), b);
    talloc_free(f.ctx);
}

/* A claim keeps nobody out: who proves the domain owns it. */
void claims_stand_side_by_side(void **state)
{
    struct fixture f = begin();
    int64_t a = add_group(&f, "alpha"), b = add_group(&f, "beta"), c = add_group(&f, "gamma");

    (void)state;
    assert_int_equal(give(&f, "a.example", a, 0), a);
    assert_int_equal(give(&f, "a.example", b, 0), b);
    assert_int_equal(prove(&f, c, 0), 0);
    assert_int_equal(prove(&f, b, 0), b);
    assert_int_equal(prove(&f, a, 0), b);
    assert_int_equal(prove(&f, a, c), b);
    assert_int_equal(owner_of(&f, "a.example"), b);
    expect(&f, store_owned_by(f.store, a, NULL, 9, tell_owned, &f), "a.example alpha 0;");
    expect(&f, store_owned_by(f.store, b, NULL, 9, tell_owned, &f), "a.example beta 50;");
    assert_int_equal(prove(&f, a, b), a);
    expect(&f, store_owned_by(f.store, a, NULL, 9, tell_owned, &f), "a.example alpha 50;");
    expect(&f, store_owned_by(f.store, b, NULL, 9, tell_owned, &f), "a.example beta 0;");
    talloc_free(f.ctx);
}

void claims_are_due_until_they_are_looked_at(void **state)
{
    struct fixture f = begin();
    int64_t a = add_group(&f, "alpha");
    struct store_look look = {"a.example", a, 7, "absent", 20};
    struct store_owned *claim = NULL;

    (void)state;
    assert_int_equal(give(&f, "a.example", a, 0), a);
    expect(&f, store_claims_due(f.store, 4, 9, tell_owned, &f), "");
    expect(&f, store_claims_due(f.store, 5, 9, tell_owned, &f), "a.example alpha 0;");
    assert_int_equal(store_put_look(f.store, &look), STS_OK);
    expect(&f, store_claims_due(f.store, 19, 9, tell_owned, &f), "");
    expect(&f, store_claims_due(f.store, 20, 9, tell_owned, &f), "a.example alpha 0;");
    assert_int_equal(store_domain_claim(f.store, f.ctx, "a.example", a, &claim), STS_OK);
    assert_string_equal(claim->found, "absent");
    assert_int_equal(claim->looked, 7);
    look.due = 0;
    assert_int_equal(store_put_look(f.store, &look), STS_OK);
    expect(&f, store_claims_due(f.store, 1000, 9, tell_owned, &f), "");
    talloc_free(f.ctx);
}

static const uint8_t hash_1[STORE_HASH_SIZE] = {1}, hash_2[STORE_HASH_SIZE] = {2},
                     hash_3[STORE_HASH_SIZE] = {3};

static bool tell_login(void *arg, const struct store_login *login)
{
    struct fixture *f = arg;

    f->text = talloc_asprintf_append(f->text, "%lld-%lld %s %s;", (long long)login->created,
                                     (long long)login->used, login->address, login->agent);
    return true;
}

static int64_t sign_in(struct fixture *f, int64_t user, const uint8_t *hash, int64_t at)
{
    struct store_login login = {
        .user = user, .created = at, .address = "192.0.2.1", .agent = "Lynx\xff"};
    int64_t id = 0;

    assert_int_equal(store_add_login(f->store, hash, &login, &id), STS_OK);
    return id;
}

void sessions_end(void **state)
{
    struct fixture f = begin();
    int64_t ada = add_user(&f, "ada", true), bob = add_user(&f, "bob", true), first, second;
    struct store_login *login = NULL;
    bool done = true;

    (void)state;
    first = sign_in(&f, ada, hash_1, 100);
    second = sign_in(&f, ada, hash_2, 200);
    assert_int_equal(store_use_login(f.store, first, 300, "2001:db8::1"), STS_OK);
    expect(&f, store_logins_of(f.store, ada, tell_login, &f),
           "100-300 2001:db8::1 Lynx\\xff;200-200 192.0.2.1 Lynx\\xff;");
    assert_int_equal(store_login(f.store, f.ctx, hash_2, &login), STS_OK);
    assert_int_equal(login->id, second);
    assert_int_equal(login->user, ada);
    assert_int_equal(store_end_login(f.store, bob, second, &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_end_logins(f.store, ada, second), STS_OK);
    assert_int_equal(store_login(f.store, f.ctx, hash_1, &login), STS_OK);
    assert_null(login);
    assert_int_equal(store_end_login(f.store, ada, second, &done), STS_OK);
    assert_true(done);
    (void)sign_in(&f, ada, hash_1, 100);
    (void)sign_in(&f, ada, hash_2, 200);
    assert_int_equal(store_prune_logins(f.store, 150, 0), STS_OK);
    expect(&f, store_logins_of(f.store, ada, tell_login, &f), "200-200 192.0.2.1 Lynx\\xff;");
    assert_int_equal(store_set_rights(f.store, ada, true, true, &done), STS_OK);
    assert_true(done);
    expect(&f, store_logins_of(f.store, ada, tell_login, &f), "");
    talloc_free(f.ctx);
}

static bool tell_token(void *arg, const struct store_token *token)
{
    struct fixture *f = arg;

    f->text = talloc_asprintf_append(
        f->text, "%s %s/%s %s [%s] %lld %lld;", token->label, token->user_name, token->group_name,
        token->name, token->scopes, (long long)token->expires, (long long)token->used);
    return true;
}

void tokens_are_found_by_their_label(void **state)
{
    struct fixture f = begin();
    int64_t ada = add_user(&f, "ada", true), group = add_group(&f, "alpha"), id = 0, other = -1;
    struct store_token token = {.label = "mts_12345678",
                                .hash = hash_3,
                                .user = ada,
                                .group = group,
                                .name = "ci",
                                .scopes = "read check",
                                .created = 1},
                       *read = NULL;
    bool done = true;

    (void)state;
    assert_int_equal(store_add_token(f.store, &token, &id), STS_OK);
    assert_int_equal(store_add_token(f.store, &token, &other), STS_OK);
    assert_int_equal(other, 0);
    assert_int_equal(store_use_token(f.store, id, 77), STS_OK);
    assert_int_equal(store_token(f.store, f.ctx, "mts_12345678", &read), STS_OK);
    assert_memory_equal(read->hash, hash_3, STORE_HASH_SIZE);
    assert_int_equal(read->group, group);
    expect(&f, store_tokens_of_user(f.store, ada, tell_token, &f),
           "mts_12345678 ada/alpha ci [read check] 0 77;");
    expect(&f, store_tokens_of_group(f.store, group, tell_token, &f),
           "mts_12345678 ada/alpha ci [read check] 0 77;");
    assert_int_equal(store_drop_token(f.store, id, ada + 1, group + 1, &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_drop_token(f.store, id, 0, group, &done), STS_OK);
    assert_true(done);
    assert_int_equal(store_token(f.store, f.ctx, "mts_12345678", &read), STS_OK);
    assert_null(read);
    talloc_free(f.ctx);
}

/* Whoever revokes a token revokes what it made, and what that made. */
void tokens_go_with_the_one_that_made_them(void **state)
{
    struct fixture f = begin();
    int64_t ada = add_user(&f, "ada", true), group = add_group(&f, "alpha"), ids[4], count = 0;
    static const char *const labels[] = {"mts_first", "mts_second", "mts_third", "mts_other"};
    bool done = false, is = true;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(
            store_add_token(f.store,
                            &(struct store_token){.label = labels[i],
                                                  .hash = hash_3,
                                                  .user = ada,
                                                  .group = group,
                                                  .name = "ci",
                                                  .scopes = "admin",
                                                  .created = 1,
                                                  .expires = i == 3 ? 50 : 0,
                                                  .maker = i == 1 || i == 2 ? ids[i - 1] : 0},
                            &ids[i]),
            STS_OK);
    assert_int_equal(store_drop_token(f.store, ids[0], ada, 0, &done), STS_OK);
    assert_true(done);
    expect(&f, store_tokens_of_user(f.store, ada, tell_token, &f),
           "mts_other ada/alpha ci [admin] 50 0;");
    assert_int_equal(store_has_token(f.store, ids[2], &is), STS_OK);
    assert_false(is);
    assert_int_equal(store_has_token(f.store, ids[3], &is), STS_OK);
    assert_true(is);
    assert_int_equal(store_drop_ended_tokens(f.store, ada, 49), STS_OK);
    assert_int_equal(store_count_tokens(f.store, ada, &count), STS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(store_drop_ended_tokens(f.store, ada, 50), STS_OK);
    assert_int_equal(store_count_tokens(f.store, ada, &count), STS_OK);
    assert_int_equal(count, 0);
    talloc_free(f.ctx);
}

static bool has_factor(struct fixture *f, int64_t user)
{
    struct store_user *read = NULL;

    assert_int_equal(store_user_numbered(f->store, f->ctx, user, &read), STS_OK);
    return read->second_factor;
}

void each_code_counts_once(void **state)
{
    struct fixture f = begin();
    int64_t ada = add_user(&f, "ada", true), step = 0, count = 0;
    struct bytes secret = {NULL, 0};
    uint8_t hashes[2 * STORE_HASH_SIZE] = {1, [STORE_HASH_SIZE] = 2};
    bool fresh = false;

    (void)state;
    assert_int_equal(store_put_factor(f.store, ada, (struct bytes){"\0ab", 3}), STS_OK);
    assert_false(has_factor(&f, ada));
    assert_int_equal(store_use_step(f.store, ada, 1000, &fresh), STS_OK);
    assert_true(fresh);
    assert_true(has_factor(&f, ada));
    assert_int_equal(store_use_step(f.store, ada, 1000, &fresh), STS_OK);
    assert_false(fresh);
    assert_int_equal(store_use_step(f.store, ada, 999, &fresh), STS_OK);
    assert_false(fresh);
    assert_int_equal(store_factor(f.store, f.ctx, ada, &secret, &step), STS_OK);
    assert_int_equal(secret.length, 3);
    assert_memory_equal(secret.data, "\0ab", 3);
    assert_int_equal(step, 1000);
    assert_int_equal(store_put_recovery(f.store, ada, hashes, 2), STS_OK);
    assert_int_equal(store_use_recovery(f.store, ada, hash_2, &fresh), STS_OK);
    assert_true(fresh);
    assert_int_equal(store_use_recovery(f.store, ada, hash_2, &fresh), STS_OK);
    assert_false(fresh);
    assert_int_equal(store_count_recovery(f.store, ada, &count), STS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(store_drop_factor(f.store, ada), STS_OK);
    assert_int_equal(store_count_recovery(f.store, ada, &count), STS_OK);
    assert_int_equal(count, 0);
    assert_int_equal(store_factor(f.store, f.ctx, ada, &secret, &step), STS_OK);
    assert_int_equal(secret.length, 0);
    assert_int_equal(step, STORE_NO_STEP);
    talloc_free(f.ctx);
}

void an_identity_is_issuer_and_subject(void **state)
{
    struct fixture f = begin();
    int64_t ada = add_user(&f, "ada", true), user = -1;

    (void)state;
    assert_int_equal(store_add_identity(f.store, ada, "https://idp.example", "17"), STS_OK);
    assert_int_equal(store_add_identity(f.store, ada, "https://idp.example", "17"), STS_OK);
    assert_int_equal(store_user_of_identity(f.store, "https://idp.example", "17", &user), STS_OK);
    assert_int_equal(user, ada);
    assert_int_equal(store_user_of_identity(f.store, "https://idp.example1", "7", &user), STS_OK);
    assert_int_equal(user, 0);
    assert_int_equal(store_add_identity(f.store, ada, "https://idp.example", ""), STS_E_INVALID);
    talloc_free(f.ctx);
}

static bool tell_audit(void *arg, const struct store_audit *audit)
{
    struct fixture *f = arg;

    f->text = talloc_asprintf_append(f->text, "%lld %s %s %s %s;", (long long)audit->at, audit->who,
                                     audit->address ? audit->address : "-", audit->action,
                                     audit->object ? audit->object : "-");
    return true;
}

static bool take_id(void *arg, const struct store_audit *audit)
{
    *(int64_t *)arg = audit->id;
    return true;
}

void the_log_is_read_backwards(void **state)
{
    struct fixture f = begin();
    struct store_audit entries[] = {
        {.at = 1, .who = "ada", .action = "sign-in", .address = "192.0.2.1"},
        {.at = 2, .who = "ada", .action = "domain-add", .object = "a.example", .group = 7},
        {.at = 3, .who = "bob", .action = "sign-in-failed", .object = "x\xfe"},
    };
    int64_t last = 0;

    (void)state;
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        assert_int_equal(store_add_audit(f.store, &entries[i]), STS_OK);
    expect(&f, store_audit(f.store, 0, INT64_MAX, 2, tell_audit, &f),
           "3 bob - sign-in-failed x\\xfe;2 ada - domain-add a.example;");
    assert_int_equal(store_audit(f.store, 0, INT64_MAX, 2, take_id, &last), STS_OK);
    expect(&f, store_audit(f.store, 0, last, 2, tell_audit, &f), "1 ada 192.0.2.1 sign-in -;");
    expect(&f, store_audit(f.store, 7, INT64_MAX, 9, tell_audit, &f),
           "2 ada - domain-add a.example;");
    expect(&f, store_audit(f.store, 8, INT64_MAX, 9, tell_audit, &f), "");
    assert_int_equal(store_prune_audit(f.store, 3), STS_OK);
    expect(&f, store_audit(f.store, 0, INT64_MAX, 9, tell_audit, &f),
           "3 bob - sign-in-failed x\\xfe;");
    talloc_free(f.ctx);
}

void what_hangs_on_a_user_goes_too(void **state)
{
    struct fixture f = begin();
    int64_t eve = add_user(&f, "eve", false), group = add_group(&f, "alpha"), id = 0, user = -1;
    struct store_token token = {.label = "mts_1",
                                .hash = hash_1,
                                .user = eve,
                                .group = group,
                                .name = "x",
                                .scopes = "read"},
                       *read = NULL;
    struct store_login *login = NULL;
    bool done = false;

    (void)state;
    (void)add_user(&f, "ada", true);
    assert_int_equal(store_add_token(f.store, &token, &id), STS_OK);
    assert_int_equal(store_set_role(f.store, eve, group, STORE_ROLE_ADMIN), STS_OK);
    assert_int_equal(store_add_identity(f.store, eve, "i", "s"), STS_OK);
    assert_int_equal(store_put_factor(f.store, eve, bytes_of("secret")), STS_OK);
    assert_int_equal(store_put_recovery(f.store, eve, hash_1, 1), STS_OK);
    (void)sign_in(&f, eve, hash_1, 1);
    assert_int_equal(store_drop_user(f.store, eve, &done), STS_OK);
    assert_true(done);
    assert_int_equal(store_token(f.store, f.ctx, "mts_1", &read), STS_OK);
    assert_null(read);
    assert_int_equal(store_login(f.store, f.ctx, hash_1, &login), STS_OK);
    assert_null(login);
    assert_int_equal(store_user_of_identity(f.store, "i", "s", &user), STS_OK);
    assert_int_equal(user, 0);
    expect(&f, store_members_of(f.store, group, tell_member, &f), "");
    talloc_free(f.ctx);
}
