/* SPDX-License-Identifier: MIT */
/* session_event_write.c - the numbers of libtlsrpt, and an event written as its datagram. */
#include "collect/session_event.h"

#include <string.h>

#include "base/json_write.h"
#include "mtasts/result.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* ---- numbers of libtlsrpt -------------------------------------------------------------------- */

static const struct {
    int number;
    const char *type;
} policy_types[] = {{1, "tlsa"}, {2, "sts"}, {9, "no-policy-found"}};

static const struct {
    int number;
    enum sts_result result;
} result_types[] = {{201, STS_RESULT_STARTTLS_NOT_SUPPORTED},
                    {202, STS_RESULT_CERTIFICATE_HOST_MISMATCH},
                    {203, STS_RESULT_CERTIFICATE_NOT_TRUSTED},
                    {204, STS_RESULT_CERTIFICATE_EXPIRED},
                    {205, STS_RESULT_VALIDATION_FAILURE},
                    {301, STS_RESULT_STS_POLICY_FETCH_ERROR},
                    {302, STS_RESULT_STS_POLICY_INVALID},
                    {303, STS_RESULT_STS_WEBPKI_INVALID},
                    {304, STS_RESULT_TLSA_INVALID},
                    {305, STS_RESULT_DNSSEC_INVALID},
                    {306, STS_RESULT_DANE_REQUIRED}};

const char *session_policy_type(long long number)
{
    for (size_t i = 0; i < COUNT(policy_types); i++)
        if (policy_types[i].number == number)
            return policy_types[i].type;
    return NULL;
}

int session_policy_number(const char *type)
{
    for (size_t i = 0; i < COUNT(policy_types); i++)
        if (strcmp(policy_types[i].type, type) == 0)
            return policy_types[i].number;
    return 0;
}

const char *session_result_type(long long number)
{
    for (size_t i = 0; i < COUNT(result_types); i++)
        if (result_types[i].number == number)
            return sts_result_name(result_types[i].result);
    return NULL;
}

int session_result_number(const char *type)
{
    for (size_t i = 0; i < COUNT(result_types); i++)
        if (strcmp(sts_result_name(result_types[i].result), type) == 0)
            return result_types[i].number;
    return 0;
}

const char *session_event_fault_name(enum session_event_fault fault)
{
    static const char *const names[] = {
#define X(symbol, name) name,
        SESSION_EVENT_FAULTS(X)
#undef X
    };

    return names[fault];
}

/* ---- writing --------------------------------------------------------------------------------- */

static void write_if(struct json_writer *json, const char *name, const char *text)
{
    if (*text)
        json_write_string(json, name, text);
}

static void write_lines(struct json_writer *json, const char *name, const char *text)
{
    char *copy = *text ? talloc_strdup(json->ctx, text) : NULL;

    if (!*text)
        return;
    if (!copy)
        json->no_memory = true;
    json_write_begin(json, name, '[');
    for (char *at = copy; at && *at;) {
        char *end = at + strcspn(at, "\n"), *next = *end ? end + 1 : end;

        *end = '\0';
        json_write_string(json, NULL, at);
        at = next;
    }
    json_write_end(json, ']');
    talloc_free(copy);
}

static void write_failure(struct json_writer *json, const struct session_failure *failure)
{
    json_write_begin(json, NULL, '{');
    json_write_integer(json, "c", session_result_number(failure->type));
    write_if(json, "s", failure->sending_ip);
    write_if(json, "n", failure->mx);
    write_if(json, "h", failure->helo);
    write_if(json, "r", failure->receiving_ip);
    write_if(json, "a", failure->info);
    write_if(json, "f", failure->reason);
    json_write_end(json, '}');
}

static void write_policy(struct json_writer *json, const struct session_policy *policy)
{
    json_write_begin(json, NULL, '{');
    json_write_integer(json, "policy-type", session_policy_number(policy->type));
    write_if(json, "policy-domain", policy->domain);
    write_lines(json, "policy-string", policy->lines);
    write_lines(json, "mx-host", policy->mx);
    if (policy->failure_count) {
        json_write_begin(json, "failure-details", '[');
        for (size_t i = 0; i < policy->failure_count; i++)
            write_failure(json, &policy->failures[i]);
        json_write_end(json, ']');
    }
    json_write_integer(json, "t", (int64_t)policy->failure_count);
    json_write_integer(json, "f", policy->failed);
    json_write_end(json, '}');
}

char *session_event_write(TALLOC_CTX *ctx, const struct session_event *event, size_t *ret_length)
{
    struct json_writer json = {.ctx = ctx};

    json_write_begin(&json, NULL, '{');
    json_write_string(&json, "dpv", "1");
    json_write_string(&json, "d", event->domain);
    json_write_string(&json, "pr", event->record);
    json_write_begin(&json, "policies", '[');
    for (size_t i = 0; i < event->policy_count; i++)
        write_policy(&json, &event->policies[i]);
    json_write_end(&json, ']');
    json_write_end(&json, '}');
    *ret_length = json.length;
    return json.no_memory ? NULL : json.text;
}
