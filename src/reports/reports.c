/* SPDX-License-Identifier: MIT */
/* reports.c - the collection: copies and revisions are told from new reports. */
#include "reports/reports.h"

#include <string.h>

#include "base/array.h"
#include "sts/report.h"

struct reports {
    struct names items; /* struct reports_item */
    struct names texts;
    struct tally *tally;
    const char *domain; /* NULL: all */
    size_t duplicates, revisions;
    struct reports_revised *revised;
    size_t revised_count;
    reports_better_fn better;
    bool again;
    reports_counts_fn *counts;
    void *counts_arg;
};

/* A revision that does not count: what tells whether it does when it comes again. */
struct reports_content {
    char fingerprint[STS_REPORT_FINGERPRINT_SIZE];
    int64_t received;
    const char *trust;
    uint32_t order;
    SLIST_ENTRY(reports_content) link;
};

/* One on its way in. */
struct arrival {
    const char *sender, *trust;
    int64_t received;
    char fingerprint[STS_REPORT_FINGERPRINT_SIZE];
    uint32_t order;
};

struct reports *reports_new(TALLOC_CTX *ctx, reports_better_fn better, const char *domain)
{
    struct reports *reports = talloc_zero(ctx, struct reports);

    if (!reports)
        return NULL;
    reports->better = better;
    reports->domain = domain;
    names_begin(&reports->items, reports, sizeof(struct reports_item));
    names_begin(&reports->texts, reports, sizeof(const char *));
    reports->tally = tally_new(reports, &reports->texts);
    if (!reports->tally)
        TALLOC_FREE(reports);
    return reports;
}

static void put(struct reports_item *item, const struct arrival *arrival)
{
    item->received = arrival->received;
    item->sender = arrival->sender;
    item->trust = arrival->trust;
    item->order = arrival->order;
    memcpy(item->fingerprint, arrival->fingerprint, sizeof(item->fingerprint));
}

/* ---- copies ---------------------------------------------------------------------------------- */

static bool is_better(const struct reports *reports, const char *trust, const char *than)
{
    if (!trust || !than)
        return trust != NULL;
    return reports->better && reports->better(trust, than);
}

/* A copy may come with a later mail, or from somebody whom more is known of. */
static void merge(struct reports *reports, const struct arrival *arrival, int64_t *received,
                  const char **trust)
{
    reports->duplicates++;
    if (arrival->received > *received)
        *received = arrival->received;
    if (is_better(reports, arrival->trust, *trust))
        *trust = arrival->trust;
}

/* ---- revisions ------------------------------------------------------------------------------- */

static bool counts(const struct reports_item *item, int64_t received, uint32_t order)
{
    return received > item->received || (received == item->received && order > item->order);
}

/* The arrival takes the place of what counted, which becomes the content. */
static void supersede(struct reports_item *item, struct reports_content *content,
                      const struct arrival *arrival)
{
    memcpy(content->fingerprint, item->fingerprint, sizeof(content->fingerprint));
    content->received = item->received;
    content->trust = item->trust;
    content->order = item->order;
    put(item, arrival);
}

/* One that came before and did not count. */
static enum reports_added add_again(struct reports *reports, struct reports_item *item,
                                    struct reports_content *content, struct arrival *arrival)
{
    merge(reports, arrival, &content->received, &content->trust);
    arrival->received = content->received;
    arrival->trust = content->trust;
    arrival->order = content->order;
    if (counts(item, content->received, content->order))
        supersede(item, content, arrival);
    return REPORTS_DUPLICATE;
}

static enum reports_added revise(struct reports *reports, struct reports_item *item,
                                 struct arrival *arrival)
{
    struct reports_content *content = talloc_zero(reports, struct reports_content);

    if (!content)
        return REPORTS_NO_MEMORY;
    SLIST_INSERT_HEAD(&item->others, content, link);
    reports->revisions++;
    arrival->order = ++item->revisions;
    if (counts(item, arrival->received, arrival->order)) {
        supersede(item, content, arrival);
        return REPORTS_REVISION;
    }
    memcpy(content->fingerprint, arrival->fingerprint, sizeof(content->fingerprint));
    content->received = arrival->received;
    content->trust = arrival->trust;
    content->order = arrival->order;
    return REPORTS_REVISION;
}

static struct reports_content *find_content(const struct reports_item *item,
                                            const char *fingerprint)
{
    struct reports_content *content;

    SLIST_FOREACH(content, &item->others, link)
    if (!strcmp(content->fingerprint, fingerprint))
        return content;
    return NULL;
}

/* ---- adding ---------------------------------------------------------------------------------- */

