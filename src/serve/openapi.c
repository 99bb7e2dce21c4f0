/* SPDX-License-Identifier: MIT */
/* openapi.c - the document, path by path. */
#include "serve/openapi.h"

#include <stdio.h>
#include <string.h>

#include "base/json_write.h"

#define JSON_TYPE      "application/json"
#define PROBLEM_TYPE   "application/problem+json"
#define NAME_MAX_BYTES 80 /* of a component */
#define SECURITY_SCHEMES                                                                           \
    "{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\",\"bearerFormat\":\"mts_...\"}}"

/* ---- parts of a route ------------------------------------------------------------------------ */

static void put_reference(struct json_writer *json, const char *name, const char *schema,
                          size_t length)
{
    char reference[sizeof("#/components/schemas/") + NAME_MAX_BYTES];

    (void)snprintf(reference, sizeof(reference), "#/components/schemas/%.*s", (int)length, schema);
    json_write_begin(json, name, '{');
    json_write_string(json, "$ref", reference);
    json_write_end(json, '}');
}

/* One of the schemas, which have '|' between them. */
static void put_schema(struct json_writer *json, const char *schemas)
{
    if (!strchr(schemas, '|')) {
        put_reference(json, "schema", schemas, strlen(schemas));
        return;
    }
    json_write_begin(json, "schema", '{');
    json_write_begin(json, "anyOf", '[');
    for (const char *at = schemas; *at;) {
        size_t length = strcspn(at, "|");

        put_reference(json, NULL, at, length);
        at += length + (at[length] == '|');
    }
    json_write_end(json, ']');
    json_write_end(json, '}');
}

static void put_bytes(struct json_writer *json, const char *type)
{
    json_write_begin(json, type, '{');
    json_write_begin(json, "schema", '{');
    json_write_end(json, '}');
    json_write_end(json, '}');
}

static void put_file_form(struct json_writer *json)
{
    json_write_begin(json, "multipart/form-data", '{');
    json_write_begin(json, "schema", '{');
    json_write_string(json, "type", "object");
    json_write_begin(json, "properties", '{');
    json_write_begin(json, "file", '{');
    json_write_end(json, '}');
    json_write_end(json, '}');
    json_write_end(json, '}');
    json_write_end(json, '}');
}

static void put_body(struct json_writer *json, const struct route *route)
{
    if (route->body == ROUTE_NO_BODY)
        return;
    json_write_begin(json, "requestBody", '{');
    json_write_begin(json, "content", '{');
    if (route->doc->body) {
        json_write_begin(json, JSON_TYPE, '{');
        put_schema(json, route->doc->body);
        json_write_end(json, '}');
    } else if (route->body == ROUTE_UPLOAD) {
        put_bytes(json, "application/octet-stream");
        put_file_form(json);
    } else {
        put_bytes(json, "*/*");
    }
    json_write_end(json, '}');
    json_write_end(json, '}');
}

static void put_fields(struct json_writer *json, const struct route_field *fields, const char *in)
{
    bool place = !strcmp(in, "path");

    for (; fields && fields->name; fields++) {
        json_write_begin(json, NULL, '{');
        json_write_string(json, "name", fields->name);
        json_write_string(json, "in", in);
        json_write_string(json, "description", fields->text);
        if (place)
            json_write_bool(json, "required", true);
        json_write_begin(json, "schema", '{');
        json_write_string(json, "type", "string");
        json_write_end(json, '}');
        json_write_end(json, '}');
    }
}

static void put_header(struct json_writer *json, const char *name, const char *text)
{
    json_write_begin(json, name, '{');
    json_write_string(json, "description", text);
    json_write_begin(json, "schema", '{');
    json_write_string(json, "type", "string");
    json_write_end(json, '}');
    json_write_end(json, '}');
}

/* Each answer has these, where requests are counted. */
static void put_headers(struct json_writer *json, bool error)
{
    json_write_begin(json, "headers", '{');
    put_header(json, "RateLimit-Policy",
               "The quota of the token, or of the address without one: q requests in w seconds.");
    put_header(json, "RateLimit",
               "Of this quota: r requests are left, and after t seconds all of it.");
    if (error)
        put_header(json, "Retry-After",
                   "With status 429 and 503: so many seconds until it may be sent again.");
    json_write_end(json, '}');
}

static void put_response(struct json_writer *json, const char *status, const char *text,
                         const char *type, const char *schemas)
{
    json_write_begin(json, status, '{');
    json_write_string(json, "description", text);
    put_headers(json, !strcmp(status, "default"));
    if (type) {
        json_write_begin(json, "content", '{');
        if (schemas) {
            json_write_begin(json, type, '{');
            put_schema(json, schemas);
            json_write_end(json, '}');
        } else {
            put_bytes(json, type);
        }
        json_write_end(json, '}');
    }
    json_write_end(json, '}');
}

