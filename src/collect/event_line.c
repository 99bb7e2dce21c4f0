/* SPDX-License-Identifier: MIT */
/* event_line.c - members by a table; what has none is a mistake that the writer should hear of. */
#include "collect/event_line.h"

#include <string.h>

#include "base/ascii.h"
#include "base/json.h"
#include "base/text.h"
#include "collect/limits.h"
#include "mtasts/names.h"

#define NAME_SHOWN 60 /* bytes of a member that nobody knows */

struct texts {
    const char *domain, *record, *policy_type, *policy_domain, *lines, *mx, *result;
    struct session_failure failure;
};

/* Lists may be written as one text. */
enum kind { TEXT, LIST };

static const struct {
    const char *name;
    size_t at;
    enum kind kind;
} members[] = {
#define AT(member) offsetof(struct texts, member)
    {"domain", AT(domain), TEXT},
    {"tlsrpt-record", AT(record), TEXT},
    {"policy-type", AT(policy_type), TEXT},
    {"policy-domain", AT(policy_domain), TEXT},
    {"policy-string", AT(lines), LIST},
    {"mx-host", AT(mx), LIST},
    {"result-type", AT(result), TEXT},
    {"sending-mta-ip", AT(failure.sending_ip), TEXT},
    {"receiving-mx-hostname", AT(failure.mx), TEXT},
    {"receiving-mx-helo", AT(failure.helo), TEXT},
    {"receiving-ip", AT(failure.receiving_ip), TEXT},
    {"failure-reason-code", AT(failure.reason), TEXT},
    {"additional-information", AT(failure.info), TEXT},
#undef AT
};
#define MEMBERS (sizeof(members) / sizeof(members[0]))

const char *event_line_fault_name(enum event_line_fault fault)
{
    static const char *const names[] = {
#define X(symbol, name) name,
        EVENT_LINE_FAULTS(X)
#undef X
    };

    return names[fault];
}

/* ---- members --------------------------------------------------------------------------------- */

static const char *text_of(TALLOC_CTX *ctx, const struct json *value)
{
    return json_is(value, JSON_STRING) ? talloc_strdup(ctx, value->text.data)
                                       : talloc_strdup(ctx, "");
}

static const char *list_of(TALLOC_CTX *ctx, const struct json *value)
{
    char *text;

    if (!json_is(value, JSON_ARRAY))
        return text_of(ctx, value);
    text = talloc_strdup(ctx, "");
    for (size_t i = 0; text && i < value->count && i < LIMIT_EVENT_LINES; i++) {
        const struct json *item = json_item(value, i);

        if (json_is(item, JSON_STRING))
            text = talloc_asprintf_append_buffer(text, "%s%s", *text ? "\n" : "", item->text.data);
    }
    return text;
}

static enum event_line_fault take_member(TALLOC_CTX *ctx, const struct json *value,
                                         struct texts *texts, char **ret_unknown)
{
    for (size_t i = 0; i < MEMBERS; i++)
        if (bytes_equal(value->name, members[i].name)) {
            const char *text = members[i].kind == LIST ? list_of(ctx, value) : text_of(ctx, value);

            memcpy((char *)texts + members[i].at, &text, sizeof(text));
            return text ? EVENT_LINE_NONE : EVENT_LINE_NO_MEMORY;
        }
    *ret_unknown = text_printable(ctx, value->name.data, value->name.length, NAME_SHOWN);
    return *ret_unknown ? EVENT_LINE_BAD_MEMBER : EVENT_LINE_NO_MEMORY;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static void lower(char *text)
{
    for (; *text; text++)
        *text = ascii_lower(*text);
}

static enum event_line_fault judge(TALLOC_CTX *ctx, const struct texts *texts,
                                   struct event_line *ret)
{
    char name[STS_NAME_SIZE];
    char *result = talloc_strdup(ctx, or_empty(texts->result));

    if (!result)
        return EVENT_LINE_NO_MEMORY;
    lower(result);
    if (!texts->domain || sts_name_from_user(texts->domain, name) != STS_OK)
        return EVENT_LINE_NO_DOMAIN;
    ret->event.domain = talloc_strdup(ctx, name);
    ret->event.record = texts->record;
    ret->policy.type = texts->policy_type ? texts->policy_type : "no-policy-found";
    ret->policy.domain = texts->policy_domain ? texts->policy_domain : ret->event.domain;
    ret->policy.lines = or_empty(texts->lines);
    ret->policy.mx = or_empty(texts->mx);
    ret->policy.failed = *result && strcmp(result, "success") != 0;
    ret->failure.type = result;
    if (!ret->event.domain)
        return EVENT_LINE_NO_MEMORY;
    if (!session_policy_number(ret->policy.type))
        return EVENT_LINE_BAD_POLICY_TYPE;
    return ret->policy.failed && !session_result_number(result) ? EVENT_LINE_BAD_RESULT_TYPE
                                                                : EVENT_LINE_NONE;
}

static void fill(const struct texts *texts, struct event_line *ret)
{
    const struct session_failure *given = &texts->failure;

    ret->failure = (struct session_failure){.type = ret->failure.type,
                                            .sending_ip = or_empty(given->sending_ip),
                                            .mx = or_empty(given->mx),
                                            .helo = or_empty(given->helo),
                                            .receiving_ip = or_empty(given->receiving_ip),
                                            .reason = or_empty(given->reason),
                                            .info = or_empty(given->info)};
    ret->policy.failures = &ret->failure;
    ret->policy.failure_count = ret->policy.failed ? 1 : 0;
    ret->event.policies = &ret->policy;
    ret->event.policy_count = 1;
}

enum event_line_fault event_line_read(TALLOC_CTX *ctx, struct bytes line, struct event_line *ret)
{
    struct texts texts = {0};
    struct json *json;
    size_t at;
    enum json_fault fault = json_read(ctx, line, false, LIMIT_EVENT_DEPTH, &json, &at);
    enum event_line_fault wrong = EVENT_LINE_NONE;

    *ret = (struct event_line){0};
    if (fault || !json_is(json, JSON_OBJECT) || line.length > LIMIT_DATAGRAM)
        return fault == JSON_NO_MEMORY ? EVENT_LINE_NO_MEMORY : EVENT_LINE_NOT_JSON;
    for (size_t i = 0; !wrong && i < json->count; i++)
        wrong = take_member(ctx, &json->items[i], &texts, &ret->unknown);
    if (!wrong)
        wrong = judge(ctx, &texts, ret);
    if (!wrong)
        fill(&texts, ret);
    return wrong;
}