static void take(struct reports *reports, struct sts_report *report, struct reports_item *item)
{
    if (reports->domain)
        report_keep_domain(report, reports->domain);
    tally_add(reports->tally, report);
    item->taken = true;
}

static enum reports_added add_first(struct reports *reports, struct sts_report *report,
                                    struct arrival *arrival, const char *key)
{
    size_t before = reports->items.count;
    struct reports_item *item = names_get(&reports->items, key);
    struct reports_content *content;

    if (!item)
        return REPORTS_NO_MEMORY;
    if (reports->items.count > before) {
        put(item, arrival);
        take(reports, report, item);
        return REPORTS_NEW;
    }
    if (!strcmp(arrival->fingerprint, item->fingerprint)) {
        merge(reports, arrival, &item->received, &item->trust);
        return REPORTS_DUPLICATE;
    }
    content = find_content(item, arrival->fingerprint);
    return content ? add_again(reports, item, content, arrival) : revise(reports, item, arrival);
}

static enum reports_added add_revised(struct reports *reports, const struct sts_report *report,
                                      const struct reports_item *item, const char *path)
{
    struct reports_revised *place =
        array_grow(reports, &reports->revised, &reports->revised_count, sizeof(*place));

    if (!place)
        return REPORTS_NO_MEMORY;
    *place = (struct reports_revised){texts_get(&reports->texts, sts_report_sender(report)),
                                      texts_get(&reports->texts, sts_report_id(report)),
                                      texts_get(&reports->texts, path), item->revisions};
    return REPORTS_NEW;
}

/* What counts is known: the first that is like it is taken. */
static enum reports_added add_second(struct reports *reports, struct sts_report *report,
                                     const struct arrival *arrival, const char *key,
                                     const char *path)
{
    struct reports_item *item = names_find(&reports->items, key);

    if (!item || item->taken || strcmp(item->fingerprint, arrival->fingerprint) != 0)
        return REPORTS_DUPLICATE;
    take(reports, report, item);
    if (reports->counts)
        reports->counts(reports->counts_arg, report, path, item);
    return item->revisions ? add_revised(reports, report, item, path) : REPORTS_NEW;
}

enum reports_added reports_add(struct reports *reports, struct sts_report *report, const char *path,
                               int64_t received, const char *trust)
{
    struct arrival arrival = {.sender = texts_get(&reports->texts, tally_sender(report)),
                              .trust = trust ? texts_get(&reports->texts, trust) : NULL,
                              .received = received};
    char key[STS_REPORT_FINGERPRINT_SIZE];
    enum reports_added added;

    sts_report_key(report, key);
    sts_report_fingerprint(report, arrival.fingerprint);
    added = reports->again ? add_second(reports, report, &arrival, key, path)
                           : add_first(reports, report, &arrival, key);
    sts_report_free(report);
    return reports->texts.no_memory ? REPORTS_NO_MEMORY : added;
}

bool reports_want_again(const struct reports *reports)
{
    return reports->revisions > 0 && !reports->again;
}

enum sts_status reports_begin_again(struct reports *reports, reports_counts_fn *fn, void *arg)
{
    talloc_free(reports->tally);
    reports->tally = tally_new(reports, &reports->texts);
    reports->again = true;
    reports->counts = fn;
    reports->counts_arg = arg;
    for (size_t i = 0; i < reports->items.count; i++)
        ((struct reports_item *)names_at(&reports->items, i))->taken = false;
    return reports->tally ? STS_OK : STS_E_NOMEM;
}

/* ---- what has come of it --------------------------------------------------------------------- */

const struct tally *reports_tally(struct reports *reports)
{
    struct tally *tally = reports->tally;
    bool first = !tally->trusts.count;

    tally->duplicates = reports->duplicates;
    tally->revisions = reports->revisions;
    for (size_t i = 0; first && i < reports->items.count; i++) {
        const struct reports_item *item = names_at(&reports->items, i);

        if (item->taken && item->trust)
            tally_add_trust(tally, item->sender, item->trust);
    }
    tally->no_memory |= tally_ran_out(tally) || reports->items.no_memory;
    return tally;
}

size_t reports_count(const struct reports *reports)
{
    return reports->items.count;
}

size_t reports_duplicates(const struct reports *reports)
{
    return reports->duplicates;
}

size_t reports_revisions(const struct reports *reports)
{
    return reports->revisions;
}

const struct reports_revised *reports_revised(const struct reports *reports, size_t *ret_count)
{
    *ret_count = reports->revised_count;
    return reports->revised;
}

const struct reports_item *reports_item(const struct reports *reports, size_t index)
{
    return names_at(&reports->items, index);
}
