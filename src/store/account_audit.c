/* SPDX-License-Identifier: MIT */
/* account_audit.c - the log of who did what, and from where. */
#include "store/accounts.h"

#include "store/rows.h"

enum sts_status store_add_audit(struct store *store, const struct store_audit *audit)
{
    TALLOC_CTX *work = talloc_new(store);
    const char *who = NULL, *object = NULL;
    enum sts_status status = work ? db_fit(work, audit->who, &who) : STS_E_NOMEM;

    if (!status)
        status = db_fit(work, audit->object, &object);
    if (!status) {
        struct db_value args[] = {db_number(audit->at),    db_text(who ? who : ""),
                                  db_text(audit->address), rows_number_or_null(audit->group),
                                  db_text(audit->action),  db_text(object)};

        status = rows_write(store, DB_AUDIT_ADD, args, 6, NULL);
    }
    talloc_free(work);
    return status;
}

struct audit_list {
    store_audit_fn fn;
    void *arg;
};

static bool list_audit(void *arg, const struct db_value *row)
{
    struct audit_list *list = arg;
    struct store_audit audit = {.id = row[0].number,
                                .at = row[1].number,
                                .who = db_text_of(&row[2]),
                                .address = db_text_of(&row[3]),
                                .group = row[4].number,
                                .action = db_text_of(&row[5]),
                                .object = db_text_of(&row[6])};

    return list->fn(list->arg, &audit);
}

enum sts_status store_audit(struct store *store, int64_t group, int64_t before, size_t limit,
                            store_audit_fn fn, void *arg)
{
    struct audit_list list = {fn, arg};
    struct rows_reader reader = {.kinds = "nntTNtT", .each = list_audit, .arg = &list};
    struct db_value args[] = {db_number(before), db_number((int64_t)limit), db_number(group)};

    return group ? rows_run(store, DB_AUDIT_OF_GROUP, args, 3, &reader)
                 : rows_run(store, DB_AUDIT_ALL, args, 2, &reader);
}

enum sts_status store_prune_audit(struct store *store, int64_t before)
{
    struct db_value args[] = {db_number(before)};

    return rows_write(store, DB_AUDIT_PRUNE, args, 1, NULL);
}
