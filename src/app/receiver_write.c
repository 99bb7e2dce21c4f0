/* SPDX-License-Identifier: MIT */
/* receiver_write.c - what was found in a set, into the store: reports, what was rejected, and how
 * much of each came this way. */
#include "app/receiver_work.h"

#include <string.h>

#include "app/limits.h"
#include "base/i18n.h"
#include "history/stored_reports.h"
#include "store/mailboxes.h"
#include "store/quarantine.h"
#include "store/ways.h"

static void reject(struct receiver_item *item, const char *part, const char *why,
                   const char *detail)
{
    item->rejected++;
    if (item->why)
        return;
    item->part = part;
    item->why = why;
    item->detail = detail;
}

/* Are all domains that it was sent to?  Beside its recipient's a policy counts for the MX host that
 * it names; that may be another's and is left out where it is stored. */
static enum sts_status judge_seen(struct store *store, const struct store_sight *sight,
                                  const struct sts_report *report, const char **ret_why)
{
    size_t count, own = 0, foreign = 0;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);
    enum sts_status status = STS_OK;

    for (size_t i = 0; status == STS_OK && i < count; i++) {
        bool seen = false;

        if (!policies[i].recipient)
            continue;
        status = store_sees_domain(store, sight, policies[i].recipient, &seen);
        own += seen;
        foreign += !seen;
    }
    *ret_why = !own      ? N_("none of its domains belongs to your groups")
               : foreign ? N_("not all of its domains belong to your groups")
                         : NULL;
    return status;
}

/* Is one of its domains?  Of a policy that names the MX host either name counts. */
static enum sts_status judge_known(struct store *store, const struct sts_report *report,
                                   const char **ret_why)
{
    size_t count;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);
    bool known = false;
    enum sts_status status = STS_OK;

    for (size_t i = 0; status == STS_OK && !known && i < count; i++) {
        if (policies[i].domain)
            status = store_knows_domain(store, policies[i].domain, &known);
        if (status == STS_OK && !known && policies[i].recipient)
            status = store_knows_domain(store, policies[i].recipient, &known);
    }
    *ret_why = known ? NULL : N_("none of its domains is known here");
    return status;
}

/* Why a report is not to be taken; NULL: it is. */
static enum sts_status judge(struct store *store, const struct receiver_set *set,
                             const struct sts_report *report, const char **ret_why)
{
    *ret_why = NULL;
    if (set->sight)
        return judge_seen(store, set->sight, report, ret_why);
    return set->known_only ? judge_known(store, report, ret_why) : STS_OK;
}

/* Each of its domains is looked for by the only writer, and its text is read again whenever it is
 * shown. */
static bool is_too_large(const struct received_report *received)
{
    size_t policies;

    (void)sts_report_policies(received->report, &policies);
    return policies > LIMIT_RECEIVED_POLICIES ||
           received->source.text.length > (size_t)LIMIT_RECEIVED_TEXT;
}

static enum sts_status write_report(struct store *store, const struct received_report *received,
                                    const struct receiver_set *set)
{
    struct receiver_item *item = received->item;
    enum store_added added;
    const char *why;
    enum sts_status status;

    if (is_too_large(received)) {
        reject(item, received->source.part,
               N_("it has more than 4 MiB or 5,000 policies; mtasts ingest takes it"), NULL);
        return STS_OK;
    }
    status = judge(store, set, received->report, &why);
    if (status == STS_OK && why) {
        reject(item, received->source.part, why, NULL);
        return STS_OK;
    }
    if (status == STS_OK)
        status = stored_report_put_seen(store, received->report, &received->source, set->now,
                                        set->sight, &added);
    if (status == STS_E_LIMIT) {
        reject(item, received->source.part, N_("it has too many policies for the store"), NULL);
        return STS_OK;
    }
    if (status)
        return status;
    item->added += added == STORE_NEW;
    item->duplicates += added == STORE_DUPLICATE;
    item->revisions += added == STORE_REVISION;
    return STS_OK;
}

static void clear(struct receiver_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        set->items[i] = (struct receiver_item){.bytes = set->items[i].bytes,
                                               .source = set->items[i].source,
                                               .mail = set->items[i].mail};
}

static void conclude(struct receiver_item *item)
{
    if (item->rejected)
        item->outcome = RECEIVER_REJECTED;
    else if (item->added || item->revisions)
        item->outcome = RECEIVER_STORED;
    else
        item->outcome = item->duplicates ? RECEIVER_SEEN : RECEIVER_FOREIGN;
}

static enum sts_status keep_rejected(struct store *store, const struct receiver_set *set,
                                     const struct receiver_item *item)
{
    const struct store_quarantined one = {.at = set->now,
                                          .kind = set->way.kind,
                                          .mail = item->mail,
                                          .parts = (int64_t)item->rejected,
                                          .source = item->source,
                                          .part = item->part,
                                          .why = item->why,
                                          .detail = item->detail,
                                          .raw = item->bytes};

    bool keeps = set->way.kind && strcmp(set->way.kind, STORE_WAY_UPLOAD) != 0;

    return item->rejected && keeps ? store_quarantine(store, &one) : STS_OK;
}

static enum sts_status count_way(struct store *store, const struct receiver_set *set)
{
    struct store_way way = {.name = set->way, .tried_at = set->now};

    for (size_t i = 0; i < set->count; i++) {
        const struct receiver_item *item = &set->items[i];

        way.counts.messages++;
        way.counts.added += (int64_t)item->added;
        way.counts.duplicates += (int64_t)item->duplicates;
        way.counts.revisions += (int64_t)item->revisions;
        way.counts.rejected += (int64_t)item->rejected;
        way.counts.foreign += item->outcome == RECEIVER_FOREIGN;
    }
    return set->way.kind && !set->again ? store_put_way(store, &way) : STS_OK;
}

static enum sts_status write_found(struct store *store, const struct reception *reception)
{
    const struct received_report *received;
    const struct received_rejection *rejection;
    enum sts_status status = STS_OK;

    STAILQ_FOREACH(received, &reception->reports, link)
    if (!status)
        status = write_report(store, received, reception->set);
    STAILQ_FOREACH(rejection, &reception->rejections, link)
    reject(rejection->item, rejection->part, rejection->why, rejection->detail);
    return status;
}

enum sts_status receiver_write(struct store *store, void *data)
{
    const struct reception *reception = data;
    struct receiver_set *set = reception->set;
    enum sts_status status = set->first ? set->first(store, set->first_arg) : STS_OK;

    clear(set);
    if (!status)
        status = write_found(store, reception);
    for (size_t i = 0; i < set->count; i++)
        conclude(&set->items[i]);
    for (size_t i = 0; !status && i < set->count; i++)
        status = keep_rejected(store, set, &set->items[i]);
    return status ? status : count_way(store, set);
}
