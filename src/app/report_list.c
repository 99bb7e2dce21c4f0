/* SPDX-License-Identifier: MIT */
/* report_list.c - rows of reports, and one of them. */
#include "app/report_list.h"

#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/i18n.h"
#include "dkim/signature.h"

/* ---- the list -------------------------------------------------------------------------------- */

static const char *copy(TALLOC_CTX *ctx, const char *text, bool *no_memory)
{
    const char *own = text ? talloc_strdup(ctx, text) : NULL;

    *no_memory |= text && !own;
    return own;
}

static bool take_row(void *arg, const struct store_listed_report *report)
{
    struct report_list *list = arg;
    struct report_list_row *row;

    if (list->row_count == list->limit) {
        list->more = true;
        return false;
    }
    row = array_grow(list, &list->rows, &list->row_count, sizeof(*row));
    list->no_memory |= !row;
    if (!row)
        return false;
    *row = (struct report_list_row){.place = report->place,
                                    .submitter = copy(list, report->submitter, &list->no_memory),
                                    .report_id = copy(list, report->report_id, &list->no_memory),
                                    .source = copy(list, report->source, &list->no_memory),
                                    .trust = copy(list, report->trust, &list->no_memory),
                                    .begins = report->begins,
                                    .ends = report->ends,
                                    .received_at = report->received_at,
                                    .superseded = report->superseded,
                                    .failed = report->failed};
    return !list->no_memory;
}

/* As the sender writes it: the store knows it by a key in lower case. */
static const char *written(const struct report_seen *seen, const char *key)
{
    const char *name = seen->report ? sts_report_organization(seen->report) : NULL;

    return name && key && strcasecmp(name, key) == 0 ? name : key;
}

static void name_domains(struct report_list *list, struct report_list_row *row,
                         const struct report_seen *seen)
{
    size_t count = seen->domains.count;

    row->domain_count = count < REPORT_LIST_DOMAINS ? count : REPORT_LIST_DOMAINS;
    row->others = (int64_t)(count - row->domain_count + seen->unseen.count);
    row->domains = talloc_zero_array(list, const char *, (unsigned)row->domain_count + 1);
    list->no_memory |= !row->domains;
    for (size_t i = 0; row->domains && i < row->domain_count; i++) {
        const struct report_seen_name *one = names_at(&seen->domains, i);

        row->domains[i] = copy(list, one->name, &list->no_memory);
    }
}

struct row_reader {
    struct report_list *list;
    struct report_list_row *row;
    struct report_seen *seen;
    enum sts_status status;
};

static bool complete_row(void *arg, const struct store_receipt *receipt)
{
    struct row_reader *reader = arg;
    struct report_list *list = reader->list;
    struct report_list_row *row = reader->row;
    const struct report_seen *seen = reader->seen;

    reader->status = report_seen_take(reader->seen, receipt);
    if (reader->status)
        return false;
    row->submitter = copy(list, written(seen, row->submitter), &list->no_memory);
    row->report_id = report_seen_text(seen, row->report_id);
    row->source = report_seen_source(seen, row->source);
    name_domains(list, row, seen);
    return false;
}

static enum sts_status complete_rows(struct store *store, struct report_list *list)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; status == STS_OK && i < list->row_count; i++) {
        struct row_reader reader = {.list = list, .row = &list->rows[i]};
        int64_t id = reader.row->place.id;

        status = report_seen_new(list, store, &list->sight, id, &reader.seen);
        if (!status)
            status = store_report_numbered(store, id, complete_row, &reader);
        TALLOC_FREE(reader.seen);
        if (!status)
            status = reader.status;
    }
    return status;
}

char *report_list_domains(TALLOC_CTX *ctx, const struct report_list_row *row)
{
    char *text = talloc_strdup(ctx, "");

    for (size_t i = 0; text && i < row->domain_count; i++)
        text = talloc_asprintf_append_buffer(text, "%s%s", i ? ", " : "", row->domains[i]);
    return text;
}

enum sts_status report_list_read(struct store *store, void *data)
{
    struct report_list *list = data;
    const struct store_report_filter filter = {.domain = list->domain,
                                               .submitter = list->submitter,
                                               .since = list->since,
                                               .until = list->until,
                                               .failed = list->failed,
                                               .sight = &list->sight};
    bool seen = list->sight.all && !list->sight.group;
    enum sts_status status = STS_OK;

    if (list->domain && !seen)
        status = store_sees_domain(store, &list->sight, list->domain, &seen);
    if (status || (list->domain && !seen))
        return status;
    status = store_reports_page(store, &filter, list->after, list->limit + 1, take_row, list);
    if (!status)
        status = complete_rows(store, list);
    return list->no_memory ? STS_E_NOMEM : status;
}

/* ---- one of them ----------------------------------------------------------------------------- */

static enum sts_status take_text(struct stored_report *one, const struct store_receipt *receipt)
{
    struct report_seen *seen = one->seen;
    enum sts_status status = report_seen_take(seen, receipt);

    if (status)
        return status;
    if (!seen->whole)
        return report_seen_reduced(one, seen, &one->raw);
    one->raw = (struct bytes){talloc_memdup(one, receipt->raw.data, receipt->raw.length),
                              receipt->raw.length};
    return receipt->raw.length && !one->raw.data ? STS_E_NOMEM : STS_OK;
}

static bool take_report(void *arg, const struct store_receipt *receipt)
{
    struct stored_report *one = arg;
    const struct store_origin *from = &receipt->origin;
    bool *no_memory = &one->no_memory;

    *no_memory |= take_text(one, receipt) != STS_OK;
    if (*no_memory)
        return false;
    one->found = true;
    one->submitter = copy(one, written(one->seen, receipt->submitter), no_memory);
    one->report_id = copy(one, report_seen_text(one->seen, receipt->report_id), no_memory);
    one->source = copy(one, report_seen_source(one->seen, receipt->source), no_memory);
    one->trust = copy(one, receipt->trust, no_memory);
    one->file_name = copy(one, report_seen_file(one->seen, receipt), no_memory);
    one->subject = copy(one, report_seen_text(one->seen, from->subject), no_memory);
    one->begins = receipt->begins;
    one->ends = receipt->ends;
    one->received_at = receipt->received_at;
    one->mailed_at = receipt->mailed_at;
    one->revision = receipt->revision;
    one->superseded = receipt->superseded;
    return false;
}

enum sts_status stored_report_find(struct store *store, void *data)
{
    struct stored_report *one = data;
    bool seen = false;
    enum sts_status status = store_sees_report(store, &one->sight, one->id, &seen);

    if (status == STS_OK && seen)
        status = report_seen_new(one, store, &one->sight, one->id, &one->seen);
    if (status == STS_OK && seen)
        status = store_report_numbered(store, one->id, take_report, one);
    return one->no_memory ? STS_E_NOMEM : status;
}

const char *report_trust_text(const char *trust)
{
    enum signature_level level = trust ? signature_level_named(trust) : SIGNATURE_LEVEL_COUNT;

    return level == SIGNATURE_LEVEL_COUNT ? N_("not verified") : signature_level_text(level);
}
