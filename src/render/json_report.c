/* SPDX-License-Identifier: MIT */
/* json_report.c - what TLS reports tell, as JSON: format mtasts.report/1. */
#include "render/report.h"

#include "base/i18n.h"
#include "render/json_parts.h"

static struct json_object *when(bool known, int64_t seconds)
{
    return known ? json_time(seconds) : NULL;
}

static struct json_object *sessions(int64_t successful, int64_t failed)
{
    struct json_object *object = json_object_new_object();

    json_add_number(object, "successful", successful);
    json_add_number(object, "failed", failed);
    return object;
}

/* {"certificate-expired":3}, by name */
static struct json_object *failed_by_name(TALLOC_CTX *ctx, const struct names *counts)
{
    const struct tally_count **list = tally_sorted(ctx, counts);
    struct json_object *object = json_object_new_object();

    for (size_t i = 0; list && i < counts->count; i++)
        json_add_number(object, list[i]->name, list[i]->failed);
    talloc_free(list);
    return object;
}

/* {"sts":{"successful":1,"failed":0}} */
static struct json_object *sessions_by_name(TALLOC_CTX *ctx, const struct names *counts)
{
    const struct tally_count **list = tally_sorted(ctx, counts);
    struct json_object *object = json_object_new_object();

    for (size_t i = 0; list && i < counts->count; i++)
        json_add(object, list[i]->name, sessions(list[i]->successful, list[i]->failed));
    talloc_free(list);
    return object;
}

/* [{"day":"2026-11-01","successful":1,"failed":0}]; a name that is not known is null. */
static struct json_object *list_of(TALLOC_CTX *ctx, const struct names *counts, const char *member,
                                   bool failed_only)
{
    const struct tally_count **list = tally_sorted(ctx, counts);
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; list && i < counts->count; i++) {
        struct json_object *object = json_object_new_object();

        json_add(object, member, *list[i]->name ? json_string(ctx, list[i]->name) : NULL);
        if (!failed_only)
            json_add_number(object, "successful", list[i]->successful);
        json_add_number(object, "failed", list[i]->failed);
        json_append(array, object);
    }
    talloc_free(list);
    return array;
}

static struct json_object *domain_of(TALLOC_CTX *ctx, const struct tally_domain *domain)
{
    struct json_object *object = json_object_new_object();

    json_add(object, "domain", *domain->name ? json_string(ctx, domain->name) : NULL);
    json_add(object, "inferred", json_object_new_boolean(domain->inferred));
    json_add_number(object, "reports", (int64_t)domain->reports);
    json_add_number(object, "successful", domain->successful);
    json_add_number(object, "failed", domain->failed);
    json_add(object, "result_types", failed_by_name(ctx, &domain->result_types));
    json_add(object, "sessions_by_policy_type", sessions_by_name(ctx, &domain->policy_types));
    json_add(object, "senders", list_of(ctx, &domain->senders, "sender", false));
    json_add(object, "mx", list_of(ctx, &domain->mx, "host", true));
    json_add(object, "days", list_of(ctx, &domain->days, "day", false));
    return object;
}

static struct json_object *domains(TALLOC_CTX *ctx, const struct tally *tally)
{
    /* A domain begins with its name, as a count does: sorted alike. */
    const struct tally_count **list = tally_sorted(ctx, &tally->domains);
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; list && i < tally->domains.count; i++)
        json_append(array, domain_of(ctx, names_find(&tally->domains, list[i]->name)));
    talloc_free(list);
    return array;
}

struct json_object *json_rejected(TALLOC_CTX *ctx, const struct report_rejected *list, size_t count)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < count; i++) {
        const struct report_rejected *one = &list[i];
        struct json_object *object = json_object_new_object();
        char *why = one->detail ? talloc_asprintf(ctx, "%s: %s", _(one->why), _(one->detail))
                                : talloc_strdup(ctx, _(one->why));

        json_add(object, "path", json_string(ctx, one->path));
        if (one->part)
            json_add(object, "part", json_string(ctx, one->part));
        json_add(object, "why", json_string(ctx, why));
        json_append(array, object);
        talloc_free(why);
    }
    return array;
}

static struct json_object *revisions(TALLOC_CTX *ctx, const struct reports *reports)
{
    struct json_object *array = json_object_new_array();
    size_t count;
    const struct reports_revised *list = reports_revised(reports, &count);

    for (size_t i = 0; i < count; i++) {
        struct json_object *object = json_object_new_object();

        json_add(object, "sender", json_string(ctx, list[i].sender));
        json_add(object, "report_id", json_string(ctx, list[i].id));
        json_add(object, "path", json_string(ctx, list[i].path));
        json_add_number(object, "replaced", (int64_t)list[i].replaced);
        json_append(array, object);
    }
    return array;
}

