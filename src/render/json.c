/* SPDX-License-Identifier: MIT */
/* json.c - diagnoses as JSON, through json-c only. */
#include "render/json.h"

#include <string.h>

#include <json-c/json.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "render/json_outline.h"
#include "render/json_parts.h"
#include "render/words.h"

/* json-c takes UTF-8 on trust; what is none must not leave here. */
static struct json_object *string(TALLOC_CTX *ctx, const char *text)
{
    struct json_object *value;
    char *printable;

    if (!text)
        return NULL;
    if (text_is_utf8(text, strlen(text)))
        return json_object_new_string(text);
    printable = text_printable(ctx, text, strlen(text), 0);
    value = printable ? json_object_new_string(printable) : NULL;
    talloc_free(printable);
    return value;
}

/* Adds what may be null; takes the value over. */
static void add(struct json_object *object, const char *name, struct json_object *value)
{
    if (json_object_object_add(object, name, value))
        json_object_put(value);
}

static void add_text(TALLOC_CTX *ctx, struct json_object *object, const char *name,
                     const char *text)
{
    add(object, name, string(ctx, text));
}

static struct json_object *texts(TALLOC_CTX *ctx, const char *const *list, size_t count)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; array && i < count; i++) {
        struct json_object *value = string(ctx, list[i]);

        if (value && json_object_array_add(array, value))
            json_object_put(value);
    }
    return array;
}

/* A list that ends with NULL; consumed. */
static struct json_object *lines(TALLOC_CTX *ctx, char **list)
{
    struct json_object *array;
    size_t count = 0;

    while (list && list[count])
        count++;
    array = texts(ctx, (const char *const *)list, count);
    talloc_free(list);
    return array;
}

/* "a|b" -> ["a","b"] */
static struct json_object *split(const char *list)
{
    struct json_object *array = json_object_new_array();

    while (array && *list) {
        size_t length = strcspn(list, "|");
        struct json_object *value = json_object_new_string_len(list, (int)length);

        if (json_object_array_add(array, value))
            json_object_put(value);
        list += length + (list[length] == '|');
    }
    return array;
}

static struct json_object *answer(enum answer answer)
{
    return answer == ANSWER_UNKNOWN ? NULL : json_object_new_boolean(answer == ANSWER_YES);
}

static struct json_object *policy(TALLOC_CTX *ctx, const struct live_policy *live)
{
    struct json_object *object = live ? json_object_new_object() : NULL;

    if (!object)
        return NULL;
    add_text(ctx, object, "id", live->id);
    add_text(ctx, object, "mode", sts_mode_name(live->mode));
    add(object, "max_age", json_object_new_int64(live->max_age));
    add(object, "mx", texts(ctx, live->mx, live->mx_count));
    return object;
}

static struct json_object *evidence(TALLOC_CTX *ctx, const struct finding *finding)
{
    struct json_object *object = json_object_new_object();

    for (size_t i = 0; object && i < finding->param_count; i++)
        add_text(ctx, object, finding->params[i].name, finding->params[i].value);
    return object;
}

static struct json_object *finding(TALLOC_CTX *ctx, const struct finding *f)
{
    const struct finding_info *info = finding_info(f->code);
    struct json_object *object = json_object_new_object();
    TALLOC_CTX *scratch = talloc_new(ctx);

    if (!object || !scratch) {
        talloc_free(scratch);
        return object;
    }
    add_text(ctx, object, "code", info->name);
    add_text(ctx, object, "severity", severity_name(f->severity));
    add_text(ctx, object, "subject", f->subject);
    if (f->line > 0)
        add(object, "line", json_object_new_int64(f->line));
    if (f->line > 0 && f->column > 0)
        add(object, "column", json_object_new_int64(f->column));
    add(object, "result_types", split(info->result_types));
    add_text(ctx, object, "title", words_title(scratch, f));
    add_text(ctx, object, "detail", words_detail(scratch, f));
    add_text(ctx, object, "meaning", words_meaning(scratch, f));
    add(object, "causes", lines(ctx, words_lines(scratch, f->code, WORDS_CAUSES, words_params(f))));
    add(object, "fix", lines(ctx, words_fix(scratch, f)));
    add(object, "commands",
        lines(ctx, words_lines(scratch, f->code, WORDS_COMMANDS, words_params(f))));
    add_text(ctx, object, "spec", info->spec);
    add(object, "evidence", evidence(ctx, f));
    talloc_free(scratch);
    return object;
}

static struct json_object *findings(TALLOC_CTX *ctx, const struct finding *list, size_t count)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; array && i < count; i++) {
        struct json_object *value = finding(ctx, &list[i]);

        if (json_object_array_add(array, value))
            json_object_put(value);
    }
    return array;
}

struct json_object *json_findings(TALLOC_CTX *ctx, const struct finding *list, size_t count)
{
    return findings(ctx, list, count);
}

struct json_object *json_list(TALLOC_CTX *ctx, char *const *list)
{
    size_t count = 0;

    while (list[count])
        count++;
    return texts(ctx, (const char *const *)list, count);
}

