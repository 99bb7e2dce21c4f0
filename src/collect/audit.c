/* SPDX-License-Identifier: MIT */
/* audit.c - days in a list, domains of a day in a table. */
#include "collect/audit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/table.h"
#include "collect/limits.h"
#include "store/rollups.h"

struct audit {
    struct audit_day *days;
    size_t day_count;
    struct table table; /* struct audit_domain */
    struct audit_domain *shown;
};

static uint64_t hash_name(int64_t day, const char *name)
{
    return table_hash((uint64_t)day, name, strlen(name));
}

static uint64_t hash_of(const void *owner, uint64_t word)
{
    const struct audit_domain *domain = table_thing(word);

    (void)owner;
    return hash_name(domain->day, domain->name);
}

static bool is_same(const void *owner, uint64_t word, const void *key)
{
    const struct audit_domain *domain = table_thing(word), *other = key;

    (void)owner;
    return domain->day == other->day && strcmp(domain->name, other->name) == 0;
}

static const struct table_kind by_name = {hash_of, is_same};

struct audit *audit_new(TALLOC_CTX *ctx)
{
    struct audit *audit = talloc_zero(ctx, struct audit);

    if (audit)
        table_begin(&audit->table, audit, &by_name, NULL);
    return audit;
}

/* ---- days and domains ------------------------------------------------------------------------ */

/* Lines of a log are of the same day again and again, so the last one is looked at first. */
static struct audit_day *find_day(struct audit *audit, int64_t number)
{
    for (size_t i = audit->day_count; i-- > 0;)
        if (audit->days[i].day == number)
            return &audit->days[i];
    return NULL;
}

static enum sts_status day_of(struct audit *audit, int64_t number, struct audit_day **ret)
{
    *ret = find_day(audit, number);
    if (*ret)
        return STS_OK;
    if (audit->day_count >= LIMIT_AUDIT_DAYS)
        return STS_E_LIMIT;
    *ret = array_grow(audit, &audit->days, &audit->day_count, sizeof(**ret));
    if (!*ret)
        return STS_E_NOMEM;
    (*ret)->day = number;
    return STS_OK;
}

static enum sts_status domain_of(struct audit *audit, int64_t day, struct bytes name,
                                 struct audit_domain **ret)
{
    char lower[LIMIT_EVENT_NAME + 1];
    struct audit_domain key = {.day = day, .name = lower};

    if (name.length > LIMIT_EVENT_NAME)
        return STS_E_LIMIT;
    for (size_t i = 0; i < name.length; i++)
        lower[i] = ascii_lower(name.data[i]);
    lower[name.length] = '\0';
    *ret = table_thing(table_find(&audit->table, hash_name(day, lower), &key));
    if (*ret)
        return STS_OK;
    if (audit->table.count >= LIMIT_AUDIT_DOMAINS)
        return STS_E_LIMIT;
    *ret = talloc_zero(audit, struct audit_domain);
    if (!*ret)
        return STS_E_NOMEM;
    (*ret)->day = day;
    (*ret)->name = talloc_strdup(*ret, lower);
    return (*ret)->name && table_add(&audit->table, table_word(*ret)) ? STS_OK : STS_E_NOMEM;
}

/* ---- what is said ---------------------------------------------------------------------------- */

static void count_unreported(struct audit_day *day, int64_t error)
{
    switch (error) {
    case EAGAIN:
        day->full++;
        break;
    case ENOENT:
    case ECONNREFUSED:
        day->absent++;
        break;
    case EACCES:
        day->denied++;
        break;
    default:
        day->failed++;
    }
}

enum sts_status audit_line(struct audit *audit, struct bytes text, int64_t now)
{
    const struct postfix_log_line line = postfix_log_read(text, now);
    struct audit_domain *domain;
    struct audit_day *day;
    enum sts_status status;

    if (line.kind == POSTFIX_LOG_OTHER)
        return STS_OK;
    status = day_of(audit, store_day_of(line.at), &day);
    if (status)
        return status;
    if (line.kind == POSTFIX_LOG_UNREPORTED) {
        count_unreported(day, line.error);
        return STS_OK;
    }
    day->reported++;
    status = domain_of(audit, day->day, line.domain, &domain);
    if (!status)
        domain->reported++;
    return status;
}

void audit_collected(struct audit *audit, const struct store_collected *collected)
{
    struct audit_day *day = find_day(audit, collected->day);

    if (!day)
        return;
    day->received += collected->received;
    day->malformed += collected->malformed;
    day->truncated += collected->truncated;
    day->lost += collected->lost;
}

enum sts_status audit_counted(struct audit *audit, const struct store_counted_domain *counted)
{
    struct audit_day *day = find_day(audit, counted->day);
    struct audit_domain *domain;
    enum sts_status status;

    if (!day)
        return STS_OK;
    day->counted += counted->successful + counted->failed;
    status = domain_of(audit, counted->day, bytes_of(counted->domain), &domain);
    if (!status)
        domain->counted += counted->successful + counted->failed;
    return status;
}

void audit_reported(struct audit *audit, const struct store_reported *reported)
{
    struct audit_day *day = find_day(audit, reported->day);

    if (!day || reported->state >= STORE_REPORTED_STATES)
        return;
    day->reports[reported->state] += reported->sessions;
    day->late += reported->late;
}

/* ---- what comes of it ------------------------------------------------------------------------ */

static int compare_days(const void *a, const void *b)
{
    const struct audit_day *one = a, *other = b;

    return one->day < other->day ? -1 : one->day > other->day;
}

const struct audit_day *audit_days(struct audit *audit, size_t *ret_count)
{
    if (audit->day_count)
        qsort(audit->days, audit->day_count, sizeof(*audit->days), compare_days);
    *ret_count = audit->day_count;
    return audit->days;
}

int64_t audit_missing(const struct audit_day *day)
{
    return day->reported - day->full - day->absent - day->denied - day->failed - day->received;
}

bool audit_is_due(const struct audit_day *day, int64_t now)
{
    return now >= (day->day + 1) * STORE_DAY_S + LIMIT_AUDIT_DUE;
}

bool audit_is_incomplete(const struct audit_day *day, int64_t now)
{
    return day->full || day->absent || day->denied || day->failed || day->malformed ||
           day->truncated || day->lost || day->late || audit_missing(day) > 0 ||
           day->reports[STORE_REPORTED_FAILED] || day->reports[STORE_REPORTED_EXPIRED] ||
           (day->reports[STORE_REPORTED_UNPLANNED] && audit_is_due(day, now));
}

static int64_t difference(const struct audit_domain *domain)
{
    int64_t more = domain->reported - domain->counted;

    return more < 0 ? -more : more;
}

static int compare_domains(const void *a, const void *b)
{
    const struct audit_domain *one = a, *other = b;
    int64_t more = difference(other) - difference(one);

    if (more)
        return more < 0 ? -1 : 1;
    return one->day != other->day ? (one->day < other->day ? -1 : 1)
                                  : strcmp(one->name, other->name);
}

const struct audit_domain *audit_domains(struct audit *audit, size_t limit, size_t *ret_count)
{
    size_t count = 0;

    talloc_free(audit->shown);
    audit->shown = talloc_array(audit, struct audit_domain, audit->table.count + 1);
    for (size_t i = 0; audit->shown && i < audit->table.room; i++) {
        const struct audit_domain *domain = table_thing(audit->table.slots[i]);

        if (domain && domain->reported != domain->counted)
            audit->shown[count++] = *domain;
    }
    if (count)
        qsort(audit->shown, count, sizeof(*audit->shown), compare_domains);
    *ret_count = count < limit ? count : limit;
    return audit->shown;
}
