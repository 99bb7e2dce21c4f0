/* SPDX-License-Identifier: MIT */
/* test_mailbox_folder.c - a folder is read from where it was left to its end, window by window.
 *
 * What is around mailbox_folder.c is played here: a server whose folder holds messages of some
 * UIDs, a writer that does its work when it is told to, and sets of at most 50 messages that take
 * no time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/mailbox_work.h"
#include "store/writer.h"

#define SET_MAILS 50

struct played {
    struct mailbox mailbox;
    struct mailbox_account account;
    /* the server */
    const uint32_t *uids; /* of the first folder; the others are empty */
    size_t uid_count;
    struct imap_folder folder;
    struct imap_answer answer;
    mailbox_step step;
    bool examined, refuses_sizes, backwards, twice;
    /* the store */
    struct store_folder_place kept[2];
    struct store_writer_request wanted;
    bool waits, store_fails;
    /* what was seen */
    size_t read, windows, writes, changes;
    uint64_t sum; /* of the UIDs read */
    uint32_t widest;
    const char *fault;
    bool store_fault, over;
};

static struct played *play;

/* ---- the server ------------------------------------------------------------------------------ */

struct imap_engine *mailbox_engine(const struct mailbox *mailbox)
{
    (void)mailbox;
    return NULL;
}

const struct imap_answer *imap_engine_answer(const struct imap_engine *engine)
{
    (void)engine;
    return &play->answer;
}

const struct imap_folder *imap_engine_folder(const struct imap_engine *engine)
{
    (void)engine;
    return &play->folder;
}

enum sts_status imap_engine_select(struct imap_engine *engine, const char *folder, bool examine)
{
    (void)engine;
    assert_string_equal(folder, mailbox_folder_name(&play->mailbox));
    play->examined = examine;
    return STS_OK;
}

/* As mailbox_set.c notes what the engine tells. */
static void tell_row(uint32_t uid)
{
    struct mailbox *mailbox = &play->mailbox;

    if (mailbox->row_count == MAILBOX_ROWS_MAX) {
        mailbox->overflow = true;
        return;
    }
    mailbox->rows[mailbox->row_count++] = (struct mailbox_row){uid, 1};
}

enum sts_status imap_engine_sizes(struct imap_engine *engine, uint32_t first, uint32_t last)
{
    (void)engine;
    assert_true(first <= last);
    play->windows++;
    if (last - first >= play->widest)
        play->widest = last - first + 1;
    play->mailbox.rows = talloc_array(NULL, struct mailbox_row, MAILBOX_ROWS_MAX);
    for (size_t i = 0; i < play->uid_count && play->mailbox.folder == 0; i++) {
        uint32_t uid = play->uids[play->backwards ? play->uid_count - 1 - i : i];

        for (int times = play->twice ? 2 : 1; uid >= first && uid <= last && times; times--)
            tell_row(uid);
    }
    play->answer.ok = !play->refuses_sizes;
    return STS_OK;
}

void mailbox_go(struct mailbox *mailbox, enum sts_status given, int64_t wait_ms, mailbox_step step)
{
    (void)mailbox;
    assert_int_equal(given, STS_OK);
    assert_true(wait_ms > 0);
    play->step = step;
}

/* ---- the rest of the mailbox ----------------------------------------------------------------- */

void mailbox_next_set(struct mailbox *mailbox)
{
    uint32_t last = 0;

    if (mailbox->row == mailbox->row_count) {
        mailbox_window_over(mailbox);
        return;
    }
    for (size_t i = 0; i < SET_MAILS && mailbox->row < mailbox->row_count; i++) {
        assert_true(mailbox->rows[mailbox->row].uid > last);
        last = mailbox->rows[mailbox->row++].uid;
        play->read++;
        play->sum += last;
    }
    mailbox_set_over(mailbox, last);
}

void mailbox_pass_over(struct mailbox *mailbox)
{
    (void)mailbox;
    play->over = true;
}

void mailbox_fail(struct mailbox *mailbox, const char *fault, const char *subject,
                  const char *detail)
{
    (void)detail;
    assert_string_equal(subject, mailbox_folder_name(mailbox));
    play->fault = fault;
}

