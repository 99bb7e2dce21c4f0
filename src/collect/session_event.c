/* SPDX-License-Identifier: MIT */
/* session_event.c - an event read from its datagram. */
#include "collect/session_event.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/hname.h"
#include "base/json.h"
#include "base/text.h"
#include "collect/limits.h"
#include "mtasts/names.h"
#include "mtasts/result.h"

/* ---- texts ----------------------------------------------------------------------------------- */

struct reading {
    TALLOC_CTX *ctx;
    enum session_event_fault fault; /* the first */
};

static void fail(struct reading *reading, enum session_event_fault fault)
{
    if (!reading->fault)
        reading->fault = fault;
}

static struct bytes text_of(const struct json *object, const char *name)
{
    const struct json *value = json_member(object, name);

    return json_is(value, JSON_STRING) ? value->text : (struct bytes){"", 0};
}

/* Whole characters, up to so many bytes. */
static size_t fitting(struct bytes text, size_t limit)
{
    size_t at = 0;

    while (at < text.length) {
        size_t character = text_character(text.data + at, text.length - at);

        if (at + character > limit)
            break;
        at += character;
    }
    return at;
}

/* Of a text of JSON, behind which a NUL is. */
static struct bytes up_to(struct bytes text, const char *ends)
{
    size_t length = strcspn(text.data, ends);

    return (struct bytes){text.data, length < text.length ? length : text.length};
}

static const char *copied(struct reading *reading, struct bytes text)
{
    char *copy = text.length ? talloc_strndup(reading->ctx, text.data, text.length) : NULL;

    if (text.length && !copy)
        fail(reading, SESSION_EVENT_NO_MEMORY);
    return copy ? copy : "";
}

/* The first line. */
static const char *line_of(struct reading *reading, struct bytes text, size_t limit)
{
    text = bytes_trim(up_to(bytes_trim(text), "\r\n"));
    text.length = fitting(text, limit);
    return copied(reading, bytes_trim(text));
}

/* Of "250-mx1.example.com at your service, 12:01:07" the name. */
static const char *helo_of(struct reading *reading, struct bytes text)
{
    text = bytes_trim(text);
    if (bytes_begin(text, "250-") || bytes_begin(text, "250 "))
        text = bytes_from(text, 4);
    return line_of(reading, up_to(text, " \t\r\n"), LIMIT_EVENT_NAME);
}

static const char *address_of(struct reading *reading, struct bytes text)
{
    char address[HNAME_ADDRESS_SIZE];

    return hname_address(text, address) ? copied(reading, bytes_of(address)) : "";
}

static const char *lower(struct reading *reading, struct bytes text)
{
    char *copy = talloc_strndup(reading->ctx, text.data, fitting(text, LIMIT_EVENT_NAME));

    if (!copy)
        fail(reading, SESSION_EVENT_NO_MEMORY);
    for (char *at = copy; at && *at; at++)
        *at = ascii_lower(*at);
    return copy ? copy : "";
}

/* ---- policies -------------------------------------------------------------------------------- */

