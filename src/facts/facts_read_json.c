/* SPDX-License-Identifier: MIT */
/* facts_read_json.c - JSON to facts, by walking the tables of facts_tables.c; nothing is trusted.
 */
#include "facts/facts_json.h"

#include <string.h>

#include <json-c/json.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/base64.h"
#include "facts/facts_tables.h"
#include "facts/facts_values.h"

/* Members and elements of a document.  json-c needs about 100 bytes for one, so this, not
 * FACTS_JSON_MAX, bounds the memory of a hostile document; the largest real one has 700,000 at
 * every ceiling of net/limits.h at once. */
#define VALUES_MAX 1000000
#define LIST_MAX   4096
/* Where we are: "mx[2].name", from the inside out. */
struct place {
    const struct place *up;
    const char *name; /* NULL: an element of the list above */
    size_t index;
};

struct reader {
    TALLOC_CTX *ctx; /* of the facts */
    TALLOC_CTX *why_ctx;
    char *why; /* NULL: memory */
};

static bool read_struct(struct reader *r, const struct place *here, const struct table *table,
                        struct json_object *object, void *base);

static char *place_text(TALLOC_CTX *ctx, const struct place *here)
{
    char *up;

    if (!here)
        return talloc_strdup(ctx, "");
    up = place_text(ctx, here->up);
    if (!up)
        return NULL;
    if (!here->name)
        return talloc_asprintf_append(up, "[%zu]", here->index);
    return talloc_asprintf_append(up, "%s%s", *up ? "." : "", here->name);
}

/* Always false. */
static bool wrong(struct reader *r, const struct place *here, const char *what)
{
    char *place = place_text(r->why_ctx, here);

    if (place)
        r->why = talloc_asprintf(r->why_ctx, "%s: %s", place, what);
    talloc_free(place);
    return false;
}

static bool read_number(struct reader *r, const struct place *here, const struct field *field,
                        struct json_object *value, int64_t *ret)
{
    if (!json_object_is_type(value, json_type_int))
        return wrong(r, here, "a whole number belongs here");
    *ret = json_object_get_int64(value);
    if (*ret > NUMBER_MAX || *ret < -NUMBER_MAX)
        return wrong(r, here, "the number is too large");
    if (*ret < field->least || *ret > field->most)
        return wrong(r, here, "the number is out of range");
    return true;
}

static bool read_time(struct reader *r, const struct place *here, struct json_object *value,
                      int64_t *ret)
{
    if (json_object_is_type(value, json_type_int))
        *ret = json_object_get_int64(value);
    else if (!json_object_is_type(value, json_type_string) ||
             !clock_parse(json_object_get_string(value), ret))
        return wrong(r, here, "a time (RFC 3339) belongs here");
    if (*ret > TIME_MAX || *ret < TIME_MIN)
        return wrong(r, here, "the time is out of range");
    return true;
}

static bool read_bool(struct reader *r, const struct place *here, struct json_object *value,
                      bool *ret)
{
    if (!json_object_is_type(value, json_type_boolean))
        return wrong(r, here, "true or false belongs here");
    *ret = json_object_get_boolean(value);
    return true;
}

static bool read_base64(struct reader *r, const struct place *here, struct json_object *value,
                        struct bytes *ret)
{
    if (!json_object_is_type(value, json_type_string) ||
        !base64_decode(r->ctx, json_object_get_string(value),
                       (size_t)json_object_get_string_len(value), ret))
        return wrong(r, here, "base64 belongs here");
    return true;
}

static bool read_any(struct reader *r, const struct place *here, struct json_object *value,
                     struct bytes *ret)
{
    struct json_object *inner;
    size_t length;
    char *copy;

    if (json_object_is_type(value, json_type_object) &&
        json_object_object_get_ex(value, "base64", &inner))
        return read_base64(r, here, inner, ret);
    if (!json_object_is_type(value, json_type_string))
        return wrong(r, here, "a text belongs here");
    length = (size_t)json_object_get_string_len(value);
    copy = talloc_array(r->ctx, char, length + 1);
    if (!copy)
        return false;
    memcpy(copy, json_object_get_string(value), length);
    copy[length] = '\0';
    *ret = (struct bytes){copy, length};
    return true;
}

