/* SPDX-License-Identifier: MIT */
/* mailbox_set.c - messages of a window: fetched in sets, stored, then moved. */
#include "app/mailbox_work.h"

#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "event/loop.h"
#include "intake/intake.h"

#define AGAIN_MS 1000 /* until the next try where too much waits to be stored */

/* ---- what FETCH tells ------------------------------------------------------------------------ */

static void add_row(struct mailbox *mailbox, const struct imap_mail *mail)
{
    struct mailbox_row *row;

    if (mail->size < 0 || mail->uid < mailbox->first || mail->uid > mailbox->last)
        return;
    row = mailbox->row_count < MAILBOX_ROWS_MAX
              ? array_grow(mailbox, &mailbox->rows, &mailbox->row_count, sizeof(*row))
              : NULL;
    if (row)
        *row = (struct mailbox_row){mail->uid, mail->size};
    mailbox->overflow |= !row;
}

static struct mailbox_slot *slot_of(struct mailbox *mailbox, uint32_t uid)
{
    for (size_t i = 0; i < mailbox->slot_count; i++)
        if (mailbox->slots[i].uid == uid && !mailbox->slots[i].bytes.data)
            return &mailbox->slots[i];
    return NULL;
}

/* The message has one; what nobody asked for is dropped. */
static void take_body(struct mailbox *mailbox, const struct imap_mail *mail)
{
    struct mailbox_slot *slot = slot_of(mailbox, mail->uid);

    if (slot && (mail->too_large || mailbox->body_dropped)) {
        slot->too_large = true;
        slot = NULL;
    }
    if (slot)
        slot->bytes = (struct bytes){
            mailbox->body ? mailbox->body : talloc_strdup(mailbox->set, ""), mailbox->body_length};
    else
        talloc_free(mailbox->body);
    mailbox->body = NULL;
    mailbox->body_length = mailbox->body_room = 0;
    mailbox->body_dropped = false;
}

void mailbox_on_mail(void *arg, const struct imap_mail *mail)
{
    struct mailbox *mailbox = arg;

    if (mailbox->sizes)
        add_row(mailbox, mail);
    else if (mail->body && mailbox->set)
        take_body(mailbox, mail);
}

void mailbox_on_body(void *arg, const char *data, size_t length)
{
    struct mailbox *mailbox = arg;
    size_t room = mailbox->body_room ? mailbox->body_room : 16384;
    char *grown = mailbox->body;

    if (mailbox->sizes || !mailbox->set || mailbox->body_dropped)
        return;
    while (room < mailbox->body_length + length)
        room *= 2;
    if (room != mailbox->body_room)
        grown = talloc_realloc_size(mailbox->set, mailbox->body, room);
    mailbox->body_dropped = !grown;
    if (!grown)
        return;
    mailbox->body = grown;
    mailbox->body_room = room;
    memcpy(grown + mailbox->body_length, data, length);
    mailbox->body_length += length;
}

/* ---- moving ---------------------------------------------------------------------------------- */

static void remember(struct mailbox *mailbox)
{
    mailbox_set_over(mailbox, mailbox->slots[mailbox->slot_count - 1].uid);
}

static bool was_moved(struct mailbox *mailbox, const char *folder)
{
    const struct imap_answer *answer = imap_engine_answer(mailbox_engine(mailbox));

    if (!answer->ok)
        mailbox_fail(mailbox, N_("messages could not be moved to the folder"), folder,
                     answer->text);
    return answer->ok;
}

static void after_quarantine(struct mailbox *mailbox)
{
    if (was_moved(mailbox, mailbox->request.account->quarantine))
        remember(mailbox);
}

static void move_bad(struct mailbox *mailbox)
{
    const char *folder = mailbox->request.account->quarantine;

    if (!folder || !mailbox->bad_count)
        remember(mailbox);
    else
        mailbox_go(
            mailbox,
            imap_engine_move(mailbox_engine(mailbox), mailbox->bad, mailbox->bad_count, folder),
            MAILBOX_REPLY_MS, after_quarantine);
}

