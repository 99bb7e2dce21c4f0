/* SPDX-License-Identifier: MIT */
/* reports.c - TLS-RPT reports: each kept once, its revisions beside it. */
#include "store/db.h"
#include "store/hash.h"
#include "store/pages.h"
#include "store/rollup_work.h"
#include "store/rollups.h"

#include <stdlib.h>
#include <string.h>

#include "sts/report.h"

/* ---- which report it is ---------------------------------------------------------------------- */

struct addition {
    TALLOC_CTX *work;
    const struct store_report *report;
    const char *submitter, *report_id, *source; /* fit to be kept, as is the origin */
    struct store_origin origin;
    uint8_t identity[STORE_HASH_SIZE], content[STORE_HASH_SIZE];
    int64_t id, revision; /* 0: it was there */
    int64_t *policies;    /* their numbers, by place */
    enum store_added added;
};

static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*x, *y);
}

/* The set of domains: whatever their order, however often each is named. */
static enum sts_status hash_domains(TALLOC_CTX *work, const struct store_report *report,
                                    uint8_t digest[STORE_HASH_SIZE])
{
    struct hash *hash = hash_new(work);
    const char **names = talloc_array(work, const char *, (unsigned)report->policy_count + 1);

    if (!hash || !names)
        return STS_E_NOMEM;
    for (size_t i = 0; i < report->policy_count; i++)
        names[i] = report->policies[i].domain ? report->policies[i].domain : "";
    qsort(names, report->policy_count, sizeof *names, by_text);
    for (size_t i = 0; i < report->policy_count; i++)
        if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
            hash_text(hash, names[i]);
    return hash_end(hash, digest);
}

static enum sts_status hash_content(TALLOC_CTX *work, const struct store_report *report,
                                    uint8_t digest[STORE_HASH_SIZE])
{
    struct hash *hash = hash_new(work);

    if (!hash)
        return STS_E_NOMEM;
    hash_part(hash, report->raw);
    return hash_end(hash, digest);
}

static enum sts_status hash_identity(TALLOC_CTX *work, const struct store_report *report,
                                     const uint8_t *domains, uint8_t digest[STORE_HASH_SIZE])
{
    struct hash *hash = hash_new(work);

    if (!hash)
        return STS_E_NOMEM;
    hash_text(hash, report->submitter);
    hash_text(hash, report->report_id);
    hash_number(hash, report->begins);
    hash_number(hash, report->ends);
    hash_part(hash, (struct bytes){(const char *)domains, STORE_HASH_SIZE});
    return hash_end(hash, digest);
}

static enum sts_status identify(TALLOC_CTX *work, struct addition *addition)
{
    const struct store_report *report = addition->report;
    uint8_t domains[STORE_HASH_SIZE];
    enum sts_status status = STS_OK;

    if (report->domains_hash)
        memcpy(domains, report->domains_hash, sizeof domains);
    else
        status = hash_domains(work, report, domains);
    if (!status)
        status = hash_identity(work, report, domains, addition->identity);
    if (status || !report->content_hash)
        return status ? status : hash_content(work, report, addition->content);
    memcpy(addition->content, report->content_hash, sizeof addition->content);
    return STS_OK;
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool take_added(void *arg, const struct db_value *row)
{
    struct addition *addition = arg;

    addition->id = row[0].number;
    addition->revision = row[1].number;
    return false;
}

static enum sts_status add_policy(struct store *store, const struct addition *addition,
                                  size_t place)
{
    const struct store_report_policy *policy = &addition->report->policies[place];
    int64_t *number = &addition->policies[place];
    struct db_value domain = {.kind = DB_NULL};
    const char *name, *type;
    enum sts_status status = db_fit(addition->work, policy->domain, &name);

    if (!status)
        status = db_fit(addition->work, policy->type, &type);
    if (!status && name) {
        domain.kind = DB_NUMBER;
        status = db_domain(store, name, &domain.number);
    }
    if (!status)
        status = rollup_policy(store, addition->work, policy,
                               store_day_of(addition->report->begins), number);
    if (status)
        return status;
    struct db_value args[] = {db_number(addition->id),
                              db_number((int64_t)place),
                              domain,
                              db_text(type),
                              db_number(policy->successful),
                              db_number(policy->failed),
                              db_number(addition->report->begins),
                              db_number(*number)};
    status = db_run(store, DB_REPORT_POLICY_ADD, args, 8, NULL, NULL);
    return status || !name ? status
                           : rollup_sender_name(store, addition->work, domain.number,
                                                addition->submitter, addition->report->sender);
}

/* In the list of each of its domains it is once. */
static enum sts_status add_policies(struct store *store, struct addition *addition)
{
    struct db_value id = db_number(addition->id);
    size_t count = addition->report->policy_count;
    enum sts_status status = STS_OK;

