/* SPDX-License-Identifier: MIT */
/* test_store_mailboxes.c - places in folders, the state of accounts, what was rejected. */
#include "store/test_store.h"

#include <string.h>

#include "store/mailboxes.h"

static struct store *open_fresh(TALLOC_CTX *ctx)
{
    struct store_fault *fault;
    struct store *store;

    assert_int_equal(store_open(ctx, backend.fresh(ctx), STORE_WRITE, &store, &fault), STS_OK);
    return store;
}

static void expect_place(struct store *store, const char *account, const char *folder,
                         struct store_folder_place expected)
{
    struct store_folder_place place;

    assert_int_equal(store_folder_place(store, account, folder, &place), STS_OK);
    assert_int_equal(place.uidvalidity, expected.uidvalidity);
    assert_int_equal(place.uid, expected.uid);
}

void each_folder_has_its_place(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);

    (void)state;
    expect_place(store, "a", "INBOX", (struct store_folder_place){0, 0});
    for (int64_t uid = 5; uid < 7; uid++)
        assert_int_equal(store_put_folder_place(store, "a", "INBOX",
                                                (struct store_folder_place){4294967295, uid}),
                         STS_OK);
    assert_int_equal(
        store_put_folder_place(store, "a", "Reports", (struct store_folder_place){1, 9}), STS_OK);
    expect_place(store, "a", "INBOX", (struct store_folder_place){4294967295, 6});
    expect_place(store, "a", "Reports", (struct store_folder_place){1, 9});
    expect_place(store, "b", "INBOX", (struct store_folder_place){0, 0});
    talloc_free(ctx);
}

void domains_are_known_that_were_checked(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);
    const struct store_check check = {.domain = "checked.example",
                                      .observed_at = 1,
                                      .verdict = "ok",
                                      .posture = "none",
                                      .delivery = "protected",
                                      .facts = {"{}", 2}};
    bool known = true;

    (void)state;
    assert_int_equal(store_knows_domain(store, "checked.example", &known), STS_OK);
    assert_false(known);
    assert_int_equal(store_put_check(store, &check), STS_OK);
    assert_int_equal(store_knows_domain(store, "checked.example", &known), STS_OK);
    assert_true(known);
    assert_int_equal(store_knows_domain(store, "other.example", &known), STS_OK);
    assert_false(known);
    talloc_free(ctx);
}

static bool describe_mailbox(void *arg, const struct store_mailbox *m)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%s %lld %lld %s/%s %lld %lld %lld %lld %lld %lld;",
                                   m->account, (long long)m->tried_at, (long long)m->succeeded_at,
                                   m->fault ? m->fault : "-", m->detail ? m->detail : "-",
                                   (long long)m->counts.messages, (long long)m->counts.added,
                                   (long long)m->counts.duplicates, (long long)m->counts.revisions,
                                   (long long)m->counts.rejected, (long long)m->counts.foreign);
    return true;
}

void passes_add_up(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);
    char *text = talloc_strdup(ctx, "");
    const struct store_mailbox passes[] = {
        {"b", 10, 0, "it failed", "no \xff", {0}},
        {"a", 10, 0, NULL, NULL, {6, 1, 2, 3, 4, 5}},
        {"a", 20, 0, "it failed", "later", {1, 1, 0, 0, 0, 0}},
        {"c", 10, 0, "it failed", NULL, {0}},
        {"c", 20, 0, NULL, NULL, {0}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(passes) / sizeof(*passes); i++)
        assert_int_equal(store_mailbox_passed(store, &passes[i]), STS_OK);
    assert_int_equal(store_mailboxes(store, describe_mailbox, &text), STS_OK);
    assert_string_equal(text, "a 20 10 it failed/later 7 2 2 3 4 5;"
                              "b 10 0 it failed/no \\xff 0 0 0 0 0 0;"
                              "c 20 20 -/- 0 0 0 0 0 0;");
    talloc_free(ctx);
}

static bool describe_rejected(void *arg, const struct store_rejected *r)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%lld %s %s %s %s;", (long long)r->at, r->source,
                                   r->part ? r->part : "-", r->why, r->detail ? r->detail : "-");
    return true;
}

static bool count_rejected(void *arg, const struct store_rejected *r)
{
    int64_t *last = arg;

    assert_true(r->id < last[1]);
    last[1] = r->id;
    last[0]++;
    return true;
}

void what_was_rejected_is_kept_with_its_reason(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);
    char *text = talloc_strdup(ctx, "");
    int64_t seen[] = {0, INT64_MAX};
    const struct store_rejected rows[] = {
        {0, 1, "imap:a/INBOX/7/1", NULL, "broken", NULL},
        {0, 2, "imap:a/INBOX/7/2", "x.json", "broken", "line 1"},
        {0, 3, "imap:a/INBOX/7/1", NULL, "still broken", NULL},
    };

    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(store_add_rejected(store, &rows[i]), STS_OK);
    assert_int_equal(store_rejected(store, INT64_MAX, 10, describe_rejected, &text), STS_OK);
    assert_string_equal(text, "3 imap:a/INBOX/7/1 - still broken -;"
                              "2 imap:a/INBOX/7/2 x.json broken line 1;");
    assert_int_equal(store_begin(store), STS_OK);
    for (int i = 0; i < STORE_REJECTED_MAX + 5; i++) {
        char source[32];
        struct store_rejected one = {0, i, source, NULL, "broken", NULL};

        snprintf(source, sizeof(source), "imap:b/INBOX/1/%d", i);
        assert_int_equal(store_add_rejected(store, &one), STS_OK);
    }
    assert_int_equal(store_commit(store), STS_OK);
    assert_int_equal(store_rejected(store, INT64_MAX, 2000, count_rejected, seen), STS_OK);
    assert_int_equal(seen[0], STORE_REJECTED_MAX);
    talloc_free(ctx);
}
