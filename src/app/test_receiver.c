/* SPDX-License-Identifier: MIT */
/* test_receiver.c - sets that come in together are told each for itself, and what is too large or
 * too much is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "app/limits.h"
#include "app/receiver.h"
#include "app/test_files.h"
#include "event/loop.h"
#include "store/store.h"
#include "store/writer.h"

#define NOW  ((int64_t)1795446000) /* 2026-11-23T15:00:00Z */
#define MANY 300                   /* more than are read in one job, by far */

static struct lab {
    TALLOC_CTX *ctx;
    struct loop *loop;
    struct store_writer *writer;
    struct receiver *receiver;
    size_t told, wanted;
} lab;

/* Who gave a set. */
struct giver {
    enum receiver_outcome wanted;
    const char *why; /* what the reason begins with; NULL: there is none */
    size_t told;
};

static int set_up(void **state)
{
    struct receiver_request request = {.readers = 2};

    (void)state;
    lab = (struct lab){.ctx = talloc_new(NULL)};
    assert_int_equal(loop_new(lab.ctx, &lab.loop), STS_OK);
    assert_int_equal(
        store_writer_new(lab.ctx, lab.loop,
                         talloc_asprintf(lab.ctx, "%s/store.db", test_directory(lab.ctx)),
                         &lab.writer),
        STS_OK);
    request.loop = lab.loop;
    request.writer = lab.writer;
    assert_int_equal(receiver_new(lab.ctx, &request, &lab.receiver), STS_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    TALLOC_FREE(lab.writer); /* first: it tells the receiver */
    TALLOC_FREE(lab.receiver);
    talloc_free(lab.ctx);
    return 0;
}

static void on_told(void *arg, struct receiver_set *set, enum sts_status status,
                    const struct store_fault *fault)
{
    struct giver *giver = arg;
    const struct receiver_item *item = &set->items[0];

    assert_int_equal(status, STS_OK);
    assert_null(fault);
    assert_int_equal(item->outcome, giver->wanted);
    assert_true(!item->why == !giver->why);
    if (giver->why)
        assert_memory_equal(item->why, giver->why, strlen(giver->why));
    giver->told++;
    if (++lab.told == lab.wanted)
        loop_stop(lab.loop);
}

static struct receiver_set *set_of(struct bytes bytes, bool mail)
{
    struct receiver_set *set = talloc_zero(lab.ctx, struct receiver_set);

    set->items = talloc_zero(set, struct receiver_item);
    set->items[0] = (struct receiver_item){.bytes = bytes, .source = "test", .mail = mail};
    set->count = 1;
    set->now = NOW;
    return set;
}

static void give(const char *text, bool mail, struct giver *giver)
{
    struct receiver_set *set = set_of(bytes_of(text), mail);

    assert_int_equal(receiver_take(lab.receiver, set, on_told, giver), STS_OK);
    lab.wanted++;
}

static void run(void)
{
    assert_int_equal(loop_run(lab.loop), STS_OK);
    assert_int_equal(lab.told, lab.wanted);
}

static const char *numbered(int number)
{
    return test_report(lab.ctx, talloc_asprintf(lab.ctx, "r%d", number), 1 + number % 28, 1, 0);
}

/* ---- several at a time ----------------------------------------------------------------------- */

/* Whatever stands beside it in the same job. */
static void each_set_is_told_what_became_of_it(void **state)
{
    static const struct giver kinds[] = {
        {RECEIVER_STORED, NULL, 0},
        {RECEIVER_FOREIGN, NULL, 0},
        {RECEIVER_REJECTED, "", 0},
        {RECEIVER_SEEN, NULL, 0},
    };
    static struct giver givers[MANY];
    struct giver before = {RECEIVER_STORED, NULL, 0};

    (void)state;
    give(numbered(0), false, &before);
    run();
    for (int i = 0; i < MANY; i++) {
        givers[i] = kinds[i % 4];
        if (i % 4 == 0)
            give(numbered(1 + i), false, &givers[i]);
        else if (i % 4 == 1)
            give("From: a@b.example\r\nSubject: lunch\r\n\r\nat one?\r\n", true, &givers[i]);
        else if (i % 4 == 2)
            give("{\"organization-name\": 1", false, &givers[i]);
        else
            give(numbered(0), false, &givers[i]);
    }
    run();
    for (int i = 0; i < MANY; i++)
        assert_int_equal(givers[i].told, 1);
}

/* A set of several items has what each of them became. */
static void each_item_of_a_set_has_its_own(void **state)
{
    struct giver giver = {RECEIVER_REJECTED, "", 0};
    struct receiver_set *set = talloc_zero(lab.ctx, struct receiver_set);
    struct receiver_item *items = talloc_zero_array(set, struct receiver_item, 3);

    (void)state;
    items[0] = (struct receiver_item){.bytes = bytes_of("{"), .source = "broken"};
    items[1] = (struct receiver_item){.bytes = bytes_of(numbered(1)), .source = "good"};
    items[2] = (struct receiver_item){.bytes = bytes_of(numbered(1)), .source = "again"};
    *set = (struct receiver_set){.items = items, .count = 3, .now = NOW};
    assert_int_equal(receiver_take(lab.receiver, set, on_told, &giver), STS_OK);
    (void)talloc_reference(lab.ctx, set);
    lab.wanted = 1;
    run();
    assert_int_equal(items[1].outcome, RECEIVER_STORED);
    assert_int_equal(items[2].outcome, RECEIVER_SEEN);
}

static void who_is_forgotten_is_not_told(void **state)
{
    struct giver gone = {RECEIVER_STORED, NULL, 0}, seen = {RECEIVER_SEEN, NULL, 0};

    (void)state;
    give(numbered(1), false, &gone);
    receiver_forget(lab.receiver, &gone);
    lab.wanted--;
    give(numbered(2), false, &(struct giver){RECEIVER_STORED, NULL, 0});
    run();
    give(numbered(1), false, &seen); /* it was stored all the same */
    run();
    assert_int_equal(gone.told, 0);
}

/* ---- too much -------------------------------------------------------------------------------- */

/* Blanks behind a report are of its text. */
static char *long_report(int number, size_t length)
{
    const char *report = numbered(number);
    char *text = talloc_array(lab.ctx, char, length + 1);

    memset(text, ' ', length);
    text[length] = '\0';
    memcpy(text, report, strlen(report) - 1);
    text[length - 1] = '}';
    return text;
}

static void a_long_text_is_refused(void **state)
{
    struct giver most = {RECEIVER_STORED, NULL, 0}, more = {RECEIVER_REJECTED, "it has more", 0};

    (void)state;
    give(long_report(1, LIMIT_RECEIVED_TEXT), false, &most);
    give(long_report(2, LIMIT_RECEIVED_TEXT + 1), false, &more);
    run();
}

static char *with_policies(int number, int count)
{
    char *text = talloc_asprintf(
        lab.ctx,
        "{\"organization-name\":\"S\",\"report-id\":\"p%d\",\"contact-info\":\"a@b.example\","
        "\"date-range\":{\"start-datetime\":\"2026-11-01T00:00:00Z\","
        "\"end-datetime\":\"2026-11-01T23:59:59Z\"},\"policies\":[",
        number);

    for (int i = 0; i < count; i++)
        text = talloc_asprintf_append_buffer(
            text,
            "%s{\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":\"d%d.example\"},"
            "\"summary\":{\"total-successful-session-count\":1,"
            "\"total-failure-session-count\":0}}",
            i ? "," : "", i);
    return talloc_strdup_append_buffer(text, "]}");
}

static void many_policies_are_refused(void **state)
{
    struct giver most = {RECEIVER_STORED, NULL, 0}, more = {RECEIVER_REJECTED, "it has more", 0};

    (void)state;
    give(with_policies(1, LIMIT_RECEIVED_POLICIES), false, &most);
    give(with_policies(2, LIMIT_RECEIVED_POLICIES + 1), false, &more);
    run();
}

static void unknown_domains_are_refused(void **state)
{
    struct giver giver = {RECEIVER_REJECTED, "none of its domains is known", 0};
    struct receiver_set *set = set_of(bytes_of(numbered(1)), false);

    (void)state;
    set->known_only = true;
    assert_int_equal(receiver_take(lab.receiver, set, on_told, &giver), STS_OK);
    lab.wanted = 1;
    run();
}

/* It stays with whoever gave it. */
static void what_has_no_room_is_given_back(void **state)
{
    static struct giver giver;
    struct receiver_set *set = NULL;
    enum sts_status status = STS_OK;
    const char *text = numbered(1);

    (void)state;
    giver = (struct giver){RECEIVER_SEEN, NULL, 0};
    give(text, false, &(struct giver){RECEIVER_STORED, NULL, 0});
    run();
    for (lab.wanted = 1; status == STS_OK; lab.wanted++) {
        set = set_of(bytes_of(text), false);
        status = receiver_take(lab.receiver, set, on_told, &giver);
    }
    lab.wanted--; /* the last was not taken */
    assert_int_equal(status, STS_E_LIMIT);
    assert_ptr_equal(talloc_parent(set), lab.ctx);
    run();
    assert_int_equal(giver.told, lab.wanted - 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(each_set_is_told_what_became_of_it), CASE(each_item_of_a_set_has_its_own),
        CASE(who_is_forgotten_is_not_told),       CASE(a_long_text_is_refused),
        CASE(many_policies_are_refused),          CASE(unknown_domains_are_refused),
        CASE(what_has_no_room_is_given_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