static struct json_object *deviations(TALLOC_CTX *ctx, const struct report_page *page)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < page->deviation_count; i++) {
        const struct report_deviation *one = &page->deviations[i];
        struct json_object *object = json_object_new_object();

        json_add(object, "path", json_string(ctx, one->path));
        if (one->part)
            json_add(object, "part", json_string(ctx, one->part));
        json_add(object, "code", json_string(ctx, one->code));
        if (one->member && *one->member)
            json_add(object, "member", json_string(ctx, one->member));
        if (one->found)
            json_add(object, "found", json_string(ctx, one->found));
        json_append(array, object);
    }
    return array;
}

/* ---- trust in the mails ---------------------------------------------------------------------- */

struct sender_trust {
    const char *name; /* first: the name in the table */
    struct json_object *object;
};

static void count_trust(struct json_object *object, const struct tally_trust *one)
{
    struct json_object *before;
    int64_t count = (int64_t)one->reports;

    if (json_object_object_get_ex(object, one->trust, &before))
        count += json_object_get_int64(before);
    json_add_number(object, one->trust, count);
}

/* {"aligned":3}: reports by what DKIM said of their mails. */
static struct json_object *trust_of_all(const struct tally *tally)
{
    struct json_object *object = json_object_new_object();

    for (size_t i = 0; i < tally->trusts.count; i++)
        count_trust(object, names_at(&tally->trusts, i));
    return object;
}

/* The same beside each sender. */
static void add_trusts(TALLOC_CTX *ctx, struct json_object *array, const struct tally *tally,
                       const struct tally_count **list)
{
    struct names table;

    names_begin(&table, talloc_new(ctx), sizeof(struct sender_trust));
    for (size_t i = 0; i < tally->senders.count; i++) {
        struct sender_trust *sender = names_get(&table, list[i]->name);

        if (!sender)
            continue;
        sender->object = json_object_new_object();
        json_add(json_object_array_get_idx(array, i), "trust", sender->object);
    }
    for (size_t i = 0; i < tally->trusts.count; i++) {
        const struct tally_trust *one = names_at(&tally->trusts, i);
        const struct sender_trust *sender = names_find(&table, one->sender);

        if (sender)
            count_trust(sender->object, one);
    }
    talloc_free(table.ctx);
}

static struct json_object *senders_of(TALLOC_CTX *ctx, const struct tally *tally)
{
    const struct tally_count **list = tally_sorted(ctx, &tally->senders);
    struct json_object *array = list_of(ctx, &tally->senders, "sender", false);

    if (list && tally->trusts.count)
        add_trusts(ctx, array, tally, list);
    talloc_free(list);
    return array;
}

static void add_totals(TALLOC_CTX *ctx, struct json_object *object, const struct tally *tally)
{
    json_add(object, "from", when(tally->range_known, tally->from));
    json_add(object, "to", when(tally->range_known, tally->to));
    json_add(object, "sessions", sessions(tally->successful, tally->failed));
    json_add(object, "sessions_by_policy_type", sessions_by_name(ctx, &tally->policy_types));
    json_add(object, "result_types", failed_by_name(ctx, &tally->result_types));
    json_add(object, "senders", senders_of(ctx, tally));
    if (tally->trusts.count)
        json_add(object, "trust", trust_of_all(tally));
    json_add(object, "days", list_of(ctx, &tally->days, "day", false));
    json_add(object, "domains", domains(ctx, tally));
}

char *json_report(TALLOC_CTX *ctx, const struct report_page *page)
{
    const struct report_view *view = page->view;
    struct json_object *object = json_begin("mtasts.report/1");

    if (!object)
        return NULL;
    json_add(object, "verdict", json_object_new_string(verdict_name(view->verdict)));
    json_add_number(object, "reports", (int64_t)view->tally->reports);
    json_add_number(object, "duplicates", (int64_t)view->tally->duplicates);
    json_add(object, "revisions", revisions(ctx, page->reports));
    json_add(object, "rejected", json_rejected(ctx, page->rejected, page->rejected_count));
    json_add_number(object, "undated", (int64_t)view->tally->undated);
    json_add_number(object, "unread", (int64_t)page->unread);
    json_add_number(object, "other_mails", (int64_t)page->other_mails);
    add_totals(ctx, object, view->tally);
    json_add(object, "findings", json_findings(ctx, view->findings, view->finding_count));
    json_add(object, "deviations", deviations(ctx, page));
    json_add_number(object, "deviation_count", (int64_t)page->deviation_total);
    return json_line(ctx, object);
}
