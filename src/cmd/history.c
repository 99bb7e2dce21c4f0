/* SPDX-License-Identifier: MIT */
/* history.c - what the store knows of domains: checks, policies, reports. */
#include "cmd/cmd.h"

#include <string.h>

#include "base/clock.h"
#include "base/grow.h"
#include "base/i18n.h"
#include "cmd/keep.h"
#include "history/policy_history.h"
#include "cmd/say.h"
#include "cmd/wanted.h"
#include "render/history.h"

struct reader {
    struct history_page *page; /* owns all that is read */
    bool each;                 /* every check by itself */
    bool no_memory;
};

/* Room for one more in a list of the page; NULL: no memory. */
static void *more(struct reader *reader, void *list, size_t *count, size_t size)
{
    void *place = grow(reader->page, list, count, size);

    if (!place)
        reader->no_memory = true;
    return place;
}

static const char *copy(struct reader *reader, const char *text)
{
    char *mine = text ? talloc_strdup(reader->page, text) : NULL;

    if (text && !mine)
        reader->no_memory = true;
    return mine;
}

/* ---- checks ---------------------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_code(const struct history_code *a, const struct store_code *b)
{
    return same_text(a->code, b->code) && same_text(a->severity, b->severity) &&
           same_text(a->subject, b->subject);
}

static bool has_code(const struct history_codes *codes, const struct store_code *code)
{
    for (size_t i = 0; i < codes->count; i++)
        if (same_code(&codes->list[i], code))
            return true;
    return false;
}

static bool still_there(const struct store_check *check, const struct history_code *code)
{
    for (size_t i = 0; i < check->code_count; i++)
        if (same_code(code, &check->codes[i]))
            return true;
    return false;
}

static void put_code(struct reader *reader, struct history_codes *codes, const char *code,
                     const char *severity, const char *subject)
{
    struct history_code *one = more(reader, &codes->list, &codes->count, sizeof(*one));

    if (one)
        *one = (struct history_code){copy(reader, code), copy(reader, severity),
                                     copy(reader, subject)};
}

/* What differs from the check before; `before` NULL: there was none. */
static void compare(struct reader *reader, struct history_entry *entry,
                    const struct history_entry *before, const struct store_check *check)
{
    static const struct history_codes none;
    const struct history_codes *old = before ? &before->codes : &none;

    for (size_t i = 0; i < check->code_count; i++) {
        const struct store_code *code = &check->codes[i];

        put_code(reader, &entry->codes, code->code, code->severity, code->subject);
        if (!has_code(old, code))
            put_code(reader, &entry->appeared, code->code, code->severity, code->subject);
    }
    for (size_t i = 0; i < old->count; i++)
        if (!still_there(check, &old->list[i]))
            put_code(reader, &entry->gone, old->list[i].code, old->list[i].severity,
                     old->list[i].subject);
}

static bool is_same(const struct history_entry *before, const struct history_entry *entry)
{
    return !entry->appeared.count && !entry->gone.count &&
           same_text(before->verdict, entry->verdict) &&
           same_text(before->posture, entry->posture) &&
           same_text(before->delivery, entry->delivery);
}

static bool add_check(void *arg, const struct store_check *check)
{
    struct reader *reader = arg;
    struct history_page *page = reader->page;
    struct history_entry *before = page->entry_count ? &page->entries[page->entry_count - 1] : NULL;
    struct history_entry entry = {.first = check->observed_at,
                                  .last = check->observed_at,
                                  .checks = 1,
                                  .verdict = copy(reader, check->verdict),
                                  .posture = copy(reader, check->posture),
                                  .delivery = copy(reader, check->delivery)};
    struct history_entry *kept;

    if (check->observed_at > page->now)
        return false;
    page->checks++;
    compare(reader, &entry, before, check);
    if (before && !reader->each && is_same(before, &entry)) {
        before->last = entry.last;
        before->checks++;
        return !reader->no_memory;
    }
    kept = more(reader, &page->entries, &page->entry_count, sizeof(*kept));
    if (kept)
        *kept = entry;
    return !reader->no_memory;
}

/* From the last check up to `since` on: what held when that time began. */
static enum sts_status read_checks(struct reader *reader, struct store *store)
{
    const struct history_page *page = reader->page;
    struct store_check *before = NULL;
    int64_t from = page->since;
    enum sts_status status = STS_OK;

