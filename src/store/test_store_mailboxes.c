/* SPDX-License-Identifier: MIT */
/* test_store_mailboxes.c - places in folders, the ways in, what was rejected. */
#include "store/test_store.h"

#include <string.h>

#include "store/mailboxes.h"
#include "store/quarantine.h"
#include "store/ways.h"

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

static bool describe_way(void *arg, const struct store_way *w)
{
    char **text = arg;

    *text = talloc_asprintf_append(
        *text, "%s/%s/%s %lld %lld %lld %s/%s %lld %lld %lld %lld %lld %lld;", w->name.kind,
        w->name.account, w->name.folder, (long long)w->tried_at, (long long)w->succeeded_at,
        (long long)w->failed_at, w->fault ? w->fault : "-", w->detail ? w->detail : "-",
        (long long)w->counts.messages, (long long)w->counts.added, (long long)w->counts.duplicates,
        (long long)w->counts.revisions, (long long)w->counts.rejected,
        (long long)w->counts.foreign);
    return true;
}

void ways_add_up(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);
    char *text = talloc_strdup(ctx, "");
    const struct store_way tries[] = {
        {{"lmtp", "", ""}, 10, 0, 0, "it failed", "no \xff", {0}},
        {{"imap", "a", "INBOX"}, 10, 0, 0, NULL, NULL, {6, 1, 2, 3, 4, 5}},
        {{"imap", "a", "INBOX"}, 20, 0, 0, "it failed", "later", {1, 1, 0, 0, 0, 0}},
        {{"imap", "a", ""}, 10, 0, 0, "it failed", NULL, {0}},
        {{"imap", "a", ""}, 20, 0, 0, NULL, NULL, {0}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++)
        assert_int_equal(store_put_way(store, &tries[i]), STS_OK);
    assert_int_equal(store_ways(store, describe_way, &text), STS_OK);
    assert_string_equal(text, "imap/a/ 20 20 10 it failed/- 0 0 0 0 0 0;"
                              "imap/a/INBOX 20 10 20 it failed/later 7 2 2 3 4 5;"
                              "lmtp// 10 0 10 it failed/no \\xff 0 0 0 0 0 0;");
    talloc_free(ctx);
}

/* ---- what was rejected ----------------------------------------------------------------------- */

static bool describe_rejected(void *arg, const struct store_quarantined *q)
{
    char **text = arg;

    *text = talloc_asprintf_append(*text, "%lld %s %d %lld/%lld %lld %s %s %s %s %.*s;",
                                   (long long)q->at, q->kind, q->mail, (long long)q->size,
                                   (long long)q->kept, (long long)q->parts, q->source,
                                   q->part ? q->part : "-", q->why, q->detail ? q->detail : "-",
                                   (int)q->raw.length, q->raw.length ? q->raw.data : "");
    return true;
}

/* [0]: how many; [1]: the id of the last */
static bool count_rejected(void *arg, const struct store_quarantined *q)
{
    int64_t *last = arg;

    assert_true(q->id < last[1]);
    last[1] = q->id;
    last[0]++;
    return true;
}

static struct store_quarantined rejected(int64_t at, const char *source, const char *raw)
{
    return (struct store_quarantined){.at = at,
                                      .kind = "lmtp",
                                      .mail = true,
                                      .parts = 1,
                                      .source = source,
                                      .why = "broken",
                                      .raw = bytes_of(raw)};
}

