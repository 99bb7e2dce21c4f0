/* SPDX-License-Identifier: MIT */
/* mailbox_folder.c - a folder, from where it was read the last time to its end.
 *
 * UIDs are asked for in windows, since there may be a million of them or large gaps: sizes of a
 * window, then the bodies of its messages in sets (mailbox_set.c).  A set is stored, its messages
 * are moved, and then it is remembered that it was dealt with. */
#include "app/mailbox_work.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "event/loop.h"
#include "store/writer.h"

static void next_window(struct mailbox *mailbox);
static void folder_over(struct mailbox *mailbox);

const char *mailbox_folder_name(const struct mailbox *mailbox)
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
                                talloc_strdup(data, mailbox_folder_name(mailbox)), mailbox->place};
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
    mailbox_next_set(mailbox);
}

void mailbox_set_over(struct mailbox *mailbox, uint32_t last)
{
    mailbox->place.uid = last;
    at_place(mailbox, write_place, on_place_put);
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
        mailbox_fail(mailbox, N_("the messages of the folder cannot be read"),
                     mailbox_folder_name(mailbox), answer->text);
        return;
    }
    adapt_window(mailbox);
    if (mailbox->overflow) {
        next_window(mailbox);
        return;
    }
    sort_rows(mailbox);
    mailbox->row = 0;
    mailbox_next_set(mailbox);
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

void mailbox_window_over(struct mailbox *mailbox)
{
    mailbox->place.uid = mailbox->last;
    mailbox->first = mailbox->last + 1;
    if (mailbox->last + 1 >= mailbox->next || !mailbox->first)
        folder_over(mailbox);
    else
        next_window(mailbox);
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
        mailbox_fail(mailbox, N_("the folder cannot be opened"), mailbox_folder_name(mailbox),
                     answer->text);
        return;
    }
    if (folder->uidvalidity != mailbox->place.uidvalidity) {
        if (mailbox->place.uidvalidity)
            mailbox->request.changed(mailbox->request.arg, mailbox_folder_name(mailbox));
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
    mailbox_go(
        mailbox,
        imap_engine_select(mailbox_engine(mailbox), mailbox_folder_name(mailbox), !moves(mailbox)),
        MAILBOX_REPLY_MS, on_selected);
}

void mailbox_folder_begin(struct mailbox *mailbox)
{
    at_place(mailbox, read_place, on_place);
}