static void put_responses(struct json_writer *json, const struct route_doc *doc)
{
    char status[12];
    const char *type = doc->answer_type ? doc->answer_type : doc->answer ? JSON_TYPE : NULL;

    (void)snprintf(status, sizeof(status), "%u", doc->status ? doc->status : 200);
    json_write_begin(json, "responses", '{');
    put_response(json, status, "Success.", type, doc->answer);
    put_response(json, "default", "An error.", PROBLEM_TYPE, "problem");
    json_write_end(json, '}');
}

/* ---- routes ---------------------------------------------------------------------------------- */

static const char *method_name(enum http_method method)
{
    static const char *const names[] = {
        [HTTP_GET] = "get",        [HTTP_HEAD] = "head",   [HTTP_POST] = "post",
        [HTTP_PUT] = "put",        [HTTP_PATCH] = "patch", [HTTP_DELETE] = "delete",
        [HTTP_OPTIONS] = "options"};

    return names[method];
}

static void put_token(struct json_writer *json, const char *scope)
{
    json_write_begin(json, NULL, '{');
    json_write_begin(json, "token", '[');
    if (scope)
        json_write_string(json, NULL, scope);
    json_write_end(json, ']');
    json_write_end(json, '}');
}

/* Of several scopes each will do.  A token may come along where none is needed. */
static void put_security(struct json_writer *json, const struct route *route)
{
    json_write_begin(json, "security", '[');
    if (route->need == NEED_PUBLIC) {
        json_write_begin(json, NULL, '{');
        json_write_end(json, '}');
    }
    if (!route->scope)
        put_token(json, NULL);
    for (size_t i = 0; token_scope_name(i); i++)
        if (route->scope & 1u << i)
            put_token(json, token_scope_name(i));
    json_write_end(json, ']');
}

static void put_route(struct json_writer *json, const struct route *route)
{
    const struct route_doc *doc = route->doc;

    json_write_begin(json, method_name(route->method), '{');
    json_write_string(json, "summary", doc->summary);
    if (doc->text)
        json_write_string(json, "description", doc->text);
    json_write_begin(json, "parameters", '[');
    put_fields(json, doc->places, "path");
    put_fields(json, doc->query, "query");
    json_write_end(json, ']');
    put_security(json, route);
    put_body(json, route);
    put_responses(json, doc);
    json_write_end(json, '}');
}

struct all_routes {
    const struct route_table *const *tables;
    size_t count;
};

/* All of one path, at the first of them. */
static void put_path(struct json_writer *json, const struct all_routes *all, const struct route *at)
{
    bool begun = false;

    for (size_t i = 0; i < all->count; i++)
        for (size_t j = 0; j < all->tables[i]->count; j++) {
            const struct route *route = &all->tables[i]->routes[j];

            if (!route->doc || strcmp(route->pattern, at->pattern) != 0)
                continue;
            if (!begun && route != at)
                return; /* it was put before */
            if (!begun)
                json_write_begin(json, at->pattern, '{');
            begun = true;
            put_route(json, route);
        }
    json_write_end(json, '}');
}

static void put_paths(struct json_writer *json, const struct all_routes *all)
{
    json_write_begin(json, "paths", '{');
    for (size_t i = 0; i < all->count; i++)
        for (size_t j = 0; j < all->tables[i]->count; j++)
            if (all->tables[i]->routes[j].doc)
                put_path(json, all, &all->tables[i]->routes[j]);
    json_write_end(json, '}');
}

static void put_head(struct json_writer *json, const char *base)
{
    json_write_string(json, "openapi", "3.1.0");
    json_write_begin(json, "info", '{');
    json_write_string(json, "title", "mtasts");
    json_write_string(json, "version", "1");
    json_write_string(json, "description",
                      "MTA-STS and TLS-RPT: checks, texts and reports. Answers may have further "
                      "members in later versions; ignore those that you do not know.");
    json_write_end(json, '}');
    json_write_begin(json, "servers", '[');
    json_write_begin(json, NULL, '{');
    json_write_string(json, "url", base);
    json_write_end(json, '}');
    json_write_end(json, ']');
}

char *openapi_document(TALLOC_CTX *ctx, const struct route_table *const *tables, size_t count,
                       const char *base)
{
    const struct all_routes all = {tables, count};
    struct json_writer json = {.ctx = ctx};
    char *text;

    json_write_begin(&json, NULL, '{');
    put_head(&json, base);
    put_paths(&json, &all);
    if (json.no_memory)
        return NULL;
    text = talloc_asprintf(
        ctx, "%.*s,\"components\":{\"securitySchemes\":" SECURITY_SCHEMES ",\"schemas\":%s}}",
        (int)json.length, json.text, openapi_schemas);
    talloc_free(json.text);
    return text;
}
