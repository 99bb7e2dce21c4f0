/* SPDX-License-Identifier: MIT */
/* mailbox_folder.c - a folder, from where it was read the last time to its end.
 *
 * UIDs are asked for in windows, since there may be a million of them or large gaps: sizes of a
 * window, then the bodies of its messages in sets.  A set is stored, its messages are moved, and
 * then it is remembered that it was dealt with. */
#include "app/mailbox_work.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "event/loop.h"
#include "intake/intake.h"
#include "store/writer.h"

#define AGAIN_MS 1000 /* until the next try where too much waits to be stored */

static void next_window(struct mailbox *mailbox);
static void next_set(struct mailbox *mailbox);
static void folder_over(struct mailbox *mailbox);

static const char *folder_of(const struct mailbox *mailbox)
{
    return mailbox->request.account->folders[mailbox->folder];
}

static bool moves(const struct mailbox *mailbox)
{
    return mailbox->request.account->move_to || mailbox->request.account->quarantine;
}

/* ---- its place in the store ------------------------------------------------------------------ */

struct place_data {
    const char *account, *folder;
    struct store_folder_place place;
};

static enum sts_status write_place(struct store *store, void *data)
{
    const struct place_data *at = data;

    return store_put_folder_place(store, at->account, at->folder, at->place);
}

static enum sts_status read_place(struct store *store, void *data)
{
    struct place_data *at = data;

    return store_folder_place(store, at->account, at->folder, &at->place);
}

static struct place_data *place_data_new(TALLOC_CTX *ctx, const struct mailbox *mailbox)
{
    struct place_data *data = talloc_zero(ctx, struct place_data);

    if (!data)
        return NULL;
    *data = (struct place_data){talloc_strdup(data, mailbox->request.account->name),
                                talloc_strdup(data, folder_of(mailbox)), mailbox->place};
    if (data->account && data->folder)
        return data;
    talloc_free(data);
    return NULL;
}

typedef enum sts_status (*place_fn)(struct store *store, void *data);
typedef void (*place_done_fn)(void *arg, void *data, enum sts_status status,
                              const struct store_fault *fault);

static void at_place(struct mailbox *mailbox, place_fn what, place_done_fn done)
{
    struct place_data *data = place_data_new(mailbox, mailbox);
    const struct store_writer_request request = {
        .write = what, .done = done, .data = data, .arg = mailbox};

    if (data && store_writer_put(mailbox->request.writer, &request) == STS_OK)
        mailbox->writing = true;
    else
        mailbox_fail_store(mailbox, NULL);
}

static void on_place_put(void *arg, void *data, enum sts_status status,
                         const struct store_fault *fault)
{
    struct mailbox *mailbox = arg;

    mailbox->writing = false;
    if (status != STS_OK) {
        mailbox_fail_store(mailbox, fault);
        return;
    }
    mailbox->stored = ((struct place_data *)data)->place;
    next_set(mailbox);
}

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
    mailbox->place.uid = mailbox->slots[mailbox->slot_count - 1].uid;
    at_place(mailbox, write_place, on_place_put);
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
    struct store_mailbox_counts *counts = &mailbox->pass.counts;

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
                           folder_of(mailbox), (long long)mailbox->place.uidvalidity,
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
        mailbox_fail(mailbox, N_("the messages of the folder cannot be read"), folder_of(mailbox),
                     answer->text);
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
    set->items = talloc_zero_array(set, struct receiver_item, MAILBOX_SET_MAILS);
    return set->items;
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

static void next_set(struct mailbox *mailbox)
{
    int64_t bytes;

    if (mailbox->pass.counts.messages >= MAILBOX_PASS_MAX && mailbox->row < mailbox->row_count) {
        mailbox->pass.more = true;
        mailbox_pass_over(mailbox);
        return;
    }
    bytes = fill_slots(mailbox);
    if (!mailbox->slot_count) {
        mailbox->place.uid = mailbox->last;
        mailbox->first = mailbox->last + 1;
        if (mailbox->last + 1 >= mailbox->next || !mailbox->first)
            folder_over(mailbox);
        else
            next_window(mailbox);
    } else if (make_set(mailbox)) {
        fetch(mailbox, bytes);
    } else {
        mailbox_fail_store(mailbox, NULL);
    }
}

/* ---- windows --------------------------------------------------------------------------------- */

static int compare_rows(const void *a, const void *b)
{
    const struct mailbox_row *one = a, *other = b;

    return (one->uid > other->uid) - (one->uid < other->uid);
}

