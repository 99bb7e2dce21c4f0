/* SPDX-License-Identifier: MIT */
/* report_list.c - rows of reports, and one of them. */
#include "app/report_list.h"

#include <string.h>

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

struct names {
    char *text;
    size_t count;
};

static bool take_name(void *arg, const char *name)
{
    struct names *names = arg;

    if (++names->count > REPORT_LIST_DOMAINS)
        name = "...";
    names->text =
        talloc_asprintf_append_buffer(names->text, "%s%s", *names->text ? ", " : "", name);
    return names->text;
}

static enum sts_status add_domains(struct store *store, struct report_list *list)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; status == STS_OK && i < list->row_count; i++) {
        struct names names = {.text = talloc_strdup(list, "")};

        if (names.text)
            status = store_report_domains(store, list->rows[i].place.id, REPORT_LIST_DOMAINS + 1,
                                          take_name, &names);
        list->rows[i].domains = names.text;
        list->no_memory |= !names.text;
    }
    return status;
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
        status = add_domains(store, list);
    return list->no_memory ? STS_E_NOMEM : status;
}

/* ---- one of them ----------------------------------------------------------------------------- */

static bool take_report(void *arg, const struct store_receipt *receipt)
{
    struct stored_report *one = arg;
    bool *no_memory = &one->no_memory;

    one->found = true;
    one->submitter = copy(one, receipt->submitter, no_memory);
    one->report_id = copy(one, receipt->report_id, no_memory);
    one->source = copy(one, receipt->source, no_memory);
    one->trust = copy(one, receipt->trust, no_memory);
    one->file_name = copy(one, receipt->origin.file_name, no_memory);
    one->subject = copy(one, receipt->origin.subject, no_memory);
    one->begins = receipt->begins;
    one->ends = receipt->ends;
    one->received_at = receipt->received_at;
    one->mailed_at = receipt->mailed_at;
    one->revision = receipt->revision;
    one->superseded = receipt->superseded;
    one->raw = (struct bytes){talloc_memdup(one, receipt->raw.data, receipt->raw.length),
                              receipt->raw.length};
    *no_memory |= receipt->raw.length && !one->raw.data;
    return false;
}

enum sts_status stored_report_find(struct store *store, void *data)
{
    struct stored_report *one = data;
    bool seen = false;
    enum sts_status status = store_sees_report(store, &one->sight, one->id, &seen);

    if (status == STS_OK && seen)
        status = store_report_numbered(store, one->id, take_report, one);
    return one->no_memory ? STS_E_NOMEM : status;
}

const char *report_trust_text(const char *trust)
{
    enum signature_level level = trust ? signature_level_named(trust) : SIGNATURE_LEVEL_COUNT;

    return level == SIGNATURE_LEVEL_COUNT ? N_("not verified")
                                          : signature_level_text(level);
}