void mailbox_fail_store(struct mailbox *mailbox, const struct store_fault *fault)
{
    (void)mailbox;
    (void)fault;
    play->store_fault = true;
}

static void on_changed(void *arg, const char *folder)
{
    (void)arg;
    assert_string_equal(folder, "one");
    play->changes++;
}

/* ---- the store ------------------------------------------------------------------------------- */

static size_t folder_number(const char *account, const char *folder)
{
    assert_string_equal(account, "reports");
    return strcmp(folder, "one") != 0;
}

enum sts_status store_put_folder_place(struct store *store, const char *account, const char *folder,
                                       struct store_folder_place place)
{
    (void)store;
    play->kept[folder_number(account, folder)] = place;
    play->writes++;
    return STS_OK;
}

enum sts_status store_folder_place(struct store *store, const char *account, const char *folder,
                                   struct store_folder_place *ret)
{
    (void)store;
    *ret = play->kept[folder_number(account, folder)];
    return STS_OK;
}

enum sts_status store_writer_put(struct store_writer *writer,
                                 const struct store_writer_request *request)
{
    (void)writer;
    assert_false(play->waits);
    play->wanted = *request;
    play->waits = true;
    return STS_OK;
}

/* ---- playing --------------------------------------------------------------------------------- */

static void write_now(void)
{
    struct store_writer_request request = play->wanted;
    struct store_fault fault = {.trouble = STORE_TROUBLE_FULL};
    enum sts_status status = play->store_fails ? STS_E_IO : STS_OK;

    assert_true(play->mailbox.writing);
    play->waits = false;
    if (!status)
        status = request.write(NULL, request.data);
    request.done(request.arg, request.data, status, status ? &fault : NULL);
}

static void run(void)
{
    mailbox_folder_begin(&play->mailbox);
    while (!play->over && !play->fault && !play->store_fault) {
        mailbox_step step = play->step;

        if (play->waits) {
            write_now();
            continue;
        }
        assert_non_null(step);
        play->step = NULL;
        step(&play->mailbox);
    }
}

static void begin(const uint32_t *uids, size_t count)
{
    static const char *const folders[] = {"one", "two"};

    play = talloc_zero(NULL, struct played);
    play->account =
        (struct mailbox_account){.name = "reports", .folders = folders, .folder_count = 2};
    play->mailbox.request.account = &play->account;
    play->mailbox.request.changed = on_changed;
    play->answer = (struct imap_answer){.ok = true, .code = "", .text = "no"};
    play->uids = uids;
    play->uid_count = count;
    play->folder =
        (struct imap_folder){.uidvalidity = 7, .uidnext = count ? uids[count - 1] + 1 : 1};
}

static void end(void)
{
    TALLOC_FREE(play->mailbox.rows);
    TALLOC_FREE(play);
}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void all_of_a_folder_is_read_once(void **state)
{
    static const uint32_t uids[] = {1, 2, 50, 999, 1000, 1001, 70000, 4000000};

    (void)state;
    begin(uids, COUNT(uids));
    run();
    assert_true(play->over);
    assert_true(play->examined);
    assert_int_equal(play->read, COUNT(uids));
    assert_int_equal(play->sum, 1 + 2 + 50 + 999 + 1000 + 1001 + 70000 + 4000000);
    assert_int_equal(play->kept[0].uidvalidity, 7);
    assert_int_equal(play->kept[0].uid, 4000000);
    assert_int_equal(play->changes, 0); /* it was never read before */
    assert_true(play->windows < 20);    /* of two folders: gaps make them grow */
    /* again: nothing is asked for, nothing is written */
    play->over = false;
    play->mailbox.folder = 0;
    play->windows = play->writes = 0;
    run();
    assert_int_equal(play->read, COUNT(uids));
    assert_int_equal(play->windows + play->writes, 0);
    end();
}

static void it_goes_on_where_it_was(void **state)
{
    static const uint32_t uids[] = {10, 20, 30, 40};

    (void)state;
    begin(uids, COUNT(uids));
    play->kept[0] = (struct store_folder_place){7, 20};
    run();
    assert_int_equal(play->read, 2);
    assert_int_equal(play->sum, 70);
    end();
}