static void after_move(struct mailbox *mailbox)
{
    if (was_moved(mailbox, mailbox->request.account->move_to))
        move_bad(mailbox);
}

static void move_good(struct mailbox *mailbox)
{
    const char *folder = mailbox->request.account->move_to;

    if (!folder || !mailbox->good_count)
        move_bad(mailbox);
    else
        mailbox_go(
            mailbox,
            imap_engine_move(mailbox_engine(mailbox), mailbox->good, mailbox->good_count, folder),
            MAILBOX_REPLY_MS, after_move);
}

/* ---- storing --------------------------------------------------------------------------------- */

static void tell_rejected(const struct mailbox *mailbox, const char *source, const char *why,
                          const char *detail)
{
    mailbox->request.rejected(mailbox->request.arg,
                              &(struct mailbox_rejected){source, why, detail});
}

static void count(struct mailbox *mailbox, const struct receiver_item *item, uint32_t uid)
{
    struct store_way_counts *counts = &mailbox->pass.counts;

    counts->messages++;
    counts->added += (int64_t)item->added;
    counts->duplicates += (int64_t)item->duplicates;
    counts->revisions += (int64_t)item->revisions;
    counts->rejected += (int64_t)item->rejected;
    counts->foreign += item->outcome == RECEIVER_FOREIGN;
    if (item->outcome == RECEIVER_STORED || item->outcome == RECEIVER_SEEN)
        mailbox->good[mailbox->good_count++] = uid;
    if (item->outcome == RECEIVER_REJECTED) {
        mailbox->bad[mailbox->bad_count++] = uid;
        tell_rejected(mailbox, item->source, item->why, item->detail);
    }
}

static void on_stored(void *arg, struct receiver_set *set, enum sts_status status,
                      const struct store_fault *fault)
{
    struct mailbox *mailbox = arg;
    size_t item = 0;

    mailbox->writing = false;
    if (status != STS_OK) {
        mailbox_fail_store(mailbox, fault);
        return;
    }
    mailbox->good_count = mailbox->bad_count = 0;
    mailbox->pass.faults += set->faults;
    for (size_t i = 0; i < mailbox->slot_count; i++)
        if (mailbox->slots[i].bytes.data)
            count(mailbox, &set->items[item++], mailbox->slots[i].uid);
    move_good(mailbox);
}

static void give(struct mailbox *mailbox);

static void give_again(void *arg)
{
    struct mailbox *mailbox = arg;

    TALLOC_FREE(mailbox->timer);
    give(mailbox);
}

static void give(struct mailbox *mailbox)
{
    struct receiver_set *set = mailbox->set;
    enum sts_status status = receiver_take(mailbox->request.receiver, set, on_stored, mailbox);

    if (status == STS_OK) {
        mailbox->set = NULL;
        mailbox->writing = true;
        return;
    }
    if (status == STS_E_LIMIT)
        status = loop_timer_start(mailbox, mailbox->request.loop,
                                  loop_now(mailbox->request.loop) + AGAIN_MS, give_again, mailbox,
                                  &mailbox->timer);
    if (status != STS_OK)
        mailbox_fail_store(mailbox, NULL);
}

static char *source_of(TALLOC_CTX *ctx, const struct mailbox *mailbox, uint32_t uid)
{
    return talloc_asprintf(ctx, "imap:%s/%s/%lld/%u", mailbox->request.account->name,
                           mailbox_folder_name(mailbox), (long long)mailbox->place.uidvalidity,
                           (unsigned)uid);
}

static bool add_item(struct mailbox *mailbox, const struct mailbox_slot *slot)
{
    struct receiver_set *set = mailbox->set;
    struct receiver_item *item = &set->items[set->count++];

    *item = (struct receiver_item){
        .bytes = slot->bytes, .source = source_of(set, mailbox, slot->uid), .mail = true};
    return item->source;
}

