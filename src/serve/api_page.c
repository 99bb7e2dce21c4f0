/* SPDX-License-Identifier: MIT */
/* api_page.c - /api: the table of routes and the schemas of the API, as a page. */
#include <string.h>

#include "accounts/token.h"
#include "base/array.h"
#include "base/i18n.h"
#include "base/json.h"
#include "pages/api.h"
#include "render/kb_entry.h"
#include "serve/compute.h"
#include "serve/exchange.h"
#include "serve/openapi.h"
#include "serve/page.h"
#include "serve/service.h"
#include "serve/tools.h"

#define SCHEMA_DEPTH 64

struct api_call {
    struct computed computed;
    const char *base; /* "https://host/a/" */
    const struct json *schemas;
    struct api_route *routes;
    size_t count;
    struct api_problem *problems;
    size_t problem_count;
};

/* ---- fields ---------------------------------------------------------------------------------- */

static const char *text_of(const struct json *object, const char *name)
{
    const struct json *text = object ? json_member(object, name) : NULL;

    return json_is(text, JSON_STRING) ? text->text.data : NULL;
}

static void add_field(struct api_call *call, struct api_route *route, struct api_field field)
{
    struct api_field *place = array_grow(call, &route->fields, &route->field_count, sizeof(*place));

    if (place)
        *place = field;
}

static void add_fields(struct api_call *call, struct api_route *route,
                       const struct route_field *fields, const char *kind, bool required)
{
    for (; fields && fields->name; fields++)
        add_field(call, route, (struct api_field){fields->name, kind, fields->text, required});
}

static bool is_required(const struct json *schema, const char *name)
{
    const struct json *required = json_member(schema, "required");

    for (size_t i = 0; json_is(required, JSON_ARRAY) && i < required->count; i++)
        if (json_is(&required->items[i], JSON_STRING) &&
            !strcmp(required->items[i].text.data, name))
            return true;
    return false;
}

static void add_members(struct api_call *call, struct api_route *route, const struct json *schema)
{
    const struct json *properties = schema ? json_member(schema, "properties") : NULL;
    const struct json *items = json_is(properties, JSON_OBJECT) ? properties->items : NULL;
    size_t count = items ? properties->count : 0;

    for (size_t i = 0; i < count; i++) {
        const struct json *member = &items[i];
        const char *type = text_of(member, "type");
        const char *text = text_of(member, "description");

        add_field(call, route,
                  (struct api_field){member->name.data, type ? type : "any", text ? text : "",
                                     is_required(schema, member->name.data)});
    }
}

/* ---- the example ----------------------------------------------------------------------------- */

/* As far as a reader can see what goes there. */
static char *sample_body(struct api_call *call, const struct api_route *route)
{
    char *body = talloc_strdup(call, "{");
    const char *comma = "";

    for (size_t i = 0; body && i < route->field_count; i++) {
        const struct api_field *field = &route->fields[i];
        const char *value = !strcmp(field->name, "domain")    ? "\"example.org\""
                            : !strcmp(field->kind, "string")  ? "\"...\""
                            : !strcmp(field->kind, "array")   ? "[\"...\"]"
                            : !strcmp(field->kind, "boolean") ? "true"
                            : !strcmp(field->kind, "object")  ? "{}"
                                                              : "1";

        if (!field->required || !strcmp(field->kind, "in the path"))
            continue;
        body = talloc_asprintf_append_buffer(body, "%s\"%s\": %s", comma, field->name, value);
        comma = ", ";
    }
    return body ? talloc_strdup_append_buffer(body, "}") : NULL;
}

static const char *example_of(struct api_call *call, const struct route *route,
                              const struct api_route *shown)
{
    char *text = talloc_strdup(call, "curl");

    if (text && shown->scopes)
        text = talloc_strdup_append_buffer(text, " -H 'Authorization: Bearer mts_...'");
    if (text && route->method != HTTP_GET)
        text = talloc_asprintf_append_buffer(text, " -X %s", shown->method);
    if (text && route->body == ROUTE_UPLOAD)
        text = talloc_strdup_append_buffer(text, " --data-binary @report.json.gz");
    else if (text && route->body != ROUTE_NO_BODY)
        text = talloc_asprintf_append_buffer(text, " -H 'Content-Type: application/json' -d '%s'",
                                             sample_body(call, shown));
    return text ? talloc_asprintf_append_buffer(text, " '%s%s'", call->base, shown->path + 1)
                : NULL;
}

