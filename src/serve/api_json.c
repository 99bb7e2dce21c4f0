/* SPDX-License-Identifier: MIT */
/* api_json.c - members of an object, each of the kind that is expected. */
#include "serve/api_json.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "serve/account_pages.h"
#include "serve/exchange.h"

#define DEPTH_MAX 4 /* no call takes more */

void *api_call_new(struct exchange *exchange, size_t size, void (*work)(struct computed *computed))
{
    struct bytes body = exchange_body(exchange);
    struct api_call *call = talloc_zero_size(exchange, size);
    char *copy = call ? talloc_strndup(call, body.length ? body.data : "", body.length) : NULL;

    if (call && body.length)
        copy = talloc_memdup(call, body.data, body.length);
    if (!copy) {
        talloc_free(call);
        return NULL;
    }
    call->computed.work = work;
    call->body = (struct bytes){copy, body.length};
    return call;
}

static bool is_known(const struct json *member, const char *const *members)
{
    for (; *members; members++)
        if (bytes_equal(member->name, *members))
            return true;
    return false;
}

/* A name that is none is a mistake that would go unnoticed. */
static bool are_known(struct api_call *call, const struct json *object, const char *const *members)
{
    for (size_t i = 0; i < object->count; i++)
        if (!is_known(&object->items[i], members)) {
            api_wrong(call, object->items[i].name.data, _("Unknown member."));
            return false;
        }
    return true;
}

const struct json *api_object(struct api_call *call, const char *const *members)
{
    struct json *json;
    size_t at;

    if (!text_is_utf8(call->body.data, call->body.length) ||
        json_read(call, call->body, false, DEPTH_MAX, &json, &at) != JSON_OK ||
        !json_is(json, JSON_OBJECT)) {
        computed_problem(&call->computed, 400, "no-json",
                         _("The body must be a JSON object in UTF-8."));
        return NULL;
    }
    return are_known(call, json, members) ? json : NULL;
}

struct api_call *api_body(struct exchange *exchange)
{
    return api_call_new(exchange, sizeof(struct api_call), NULL);
}

bool api_refuse(struct exchange *exchange, const struct api_call *call)
{
    if (!call)
        account_pages_no_room(exchange);
    else if (call->computed.problem)
        exchange_problem(exchange, call->computed.problem, call->computed.code,
                         call->computed.detail);
    return !call || call->computed.problem;
}

void api_fault(struct api_call *call, const char *detail)
{
    if (detail)
        computed_problem(&call->computed, 422, "not-valid", detail);
}

void api_wrong(struct api_call *call, const char *name, const char *detail)
{
    const char *text = talloc_asprintf(call, "%s: %s", name, detail);

    computed_problem(&call->computed, 422, "wrong-member", text ? text : detail);
}

bool api_bytes(struct api_call *call, const struct json *object, const char *name,
               struct bytes *ret)
{
    const struct json *member = json_member(object, name);

    *ret = (struct bytes){NULL, 0};
    if (member && member->kind != JSON_STRING) {
        api_wrong(call, name, _("Must be a string."));
        return false;
    }
    if (member)
        *ret = member->text;
    return true;
}

bool api_text(struct api_call *call, const struct json *object, const char *name, const char **ret)
{
    struct bytes text;

    if (!api_bytes(call, object, name, &text))
        return false;
    if (text.length && memchr(text.data, 0, text.length)) {
        api_wrong(call, name, _("Must be a string without NUL characters."));
        return false;
    }
    *ret = text.data;
    return true;
}

bool api_integer(struct api_call *call, const struct json *object, const char *name,
                 const struct api_range *range, int64_t *ret)
{
    const struct json *member = json_member(object, name);
    bool right = !member || (member->kind == JSON_INTEGER && member->integer >= range->least &&
                             member->integer <= range->most);

    *ret = member && right ? member->integer : range->otherwise;
    if (!right)
        api_wrong(call, name,
                  talloc_asprintf(call, _("Must be an integer from %lld to %lld."),
                                  (long long)range->least, (long long)range->most));
    return right;
}

bool api_number(struct api_call *call, const struct json *object, const char *name, int64_t most,
                int64_t *ret)
{
    return api_integer(call, object, name, &(struct api_range){1, most, 0}, ret);
}

static bool is_word(const struct json *item)
{
    return json_is(item, JSON_STRING) && item->text.length &&
           !memchr(item->text.data, 0, item->text.length);
}

bool api_list(struct api_call *call, const struct json *object, const char *name, size_t most,
              const char *const **ret, size_t *ret_count)
{
    const struct json *member = json_member(object, name);
    size_t count = json_is(member, JSON_ARRAY) && member ? member->count : 0;
    const char **list = talloc_array(call, const char *, (unsigned)(count < most ? count : most));
    bool right = list && count <= most && (!member || member->kind == JSON_ARRAY);

    for (size_t i = 0; right && i < count; i++) {
        right = is_word(&member->items[i]);
        if (right)
            list[i] = member->items[i].text.data;
    }
    *ret = list;
    *ret_count = count;
    if (!right)
        api_wrong(call, name,
                  talloc_asprintf(call, _("Must be a list of at most %zu strings."), most));
    return right;
}