static void another_uidvalidity_is_another_folder(void **state)
{
    static const uint32_t uids[] = {10, 20, 30, 40};

    (void)state;
    begin(uids, COUNT(uids));
    play->kept[0] = (struct store_folder_place){6, 4000};
    run();
    assert_int_equal(play->changes, 1);
    assert_int_equal(play->sum, 100);
    assert_int_equal(play->kept[0].uidvalidity, 7);
    assert_int_equal(play->kept[0].uid, 40);
    end();
}

/* Rows may come in any order, and a message more than once. */
static void rows_are_sorted_each_once(void **state)
{
    static const uint32_t uids[] = {3, 5, 8, 13, 21};

    (void)state;
    begin(uids, COUNT(uids));
    play->backwards = play->twice = true;
    run();
    assert_int_equal(play->read, COUNT(uids));
    assert_int_equal(play->sum, 50);
    end();
}

/* After a gap the window is wide; then there are more than are listed at once. */
static void a_window_shrinks_where_there_are_many(void **state)
{
    enum { GAP = 40000000, MANY = 150000 };
    uint32_t *uids = talloc_array(NULL, uint32_t, MANY);
    uint64_t sum = 0;

    (void)state;
    for (uint32_t i = 0; i < MANY; i++)
        sum += uids[i] = GAP + i;
    begin(uids, MANY);
    run();
    assert_true(play->widest > MAILBOX_ROWS_MAX);
    assert_int_equal(play->read, MANY);
    assert_int_equal(play->sum, sum);
    assert_int_equal(play->kept[0].uid, GAP + MANY - 1);
    end();
    talloc_free(uids);
}

/* A server that does not say what the next UID is, and the largest that there can be. */
static void the_last_uid_ends_it(void **state)
{
    static const uint32_t uids[] = {1, UINT32_MAX - 1};

    (void)state;
    begin(uids, COUNT(uids));
    play->folder.uidnext = 0;
    run();
    assert_true(play->over);
    assert_int_equal(play->read, 2);
    assert_int_equal(play->kept[0].uid, UINT32_MAX - 1);
    end();
}

/* A place that no server gave: the folder is read from its beginning. */
static void a_damaged_place_is_none(void **state)
{
    static const uint32_t uids[] = {4};
    static const int64_t wrong[] = {-1, (int64_t)UINT32_MAX + 1};

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        begin(uids, COUNT(uids));
        play->kept[0] = (struct store_folder_place){7, wrong[i]};
        run();
        assert_int_equal(play->read, 1);
        end();
    }
}

static void who_moves_does_not_only_examine(void **state)
{
    (void)state;
    begin(NULL, 0);
    play->account.quarantine = "bad";
    run();
    assert_false(play->examined);
    assert_int_equal(play->kept[0].uidvalidity, 7);
    assert_int_equal(play->kept[1].uidvalidity, 7);
    end();
}

static void what_fails_ends_the_pass(void **state)
{
    static const uint32_t uids[] = {4};

    (void)state;
    begin(uids, COUNT(uids));
    play->answer.ok = false;
    run();
    assert_string_equal(play->fault, "the folder cannot be opened");
    end();
    begin(uids, COUNT(uids));
    play->refuses_sizes = true;
    run();
    assert_string_equal(play->fault, "the messages of the folder cannot be read");
    assert_int_equal(play->writes, 0);
    end();
    begin(uids, COUNT(uids));
    play->store_fails = true;
    run();
    assert_true(play->store_fault);
    assert_false(play->mailbox.writing);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_a_folder_is_read_once),
        cmocka_unit_test(it_goes_on_where_it_was),
        cmocka_unit_test(another_uidvalidity_is_another_folder),
        cmocka_unit_test(rows_are_sorted_each_once),
        cmocka_unit_test(a_window_shrinks_where_there_are_many),
        cmocka_unit_test(the_last_uid_ends_it),
        cmocka_unit_test(a_damaged_place_is_none),
        cmocka_unit_test(who_moves_does_not_only_examine),
        cmocka_unit_test(what_fails_ends_the_pass),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
