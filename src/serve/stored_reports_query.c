/* SPDX-License-Identifier: MIT */
/* stored_reports_query.c - which reports are asked for, whose, and how they are read again. */
#include <stdlib.h>
#include <string.h>

#include "accounts/account.h"
#include "base/ascii.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/pasted.h"
#include "base/time_span.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/exchange.h"
#include "serve/stored_reports_parts.h"
#include "serve/upload.h"

struct store_sight stored_reports_sight(struct exchange *exchange, enum store_role least)
{
    const struct account *account = exchange_account(exchange);
    const char *group = exchange_query(exchange, "group");
    struct store_sight sight = {
        .user = account->user, .all = account->administrator, .least = least};

    if (group && *group)
        sight.group = strtoll(group, NULL, 10);
    /* A token is of one group, whatever else its user is a member of. */
    if (!account->session)
        sight.group = account->role_count ? account->roles[0].group : -1;
    return sight;
}

/* ---- the filter ------------------------------------------------------------------------------ */

static const char *query_text(struct exchange *exchange, const char *name)
{
    const char *text = exchange_query(exchange, name);

    return text && *text ? text : NULL;
}

static bool read_domain(struct exchange *exchange, struct report_list *list)
{
    const char *typed = query_text(exchange, "domain");
    char name[STS_NAME_SIZE];
    enum pasted_form form;

    if (!typed)
        return true;
    if (pasted_domain(typed, name, &form) != STS_OK)
        return false;
    list->domain = talloc_strdup(list, name);
    return list->domain;
}

static bool read_times(struct exchange *exchange, struct report_list *list)
{
    const char *since = query_text(exchange, "since"), *until = query_text(exchange, "until");
    int64_t now = clock_now();

    list->since = INT64_MIN;
    list->until = INT64_MAX;
    return (!since || time_span_begin(since, now, &list->since)) &&
           (!until || time_span_end(until, now, &list->until)) && list->since < list->until;
}

/* "BEGINS.ID" */
static bool read_place(struct exchange *exchange, const char *name, struct report_list *list)
{
    const char *text = query_text(exchange, name);
    char *end;

    list->after = STORE_NEWEST;
    if (!text)
        return true;
    list->after.begins = strtoll(text, &end, 10);
    if (end == text || *end != '.')
        return false;
    text = end + 1;
    list->after.id = strtoll(text, &end, 10);
    return end != text && !*end;
}

/* As the store knows it: in lower case. */
static const char *sender_key(TALLOC_CTX *ctx, const char *sender)
{
    char *key = talloc_strdup(ctx, sender);

    for (char *at = key; at && *at; at++)
        *at = ascii_lower(*at);
    return key;
}

struct report_list *stored_reports_list(struct exchange *exchange, size_t limit)
{
    struct report_list *list = talloc_zero(exchange, struct report_list);
    const char *sender = query_text(exchange, "sender"), *failed;

    if (!list) {
        account_pages_no_room(exchange);
        return NULL;
    }
    failed = query_text(exchange, "failures");
    list->sight = stored_reports_sight(exchange, STORE_ROLE_VIEWER);
    list->limit = limit;
    list->failed = failed && strcmp(failed, "0") != 0;
    list->submitter = sender ? sender_key(list, sender) : NULL;
    if (read_domain(exchange, list) && read_times(exchange, list) &&
        read_place(exchange, exchange_query(exchange, "cursor") ? "cursor" : "before", list))
        return list;
    exchange_problem(exchange, 422, "filter",
                     _("This filter is wrong: expected a domain name, and dates such as "
                       "2026-11-23, the first before the second."));
    return NULL;
}

const char *stored_reports_place(struct exchange *exchange, const struct report_list *list)
{
    const struct report_list_row *last = list->row_count ? &list->rows[list->row_count - 1] : NULL;

    return last && list->more
               ? talloc_asprintf(exchange, "%lld.%lld", (long long)last->place.begins,
                                 (long long)last->place.id)
               : NULL;
}

/* ---- one of them ----------------------------------------------------------------------------- */

struct finding_report {
    struct stored_report one; /* first: it is what is read */
    void (*done)(struct exchange *exchange, struct stored_report *one);
};

static void on_found(struct exchange *exchange, void *data)
{
    struct finding_report *found = data;

    if (found->one.found)
        found->done(exchange, &found->one);
    else
        access_not_there(exchange);
}

void stored_reports_find(struct exchange *exchange,
                         void (*done)(struct exchange *exchange, struct stored_report *one))
{
    struct finding_report *found = talloc_zero(exchange, struct finding_report);

    if (found) {
        found->one.sight = stored_reports_sight(exchange, STORE_ROLE_VIEWER);
        found->one.id = exchange_place_number(exchange, "id");
        found->done = done;
    }
    account_pages_read(exchange, stored_report_find, found, on_found);
}

struct reports_work *stored_reports_reading(struct exchange *exchange,
                                            const struct stored_report *one,
                                            void (*work)(struct computed *computed))
{
    const struct upload upload = {.fd = -1,
                                  .length = (int64_t)one->raw.length,
                                  .memory = one->raw,
                                  .file_name = one->file_name};

    return reports_work_new(exchange, &upload, work);
}

void stored_reports_raw(struct exchange *exchange, struct stored_report *one)
{
    char *name;

    if (!one->seen->whole) {
        exchange_problem(
            exchange, 403, "not-whole",
            _("This report also covers domains of other groups, so the original cannot "
              "be downloaded."));
        return;
    }
    name =
        talloc_asprintf(exchange, "attachment; filename=\"report-%lld.json\"", (long long)one->id);

    exchange_field(exchange, "Content-Disposition", name ? name : "attachment");
    exchange_answer(exchange, 200, "application/json", one->raw);
}
