/* SPDX-License-Identifier: MIT */
/* rows.c - what most verbs share: a list that is read, a statement that writes. */
#include "store/rows.h"

static bool is_kind(const struct db_value *value, char kind)
{
    switch (kind) {
    case 'n':
        return value->kind == DB_NUMBER;
    case 'N':
        return value->kind == DB_NUMBER || value->kind == DB_NULL;
    case 't':
        return value->kind == DB_TEXT;
    case 'T':
        return value->kind == DB_TEXT || value->kind == DB_NULL;
    case 'B':
        return value->kind == DB_BLOB || value->kind == DB_NULL;
    default:
        return value->kind == DB_BLOB;
    }
}

static bool read_row(void *arg, const struct db_value *row)
{
    struct rows_reader *reader = arg;

    for (size_t i = 0; reader->kinds[i]; i++)
        if (!is_kind(&row[i], reader->kinds[i])) {
            reader->damaged = true;
            return false;
        }
    return reader->each(reader->arg, row);
}

enum sts_status rows_run(struct store *store, enum db_statement statement,
                         const struct db_value *args, size_t count, struct rows_reader *reader)
{
    enum sts_status status;

    reader->damaged = false;
    status = db_run(store, statement, args, count, read_row, reader);
    return !status && reader->damaged ? db_damaged(store) : status;
}

struct rows_writing {
    enum db_statement statement;
    const struct db_value *args;
    size_t count;
    int64_t id;
};

static enum sts_status write_rows(struct store *store, void *arg)
{
    struct rows_writing *writing = arg;

    return db_run_number(store, writing->statement, writing->args, writing->count, 0, &writing->id);
}

enum sts_status rows_write(struct store *store, enum db_statement statement,
                           const struct db_value *args, size_t count, int64_t *ret_id)
{
    struct rows_writing writing = {.statement = statement, .args = args, .count = count};
    enum sts_status status = store_batch(store, write_rows, &writing);

    if (!status && ret_id)
        *ret_id = writing.id;
    return status;
}

enum sts_status rows_change(struct store *store, enum db_statement statement,
                            const struct db_value *args, size_t count, bool *ret_done)
{
    int64_t id = 0;
    enum sts_status status = rows_write(store, statement, args, count, &id);

    if (!status)
        *ret_done = id != 0;
    return status;
}

struct db_value rows_number_or_null(int64_t number)
{
    return number ? db_number(number) : (struct db_value){.kind = DB_NULL};
}