static bool read_bytes(struct reader *r, const struct place *here, const struct text_rule *rule,
                       struct json_object *value, struct bytes *ret)
{
    if (!read_any(r, here, value, ret))
        return false;
    return !rule || rule->holds(*ret) || wrong(r, here, rule->what);
}

/* Probes make texts printable; whoever wrote this file may not have. */
static bool read_text(struct reader *r, const struct place *here, const struct text_rule *rule,
                      struct json_object *value, const char **ret)
{
    struct bytes bytes = {NULL, 0};

    if (!read_bytes(r, here, rule, value, &bytes) || !bytes.data)
        return false;
    if (memchr(bytes.data, 0, bytes.length))
        return wrong(r, here, "a text without NUL belongs here");
    *ret = text_is_printable(bytes.data, bytes.length)
               ? bytes.data
               : text_printable(r->ctx, bytes.data, bytes.length, 0);
    return *ret;
}

static bool read_enum(struct reader *r, const struct place *here, const struct field_names *names,
                      struct json_object *value, int *ret)
{
    const char *text;

    if (!json_object_is_type(value, json_type_string))
        return wrong(r, here, "a word belongs here");
    text = json_object_get_string(value);
    for (int i = 0; i < names->count; i++) {
        if (strcmp(names->name(i), text) == 0) {
            *ret = i;
            return true;
        }
    }
    return wrong(r, here, "none of the words known here");
}

static bool read_list(struct reader *r, const struct place *here, const struct field *field,
                      struct json_object *value, void *base, void *at)
{
    size_t size = field->kind == FIELD_TEXTS ? sizeof(const char *) : field->table->size;
    size_t count;
    char *list;

    if (!json_object_is_type(value, json_type_array))
        return wrong(r, here, "a list belongs here");
    count = json_object_array_length(value);
    if (count > LIST_MAX)
        return wrong(r, here, "the list is too long");
    list = talloc_zero_size(r->ctx, count ? count * size : 1);
    if (!list)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct place element = {here, NULL, i};
        struct json_object *one = json_object_array_get_idx(value, i);
        void *slot = list + i * size;

        if (field->kind == FIELD_TEXTS ? !read_text(r, &element, field->rule, one, slot)
                                       : !read_struct(r, &element, field->table, one, slot))
            return false;
    }
    *(void **)at = list;
    *(size_t *)(void *)((char *)base + field->count_offset) = count;
    return true;
}

static bool read_link(struct reader *r, const struct place *here, const struct field *field,
                      struct json_object *value, void *at)
{
    void *one = talloc_zero_size(r->ctx, field->table->size);

    if (!one || !read_struct(r, here, field->table, value, one))
        return false;
    *(void **)at = one;
    return true;
}

static bool read_field(struct reader *r, const struct place *here, const struct field *field,
                       struct json_object *value, void *base)
{
    void *at = (char *)base + field->offset;

    switch (field->kind) {
    case FIELD_TEXT:
        return read_text(r, here, field->rule, value, at);
    case FIELD_BYTES:
        return read_bytes(r, here, field->rule, value, at);
    case FIELD_BINARY:
        return read_base64(r, here, value, at);
    case FIELD_NUMBER:
        return read_number(r, here, field, value, at);
    case FIELD_TIME:
        return read_time(r, here, value, at);
    case FIELD_BOOL:
        return read_bool(r, here, value, at);
    case FIELD_ENUM:
        return read_enum(r, here, field->names, value, at);
    case FIELD_TEXTS:
    case FIELD_LIST:
        return read_list(r, here, field, value, base, at);
    case FIELD_STRUCT:
        return read_struct(r, here, field->table, value, at);
    case FIELD_LINK:
        return read_link(r, here, field, value, at);
    }
    return false;
}