/* Each a line; what is in lines itself is split. */
static const char *lines_of(struct reading *reading, const struct json *list)
{
    char *text = talloc_strdup(reading->ctx, "");

    if (json_is(list, JSON_ARRAY) && list->count > LIMIT_EVENT_LINES)
        fail(reading, SESSION_EVENT_TOO_MUCH);
    for (size_t i = 0; !reading->fault && text && json_is(list, JSON_ARRAY) && i < list->count;
         i++) {
        const struct json *line = json_item(list, i);
        struct bytes shown = json_is(line, JSON_STRING) ? line->text : bytes_of("");

        shown = bytes_trim(up_to(shown, ""));
        if (talloc_get_size(text) + shown.length > LIMIT_EVENT_POLICY)
            fail(reading, SESSION_EVENT_TOO_MUCH);
        else if (shown.length)
            text = talloc_asprintf_append_buffer(text, "%s%.*s", *text ? "\n" : "",
                                                 (int)shown.length, shown.data);
    }
    if (!text)
        fail(reading, SESSION_EVENT_NO_MEMORY);
    return text ? text : "";
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A text is cut into lines in place: lower case, without blanks at both ends, none empty. */
static size_t cut_lines(char *text, char **lines, size_t limit)
{
    size_t count = 0;

    while (text && *text && count < limit) {
        size_t length = strcspn(text, "\n");
        char *next = text[length] ? text + length + 1 : NULL;
        struct bytes line = bytes_trim((struct bytes){text, length});
        char *at = text + (line.data - text);

        at[line.length] = '\0';
        if (line.length)
            lines[count++] = at;
        for (; *at; at++)
            *at = ascii_lower(*at);
        text = next;
    }
    return count;
}

static size_t count_lines(const char *text)
{
    size_t count = *text != 0;

    for (; (text = strchr(text, '\n')); text++)
        count++;
    return count;
}

/* Lines sorted, each with its end, behind what the key has. */
static char *add_sorted(struct reading *reading, char *key, const char *text)
{
    char *copy = talloc_strdup(reading->ctx, text);
    size_t count = count_lines(text);
    char **lines = talloc_array(reading->ctx, char *, count + 1);

    if (!copy || !lines) {
        fail(reading, SESSION_EVENT_NO_MEMORY);
        return NULL;
    }
    count = cut_lines(copy, lines, count);
    if (count)
        qsort(lines, count, sizeof(*lines), compare_lines);
    for (size_t i = 0; key && i < count; i++)
        key = talloc_asprintf_append_buffer(key, "%s\n", lines[i]);
    talloc_free(lines);
    talloc_free(copy);
    return key ? talloc_strdup_append_buffer(key, "\n") : NULL;
}

static struct bytes key_of(struct reading *reading, const struct session_policy *policy)
{
    char *key = talloc_asprintf(reading->ctx, "%s\n%s\n", policy->type, policy->domain);

    key = key ? add_sorted(reading, key, policy->lines) : NULL;
    key = key ? add_sorted(reading, key, policy->mx) : NULL;
    if (!key)
        fail(reading, SESSION_EVENT_NO_MEMORY);
    return bytes_of(key ? key : "");
}

static struct session_failure failure_of(struct reading *reading, const struct json *object)
{
    const struct json *code = json_member(object, "c");
    const char *type = json_is(code, JSON_INTEGER) ? session_result_type(code->integer) : NULL;

    /* what nobody knows today is a failure all the same */
    return (struct session_failure){
        .type = type ? type : sts_result_name(STS_RESULT_VALIDATION_FAILURE),
        .sending_ip = address_of(reading, text_of(object, "s")),
        .mx = lower(reading, bytes_of(line_of(reading, text_of(object, "n"), LIMIT_EVENT_NAME))),
        .helo = helo_of(reading, text_of(object, "h")),
        .receiving_ip = address_of(reading, text_of(object, "r")),
        .reason = line_of(reading, text_of(object, "f"), LIMIT_EVENT_REASON),
        .info = line_of(reading, text_of(object, "a"), LIMIT_EVENT_INFO)};
}

static void read_failures(struct reading *reading, const struct json *list,
                          struct session_policy *policy)
{
    size_t count = json_is(list, JSON_ARRAY) ? list->count : 0;
    struct session_failure *failures = talloc_array(reading->ctx, struct session_failure, count);

    if (count > LIMIT_EVENT_DETAILS)
        fail(reading, SESSION_EVENT_TOO_MUCH);
    if (count && !failures)
        fail(reading, SESSION_EVENT_NO_MEMORY);
    for (size_t i = 0; !reading->fault && i < count; i++) {
        const struct json *item = json_item(list, i);

        if (json_is(item, JSON_OBJECT))
            failures[policy->failure_count++] = failure_of(reading, item);
    }
    policy->failures = failures;
}

static void read_policy(struct reading *reading, const struct json *object,
                        struct session_policy *ret)
{
    const struct json *type = json_member(object, "policy-type");
    const struct json *failed = json_member(object, "f");

    *ret = (struct session_policy){
        .type = json_is(type, JSON_INTEGER) ? session_policy_type(type->integer) : NULL};
    if (!json_is(object, JSON_OBJECT) || !ret->type || !json_is(failed, JSON_INTEGER)) {
        fail(reading, SESSION_EVENT_NO_POLICY);
        return;
    }
    ret->failed = failed->integer != 0;
    ret->domain = lower(
        reading, bytes_of(line_of(reading, text_of(object, "policy-domain"), LIMIT_EVENT_NAME)));
    ret->lines = lines_of(reading, json_member(object, "policy-string"));
    ret->mx = lines_of(reading, json_member(object, "mx-host"));
    read_failures(reading, json_member(object, "failure-details"), ret);
    ret->key = key_of(reading, ret);
}

static void read_policies(struct reading *reading, const struct json *list,
                          struct session_event *event)
{
    size_t count = json_is(list, JSON_ARRAY) ? list->count : 0;
    struct session_policy *policies = talloc_array(reading->ctx, struct session_policy, count);

    if (!count)
        fail(reading, SESSION_EVENT_NO_POLICY);
    else if (count > LIMIT_EVENT_POLICIES)
        fail(reading, SESSION_EVENT_TOO_MUCH);
    else if (!policies)
        fail(reading, SESSION_EVENT_NO_MEMORY);
    for (size_t i = 0; !reading->fault && i < count; i++)
        read_policy(reading, json_item(list, i), &policies[i]);
    event->policies = policies;
    event->policy_count = count;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void read_domain(struct reading *reading, struct bytes text, struct session_event *event)
{
    char name[STS_NAME_SIZE];
    const char *copy = copied(reading, text);

    if (sts_name_from_user(copy, name) != STS_OK)
        fail(reading, SESSION_EVENT_NO_DOMAIN);
    else
        event->domain = copied(reading, bytes_of(name));
}

static void read_record(struct reading *reading, struct bytes text, struct session_event *event)
{
    text = bytes_trim(up_to(text, ""));
    if (!bytes_begin(text, "v=TLSRPTv1"))
        fail(reading, SESSION_EVENT_NO_RECORD);
    else if (text.length > LIMIT_EVENT_RECORD)
        fail(reading, SESSION_EVENT_TOO_MUCH);
    else
        event->record = copied(reading, text);
}

enum session_event_fault session_event_read(TALLOC_CTX *ctx, struct bytes datagram,
                                            struct session_event *ret)
{
    struct reading reading = {.ctx = ctx};
    struct session_event event = {0};
    struct json *json;
    size_t at;
    enum json_fault fault;

    if (datagram.length > LIMIT_DATAGRAM)
        return SESSION_EVENT_TOO_MUCH;
    fault = json_read(ctx, datagram, true, LIMIT_EVENT_DEPTH, &json, &at);
    if (fault)
        return fault == JSON_NO_MEMORY ? SESSION_EVENT_NO_MEMORY : SESSION_EVENT_NOT_JSON;
    if (!json_is(json, JSON_OBJECT))
        return SESSION_EVENT_NOT_JSON;
    read_domain(&reading, text_of(json, "d"), &event);
    if (!reading.fault)
        read_record(&reading, text_of(json, "pr"), &event);
    if (!reading.fault)
        read_policies(&reading, json_member(json, "policies"), &event);
    if (!reading.fault)
        *ret = event;
    return reading.fault;
}
