/* SPDX-License-Identifier: MIT */
/* domains_api.c - /api/v1/domains: the list, and one of it. */
#include <string.h>

#include "app/domain_tag.h"
#include "base/clock.h"
#include "render/json_domains.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/api_answer.h"
#include "serve/api_json.h"
#include "serve/api_list.h"
#include "serve/domains.h"
#include "serve/domains_batch.h"
#include "serve/domains_query.h"
#include "serve/etag.h"
#include "serve/exchange.h"

#define JSON "application/json"

/* ---- the list -------------------------------------------------------------------------------- */

static void send(struct exchange *exchange, const struct json_writer *json)
{
    if (json->no_memory)
        account_pages_no_room(exchange);
    else
        etag_answer(exchange, JSON, (struct bytes){json->text, json->length});
}

static void send_list(struct exchange *exchange, void *data)
{
    const struct domain_list *list = talloc_steal(exchange, data);
    struct json_writer json = {.ctx = exchange};

    api_list_begin(&json);
    for (size_t i = 0; i < list->row_count; i++)
        json_domain(&json, NULL, &list->rows[i]);
    api_list_end(exchange, &json, "/api/v1/domains",
                 list->later ? list->rows[list->row_count - 1].place : NULL);
}

void api_domains_list(struct exchange *exchange)
{
    struct store_list_request request;

    if (domains_query_read(exchange, exchange_query, STORE_ROLE_VIEWER, &request))
        account_pages_read(exchange, domain_list_read, domain_list_new(exchange, &request),
                           send_list);
}

/* ---- one ------------------------------------------------------------------------------------- */

static bool fill_one(struct exchange *exchange, const struct access *access,
                     struct store_list_request *ret)
{
    *ret = (struct store_list_request){
        .filter = {.name = access->domain}, .limit = 1, .now = clock_now()};
    return domains_sight(exchange, access->group, STORE_ROLE_VIEWER, &ret->filter.sight);
}

/* False: it is gone, which was answered. */
static bool write_one(struct exchange *exchange, const struct domain_list *list,
                      struct json_writer *json)
{
    if (list->row_count)
        json_domain(json, NULL, &list->rows[0]);
    else
        access_not_there(exchange);
    return list->row_count;
}

static void send_one(struct exchange *exchange, void *data)
{
    const struct domain_list *list = talloc_steal(exchange, data);
    struct json_writer json = {.ctx = exchange};

    if (write_one(exchange, list, &json))
        send(exchange, &json);
}

static void read_one(struct exchange *exchange, const struct access *access,
                     void (*done)(struct exchange *exchange, void *data))
{
    struct store_list_request request;

    if (fill_one(exchange, access, &request))
        account_pages_read(exchange, domain_list_read, domain_list_new(exchange, &request), done);
    else
        access_not_there(exchange);
}

static void show_one(struct exchange *exchange, const struct access *access)
{
    read_one(exchange, access, send_one);
}

void api_domain_show(struct exchange *exchange)
{
    access_domain(exchange, exchange_place(exchange, "domain"), STORE_ROLE_VIEWER, show_one);
}

/* ---- changed --------------------------------------------------------------------------------- */

/* NULL: it was answered. */
static struct domain_batch *batch_of(struct exchange *exchange, const struct store_sight *sight,
                                     const char *domain, enum domain_batch_action action)
{
    struct domain_batch *batch = domains_batch_new(exchange, action);
    const struct store_list_filter filter = {.sight = *sight, .name = domain};

    if (batch && domain_list_filter_copy(batch, &filter, &batch->filter))
        return batch;
    talloc_free(batch);
    account_pages_no_room(exchange);
    return NULL;
}

static void show_changed(struct exchange *exchange, struct domain_batch *batch)
{
    (void)batch;
    api_domain_show(exchange);
}

static bool take_tags(struct exchange *exchange, struct domain_batch *batch)
{
    static const char *const members[] = {"tags", NULL};
    struct api_call *call = api_body(exchange);
    const struct json *object = call ? api_object(call, members) : NULL;
    const char *const *tags = NULL;
    size_t count = 0;

    if (object && api_list(call, object, "tags", DOMAIN_TAGS_MAX, &tags, &count)) {
        batch->tags = talloc_zero_array(batch, struct store_pair, (unsigned)count + 1);
        for (size_t i = 0; batch->tags && i < count; i++) {
            char *tag = domain_tag(batch, bytes_of(tags[i]));

            if (!tag) {
                api_wrong(call, "tags", _("At least one value is not a valid tag."));
                break;
            }
            batch->tags[batch->tag_count++] = (struct store_pair){batch->filter.name, tag};
        }
    }
    if (api_refuse(exchange, call))
        return false;
    if (!batch->tags)
        account_pages_no_room(exchange);
    return batch->tags;
}

/* RFC 9110 section 13.1.1: only what the client has seen is changed. */
static void change_seen(struct exchange *exchange, void *data)
{
    const struct domain_list *list = talloc_steal(exchange, data);
    const char *expected = http_request_field(exchange_request(exchange), "if-match");
    struct json_writer json = {.ctx = exchange};
    struct domain_batch *batch;
    char tag[ETAG_SIZE];

    if (!write_one(exchange, list, &json))
        return;
    etag_of((struct bytes){json.text, json.length}, tag);
    if (expected && strcmp(expected, "*") != 0 && !strstr(expected, tag)) {
        exchange_problem(exchange, 412, "changed-meanwhile",
                         _("The domain has changed in the meantime: fetch it again."));
        return;
    }
    batch = batch_of(exchange, &list->request.filter.sight, list->rows[0].state.place.name,
                     DOMAIN_BATCH_SET_TAGS);
    if (!batch)
        return;
    batch->group = list->rows[0].state.group;
    if (take_tags(exchange, batch))
        domains_batch_start(exchange, batch, show_changed);
    else
        talloc_free(batch);
}

static void change_one(struct exchange *exchange, const struct access *access)
{
    read_one(exchange, access, change_seen);
}

void api_domain_change(struct exchange *exchange)
{
    access_domain(exchange, exchange_place(exchange, "domain"), STORE_ROLE_EDITOR, change_one);
}

static void say_removed(struct exchange *exchange, struct domain_batch *batch)
{
    (void)batch;
    api_answer_done(exchange);
}

static void remove_one(struct exchange *exchange, const struct access *access)
{
    struct store_list_request request;
    struct domain_batch *batch =
        fill_one(exchange, access, &request)
            ? batch_of(exchange, &request.filter.sight, access->domain, DOMAIN_BATCH_TAKE)
            : NULL;

    if (batch)
        domains_batch_start(exchange, batch, say_removed);
}

void api_domain_remove(struct exchange *exchange)
{
    access_domain(exchange, exchange_place(exchange, "domain"), STORE_ROLE_ADMIN, remove_one);
}