    addition->policies = talloc_zero_array(addition->work, int64_t, (unsigned)count + 1);
    if (!addition->policies)
        return STS_E_NOMEM;
    for (size_t i = 0; !status && i < count; i++)
        status = add_policy(store, addition, i);
    if (status || count < 2)
        return status;
    return db_run(store, DB_REPORT_LIST_ONCE, &id, 1, NULL, NULL);
}

/* ---- a copy ---------------------------------------------------------------------------------- */

struct copy {
    const struct store_report *report;
    TALLOC_CTX *work;
    int64_t id, mailed_at;
    const char *trust; /* that is kept from now on */
    bool changed, no_memory;
};

static bool take_copy(void *arg, const struct db_value *row)
{
    struct copy *copy = arg;
    const struct store_report *report = copy->report;
    const char *known = row[2].kind == DB_TEXT ? db_text_of(&row[2]) : NULL;
    bool later = report->mailed_at > row[1].number;
    bool better = report->trust &&
                  (!known || (report->trust_better && report->trust_better(report->trust, known)));

    copy->id = row[0].number;
    copy->mailed_at = later ? report->mailed_at : row[1].number;
    copy->trust = better ? report->trust : known ? talloc_strdup(copy->work, known) : NULL;
    copy->no_memory = !copy->trust && known;
    copy->changed = later || better;
    return false;
}

/* ---- which revision counts ------------------------------------------------------------------- */

#define NOBODY (-1)

/* `without`: as if that one were not there. */
static enum sts_status counting(struct store *store, const struct addition *addition,
                                int64_t without, int64_t *ret)
{
    struct db_value args[] = {db_blob(addition->identity, STORE_HASH_SIZE), db_number(without)};

    return db_run_number(store, DB_REPORT_COUNTING, args, 2, NOBODY, ret);
}

/* One that an earlier version stored, and is not in the roll-ups yet, is filled as it is then. */
static enum sts_status change_counting(struct store *store, int64_t before, int64_t after)
{
    bool known = false;
    enum sts_status status = STS_OK;

    if (before == after)
        return STS_OK;
    if (before != NOBODY)
        status = rollup_covers(store, before, &known);
    if (!status && known)
        status = rollup_count_report(store, before, false);
    known = false;
    if (!status)
        status = rollup_covers(store, after, &known);
    return status || !known ? status : rollup_count_report(store, after, true);
}

static enum sts_status add_failures(struct store *store, const struct addition *addition)
{
    const struct store_report *report = addition->report;
    struct rollup_failures failures = {
        addition->id,       report->begins,   addition->submitter,  addition->revision == 1,
        addition->policies, report->failures, report->failure_count};

    if (report->ends == STORE_RANGE_ENDS || report->failure_count == 0)
        return STS_OK;
    return rollup_add_failures(store, &failures);
}

/* The first counts; another does if it is the last by now. */
static enum sts_status count_added(struct store *store, const struct addition *addition)
{
    int64_t before = NOBODY, after = addition->id;
    enum sts_status status = add_failures(store, addition);