/* ---- routes ---------------------------------------------------------------------------------- */

static const char *method_of(enum http_method method)
{
    static const char *const names[] = {
        [HTTP_GET] = "GET",        [HTTP_POST] = "POST", [HTTP_PUT] = "PUT",
        [HTTP_PATCH] = "PATCH",    [HTTP_HEAD] = "HEAD", [HTTP_DELETE] = "DELETE",
        [HTTP_OPTIONS] = "OPTIONS"};

    return names[method];
}

static const char *scopes_of(struct api_call *call, const struct route *route)
{
    char *text = route->need == NEED_PUBLIC ? NULL : talloc_strdup(call, "");

    for (size_t i = 0; text && token_scope_name(i); i++)
        if (route->scope & 1u << i)
            text =
                talloc_asprintf_append_buffer(text, "%s%s", *text ? ", " : "", token_scope_name(i));
    return text;
}

static const char *answer_of(struct api_call *call, const struct route_doc *doc)
{
    unsigned status = doc->status ? doc->status : 200;

    if (doc->answer)
        return talloc_asprintf(call, "%u, %s", status, doc->answer);
    return doc->answer_type ? talloc_asprintf(call, "%u, %s", status, doc->answer_type)
                            : talloc_asprintf(call, "%u", status);
}

static void add_route(struct api_call *call, const struct route *route)
{
    const struct route_doc *doc = route->doc;
    struct api_route *shown = array_grow(call, &call->routes, &call->count, sizeof(*shown));

    if (!shown)
        return;
    *shown = (struct api_route){.number = call->count,
                                .method = method_of(route->method),
                                .path = route->pattern,
                                .summary = doc->summary,
                                .text = doc->text,
                                .scopes = scopes_of(call, route),
                                .answer = answer_of(call, doc)};
    add_fields(call, shown, doc->places, "in the path", true);
    add_fields(call, shown, doc->query, "in the query", false);
    if (doc->body && call->schemas)
        add_members(call, shown, json_member(call->schemas, doc->body));
    shown->example = example_of(call, route, shown);
}

static void add_problems(struct api_call *call)
{
    struct api_problem *shown;
    struct kb_error error;

    for (size_t i = 0; kb_error_at(i, &error); i++) {
        shown = error.of_pages
                    ? NULL
                    : array_grow(call, &call->problems, &call->problem_count, sizeof(*shown));
        if (shown)
            *shown = (struct api_problem){error.status, error.code, error.meaning};
    }
}

static void work(struct computed *computed)
{
    struct api_call *call = (struct api_call *)computed;
    struct json *schemas;
    size_t at;

    if (json_read(call, bytes_of(openapi_schemas), false, SCHEMA_DEPTH, &schemas, &at) == JSON_OK)
        call->schemas = schemas;
    add_problems(call);
    for (size_t i = 0; i < route_table_count; i++)
        for (size_t j = 0; j < route_tables[i]->count; j++)
            if (route_tables[i]->routes[j].doc)
                add_route(call, &route_tables[i]->routes[j]);
}

static void finish(struct exchange *exchange, struct computed *computed)
{
    const struct api_call *call = (const struct api_call *)computed;
    struct api_page page = {.frame = page_frame(exchange, _("API"), FRAME_NO_ENTRY),
                            .problems = call->problems,
                            .problem_count = call->problem_count,
                            .routes = call->routes,
                            .route_count = call->count};
    struct html *html = page_begin(exchange);

    if (!html)
        return;
    page_api(html, &page);
    page_answer_lasting(exchange, html);
}

void page_tools_api(struct exchange *exchange)
{
    struct api_call *call = talloc_zero(exchange, struct api_call);

    if (call) {
        call->computed.work = work;
        call->computed.finish = finish;
        call->base = exchange_address(exchange, "/");
    }
    if (call && !call->base)
        TALLOC_FREE(call);
    compute_answer(exchange, tools_of(exchange)->texts, call ? &call->computed : NULL);
}