struct json_object *json_split(const char *list)
{
    return split(list);
}

struct json_object *json_string(TALLOC_CTX *ctx, const char *text)
{
    return string(ctx, text);
}

static struct json_object *mx_view(TALLOC_CTX *ctx, const struct mx_view *view)
{
    struct json_object *object = json_object_new_object();
    struct json_object *codes = json_object_new_array();

    add_text(ctx, object, "host", view->host->name);
    add(object, "preference", json_object_new_int64(view->host->preference));
    add(object, "covered", answer(view->covered));
    add_text(ctx, object, "pattern", view->pattern);
    add(object, "usable", answer(view->usable));
    for (size_t i = 0; codes && i < view->code_count; i++)
        json_object_array_add(codes, string(ctx, finding_info(view->codes[i])->name));
    add(object, "codes", codes);
    return object;
}

static struct json_object *mx_views(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; array && i < d->mx_count; i++)
        json_object_array_add(array, mx_view(ctx, &d->mx[i]));
    return array;
}

static struct json_object *when(int64_t seconds)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format(seconds, text);
    return json_object_new_string(text);
}

/* The object as a line; consumed. */
static char *line_of(TALLOC_CTX *ctx, struct json_object *object)
{
    const char *text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
                                                                  JSON_C_TO_STRING_NOSLASHESCAPE);
    char *line = text ? talloc_strdup(ctx, text) : NULL;

    json_object_put(object);
    return line;
}

char *json_line(TALLOC_CTX *ctx, struct json_object *object)
{
    return line_of(ctx, object);
}

static struct json_object *begin(const char *format)
{
    struct json_object *object = json_object_new_object();

    if (object)
        add(object, "format", json_object_new_string(format));
    return object;
}

char *json_check(TALLOC_CTX *ctx, const struct diagnosis *d)
{
    struct json_object *object = begin("mtasts.check/1");

    if (!object)
        return NULL;
    add_text(ctx, object, "domain", d->facts->domain);
    add(object, "observed_at", when(d->facts->observed_at));
    add_text(ctx, object, "verdict", verdict_name(d->verdict));
    add_text(ctx, object, "posture", posture_name(d->posture));
    add_text(ctx, object, "delivery", delivery_name(d->delivery));
    add(object, "policy", policy(ctx, d->policy));
    add(object, "mx", mx_views(ctx, d));
    add(object, "findings", findings(ctx, d->findings, d->finding_count));
    return line_of(ctx, object);
}

static struct json_object *lint_mx(TALLOC_CTX *ctx, const struct lint *lint)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; array && i < lint->mx_count; i++) {
        struct json_object *one = json_object_new_object();

        add_text(ctx, one, "host", lint->mx[i].host);
        add(one, "covered", json_object_new_boolean(lint->mx[i].covered));
        add_text(ctx, one, "pattern", lint->mx[i].pattern);
        json_object_array_add(array, one);
    }
    return array;
}

static struct json_object *lint_sender(TALLOC_CTX *ctx, const struct lint_sender *sender)
{
    struct json_object *one = json_object_new_object();

    add_text(ctx, one, "name", sender->name);
    add_text(ctx, one, "version", sender->version);
    add_text(ctx, one, "reads_as", sender->reads_as);
    add(one, "differs", json_object_new_boolean(sender->differs));
    add(one, "max_age", sender->rejects ? NULL : json_object_new_int64(sender->max_age));
    add_text(ctx, one, "why", sender->why ? _(sender->why) : NULL);
    add(one, "matches_otherwise", texts(ctx, sender->mx, sender->mx_count));
    return one;
}

static struct json_object *lint_senders(TALLOC_CTX *ctx, const struct lint *lint)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; array && i < lint->sender_count; i++)
        json_object_array_add(array, lint_sender(ctx, &lint->senders[i]));
    return array;
}

char *json_lint(TALLOC_CTX *ctx, const struct lint *lint, const char *file,
                const struct outline *against)
{
    struct json_object *object = begin("mtasts.lint/1");

    if (!object)
        return NULL;
    add_text(ctx, object, "file", file);
    add(object, "valid", json_object_new_boolean(lint->valid));
    add(object, "policy", policy(ctx, lint->policy));
    add(object, "findings", findings(ctx, lint->findings, lint->finding_count));
    add(object, "mx", lint_mx(ctx, lint));
    add(object, "senders", lint_senders(ctx, lint));
    if (against) {
        struct json_object *change = json_object_new_object();

        json_outline_into(change, against);
        add(object, "against", change);
    }
    return line_of(ctx, object);
}

char *json_lint_record(TALLOC_CTX *ctx, const struct lint *lint, bool tlsrpt)
{
    struct json_object *object = begin("mtasts.lint-record/1");

    if (!object)
        return NULL;
    add(object, "valid", json_object_new_boolean(lint->valid));
    add_text(ctx, object, "id", lint->id);
    if (tlsrpt)
        add(object, "rua", texts(ctx, lint->rua, lint->rua_count));
    add(object, "findings", findings(ctx, lint->findings, lint->finding_count));
    return line_of(ctx, object);
}
