/* SPDX-License-Identifier: MIT */
/* report_seen.c - policies on domains that somebody sees, and the report made of them. */
#include "app/report_seen.h"

#include <string.h>

#include "base/clock.h"
#include "base/json_write.h"
#include "store/ways.h"

/* ---- which --------------------------------------------------------------------------------- */

static int free_report(struct report_seen *seen)
{
    sts_report_free(seen->report);
    return 0;
}

static bool allow(void *arg, const char *name)
{
    struct report_seen *seen = arg;

    return names_get(&seen->allowed, name) != NULL;
}

enum sts_status report_seen_new(TALLOC_CTX *ctx, struct store *store,
                                const struct store_sight *sight, int64_t id,
                                struct report_seen **ret)
{
    struct report_seen *seen = talloc_zero(ctx, struct report_seen);
    enum sts_status status = STS_OK;

    if (!seen)
        return STS_E_NOMEM;
    talloc_set_destructor(seen, free_report);
    names_begin(&seen->domains, seen, sizeof(struct report_seen_name));
    names_begin(&seen->unseen, seen, sizeof(struct report_seen_name));
    names_begin(&seen->allowed, seen, sizeof(struct report_seen_name));
    seen->all = seen->whole = sight->all && !sight->group;
    if (!seen->all)
        status = store_report_domains(store, sight, id, allow, seen);
    if (!status && !seen->all)
        status = store_sees_upload(store, sight, id, &seen->uploader);
    if (!status && seen->allowed.no_memory)
        status = STS_E_NOMEM;
    if (status)
        talloc_free(seen);
    else
        *ret = seen;
    return status;
}

/* A policy without a domain is anybody's. */
static bool take_policy(struct report_seen *seen, const struct sts_report_policy *policy)
{
    const char *name = policy->recipient;
    bool allowed = seen->all || (name && names_find(&seen->allowed, name));

    seen->whole &= allowed;
    if (allowed)
        seen->policies[seen->policy_count++] = policy;
    return !name || names_get(allowed ? &seen->domains : &seen->unseen, name);
}

enum sts_status report_seen_take(struct report_seen *seen, const struct store_receipt *receipt)
{
    const struct store_origin *from = &receipt->origin;
    const struct sts_report_origin origin = {from->header_domain, from->header_submitter,
                                             from->subject, from->file_name};
    const struct sts_report_policy *policies;
    enum sts_report_fault fault;
    size_t used, count;
    enum sts_status status = sts_report_parse(receipt->raw.data, receipt->raw.length, &origin,
                                              &used, &fault, &seen->report);

    if (status == STS_E_NOMEM)
        return status;
    seen->whole = seen->all || status == STS_OK;
    if (status)
        return STS_OK;
    policies = sts_report_policies(seen->report, &count);
    seen->policies = talloc_zero_array(seen, const struct sts_report_policy *, (unsigned)count + 1);
    for (size_t i = 0; seen->policies && i < count; i++)
        if (!take_policy(seen, &policies[i]))
            return STS_E_NOMEM;
    return seen->policies ? STS_OK : STS_E_NOMEM;
}

const char *report_seen_text(const struct report_seen *seen, const char *text)
{
    if (!text || seen->whole)
        return text;
    for (size_t i = 0; i < seen->unseen.count; i++) {
        const struct report_seen_name *one = names_at(&seen->unseen, i);

        if (strcasestr(text, one->name))
            return NULL;
    }
    return seen->report ? text : NULL;
}

static bool is_of_others(const struct report_seen *seen, const char *source)
{
    static const char upload[] = STORE_WAY_UPLOAD ":";

    return source && !seen->all && !seen->uploader &&
           strncmp(source, upload, sizeof upload - 1) == 0;
}

const char *report_seen_source(const struct report_seen *seen, const char *source)
{
    return is_of_others(seen, source) ? STORE_WAY_UPLOAD : report_seen_text(seen, source);
}

const char *report_seen_file(const struct report_seen *seen, const struct store_receipt *receipt)
{
    return is_of_others(seen, receipt->source) ? NULL
                                               : report_seen_text(seen, receipt->origin.file_name);
}

/* ---- the report made of them --------------------------------------------------------------- */

static void put_text(struct json_writer *json, const char *name, const char *text)
{
    if (text)
        json_write_string(json, name, text);
}

static void put_list(struct json_writer *json, const char *name, const char *const *texts,
                     size_t count)
{
    if (!count)
        return;
    json_write_begin(json, name, '[');
    for (size_t i = 0; i < count; i++)
        json_write_string(json, NULL, texts[i]);
    json_write_end(json, ']');
}

static void put_detail(struct json_writer *json, const struct sts_report_detail *detail)
{
    json_write_begin(json, NULL, '{');
    put_text(json, "result-type", detail->result_type);
    put_text(json, "sending-mta-ip", detail->sending_ip);
    put_text(json, "receiving-mx-hostname", detail->mx);
    put_text(json, "receiving-mx-helo", detail->helo);
    put_text(json, "receiving-ip", detail->receiving_ip);
    json_write_integer(json, "failed-session-count", detail->sessions);
    put_text(json, "additional-information", detail->info);
    put_text(json, "failure-reason-code", detail->reason);
    json_write_end(json, '}');
}

static void put_policy(struct json_writer *json, const struct sts_report_policy *policy)
{
    json_write_begin(json, NULL, '{');
    json_write_begin(json, "policy", '{');
    put_text(json, "policy-type", policy->type);
    put_list(json, "policy-string", policy->strings, policy->string_count);
    put_text(json, "policy-domain", policy->recipient);
    put_list(json, "mx-host", policy->mx, policy->mx_count);
    json_write_end(json, '}');
    json_write_begin(json, "summary", '{');
    json_write_integer(json, "total-successful-session-count", policy->successful);
    json_write_integer(json, "total-failure-session-count", policy->failed);
    json_write_end(json, '}');
    if (policy->detail_count) {
        json_write_begin(json, "failure-details", '[');
        for (size_t i = 0; i < policy->detail_count; i++)
            put_detail(json, &policy->details[i]);
        json_write_end(json, ']');
    }
    json_write_end(json, '}');
}

static void put_range(struct json_writer *json, const struct sts_report *report)
{
    char text[CLOCK_TEXT_SIZE];
    int64_t begin, end;

    if (!sts_report_range(report, &begin, &end))
        return;
    json_write_begin(json, "date-range", '{');
    clock_format(begin, text);
    json_write_string(json, "start-datetime", text);
    clock_format(end, text);
    json_write_string(json, "end-datetime", text);
    json_write_end(json, '}');
}

enum sts_status report_seen_reduced(TALLOC_CTX *ctx, const struct report_seen *seen,
                                    struct bytes *ret)
{
    struct json_writer json = {.ctx = ctx};

    *ret = (struct bytes){.data = ""};
    if (!seen->report)
        return STS_OK;
    json_write_begin(&json, NULL, '{');
    put_text(&json, "organization-name", sts_report_organization(seen->report));
    put_range(&json, seen->report);
    put_text(&json, "contact-info", sts_report_contact(seen->report));
    put_text(&json, "report-id", report_seen_text(seen, sts_report_id(seen->report)));
    json_write_begin(&json, "policies", '[');
    for (size_t i = 0; i < seen->policy_count; i++)
        put_policy(&json, seen->policies[i]);
    json_write_end(&json, ']');
    json_write_end(&json, '}');
    *ret = (struct bytes){json.text, json.length};
    return json.no_memory ? STS_E_NOMEM : STS_OK;
}
