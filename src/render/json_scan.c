/* SPDX-License-Identifier: MIT */
/* json_scan.c - errors and the summary of a scan as JSON. */
#include "render/json_scan.h"

#include <string.h>

#include "base/text.h"
#include "render/json_parts.h"

/* As the writer below and json_check() begin a line; a domain holds no character that JSON would
 * escape, and neither does `given` below. */
static const char *const beginnings[] = {
    "{\"format\":\"mtasts.check/1\",\"domain\":\"",
    "{\"format\":\"mtasts.scan-error/1\",\"given\":\"",
};

const char *json_scan_subject(const char *line, size_t *ret_length)
{
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        size_t length = strlen(beginnings[i]);
        const char *end;

        if (strncmp(line, beginnings[i], length) != 0)
            continue;
        end = strchr(line + length, '"');
        if (!end)
            return NULL;
        *ret_length = (size_t)(end - line - (ptrdiff_t)length);
        return line + length;
    }
    return NULL;
}

/* Quotes and backslashes of a line that is no name are not worth an escape. */
static char *plain(TALLOC_CTX *ctx, const char *given)
{
    char *text = text_printable(ctx, given, strlen(given), 0);

    for (char *c = text; c && *c; c++)
        if (*c == '"' || *c == '\\')
            *c = '?';
    return text;
}

char *json_scan_error(TALLOC_CTX *ctx, int64_t line, const char *given, const char *error)
{
    struct json_object *object = json_begin("mtasts.scan-error/1");
    char *text = plain(ctx, given);
    char *result = NULL;

    if (object && text) {
        json_add(object, "given", json_object_new_string(text));
        json_add(object, "line", json_object_new_int64(line));
        json_add(object, "error", json_object_new_string(error));
        result = json_line(ctx, object);
    } else {
        json_object_put(object);
    }
    talloc_free(text);
    return result;
}

typedef const char *(*name_fn)(int value);

static const char *verdict_text(int value)
{
    return verdict_name((enum verdict)value);
}

static const char *posture_text(int value)
{
    return posture_name((enum posture)value);
}

static const char *delivery_text(int value)
{
    return delivery_name((enum delivery)value);
}

static const char *code_text(int value)
{
    return finding_info((enum finding_code)value)->name;
}

/* {"enforce":12,...}: what did not come is left out. */
static struct json_object *counts(const int64_t *numbers, int count, name_fn name)
{
    struct json_object *object = json_object_new_object();

    for (int i = 0; object && i < count; i++)
        if (numbers[i])
            json_add(object, name(i), json_object_new_int64(numbers[i]));
    return object;
}

static struct json_object *worst_of(const struct worst *worst)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; list && i < worst->count; i++) {
        const struct worst_domain *domain = &worst->domains[i];
        struct json_object *item = json_object_new_object();

        json_add(item, "domain", json_object_new_string(domain->domain));
        json_add(item, "verdict", json_object_new_string(verdict_name(domain->verdict)));
        json_add(item, "severity", json_object_new_string(severity_name(domain->severity)));
        json_add(item, "code", json_object_new_string(finding_info(domain->code)->name));
        json_object_array_add(list, item);
    }
    return list;
}

char *json_scan_summary(TALLOC_CTX *ctx, const struct scan_summary *summary)
{
    struct json_object *object = json_begin("mtasts.scan-summary/1");
    const struct totals *totals = &summary->totals;

    if (!object)
        return NULL;
    json_add(object, "domains", json_object_new_int64(totals->domains));
    json_add(object, "unusable", json_object_new_int64(summary->unusable));
    json_add(object, "done_before", json_object_new_int64(summary->done_before));
    if (summary->saves)
        json_add(object, "saved", json_object_new_int64(summary->saved));
    json_add(object, "interrupted", json_object_new_boolean(summary->interrupted));
    json_add(object, "thorough", json_object_new_boolean(!summary->brief));
    json_add(object, "elapsed_ms", json_object_new_int64(summary->elapsed_ms));
    json_add(object, "verdicts", counts(totals->verdicts, VERDICT_CRITICAL + 1, verdict_text));
    json_add(object, "postures", counts(totals->postures, POSTURE_COUNT, posture_text));
    json_add(object, "deliveries", counts(totals->deliveries, DELIVERY_COUNT, delivery_text));
    json_add(object, "codes", counts(totals->codes, FINDING_COUNT, code_text));
    json_add(object, "worst", worst_of(&totals->worst));
    return json_line(ctx, object);
}
