/* SPDX-License-Identifier: MIT */
/* reports_read.c - TLS-RPT reports, and the sessions that they count, read one by one. */
#include "store/db.h"
#include "store/pages.h"

#include "sts/report.h"

/* ---- reports --------------------------------------------------------------------------------- */

struct stored_report_reader {
    store_report_fn fn;
    void *arg;
    bool damaged;
};

static bool is_text_or_null(const struct db_value *value)
{
    return value->kind == DB_TEXT || value->kind == DB_NULL;
}

/* A file may say anything, also against its schema. */
static bool is_sound_report(const struct db_value *row)
{
    static const int texts[] = {5, 6, 11, 12, 13, 14, 15, 16};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!is_text_or_null(&row[texts[i]]))
            return false;
    return row[0].kind == DB_TEXT && row[1].kind == DB_TEXT && row[9].kind == DB_BLOB;
}

static bool read_report(void *arg, const struct db_value *row)
{
    struct stored_report_reader *reader = arg;
    struct store_receipt receipt = {
        .submitter = db_text_of(&row[0]),
        .report_id = db_text_of(&row[1]),
        .begins = row[2].number,
        .ends = row[3].number,
        .received_at = row[4].number,
        .source = db_text_of(&row[5]),
        .trust = db_text_of(&row[6]),
        .revision = row[7].number,
        .superseded = row[7].number != row[8].number,
        .raw = row[9].bytes,
        .mailed_at = row[10].number,
        .origin = {db_text_of(&row[11]), db_text_of(&row[12]), db_text_of(&row[13]),
                   db_text_of(&row[14]), db_text_of(&row[15]), db_text_of(&row[16])},
    };

    reader->damaged = !is_sound_report(row);
    return !reader->damaged && reader->fn(reader->arg, &receipt);
}

enum sts_status store_reports(struct store *store, const char *domain, int64_t since,
                              store_report_fn fn, void *arg)
{
    struct stored_report_reader reader = {.fn = fn, .arg = arg};
    struct db_value args[] = {db_number(since), db_text(domain)};
    enum sts_status status = db_run(store, domain ? DB_REPORTS_OF_DOMAIN : DB_REPORTS, args,
                                    domain ? 2 : 1, read_report, &reader);

    return !status && reader.damaged ? db_damaged(store) : status;
}

enum sts_status store_report_numbered(struct store *store, int64_t id, store_report_fn fn,
                                      void *arg)
{
    struct stored_report_reader reader = {.fn = fn, .arg = arg};
    struct db_value args[] = {db_number(-INT64_MAX), db_number(id)};
    enum sts_status status = db_run(store, DB_REPORT_NUMBERED, args, 2, read_report, &reader);

    return !status && reader.damaged ? db_damaged(store) : status;
}

/* ---- sessions -------------------------------------------------------------------------------- */

/* Rows of one report's policies follow each other: they are summed here, since the sum of
 * strangers' numbers may be more than SQL can hold. */
struct sessions_reader {
    store_sessions_fn fn;
    void *arg;
    TALLOC_CTX *work;
    int64_t id;
    struct store_sessions told; /* submitter NULL: none yet */
    struct report_sessions sessions;
    bool stopped, no_memory, damaged;
};

static bool tell_sessions(struct sessions_reader *reader)
{
    if (!reader->told.submitter || reader->stopped)
        return !reader->stopped;
    reader->told.successful = report_sessions_total(reader->sessions.successful);
    reader->told.failed = report_sessions_total(reader->sessions.failed);
    reader->stopped = !reader->fn(reader->arg, &reader->told);
    talloc_free((void *)(uintptr_t)reader->told.submitter);
    reader->told.submitter = NULL;
    reader->sessions = (struct report_sessions){0};
    return !reader->stopped;
}

static bool read_sessions(void *arg, const struct db_value *row)
{
    struct sessions_reader *reader = arg;

    reader->damaged = row[1].kind != DB_TEXT || !is_text_or_null(&row[5]);
    if (reader->damaged)
        return false;
    if (reader->told.submitter && row[0].number != reader->id && !tell_sessions(reader))
        return false;
    if (!reader->told.submitter) {
        reader->id = row[0].number;
        reader->told = (struct store_sessions){talloc_strdup(reader->work, db_text_of(&row[1])),
                                               row[2].number,
                                               row[3].number,
                                               row[4].number,
                                               0,
                                               0};
        reader->no_memory = !reader->told.submitter;
    }
    report_sessions_add(&reader->sessions, db_text_of(&row[5]), row[6].number, row[7].number);
    return !reader->no_memory;
}

enum sts_status store_sessions(struct store *store, const char *domain, int64_t since,
                               store_sessions_fn fn, void *arg)
{
    struct sessions_reader reader = {.fn = fn, .arg = arg, .work = talloc_new(store)};
    struct db_value args[] = {db_number(since), db_text(domain)};
    enum sts_status status =
        reader.work ? db_run(store, DB_SESSIONS, args, 2, read_sessions, &reader) : STS_E_NOMEM;

    if (!status && reader.no_memory)
        status = STS_E_NOMEM;
    if (!status && reader.damaged)
        status = db_damaged(store);
    if (!status)
        tell_sessions(&reader);
    talloc_free(reader.work);
    return status;
}
