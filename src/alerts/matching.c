/* SPDX-License-Identifier: MIT */
/* matching.c - rules against conditions, hours of the day, days of the week. */
#include "alerts/matching.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"

#define HOUR             ((int64_t)3600)
#define DAY              (24 * HOUR)
#define CERTIFICATE_DAYS 14 /* where a group has no rules */
#define SILENT_DAYS      7
#define MONDAY           4 /* days since 1970-01-01, a Thursday, to the first Monday */

/* ---- reading --------------------------------------------------------------------------------- */

struct rule_reader {
    TALLOC_CTX *ctx;
    struct matching_rules *rules;
    bool no_memory;
};

static const char *kept(struct rule_reader *reader, const char *text)
{
    char *copy = text ? talloc_strdup(reader->ctx, text) : NULL;

    reader->no_memory |= text && !copy;
    return copy;
}

static bool take_rule(void *arg, const struct store_alert_rule *rule)
{
    struct rule_reader *reader = arg;
    struct store_alert_rule *made =
        array_grow(reader->ctx, &reader->rules->list, &reader->rules->count, sizeof(*made));

    reader->no_memory |= !made;
    if (!made)
        return false;
    *made = *rule;
    made->kinds = kept(reader, rule->kinds);
    made->severity = kept(reader, rule->severity);
    made->domains = kept(reader, rule->domains);
    return !reader->no_memory;
}

enum sts_status matching_rules_read(TALLOC_CTX *ctx, struct store *store, int64_t group,
                                    struct matching_rules *ret)
{
    struct rule_reader reader = {.ctx = ctx, .rules = ret};
    enum sts_status status;

    *ret = (struct matching_rules){0};
    status = store_rules(store, group, take_rule, &reader);
    return !status && reader.no_memory ? STS_E_NOMEM : status;
}

struct condition_settings matching_settings(const struct matching_rules *rules)
{
    struct condition_settings settings = {CERTIFICATE_DAYS, SILENT_DAYS};

    for (size_t i = 0; i < rules->count; i++) {
        const struct store_alert_rule *rule = &rules->list[i];

        if (i == 0 || rule->certificate_days > settings.certificate_days)
            settings.certificate_days = rule->certificate_days;
        if (i == 0 || rule->silent_days < settings.silent_days)
            settings.silent_days = rule->silent_days;
    }
    return settings;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* The next word of a list with blanks between them; false: there are no more. */
static bool next_word(const char **list, const char **ret, size_t *ret_length)
{
    *list += strspn(*list, " ");
    *ret = *list;
    *ret_length = strcspn(*list, " ");
    *list += *ret_length;
    return *ret_length > 0;
}

static bool has_word(const char *list, const char *wanted, size_t size)
{
    const char *word;
    size_t length;

    while (next_word(&list, &word, &length))
        if (length == size && memcmp(word, wanted, length) == 0)
            return true;
    return false;
}

static bool ends_with(const char *domain, const char *suffix, size_t length)
{
    size_t size = strlen(domain);

    return size > length && memcmp(domain + size - length, suffix, length) == 0;
}

static bool names(const char *word, size_t length, const struct matching_domain *domain)
{
    if (*word == '.')
        return ends_with(domain->name, word, length);
    if (*word == '#')
        return has_word(domain->tags, word + 1, length - 1);
    return strlen(domain->name) == length && memcmp(domain->name, word, length) == 0;
}

static bool is_among(const char *domains, const struct matching_domain *domain)
{
    const char *word;
    size_t length;

    while (next_word(&domains, &word, &length))
        if (names(word, length, domain))
            return true;
    return false;
}

bool matching_is_filter(const char *domains)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-._";
    const char *word;
    size_t length, count = 0;

    for (; next_word(&domains, &word, &length); count++)
        if (length < 2 || (*word != '#' && strspn(word, allowed) != length) ||
            !text_is_printable(word, length))
            return false;
    return count > 0;
}

/* ---- whom ------------------------------------------------------------------------------------ */

static bool is_in_time(const struct store_alert_rule *rule, const struct condition *condition)
{
    if (condition->kind == ALERT_CERTIFICATE)
        return condition->days <= rule->certificate_days;
    if (condition->kind == ALERT_SILENT || condition->kind == ALERT_NO_REPORTS)
        return condition->days >= rule->silent_days;
    return true;
}

bool matching_is(const struct store_alert_rule *rule, const struct condition *condition,
                 const struct matching_domain *domain)
{
    const char *kind = alert_kind_name(condition->kind);

    /* that a channel fails is told to whoever is told of anything */
    if (condition->kind != ALERT_CHANNEL && !has_word(rule->kinds, kind, strlen(kind)))
        return false;
    if (condition->kind == ALERT_PROBLEM && condition->severity < severity_by_name(rule->severity))
        return false;
    if (domain && rule->domains && !is_among(rule->domains, domain))
        return false;
    return is_in_time(rule, condition);
}

/* ---- when ------------------------------------------------------------------------------------ */

int64_t matching_when(const struct store_alert_rule *rule, int64_t at)
{
    int64_t from = rule->quiet_from, until = rule->quiet_until, day = at - at % DAY;
    int64_t hour = at % DAY / HOUR;
    bool over_midnight = from > until;

    if (from == until)
        return at;
    if (over_midnight ? hour < from && hour >= until : hour < from || hour >= until)
        return at;
    return day + until * HOUR + (over_midnight && hour >= from ? DAY : 0);
}

int64_t matching_digest(const char *pace, int64_t hour, int64_t now)
{
    int64_t day = now / DAY, due;

    if (strcmp(pace, "daily") == 0) {
        due = day * DAY + hour * HOUR;
        return due > now ? due : due + DAY;
    }
    if (strcmp(pace, "weekly") != 0)
        return 0;
    due = (day - (day - MONDAY) % 7) * DAY + hour * HOUR;
    return due > now ? due : due + 7 * DAY;
}
