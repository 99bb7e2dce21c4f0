/* SPDX-License-Identifier: MIT */
/* failure_kinds.c - failures by kind. */
#include "history/failure_kinds.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"

#define KEY_MAX 4096 /* what makes a kind, whose texts the store bounds to some 2000 bytes */

/* One who reports, and what it used last. */
struct kind_sender {
    const char *name;            /* first: as the store knows it */
    const char *written;         /* in the texts */
    int64_t policy;              /* of type sts; 0: none */
    struct tally_day used, none; /* when it used it, and when it found none; ends 0: never */
};

/* A day of a sender. */
struct kind_day {
    const char *name; /* first: both */
    int64_t begins, ends;
};

struct kind_policy {
    const char *name; /* first: its number */
    struct sts_report_policy policy;
};

struct failure_kinds {
    const char *domain;
    struct names kinds, senders, days, policies, texts;
    struct kind_policy *policy; /* that is being read */
    size_t last;                /* the sender whose failure was added last */
    bool no_memory;
};

struct failure_kinds *failure_kinds_new(TALLOC_CTX *ctx, const char *domain)
{
    struct failure_kinds *kinds = talloc_zero(ctx, struct failure_kinds);

    if (!kinds)
        return NULL;
    kinds->domain = domain;
    names_begin(&kinds->kinds, kinds, sizeof(struct failure_kind));
    names_begin(&kinds->senders, kinds, sizeof(struct kind_sender));
    names_begin(&kinds->days, kinds, sizeof(struct kind_day));
    names_begin(&kinds->policies, kinds, sizeof(struct kind_policy));
    names_begin(&kinds->texts, kinds, sizeof(const char *));
    return kinds;
}

static int64_t sum(int64_t a, int64_t b)
{
    return b > INT64_MAX - a ? INT64_MAX : a + b;
}

/* ---- days ------------------------------------------------------------------------------------ */

static void name_day(char name[64], int64_t day, size_t sender)
{
    (void)snprintf(name, 64, "%" PRId64 " %zu", day, sender);
}

static size_t place_of(const struct failure_kinds *kinds, const struct kind_sender *sender)
{
    return (size_t)(sender - (const struct kind_sender *)kinds->senders.list);
}

bool failure_kinds_add_day(struct failure_kinds *kinds, const struct store_sender_day *from,
                           const char *written)
{
    struct kind_sender *sender = names_get(&kinds->senders, from->sender);
    struct kind_day *day;
    char name[64];

    if (!sender)
        return false;
    if (!sender->written)
        sender->written = texts_get(&kinds->texts, written);
    const struct tally_day at = {kinds->domain, sender->written, from->begins, from->ends, 1, 0, 0};
    if (from->policy) {
        sender->policy = from->policy;
        sender->used = at;
    }
    if (from->none)
        sender->none = at;
    name_day(name, from->day, place_of(kinds, sender));
    day = names_get(&kinds->days, name);
    if (day) {
        day->begins = from->begins;
        day->ends = from->ends;
    }
    return day && !kinds->texts.no_memory;
}

static struct kind_day day_of(const struct failure_kinds *kinds, int64_t day, size_t sender)
{
    const struct kind_day *found;
    char name[64];

    name_day(name, day, sender);
    found = names_find(&kinds->days, name);
    return found ? *found : (struct kind_day){NULL, day * STORE_DAY_S, (day + 1) * STORE_DAY_S - 1};
}

/* ---- failures -------------------------------------------------------------------------------- */

/* A report has many failures: most are of the sender of the one before. */
static const struct kind_sender *sender_of(struct failure_kinds *kinds, const char *name)
{
    struct kind_sender *last = kinds->senders.count ? names_at(&kinds->senders, kinds->last) : NULL;

    if (last && !strcmp(last->name, name))
        return last;
    last = names_get(&kinds->senders, name);
    if (last && !last->written)
        last->written = texts_get(&kinds->texts, name);
    if (last)
        kinds->last = place_of(kinds, last);
    return last;
}

static void begin_kind(struct failure_kinds *kinds, struct failure_kind *kind,
                       const struct store_day_failure *from, const struct kind_sender *sender)
{
    const struct store_failure *one = &from->failure;

    kind->failure = (struct tally_failure){.name = kind->name,
                                           .domain = kinds->domain,
                                           .mx = texts_get(&kinds->texts, one->mx),
                                           .result_type = texts_get(&kinds->texts, one->type),
                                           .sender = sender->written,
                                           .reason = texts_get(&kinds->texts, one->reason),
                                           .info = texts_get(&kinds->texts, one->info)};
    kind->policy = from->policy;
    kind->last_day = from->day;
    kind->sender = place_of(kinds, sender);
}

static char *put_text(char *at, const char *end, const char *text)
{
    size_t length = strnlen(text, (size_t)(end - at) - 1);

    memcpy(at, text, length);
    at[length] = '\n';
    return at + length + 1;
}

static char *put_number(char *at, uint64_t number)
{
    for (; number; number >>= 4)
        *at++ = (char)('A' + (number & 15));
    *at++ = '\n';
    return at;
}

/* What is printed costs more than all the rest, and there may be many thousands. */
static void make_key(char key[KEY_MAX], const struct store_day_failure *from, size_t sender)
{
    const char *end = key + KEY_MAX - 1;
    char *at = put_number(put_number(key, sender), (uint64_t)from->policy);

    at = put_text(at, end - 8, from->failure.mx);
    at = put_text(at, end - 4, from->failure.type);
    at = put_text(at, end, from->failure.reason);
    *at = '\0';
}