/* A member that is not there: its default, or a complaint. */
static bool read_absent(struct reader *r, const struct place *here, const struct field *field,
                        void *base)
{
    char *at = (char *)base + field->offset;

    if (field->required)
        return wrong(r, here, "is missing");
    if (field->kind == FIELD_NUMBER || field->kind == FIELD_TIME)
        *(int64_t *)(void *)at = field->absent;
    if (field->kind == FIELD_STRUCT)
        return read_struct(r, here, field->table, NULL, at);
    return true;
}

/* object NULL: a struct of which nothing was written. */
static bool read_struct(struct reader *r, const struct place *here, const struct table *table,
                        struct json_object *object, void *base)
{
    if (object && !json_object_is_type(object, json_type_object))
        return wrong(r, here, "an object belongs here");
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        struct place member = {here, field->name, 0};
        struct json_object *value = NULL;

        /* null is the same as nothing. */
        if (object && json_object_object_get_ex(object, field->name, &value) && value) {
            if (!read_field(r, &member, field, value, base))
                return false;
        } else if (!read_absent(r, &member, field, base)) {
            return false;
        }
    }
    return true;
}

/* Are there few enough values?  What separates them is counted outside strings. */
static bool is_sparse(const char *text, size_t length)
{
    size_t values = 1;
    bool quoted = false;

    for (size_t i = 0; i < length; i++) {
        if (quoted && text[i] == '\\')
            i++;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && (text[i] == ',' || text[i] == '[' || text[i] == '{'))
            values++;
    }
    return values <= VALUES_MAX;
}

static struct json_object *parse(struct reader *r, const char *text, size_t length)
{
    struct json_tokener *tokener = json_tokener_new_ex(FACTS_JSON_DEPTH);
    enum json_tokener_error error;
    struct json_object *object;
    size_t end;

    if (!tokener)
        return NULL;
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    object = json_tokener_parse_ex(tokener, text, (int)length);
    end = json_tokener_get_parse_end(tokener);
    error = json_tokener_get_error(tokener);
    if (error == json_tokener_continue) {
        r->why = talloc_asprintf(r->why_ctx, "not JSON at byte %zu: it ends too early", end + 1);
    } else if (error != json_tokener_success) {
        r->why = talloc_asprintf(r->why_ctx, "not JSON at byte %zu: %s", end + 1,
                                 json_tokener_error_desc(error));
    } else if (!object) {
        r->why = talloc_strdup(r->why_ctx, "null is no facts document");
    }
    json_tokener_free(tokener);
    return object;
}

static bool is_ours(struct reader *r, struct json_object *document)
{
    struct json_object *format;
    const char *name = NULL;

    if (json_object_is_type(document, json_type_object) &&
        json_object_object_get_ex(document, "format", &format) &&
        json_object_is_type(format, json_type_string))
        name = json_object_get_string(format);
    if (name && strcmp(name, FACTS_FORMAT) == 0)
        return true;
    r->why = talloc_strdup(r->why_ctx, "format: \"" FACTS_FORMAT
                                       "\" belongs here, as `mtasts observe` writes it");
    return false;
}

enum sts_status facts_read(TALLOC_CTX *ctx, const char *text, size_t length, struct facts **ret,
                           char **ret_why)
{
    struct facts *facts = talloc_zero(ctx, struct facts);
    struct reader r = {facts, ctx, NULL};
    struct json_object *document = NULL;
    bool good = false;

    if (!facts)
        return STS_E_NOMEM;
    if (length > FACTS_JSON_MAX || !is_sparse(text, length))
        r.why = talloc_strdup(ctx, "the document is too large");
    else
        document = parse(&r, text, length);
    if (document) {
        good = is_ours(&r, document) && read_struct(&r, NULL, &facts_table, document, facts);
        json_object_put(document);
    }
    if (good) {
        *ret = facts;
        return STS_OK;
    }
    talloc_free(facts);
    if (!r.why)
        return STS_E_NOMEM;
    *ret_why = r.why;
    return STS_E_INVALID;
}
