/* SPDX-License-Identifier: MIT */
/* facts_read_json.c - JSON to facts, by walking the tables of facts_tables.c; nothing is trusted.
 */
#include "facts/facts_json.h"

#include <string.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "facts/facts_tables.h"
#include "facts/facts_values.h"

/* Members and elements of a document.  Each takes a struct json, so this, not
 * FACTS_JSON_MAX, bounds the memory of a hostile document; the largest real one has 700,000 at
 * every ceiling of net/limits.h at once. */
#define VALUES_MAX 1000000
#define LIST_MAX   4096
/* Where we are: "mx[2].name", from the inside out. */
struct facts_place {
    const struct facts_place *up;
    const char *name; /* NULL: an element of the list above */
    size_t index;
};

struct facts_reader {
    TALLOC_CTX *ctx; /* of the facts */
    TALLOC_CTX *why_ctx;
    char *why; /* NULL: memory */
};

static bool read_struct(struct facts_reader *r, const struct facts_place *here,
                        const struct facts_table *table, const struct json *object, void *base);

static char *place_text(TALLOC_CTX *ctx, const struct facts_place *here)
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
static bool wrong(struct facts_reader *r, const struct facts_place *here, const char *what)
{
    char *place = place_text(r->why_ctx, here);

    if (place)
        r->why = talloc_asprintf(r->why_ctx, "%s: %s", place, _(what));
    talloc_free(place);
    return false;
}

static bool read_number(struct facts_reader *r, const struct facts_place *here,
                        const struct field *field, const struct json *value, int64_t *ret)
{
    if (!json_is(value, JSON_INTEGER))
        return wrong(r, here, N_("expected an integer"));
    *ret = value->integer;
    if (*ret > NUMBER_MAX || *ret < -NUMBER_MAX)
        return wrong(r, here, N_("the number is too large"));
    if (*ret < field->least || *ret > field->most)
        return wrong(r, here, N_("the number is out of range"));
    return true;
}

static bool read_time(struct facts_reader *r, const struct facts_place *here,
                      const struct json *value, int64_t *ret)
{
    if (json_is(value, JSON_INTEGER))
        *ret = value->integer;
    else if (!json_is(value, JSON_STRING) || !clock_parse(value->text.data, ret))
        return wrong(r, here, N_("expected a time (RFC 3339)"));
    if (*ret > TIME_MAX || *ret < TIME_MIN)
        return wrong(r, here, N_("the time is out of range"));
    return true;
}

static bool read_bool(struct facts_reader *r, const struct facts_place *here,
                      const struct json *value, bool *ret)
{
    if (!json_is(value, JSON_BOOL))
        return wrong(r, here, N_("expected true or false"));
    *ret = value->boolean;
    return true;
}

static bool read_base64(struct facts_reader *r, const struct facts_place *here,
                        const struct json *value, struct bytes *ret)
{
    if (!json_is(value, JSON_STRING) ||
        !base64_decode(r->ctx, value->text.data, value->text.length, ret))
        return wrong(r, here, N_("expected base64"));
    return true;
}

static bool read_any(struct facts_reader *r, const struct facts_place *here,
                     const struct json *value, struct bytes *ret)
{
    size_t length;
    char *copy;

    if (json_is(value, JSON_OBJECT) && json_member(value, "base64"))
        return read_base64(r, here, json_member(value, "base64"), ret);
    if (!json_is(value, JSON_STRING))
        return wrong(r, here, N_("expected a string"));
    length = value->text.length;
    copy = talloc_array(r->ctx, char, length + 1);
    if (!copy)
        return false;
    memcpy(copy, value->text.data, length);
    copy[length] = '\0';
    *ret = (struct bytes){copy, length};
    return true;
}

static bool read_bytes(struct facts_reader *r, const struct facts_place *here,
                       const struct text_rule *rule, const struct json *value, struct bytes *ret)
{
    if (!read_any(r, here, value, ret))
        return false;
    return !rule || rule->holds(*ret) || wrong(r, here, rule->what);
}

/* Probes make texts printable; whoever wrote this file may not have. */
static bool read_text(struct facts_reader *r, const struct facts_place *here,
                      const struct text_rule *rule, const struct json *value, const char **ret)
{
    struct bytes bytes = {NULL, 0};

    if (!read_bytes(r, here, rule, value, &bytes) || !bytes.data)
        return false;
    if (memchr(bytes.data, 0, bytes.length))
        return wrong(r, here, N_("expected a string without NUL"));
    *ret = text_is_printable(bytes.data, bytes.length)
               ? bytes.data
               : text_printable(r->ctx, bytes.data, bytes.length, 0);
    return *ret;
}

static bool read_enum(struct facts_reader *r, const struct facts_place *here,
                      const struct field_enum *type, const struct json *value, void *member)
{
    const char *text;

    if (!json_is(value, JSON_STRING))
        return wrong(r, here, N_("expected a string"));
    text = value->text.data;
    for (int i = 0; i < type->count; i++) {
        if (strcmp(type->names[i], text) == 0) {
            type->set(member, i);
            return true;
        }
    }
    return wrong(r, here, N_("unknown value"));
}