    if (page->since_known)
        status = store_last_check(store, reader->page, page->domain, page->since, &before);
    if (status)
        return status;
    if (before)
        from = before->observed_at;
    talloc_free(before);
    return store_history(store, page->domain, from, add_check, reader);
}

/* ---- policies -------------------------------------------------------------------------------- */

/* Those that a sender may have held since that time began. */
static enum sts_status read_policies(struct reader *reader, struct store *store)
{
    struct history_page *page = reader->page;
    struct history *past;
    enum sts_status status = policy_history_policies(page, store, page->domain, page->now, &past);

    for (size_t i = 0; !status && i < past->policy_count; i++) {
        struct served *one;

        if (copies_expire(&past->policies[i], page->now) < page->since)
            continue;
        one = more(reader, &page->policies, &page->policy_count, sizeof(*one));
        if (one)
            *one = past->policies[i];
    }
    return status;
}

/* ---- reports --------------------------------------------------------------------------------- */

static struct history_sessions *sessions_of(struct reader *reader, struct names *names,
                                            const char *name)
{
    struct history_sessions *found = names_get(names, name);

    if (!found)
        reader->no_memory = true;
    return found;
}

static int64_t sum(int64_t a, int64_t b)
{
    return a > INT64_MAX - b ? INT64_MAX : a + b;
}

static void count(struct history_sessions *sessions, const struct store_sessions *report)
{
    sessions->successful = sum(sessions->successful, report->successful);
    sessions->failed = sum(sessions->failed, report->failed);
}

static bool add_sessions(void *arg, const struct store_sessions *report)
{
    struct reader *reader = arg;
    struct history_page *page = reader->page;
    char name[CLOCK_TEXT_SIZE];
    struct history_sessions *day, *sender;

    if (report->begins > page->now)
        return false;
    clock_format(report->begins, name);
    name[strcspn(name, "T")] = '\0';
    day = sessions_of(reader, &page->days, name);
    if (!day)
        return false;
    if (!day->senders.ctx)
        names_begin(&day->senders, page, sizeof(struct history_sessions));
    sender = sessions_of(reader, &day->senders, report->submitter);
    if (!sender)
        return false;
    count(day, report);
    count(sender, report);
    page->reports++;
    return true;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int read_page(struct store *store, struct history_page *page, bool each)
{
    struct reader reader = {.page = page, .each = each};
    enum sts_status status;

    if (!store)
        return 0;
    status = read_checks(&reader, store);
    if (!status)
        status = read_policies(&reader, store);
    if (!status) /* what ends with the first second of that time was before it */
        status =
            store_sessions(store, page->domain, page->since_known ? page->since + 1 : page->since,
                           add_sessions, &reader);
    if (status)
        return keep_trouble(store, status);
    return reader.no_memory ? say_no_memory() : 0;
}

static int show(const struct options *options, struct history_page *page)
{
    struct page_options look = say_page_options(options);
    int status;

    if (options->json) {
        status = say_line(json_history(page, page));
    } else {
        status = say_text(text_history(page, page, &look));
        if (!status && !options->quiet)
            status = say_text("\n");
    }
    return exit_status_worse(status, history_is_empty(page) ? EXIT_UNKNOWN : 0);
}

static int one_domain(TALLOC_CTX *ctx, const struct options *options, struct store *store,
                      const char *domain, const struct wanted *wanted)
{
    struct history_page *page = talloc_zero(ctx, struct history_page);
    int status;

    if (!page)
        return say_no_memory();
    page->domain = domain;
    page->now = options->now == NOW_UNSET ? clock_now() : options->now;
    page->since_known = wanted->since != INT64_MIN;
    page->since = wanted->since;
    names_begin(&page->days, page, sizeof(struct history_sessions));
    status = read_page(store, page, options->verbose);
    if (!status)
        status = show(options, page);
    talloc_free(page);
    return status;
}

int cmd_history(TALLOC_CTX *ctx, const struct options *options)
{
    struct input_names names;
    struct wanted wanted;
    struct store *store = NULL;
    int status = wanted_read(options, &wanted);

    if (!status)
        status = input_names(ctx, options, &names);
    if (!status)
        status = keep_open(ctx, options, STORE_READ, &store);
    if (status)
        return status;
    for (size_t i = 0; i < names.count && status < EXIT_USAGE; i++)
        status =
            exit_status_worse(status, one_domain(ctx, options, store, names.names[i], &wanted));
    talloc_free(store);
    return status;
}