/* It cannot be read, so nobody knows whether it is a report: it is left where it is. */
static void tell_too_large(struct mailbox *mailbox, uint32_t uid)
{
    char *source = source_of(mailbox, mailbox, uid);

    mailbox->pass.counts.messages++;
    mailbox->pass.counts.foreign++;
    if (source)
        tell_rejected(mailbox, source, N_("the message is larger than 96 MiB"), NULL);
    talloc_free(source);
}

/* A message that another client moved away meanwhile is not there, which is as good. */
static void on_bodies(struct mailbox *mailbox)
{
    const struct imap_answer *answer = imap_engine_answer(mailbox_engine(mailbox));
    bool memory = true;

    if (!answer->ok) {
        mailbox_fail(mailbox, N_("the messages of the folder cannot be read"),
                     mailbox_folder_name(mailbox), answer->text);
        return;
    }
    for (size_t i = 0; memory && i < mailbox->slot_count; i++) {
        if (mailbox->slots[i].too_large)
            tell_too_large(mailbox, mailbox->slots[i].uid);
        if (mailbox->slots[i].bytes.data)
            memory = add_item(mailbox, &mailbox->slots[i]);
    }
    if (memory)
        give(mailbox);
    else
        mailbox_fail_store(mailbox, NULL);
}

/* ---- sets ------------------------------------------------------------------------------------ */

/* The next rows, as many as go together. */
static int64_t fill_slots(struct mailbox *mailbox)
{
    int64_t bytes = 0;

    mailbox->slot_count = 0;
    while (mailbox->row < mailbox->row_count && mailbox->slot_count < MAILBOX_SET_MAILS) {
        const struct mailbox_row *row = &mailbox->rows[mailbox->row];
        bool first = mailbox->slot_count == 0;

        if (row->size > INTAKE_MAIL_MAX) {
            tell_too_large(mailbox, row->uid);
        } else if (!first && bytes + row->size > MAILBOX_SET_BYTES) {
            break;
        } else {
            mailbox->slots[mailbox->slot_count++] = (struct mailbox_slot){.uid = row->uid};
            bytes += row->size;
        }
        mailbox->row++;
    }
    return bytes;
}

static bool make_set(struct mailbox *mailbox)
{
    struct receiver_set *set = talloc_zero(mailbox, struct receiver_set);

    talloc_free(mailbox->set);
    mailbox->set = set;
    mailbox->body = NULL;
    mailbox->body_length = mailbox->body_room = 0;
    if (!set)
        return false;
    set->now = clock_now();
    set->way =
        (struct store_way_name){STORE_WAY_IMAP, talloc_strdup(set, mailbox->request.account->name),
                                talloc_strdup(set, mailbox_folder_name(mailbox))};
    set->items = talloc_zero_array(set, struct receiver_item, MAILBOX_SET_MAILS);
    return set->items && set->way.account && set->way.folder;
}

static void fetch(struct mailbox *mailbox, int64_t bytes)
{
    uint32_t uids[MAILBOX_SET_MAILS];

    for (size_t i = 0; i < mailbox->slot_count; i++)
        uids[i] = mailbox->slots[i].uid;
    mailbox->sizes = false;
    mailbox_go(mailbox, imap_engine_bodies(mailbox_engine(mailbox), uids, mailbox->slot_count),
               MAILBOX_REPLY_MS + bytes / MAILBOX_BYTE_MS, on_bodies);
}

void mailbox_next_set(struct mailbox *mailbox)
{
    int64_t bytes;

    if (mailbox->pass.counts.messages >= MAILBOX_PASS_MAX && mailbox->row < mailbox->row_count) {
        mailbox->pass.more = true;
        mailbox_pass_over(mailbox);
        return;
    }
    bytes = fill_slots(mailbox);
    if (!mailbox->slot_count) {
        mailbox_window_over(mailbox);
    } else if (make_set(mailbox)) {
        fetch(mailbox, bytes);
    } else {
        mailbox_fail_store(mailbox, NULL);
    }
}