static bool read_list(struct facts_reader *r, const struct facts_place *here,
                      const struct field *field, const struct json *value, void *base, void *at)
{
    size_t size = field->kind == FIELD_TEXTS ? sizeof(const char *) : field->table->size;
    size_t count;
    char *list;

    if (!json_is(value, JSON_ARRAY))
        return wrong(r, here, N_("expected an array"));
    count = value->count;
    if (count > LIST_MAX)
        return wrong(r, here, N_("the array is too long"));
    list = talloc_zero_size(r->ctx, count ? count * size : 1);
    if (!list)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct facts_place element = {here, NULL, i};
        const struct json *one = json_item(value, i);
        void *slot = list + i * size;

        if (field->kind == FIELD_TEXTS ? !read_text(r, &element, field->rule, one, slot)
                                       : !read_struct(r, &element, field->table, one, slot))
            return false;
    }
    *(void **)at = list;
    *(size_t *)(void *)((char *)base + field->count_offset) = count;
    return true;
}

static bool read_link(struct facts_reader *r, const struct facts_place *here,
                      const struct field *field, const struct json *value, void *at)
{
    void *one = talloc_zero_size(r->ctx, field->table->size);

    if (!one || !read_struct(r, here, field->table, value, one))
        return false;
    *(void **)at = one;
    return true;
}

static bool read_field(struct facts_reader *r, const struct facts_place *here,
                       const struct field *field, const struct json *value, void *base)
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
        return read_enum(r, here, field->type, value, at);
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
static bool read_absent(struct facts_reader *r, const struct facts_place *here,
                        const struct field *field, void *base)
{
    char *at = (char *)base + field->offset;

    if (field->required)
        return wrong(r, here, N_("missing"));
    if (field->kind == FIELD_NUMBER || field->kind == FIELD_TIME)
        *(int64_t *)(void *)at = field->absent;
    if (field->kind == FIELD_STRUCT)
        return read_struct(r, here, field->table, NULL, at);
    return true;
}

/* object NULL: a struct of which nothing was written. */
static bool read_struct(struct facts_reader *r, const struct facts_place *here,
                        const struct facts_table *table, const struct json *object, void *base)
{
    if (object && !json_is(object, JSON_OBJECT))
        return wrong(r, here, N_("expected an object"));
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        struct facts_place member = {here, field->name, 0};
        /* null is the same as nothing */
        const struct json *value = object ? json_member(object, field->name) : NULL;

        if (value) {
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

static const struct json *parse(struct facts_reader *r, TALLOC_CTX *mem, const char *text,
                                size_t length)
{
    static const char *const faults[] = {
        [JSON_ENDS_EARLY] = N_("it is truncated"),
        [JSON_TOO_DEEP] = N_("arrays and objects are nested too deeply"),
        [JSON_SYNTAX] = N_("syntax error"),
    };
    struct json *document = NULL;
    size_t at = 0;
    enum json_fault fault =
        json_read(mem, (struct bytes){text, length}, false, FACTS_JSON_DEPTH - 1, &document, &at);

    if (fault == JSON_OK && !text_is_utf8(text, length))
        r->why = talloc_strdup(r->why_ctx, _("not JSON: invalid UTF-8"));
    else if (fault == JSON_OK && json_is(document, JSON_NULL))
        r->why = talloc_strdup(r->why_ctx, _("null is not a facts document"));
    else if (fault == JSON_OK)
        return document;
    else if (fault != JSON_NO_MEMORY)
        r->why =
            talloc_asprintf(r->why_ctx, _("not JSON at byte %zu: %s"), at + 1, _(faults[fault]));
    return NULL;
}

static bool is_ours(struct facts_reader *r, const struct json *document)
{
    const struct json *format =
        json_is(document, JSON_OBJECT) ? json_member(document, "format") : NULL;

    if (json_is(format, JSON_STRING) && bytes_equal(format->text, FACTS_FORMAT))
        return true;
    r->why = talloc_asprintf(r->why_ctx, _("format: expected \"%s\", as written by mtasts observe"),
                             FACTS_FORMAT);
    return false;
}

enum sts_status facts_read(TALLOC_CTX *ctx, const char *text, size_t length, struct facts **ret,
                           char **ret_why)
{
    struct facts *facts = talloc_zero(ctx, struct facts);
    struct facts_reader r = {facts, ctx, NULL};
    TALLOC_CTX *mem = talloc_new(facts);
    const struct json *document = NULL;
    bool good = false;

    if (!mem) {
        talloc_free(facts);
        return STS_E_NOMEM;
    }
    if (length > FACTS_JSON_MAX || !is_sparse(text, length))
        r.why = talloc_strdup(ctx, _("the document is too large"));
    else
        document = parse(&r, mem, text, length);
    if (document)
        good = is_ours(&r, document) && read_struct(&r, NULL, &facts_table, document, facts);
    talloc_free(mem);
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