    if (status || addition->revision == 1)
        return status ? status : rollup_count_new(store, after);
    status = counting(store, addition, addition->id, &before);
    if (!status)
        status = counting(store, addition, NOBODY, &after);
    return status ? status : change_counting(store, before, after);
}

/* The later date and the better trust are taken over; whatever the order, the same comes of it. */
static enum sts_status merge_copy(struct store *store, const struct addition *addition)
{
    struct copy copy = {.report = addition->report, .work = addition->work};
    int64_t before, after;
    struct db_value args[] = {db_blob(addition->identity, STORE_HASH_SIZE),
                              db_blob(addition->content, STORE_HASH_SIZE)};
    enum sts_status status = db_run(store, DB_REPORT_COPY, args, 2, take_copy, &copy);

    if (status || !copy.changed)
        return status;
    if (copy.no_memory)
        return STS_E_NOMEM;
    struct db_value raised[] = {db_number(copy.id), db_number(copy.mailed_at), db_text(copy.trust)};
    status = counting(store, addition, NOBODY, &before);
    if (!status)
        status = db_run(store, DB_REPORT_RAISE, raised, 3, NULL, NULL);
    if (!status)
        status = counting(store, addition, NOBODY, &after);
    return status ? status : change_counting(store, before, after);
}

static enum sts_status add_report(struct store *store, void *arg)
{
    struct addition *addition = arg;
    const struct store_report *report = addition->report;
    struct db_value args[] = {
        db_blob(addition->identity, STORE_HASH_SIZE),
        db_blob(addition->content, STORE_HASH_SIZE),
        db_text(addition->submitter),
        db_text(addition->report_id),
        db_number(report->begins),
        db_number(report->ends),
        db_number(report->received_at),
        db_text(addition->source),
        db_text(report->trust),
        db_blob(report->raw.data, report->raw.length),
        db_number(report->mailed_at),
        db_text(addition->origin.part),
        db_text(addition->origin.wrapping),
        db_text(addition->origin.file_name),
        db_text(addition->origin.header_domain),
        db_text(addition->origin.header_submitter),
        db_text(addition->origin.subject),
    };
    enum sts_status status =
        db_run(store, DB_REPORT_ADD, args, sizeof args / sizeof *args, take_added, addition);

    addition->added = addition->revision == 0   ? STORE_DUPLICATE
                      : addition->revision == 1 ? STORE_NEW
                                                : STORE_REVISION;
    if (status)
        return status;
    if (addition->added == STORE_DUPLICATE)
        return merge_copy(store, addition);
    status = add_policies(store, addition);
    return status ? status : count_added(store, addition);
}

/* Strangers' texts become UTF-8. */
static enum sts_status make_fit(TALLOC_CTX *work, const struct store_report *report,
                                struct addition *addition)
{
    const struct store_origin *from = &report->origin;
    struct store_origin *to = &addition->origin;
    const struct {
        const char *text, **ret;
    } texts[] = {
        {report->submitter, &addition->submitter},
        {report->report_id, &addition->report_id},
        {report->source, &addition->source},
        {from->part, &to->part},
        {from->wrapping, &to->wrapping},
        {from->file_name, &to->file_name},
        {from->header_domain, &to->header_domain},
        {from->header_submitter, &to->header_submitter},
        {from->subject, &to->subject},
    };
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < sizeof texts / sizeof *texts; i++)
        status = db_fit(work, texts[i].text, texts[i].ret);
    return status;
}

enum sts_status store_add_report(struct store *store, const struct store_report *report,
                                 enum store_added *ret_added)
{
    struct addition addition = {.report = report};
    TALLOC_CTX *work;
    enum sts_status status;

    if (!report->submitter || !report->report_id)
        return STS_E_INVALID;
    if (report->raw.length > STORE_RAW_MAX || report->policy_count > STORE_LIST_MAX ||
        report->failure_count > STORE_LIST_MAX)
        return STS_E_LIMIT;
    work = talloc_new(store);
    if (!work)
        return STS_E_NOMEM;
    addition.work = work;
    status = make_fit(work, report, &addition);
    if (!status)
        status = identify(work, &addition);
    if (!status)
        status = store_batch(store, add_report, &addition);
    talloc_free(work);
    if (!status)
        *ret_added = addition.added;
    return status;
}

/* ---- reading --------------------------------------------------------------------------------- */

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
