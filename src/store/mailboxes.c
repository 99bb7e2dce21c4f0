/* SPDX-License-Identifier: MIT */
/* mailboxes.c - places in folders. */
#include "store/mailboxes.h"

#include "store/rows.h"

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

enum sts_status store_knows_domain(struct store *store, const char *domain, bool *ret)
{
    struct db_value args[] = {db_text(domain)};
    int64_t count;
    enum sts_status status = db_run_number(store, DB_DOMAIN_KNOWN, args, 1, 0, &count);

    if (status == STS_OK)
        *ret = count > 0;
    return status;
}
