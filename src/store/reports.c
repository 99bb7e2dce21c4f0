/* SPDX-License-Identifier: MIT */
/* reports.c - TLS-RPT reports: each kept once, its revisions beside it. */
#include "store/db.h"
#include "store/report_identity.h"
#include "store/rollup_work.h"
#include "store/rollups.h"

#include <string.h>

struct addition {
    TALLOC_CTX *work;
    const struct store_report *report;
    const char *submitter, *report_id, *source; /* fit to be kept, as is the origin */
    struct store_origin origin;
    struct report_identity which;
    const uint8_t *identity; /* as it is kept: of the whole report, or of a part */
    int64_t id, revision;    /* 0: it was there */
    int64_t *policies;       /* their numbers, by place */
    enum store_added added;
};

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
    bool came;         /* in another way than by upload, which the one that is kept was */
    bool changed, no_memory;
};

#define UPLOAD "upload:"

static bool is_upload(const char *source)
{
    return source && !strncmp(source, UPLOAD, strlen(UPLOAD));
}

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
    copy->came = row[3].number && !is_upload(report->source);
    copy->changed = later || better || copy->came;
    return false;
}

/* ---- which revision counts ------------------------------------------------------------------- */

#define NOBODY (-1)

/* `without`: as if that one were not there. */
static enum sts_status counting_of(struct store *store, const uint8_t identity[STORE_HASH_SIZE],
                                   int64_t without, int64_t *ret)
{
    struct db_value args[] = {db_blob(identity, STORE_HASH_SIZE), db_number(without)};

    return db_run_number(store, DB_REPORT_COUNTING, args, 2, NOBODY, ret);
}

static enum sts_status counting(struct store *store, const struct addition *addition,
                                int64_t without, int64_t *ret)
{
    return counting_of(store, addition->identity, without, ret);
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

static enum sts_status raise(struct store *store, const struct addition *addition,
                             const struct copy *copy)
{
    const struct store_origin *origin = &addition->origin;
    struct db_value raised[] = {db_number(copy->id), db_number(copy->mailed_at),
                                db_text(copy->trust)};
    struct db_value came[] = {db_number(copy->id),
                              db_text(addition->source),
                              db_text(origin->part),
                              db_text(origin->wrapping),
                              db_text(origin->file_name),
                              db_text(origin->header_domain),
                              db_text(origin->header_submitter),
                              db_text(origin->subject)};
    enum sts_status status = db_run(store, DB_REPORT_RAISE, raised, 3, NULL, NULL);

    return status || !copy->came ? status : db_run(store, DB_REPORT_CAME, came, 8, NULL, NULL);
}

/* The later date and the better trust are taken over, and where it came from if all that was known
 * is who uploaded it; whatever the order, the same comes of it. */
static enum sts_status merge_copy(struct store *store, const struct addition *addition)
{
    struct copy copy = {.report = addition->report, .work = addition->work};
    int64_t before, after;
    struct db_value args[] = {db_blob(addition->identity, STORE_HASH_SIZE),
                              db_blob(addition->which.content, STORE_HASH_SIZE)};
    enum sts_status status = db_run(store, DB_REPORT_COPY, args, 2, take_copy, &copy);

    if (status || !copy.changed)
        return status;
    if (copy.no_memory)
        return STS_E_NOMEM;
    status = counting(store, addition, NOBODY, &before);
    if (!status)
        status = raise(store, addition, &copy);
    if (!status)
        status = counting(store, addition, NOBODY, &after);
    return status ? status : change_counting(store, before, after);
}

/* ---- a report that counts in part ------------------------------------------------------------ */

/* Is the whole one there, and counts for that domain? */
static enum sts_status counts_for(struct store *store, const struct addition *addition,
                                  const char *domain, bool *ret)
{
    struct db_value args[] = {db_blob(addition->which.identity, STORE_HASH_SIZE), {0}};
    int64_t found = 0;
    enum sts_status status = db_fit(addition->work, domain, &domain);

    args[1] = db_text(domain);
    if (!status)
        status = db_run_number(store, DB_REPORT_COUNTS_FOR, args, 2, 0, &found);
    *ret = found > 0;
    return status;
}

static enum sts_status is_whole_there(struct store *store, const struct addition *addition,
                                      bool *ret)
{
    const struct store_report *report = addition->report;
    int64_t counts;
    enum sts_status status = counting_of(store, addition->which.identity, NOBODY, &counts);

    *ret = false;
    if (status || counts == NOBODY)
        return status;
    for (size_t i = 0; !status && !*ret && i < report->policy_count; i++)
        if (report->policies[i].domain)
            status = counts_for(store, addition, report->policies[i].domain, ret);
    return status;
}

/* The whole report is there now. */
static enum sts_status forget_parts(struct store *store, const struct addition *addition)
{
    struct db_value args[] = {db_blob(addition->which.partial, STORE_HASH_SIZE)};
    int64_t counts;
    bool known = false;
    enum sts_status status = counting_of(store, addition->which.partial, NOBODY, &counts);

    if (status || counts == NOBODY)
        return status;
    status = rollup_covers(store, counts, &known);
    if (!status && known)
        status = rollup_count_report(store, counts, false);
    return status ? status : db_run(store, DB_REPORT_FORGET, args, 1, NULL, NULL);
}

/* ---- all ------------------------------------------------------------------------------------- */

static enum sts_status insert_report(struct store *store, struct addition *addition)
{
    const struct store_report *report = addition->report;
    struct db_value args[] = {
        db_blob(addition->identity, STORE_HASH_SIZE),
        db_blob(addition->which.content, STORE_HASH_SIZE),
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

    return db_run(store, DB_REPORT_ADD, args, sizeof args / sizeof *args, take_added, addition);
}

static enum sts_status add_report(struct store *store, void *arg)
{
    struct addition *addition = arg;
    const struct store_report *report = addition->report;
    bool whole_there = false;
    enum sts_status status = STS_OK;

    if (report->partial)
        status = is_whole_there(store, addition, &whole_there);
    else if (report->recipient_count)
        status = forget_parts(store, addition);
    addition->added = STORE_DUPLICATE;
    if (status || whole_there)
        return status;
    status = insert_report(store, addition);
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

    if (!report->submitter || !report->report_id || (report->partial && !report->recipient_count))
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
        status = report_identify(work, report, &addition.which);
    addition.identity = report->partial ? addition.which.partial : addition.which.identity;
    if (!status)
        status = store_batch(store, add_report, &addition);
    talloc_free(work);
    if (!status)
        *ret_added = addition.added;
    return status;
}