static void sort_rows(struct mailbox *mailbox)
{
    size_t count = 0;

    if (mailbox->row_count)
        qsort(mailbox->rows, mailbox->row_count, sizeof(*mailbox->rows), compare_rows);
    for (size_t i = 0; i < mailbox->row_count; i++)
        if (!count || mailbox->rows[i].uid != mailbox->rows[count - 1].uid)
            mailbox->rows[count++] = mailbox->rows[i];
    mailbox->row_count = count;
}

/* Windows grow where few messages are, and shrink where there are more than can be listed. */
static void adapt_window(struct mailbox *mailbox)
{
    if (mailbox->overflow && mailbox->window > 16)
        mailbox->window /= 16;
    else if (mailbox->row_count < MAILBOX_WINDOW && mailbox->window <= UINT32_MAX / 4)
        mailbox->window *= 4;
}

static void on_sizes(struct mailbox *mailbox)
{
    const struct imap_answer *answer = imap_engine_answer(mailbox_engine(mailbox));

    if (!answer->ok) {
        mailbox_fail(mailbox, N_("the messages of the folder cannot be read"), folder_of(mailbox),
                     answer->text);
        return;
    }
    adapt_window(mailbox);
    if (mailbox->overflow) {
        next_window(mailbox);
        return;
    }
    sort_rows(mailbox);
    mailbox->row = 0;
    next_set(mailbox);
}

static void next_window(struct mailbox *mailbox)
{
    uint32_t left = mailbox->next - mailbox->first;

    TALLOC_FREE(mailbox->rows);
    mailbox->row_count = 0;
    mailbox->overflow = false;
    mailbox->last = mailbox->first + (left < mailbox->window ? left : mailbox->window) - 1;
    mailbox->sizes = true;
    mailbox_go(mailbox, imap_engine_sizes(mailbox_engine(mailbox), mailbox->first, mailbox->last),
               MAILBOX_REPLY_MS, on_sizes);
}

/* ---- the folder ------------------------------------------------------------------------------ */

static void next_folder(struct mailbox *mailbox)
{
    if (++mailbox->folder < mailbox->request.account->folder_count)
        mailbox_folder_begin(mailbox);
    else
        mailbox_pass_over(mailbox);
}

static void on_end_put(void *arg, void *data, enum sts_status status,
                       const struct store_fault *fault)
{
    struct mailbox *mailbox = arg;

    (void)data;
    mailbox->writing = false;
    if (status == STS_OK)
        next_folder(mailbox);
    else
        mailbox_fail_store(mailbox, fault);
}

static void folder_over(struct mailbox *mailbox)
{
    if (mailbox->place.uid == mailbox->stored.uid &&
        mailbox->place.uidvalidity == mailbox->stored.uidvalidity)
        next_folder(mailbox);
    else
        at_place(mailbox, write_place, on_end_put);
}

static void on_selected(struct mailbox *mailbox)
{
    const struct imap_answer *answer = imap_engine_answer(mailbox_engine(mailbox));
    const struct imap_folder *folder = imap_engine_folder(mailbox_engine(mailbox));

    if (!answer->ok) {
        mailbox_fail(mailbox, N_("the folder cannot be opened"), folder_of(mailbox), answer->text);
        return;
    }
    if (folder->uidvalidity != mailbox->place.uidvalidity) {
        if (mailbox->place.uidvalidity)
            mailbox->request.changed(mailbox->request.arg, folder_of(mailbox));
        mailbox->place = (struct store_folder_place){folder->uidvalidity, 0};
    }
    mailbox->first = (uint32_t)mailbox->place.uid + 1;
    mailbox->next = folder->uidnext ? folder->uidnext : UINT32_MAX;
    mailbox->window = MAILBOX_WINDOW;
    if (!mailbox->first || mailbox->first >= mailbox->next)
        folder_over(mailbox);
    else
        next_window(mailbox);
}

static void on_place(void *arg, void *data, enum sts_status status, const struct store_fault *fault)
{
    struct mailbox *mailbox = arg;

    mailbox->writing = false;
    if (status != STS_OK) {
        mailbox_fail_store(mailbox, fault);
        return;
    }
    mailbox->place = mailbox->stored = ((struct place_data *)data)->place;
    if (mailbox->place.uid < 0 || mailbox->place.uid > UINT32_MAX)
        mailbox->place.uid = 0;
    mailbox_go(mailbox,
               imap_engine_select(mailbox_engine(mailbox), folder_of(mailbox), !moves(mailbox)),
               MAILBOX_REPLY_MS, on_selected);
}

void mailbox_folder_begin(struct mailbox *mailbox)
{
    at_place(mailbox, read_place, on_place);
}