void what_was_rejected_is_kept_with_its_reason(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);
    char *text = talloc_strdup(ctx, "");
    struct store_quarantined rows[] = {rejected(1, "lmtp:a", "one"), rejected(2, "lmtp:a", "two"),
                                       rejected(3, "lmtp:b", "one")};
    int64_t seen[] = {0, INT64_MAX};
    bool done;

    (void)state;
    rows[1].part = "x.json";
    rows[1].detail = "line 1";
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(store_quarantine(store, &rows[i]), STS_OK);
    assert_int_equal(store_quarantine_page(store, INT64_MAX, 10, describe_rejected, &text), STS_OK);
    assert_string_equal(text, "3 lmtp 1 3/3 1 lmtp:b - broken - ;"
                              "2 lmtp 1 3/3 1 lmtp:a x.json broken line 1 ;");
    assert_int_equal(store_quarantine_page(store, INT64_MAX, 1, count_rejected, seen), STS_OK);
    *text = '\0';
    assert_int_equal(store_quarantine_one(store, seen[1], describe_rejected, &text), STS_OK);
    assert_string_equal(text, "3 lmtp 1 3/3 1 lmtp:b - broken - one;");
    assert_int_equal(store_drop_quarantined(store, seen[1], &done), STS_OK);
    assert_true(done);
    assert_int_equal(store_drop_quarantined(store, seen[1], &done), STS_OK);
    assert_false(done);
    assert_int_equal(store_count_quarantine(store, &seen[0]), STS_OK);
    assert_int_equal(seen[0], 1);
    talloc_free(ctx);
}

static int64_t count_all(struct store *store)
{
    int64_t count;

    assert_int_equal(store_count_quarantine(store, &count), STS_OK);
    return count;
}

/* By number, by age, by bytes; and other kinds are left alone. */
void the_quarantine_is_bounded(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct store *store = open_fresh(ctx);
    struct store_quarantined other = rejected(1, "https:a", "other"), large;
    char *raw = talloc_zero_size(ctx, STORE_QUARANTINE_ONE + 1), number[16];
    int64_t seen[] = {0, INT64_MAX};

    (void)state;
    other.kind = "https";
    assert_int_equal(store_begin(store), STS_OK);
    assert_int_equal(store_quarantine(store, &other), STS_OK);
    for (int i = 0; i < STORE_QUARANTINE_MAX + 5; i++) {
        struct store_quarantined one = rejected(i, "lmtp:a", number);

        snprintf(number, sizeof number, "%d", i);
        one.raw = bytes_of(number);
        assert_int_equal(store_quarantine(store, &one), STS_OK);
    }
    assert_int_equal(store_commit(store), STS_OK);
    assert_int_equal(count_all(store), STORE_QUARANTINE_MAX + 1);
    large = rejected(STORE_QUARANTINE_S + 500, "lmtp:a", "later");
    assert_int_equal(store_quarantine(store, &large), STS_OK);
    assert_int_equal(count_all(store), STORE_QUARANTINE_MAX - 495 + 1);
    for (size_t i = 0; i < 8; i++) {
        raw[0] = (char)('0' + i);
        large.raw = (struct bytes){raw, STORE_QUARANTINE_ONE};
        assert_int_equal(store_quarantine(store, &large), STS_OK);
    }
    assert_int_equal(count_all(store), 6);
    large.raw.length++; /* only its reason is kept */
    assert_int_equal(store_quarantine(store, &large), STS_OK);
    assert_int_equal(store_quarantine_page(store, INT64_MAX, 100, count_rejected, seen), STS_OK);
    assert_int_equal(seen[0], 7);
    talloc_free(ctx);
}

void mailboxes_of_an_earlier_version_are_ways(void **state)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *where = backend.fresh(ctx);
    bool sqlite = strcmp(backend.name, "sqlite") == 0;
    char *text = talloc_strdup(ctx, "");
    struct store *store;

    (void)state;
    backend.sql(where, talloc_asprintf(ctx,
                                       "%s;INSERT INTO mailbox VALUES ('main', 50, 60, 'it failed',"
                                       " 'INBOX', 9, 3, 2, 1, 1, 2);"
                                       "INSERT INTO rejected (hash, at, source, part, why) VALUES"
                                       " (%s, 70, 'imap:main/INBOX/1/2', 'x.json', 'broken')",
                                       test_fixture(ctx, "v8"), sqlite ? "x'01'" : "'\\x01'"));
    store = test_open(ctx, where);
    assert_int_equal(store_ways(store, describe_way, &text), STS_OK);
    assert_int_equal(store_quarantine_page(store, INT64_MAX, 10, describe_rejected, &text), STS_OK);
    assert_string_equal(text, "imap/main/ 60 50 60 it failed/INBOX 9 3 2 1 1 2;"
                              "70 imap 1 0/0 1 imap:main/INBOX/1/2 x.json broken - ;");
    talloc_free(ctx);
}
