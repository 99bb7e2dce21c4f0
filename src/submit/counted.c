/* SPDX-License-Identifier: MIT */
/* counted.c - policies and their failures out of the store. */
#include "submit/counted.h"

#include <stdbool.h>
#include <string.h>

#include "base/array.h"
#include "store/session_counts.h"

struct counting {
    TALLOC_CTX *ctx;
    int64_t counted;
    char *record; /* NULL: not found */
    struct outgoing_policy *policies;
    int64_t *ids; /* of each */
    size_t policy_count, id_count;
    struct sts_report_detail *details; /* of the policy at hand */
    size_t detail_count;
    bool no_memory;
};

static bool take_record(void *arg, const struct store_counted_domain *domain)
{
    struct counting *counting = arg;

    if (domain->id != counting->counted)
        return true;
    counting->record = talloc_strdup(counting->ctx, domain->record);
    counting->no_memory |= !counting->record;
    return false;
}

/* ---- policies -------------------------------------------------------------------------------- */

static const char *copy(struct counting *counting, const char *text)
{
    char *own = talloc_strdup(counting->ctx, text);

    counting->no_memory |= !own;
    return own;
}

/* "" is no line. */
static const char *const *split(struct counting *counting, const char *text, size_t *ret_count)
{
    const char **lines = NULL;

    *ret_count = 0;
    while (*text) {
        size_t length = strcspn(text, "\n");
        const char **line = array_grow(counting->ctx, &lines, ret_count, sizeof(*line));

        if (line)
            *line = talloc_strndup(counting->ctx, text, length);
        if (!line || !*line) {
            counting->no_memory = true;
            break;
        }
        text += length + (text[length] == '\n');
    }
    return lines;
}

static bool take_policy(void *arg, const struct store_counted_policy *from)
{
    struct counting *counting = arg;
    struct outgoing_policy *policy =
        array_grow(counting->ctx, &counting->policies, &counting->policy_count, sizeof(*policy));
    int64_t *id = array_grow(counting->ctx, &counting->ids, &counting->id_count, sizeof(*id));

    if (!policy || !id) {
        counting->no_memory = true;
        return false;
    }
    *id = from->id;
    policy->successful = from->successful;
    policy->failed = from->failed;
    policy->applied.type = copy(counting, from->type);
    policy->applied.domain = copy(counting, from->policy_domain);
    policy->applied.strings = split(counting, from->lines, &policy->applied.string_count);
    policy->applied.mx = split(counting, from->mx, &policy->applied.mx_count);
    return !counting->no_memory;
}

/* ---- details --------------------------------------------------------------------------------- */

static const char *known(struct counting *counting, const char *text)
{
    return *text ? copy(counting, text) : NULL;
}

static bool take_detail(void *arg, const struct store_session_detail *from)
{
    struct counting *counting = arg;
    struct sts_report_detail *detail =
        array_grow(counting->ctx, &counting->details, &counting->detail_count, sizeof(*detail));

    if (!detail) {
        counting->no_memory = true;
        return false;
    }
    *detail = (struct sts_report_detail){.result_type = copy(counting, from->type),
                                         .sending_ip = known(counting, from->sending_ip),
                                         .mx = known(counting, from->mx),
                                         .helo = known(counting, from->helo),
                                         .receiving_ip = known(counting, from->receiving_ip),
                                         .reason = known(counting, from->reason),
                                         .info = from->rest ? "further failures of this kind"
                                                            : known(counting, from->info),
                                         .sessions = from->sessions};
    return !counting->no_memory;
}

static enum sts_status read_details(struct counting *counting, struct store *store)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; !status && i < counting->policy_count; i++) {
        counting->details = NULL;
        counting->detail_count = 0;
        status = store_counted_details(store, counting->ids[i], take_detail, counting);
        counting->policies[i].details = counting->details;
        counting->policies[i].detail_count = counting->detail_count;
    }
    return status;
}

static enum sts_status read_all(struct counting *counting, struct store *store, int64_t day,
                                const char *domain)
{
    enum sts_status status = store_counted_domain(store, day, domain, take_record, counting);

    if (!status && counting->record)
        status = store_counted_policies(store, counting->counted, take_policy, counting);
    if (!status && !counting->no_memory)
        status = read_details(counting, store);
    return status || !counting->no_memory ? status : STS_E_NOMEM;
}

enum sts_status counted_read(TALLOC_CTX *ctx, struct store *store, int64_t day, const char *domain,
                             int64_t counted, struct outgoing_day **ret)
{
    struct outgoing_day *read = talloc_zero(ctx, struct outgoing_day);
    struct counting counting = {.ctx = read, .counted = counted};
    enum sts_status status = read ? read_all(&counting, store, day, domain) : STS_E_NOMEM;

    if (!status && counting.record) {
        *read = (struct outgoing_day){day, copy(&counting, domain), counting.record,
                                      counting.policies, counting.policy_count};
        status = counting.no_memory ? STS_E_NOMEM : STS_OK;
    }
    if (status || !counting.record)
        TALLOC_FREE(read);
    if (!status)
        *ret = read;
    return status;
}