static void add_value(struct failure_kinds *kinds, struct tally_values *values, const char *value)
{
    for (size_t i = 0; i < values->count; i++)
        if (!strcmp(values->list[i], value))
            return;
    if (*value && values->count < REPORTS_VALUES_MAX)
        values->list[values->count++] = texts_get(&kinds->texts, value);
}

const struct failure_kind *failure_kinds_add(struct failure_kinds *kinds,
                                             const struct store_day_failure *from)
{
    const struct store_failure *one = &from->failure;
    const struct kind_sender *sender = sender_of(kinds, from->sender);
    struct failure_kind *kind;
    char key[KEY_MAX];

    if (!sender)
        return NULL;
    make_key(key, from, place_of(kinds, sender));
    kind = names_get(&kinds->kinds, key);
    if (kind && !kind->failure.domain)
        begin_kind(kinds, kind, from, sender);
    if (!kind || kinds->texts.no_memory)
        return NULL;
    kind->first_day = from->day; /* the newest came first */
    if (!one->twice)
        kind->once = sum(kind->once, one->sessions);
    kind->failure.sessions = sum(kind->failure.sessions, one->sessions);
    add_value(kinds, &kind->failure.sending_ips, one->sending_ip);
    add_value(kinds, &kind->failure.receiving_ips, one->receiving_ip);
    return kind;
}

const struct names *failure_kinds_list(const struct failure_kinds *kinds)
{
    return &kinds->kinds;
}

/* ---- policies -------------------------------------------------------------------------------- */

static const char *const *lines_of(struct failure_kinds *kinds, const char *text, size_t *ret_count)
{
    char *copy = talloc_strdup(kinds, text), *next = copy;
    const char **list = NULL;

    *ret_count = 0;
    kinds->no_memory |= !copy;
    while (next && *copy) {
        const char **line = array_grow(kinds, &list, ret_count, sizeof(*list));
        char *end = strchr(next, '\n');

        kinds->no_memory |= !line;
        if (!line)
            return NULL;
        *line = next;
        if (end)
            *end = '\0';
        next = end ? end + 1 : NULL;
    }
    return list;
}

static void take_policy(void *arg, const struct store_reported_policy *from)
{
    struct failure_kinds *kinds = arg;
    struct sts_report_policy *policy = &kinds->policy->policy;

    policy->recipient = kinds->domain;
    policy->type = *from->type ? texts_get(&kinds->texts, from->type) : NULL;
    policy->strings = lines_of(kinds, from->lines, &policy->string_count);
    policy->mx = lines_of(kinds, from->mx, &policy->mx_count);
}

/* One that is not known says nothing. */
static enum sts_status find_policy(struct failure_kinds *kinds, struct store *store, int64_t id,
                                   const struct sts_report_policy **ret)
{
    enum sts_status status = STS_OK;
    char name[32];

    (void)snprintf(name, sizeof name, "%" PRId64, id);
    kinds->policy = names_find(&kinds->policies, name);
    if (!kinds->policy) {
        kinds->policy = names_get(&kinds->policies, name);
        if (!kinds->policy)
            return STS_E_NOMEM;
        status = store_reported_policy(store, id, take_policy, kinds);
    }
    *ret = &kinds->policy->policy;
    return !status && kinds->no_memory ? STS_E_NOMEM : status;
}

/* ---- into the totals ------------------------------------------------------------------------- */

static enum sts_status tell_kind(struct failure_kinds *kinds, struct store *store,
                                 struct tally *tally, struct failure_kind *kind)
{
    enum sts_status status = find_policy(kinds, store, kind->policy, &kind->failure.policy);
    struct tally_failure *failure = &kind->failure;

    /* to be sorted by, as those of reports are */
    failure->name =
        talloc_asprintf(kinds, "%s\n%s\n%s\n%s\n%s\n%" PRId64, failure->domain, failure->mx,
                        failure->result_type, failure->sender, failure->reason, kind->policy);
    if (!failure->name)
        return STS_E_NOMEM;
    failure->first = day_of(kinds, kind->first_day, kind->sender).begins;
    failure->last = day_of(kinds, kind->last_day, kind->sender).ends;
    if (!status)
        tally_add_failure(tally, failure);
    return status;
}

static enum sts_status tell_sender(struct failure_kinds *kinds, struct store *store,
                                   struct tally *tally, const struct kind_sender *sender)
{
    static const struct sts_report_policy none = {.type = "no-policy-found"};
    const struct sts_report_policy *policy;
    struct sts_report_policy found_none = none;
    enum sts_status status = STS_OK;

    found_none.recipient = kinds->domain;
    if (sender->used.ends) {
        status = find_policy(kinds, store, sender->policy, &policy);
        if (!status)
            tally_add_policy(tally, &sender->used, policy);
    }
    if (!status && sender->none.ends)
        tally_add_policy(tally, &sender->none, &found_none);
    return status;
}

enum sts_status failure_kinds_tell(struct failure_kinds *kinds, struct store *store,
                                   struct tally *tally)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < kinds->kinds.count; i++)
        status = tell_kind(kinds, store, tally, names_at(&kinds->kinds, i));
    for (size_t i = 0; !status && i < kinds->senders.count; i++)
        status = tell_sender(kinds, store, tally, names_at(&kinds->senders, i));
    return status;
}
