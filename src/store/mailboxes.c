/* SPDX-License-Identifier: MIT */
/* mailboxes.c - places in folders, the state of accounts, what was rejected. */
#include "store/mailboxes.h"

#include "store/hash.h"
#include "store/rows.h"

/* ---- places ---------------------------------------------------------------------------------- */

enum sts_status store_put_folder_place(struct store *store, const char *account, const char *folder,
                                       struct store_folder_place place)
{
    struct db_value args[] = {db_text(account), db_text(folder), db_number(place.uidvalidity),
                              db_number(place.uid)};

    return rows_write(store, DB_PLACE_PUT, args, 4, NULL);
}

static bool take_place(void *arg, const struct db_value *row)
{
    *(struct store_folder_place *)arg = (struct store_folder_place){row[0].number, row[1].number};
    return false;
}

enum sts_status store_folder_place(struct store *store, const char *account, const char *folder,
                                   struct store_folder_place *ret)
{
    struct db_value args[] = {db_text(account), db_text(folder)};
    struct rows_reader reader = {.kinds = "nn", .each = take_place, .arg = ret};

    *ret = (struct store_folder_place){0, 0};
    return rows_run(store, DB_PLACE, args, 2, &reader);
}

/* ---- the state of accounts ------------------------------------------------------------------- */

enum sts_status store_mailbox_passed(struct store *store, const struct store_mailbox *pass)
{
    const struct store_mailbox_counts *counts = &pass->counts;
    TALLOC_CTX *work = talloc_new(store);
    const char *detail = NULL;
    enum sts_status status = work ? db_fit(work, pass->detail, &detail) : STS_E_NOMEM;

    if (!status) {
        struct db_value args[] = {db_text(pass->account),
                                  rows_number_or_null(pass->fault ? 0 : pass->tried_at),
                                  db_number(pass->tried_at),
                                  db_text(pass->fault),
                                  db_text(detail),
                                  db_number(counts->messages),
                                  db_number(counts->added),
                                  db_number(counts->duplicates),
                                  db_number(counts->revisions),
                                  db_number(counts->rejected),
                                  db_number(counts->foreign)};

        status = rows_write(store, DB_MAILBOX_PASSED, args, 11, NULL);
    }
    talloc_free(work);
    return status;
}

struct mailbox_list {
    store_mailbox_fn fn;
    void *arg;
};

static bool list_mailbox(void *arg, const struct db_value *row)
{
    struct mailbox_list *list = arg;
    const struct store_mailbox mailbox = {.account = db_text_of(&row[0]),
                                          .tried_at = row[1].number,
                                          .succeeded_at = row[2].number,
                                          .fault = db_text_of(&row[3]),
                                          .detail = db_text_of(&row[4]),
                                          .counts = {row[5].number, row[6].number, row[7].number,
                                                     row[8].number, row[9].number, row[10].number}};

    return list->fn(list->arg, &mailbox);
}

enum sts_status store_mailboxes(struct store *store, store_mailbox_fn fn, void *arg)
{
    struct mailbox_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "tnNTTnnnnnn", .each = list_mailbox, .arg = &list};

    return rows_run(store, DB_MAILBOXES, NULL, 0, &reader);
}

enum sts_status store_knows_domain(struct store *store, const char *domain, bool *ret)
{
    struct db_value args[] = {db_text(domain)};
    int64_t count;
    enum sts_status status = db_run_number(store, DB_DOMAIN_KNOWN, args, 1, 0, &count);

    if (status == STS_OK)
        *ret = count > 0;
    return status;
}

/* ---- what was rejected ----------------------------------------------------------------------- */

struct rejection {
    const struct store_rejected *rejected;
    uint8_t key[STORE_HASH_SIZE]; /* of source and part, which may be longer than an index takes */
    const char *source, *part, *detail; /* fit to be kept */
};

static enum sts_status make_fit(TALLOC_CTX *work, struct rejection *rejection)
{
    const struct store_rejected *rejected = rejection->rejected;
    struct hash *hash = hash_new(work);
    enum sts_status status = db_fit(work, rejected->source, &rejection->source);

    if (!status)
        status = db_fit(work, rejected->part, &rejection->part);
    if (!status)
        status = db_fit(work, rejected->detail, &rejection->detail);
    if (status || !hash)
        return STS_E_NOMEM;
    hash_text(hash, rejected->source);
    hash_text(hash, rejected->part ? rejected->part : "");
    return hash_end(hash, rejection->key);
}

static enum sts_status put_rejection(struct store *store, void *arg)
{
    const struct rejection *rejection = arg;
    struct db_value key[] = {db_blob(rejection->key, STORE_HASH_SIZE)};
    struct db_value args[] = {key[0],
                              db_number(rejection->rejected->at),
                              db_text(rejection->source),
                              db_text(rejection->part),
                              db_text(rejection->rejected->why),
                              db_text(rejection->detail)};
    struct db_value most[] = {db_number(STORE_REJECTED_MAX)};
    enum sts_status status = db_run(store, DB_REJECTED_DROP, key, 1, NULL, NULL);

    if (!status)
        status = db_run(store, DB_REJECTED_ADD, args, 6, NULL, NULL);
    return status ? status : db_run(store, DB_REJECTED_PRUNE, most, 1, NULL, NULL);
}

enum sts_status store_add_rejected(struct store *store, const struct store_rejected *rejected)
{
    TALLOC_CTX *work = talloc_new(store);
    struct rejection rejection = {.rejected = rejected};
    enum sts_status status = work ? make_fit(work, &rejection) : STS_E_NOMEM;

    if (!status)
        status = store_batch(store, put_rejection, &rejection);
    talloc_free(work);
    return status;
}

struct rejected_list {
    store_rejected_fn fn;
    void *arg;
};

static bool list_rejected(void *arg, const struct db_value *row)
{
    struct rejected_list *list = arg;
    const struct store_rejected rejected = {.id = row[0].number,
                                            .at = row[1].number,
                                            .source = db_text_of(&row[2]),
                                            .part = db_text_of(&row[3]),
                                            .why = db_text_of(&row[4]),
                                            .detail = db_text_of(&row[5])};

    return list->fn(list->arg, &rejected);
}

enum sts_status store_rejected(struct store *store, int64_t before, size_t limit,
                               store_rejected_fn fn, void *arg)
{
    struct rejected_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "nntTtT", .each = list_rejected, .arg = &list};
    struct db_value args[] = {db_number(before), db_number((int64_t)limit)};

    return rows_run(store, DB_REJECTED, args, 2, &reader);
}
