/* SPDX-License-Identifier: MIT */
/* mailbox_pass.c - how a pass went, for the account and for each of its folders. */
#include "app/mailbox_work.h"

#include <string.h>

#include "base/clock.h"
#include "store/writer.h"

/* Signing in, then the folders up to the one that the pass ended in. */
struct pass_data {
    struct store_way *ways;
    size_t count;
};

static enum sts_status write_pass(struct store *store, void *data)
{
    const struct pass_data *pass = data;
    enum sts_status status = STS_OK;

    for (size_t i = 0; status == STS_OK && i < pass->count; i++)
        status = store_put_way(store, &pass->ways[i]);
    return status;
}

/* "the file: what the system said" */
static const char *whole_detail(TALLOC_CTX *ctx, const struct mailbox *mailbox)
{
    const struct mailbox_pass *pass = &mailbox->pass;
    const char *subject = pass->subject;

    if (subject && mailbox->signed_in && strcmp(subject, mailbox_folder_name(mailbox)) == 0)
        subject = NULL; /* it is of that folder anyway */
    if (subject && pass->detail)
        return talloc_asprintf(ctx, "%s: %s", subject, pass->detail);
    return subject || pass->detail ? talloc_strdup(ctx, subject ? subject : pass->detail) : NULL;
}

static bool fill(struct pass_data *data, const struct mailbox *mailbox)
{
    const struct mailbox_account *account = mailbox->request.account;
    const char *name = talloc_strdup(data, account->name);
    int64_t now = clock_now();

    for (size_t i = 0; name && i < data->count; i++) {
        struct store_way *way = &data->ways[i];

        way->tried_at = now;
        way->name = (struct store_way_name){STORE_WAY_IMAP, name,
                                            i ? talloc_strdup(data, account->folders[i - 1]) : ""};
        if (!way->name.folder)
            return false;
    }
    if (name && mailbox->pass.fault) {
        data->ways[data->count - 1].fault = talloc_strdup(data, mailbox->pass.fault);
        data->ways[data->count - 1].detail = whole_detail(data, mailbox);
    }
    return name;
}

bool mailbox_pass_put(struct mailbox *mailbox, mailbox_written done)
{
    size_t folders = mailbox->request.account->folder_count;
    struct pass_data *data = talloc_zero(mailbox, struct pass_data);
    const struct store_writer_request request = {
        .write = write_pass, .done = done, .data = data, .arg = mailbox};

    if (!data)
        return false;
    if (mailbox->signed_in)
        data->count = mailbox->folder < folders ? mailbox->folder + 1 : folders;
    data->count++;
    data->ways = talloc_zero_array(data, struct store_way, (unsigned)data->count);
    if (data->ways && fill(data, mailbox) &&
        store_writer_put(mailbox->request.writer, &request) == STS_OK)
        return true;
    talloc_free(data);
    return false;
}
