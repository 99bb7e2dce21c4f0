/* SPDX-License-Identifier: MIT */
/* report_upload.c - reports stored by somebody who is signed in: those on domains of their groups
 * only.
 */
#include "serve/report_upload.h"

#include <string.h>

#include "accounts/account.h"
#include "base/i18n.h"
#include "base/json_write.h"
#include "base/text.h"
#include "serve/account_pages.h"
#include "serve/api_answer.h"
#include "serve/exchange.h"
#include "serve/intake_service.h"
#include "serve/limits.h"
#include "serve/posting.h"
#include "serve/service.h"
#include "serve/stored_reports_parts.h"
#include "serve/upload.h"

/* ---- storing --------------------------------------------------------------------------------- */

/* An administrator stores whatever they like. */
static bool set_sight(struct exchange *exchange, struct receiver_set *set)
{
    struct store_sight *sight = talloc(set, struct store_sight);

    if (!sight)
        return false;
    *sight = stored_reports_sight(exchange, STORE_ROLE_EDITOR);
    if (!sight->all || sight->group)
        set->sight = sight;
    return true;
}

/* The store finds the user in "upload:USER:FILE" again, so there is no colon in it. */
static char *source_name(TALLOC_CTX *ctx, const char *user)
{
    char *name = talloc_strdup(ctx, "");

    for (; name && *user; user++)
        name = *user == ':'   ? talloc_strdup_append_buffer(name, "%3A")
               : *user == '%' ? talloc_strdup_append_buffer(name, "%25")
                              : talloc_strndup_append_buffer(name, user, 1);
    return name;
}

static struct receiver_set *set_of(struct exchange *exchange, const struct upload *upload)
{
    const char *name = upload->file_name ? upload->file_name : "-";
    char *user = source_name(exchange, exchange_account(exchange)->name);
    char *source = user ? talloc_asprintf(exchange, STORE_WAY_UPLOAD ":%s:%s", user,
                                          text_printable(exchange, name, strlen(name), 100))
                        : NULL;
    struct receiver_set *set = source ? posting_set(exchange, STORE_WAY_UPLOAD, source) : NULL;

    return set && set_sight(exchange, set) ? set : NULL;
}

static void store(struct exchange *exchange, const struct upload *upload, posting_done_fn done)
{
    const struct posting_request request = {.receiver = exchange_service(exchange)->intake->mails,
                                            .upload = upload,
                                            .set = set_of(exchange, upload),
                                            .done = done};

    if (!request.set || !posting_start(exchange, &request))
        done(exchange, NULL);
}

static void say_busy(struct exchange *exchange)
{
    exchange_field(exchange, "Retry-After", "60");
    exchange_problem(exchange, 503, "busy", _("The report cannot be stored now. Try again later."));
}

/* ---- the page -------------------------------------------------------------------------------- */

static void go_back(struct exchange *exchange, const struct receiver_item *item)
{
    char *path;

    if (!item) {
        say_busy(exchange);
        return;
    }
    path = talloc_asprintf(exchange, "/reports?stored=%zu&known=%zu&rejected=%zu",
                           item->added + item->revisions, item->duplicates, item->rejected);
    exchange_redirect(exchange, path ? path : "/reports");
}

void page_report_upload(struct exchange *exchange)
{
    const struct upload *upload = exchange_upload(exchange, "file");

    if (upload && upload->length)
        store(exchange, upload, go_back);
    else
        exchange_redirect(exchange, "/reports?stored=0&known=0&rejected=0");
}

static unsigned long number(const struct exchange *exchange, const char *name)
{
    const char *text = exchange_query(exchange, name);

    return text ? strtoul(text, NULL, 10) : 0;
}

const char *report_upload_notice(struct exchange *exchange)
{
    unsigned long stored = number(exchange, "stored"), known = number(exchange, "known");

    if (!exchange_query(exchange, "stored") || (!stored && !known))
        return NULL;
    return talloc_asprintf(exchange, _("New reports: %lu. Already stored: %lu."), stored, known);
}

const char *report_upload_error(struct exchange *exchange)
{
    unsigned long rejected = number(exchange, "rejected");

    if (!exchange_query(exchange, "stored"))
        return NULL;
    if (rejected)
        return talloc_asprintf(exchange,
                               _("Not stored: %lu. They could not be read, or not all of "
                                 "their domains belong to your groups."),
                               rejected);
    return number(exchange, "stored") || number(exchange, "known")
               ? NULL
               : _("This file contains no TLS report.");
}

/* ---- the API --------------------------------------------------------------------------------- */

static void answer_json(struct exchange *exchange, const struct receiver_item *item)
{
    struct json_writer json = {.ctx = exchange};

    if (!item) {
        say_busy(exchange);
        return;
    }
    json_write_begin(&json, NULL, '{');
    json_write_integer(&json, "new", (int64_t)item->added);
    json_write_integer(&json, "duplicates", (int64_t)item->duplicates);
    json_write_integer(&json, "revisions", (int64_t)item->revisions);
    json_write_integer(&json, "rejected", (int64_t)item->rejected);
    if (item->why)
        json_write_string(&json, "why", _(item->why));
    json_write_end(&json, '}');
    api_answer(exchange, 200, &json);
}

void api_report_upload(struct exchange *exchange)
{
    const struct upload *upload = exchange_upload(exchange, "file");

    if (upload && upload->length)
        store(exchange, upload, answer_json);
    else
        exchange_problem(
            exchange, 400, "no-report",
            _("Send a report in the request body, or in the field \"file\" of a form."));
}
