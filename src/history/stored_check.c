/* SPDX-License-Identifier: MIT */
/* stored_check.c - a diagnosis on its way into the store. */
#include "history/stored_check.h"

#include <string.h>

#include "base/array.h"
#include "facts/facts_json.h"
#include "history/cause_key.h"
#include "history/change_log.h"
#include "verdict/expiry.h"
#include "verdict/place.h"
#include "verdict/shown.h"

#define CERTIFICATES_MAX 64 /* of one check: some hosts, with one at each address */

bool stored_check_is_one(const struct diagnosis *diagnosis)
{
    const struct facts *facts = diagnosis->facts;

    return !facts->interrupted && !facts->shortage && !place_is_blind(facts);
}

struct stored_check {
    struct store_check check;
    struct store_policy policy; /* id NULL: none was served */
    struct check_shown shown;
    int64_t seq;
    size_t left_out; /* of what could be looked at: some in a scan, nothing else leaves out any */
};

/* ---- made ready ------------------------------------------------------------------------------ */

static const char *own(struct stored_check *stored, const char *text)
{
    return text ? talloc_strdup(stored, text) : NULL;
}

/* Of all that were seen; 0: none was. */
static enum sts_status earliest_end(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                                    int64_t *ret)
{
    struct expiry *list;
    size_t count;
    enum sts_status status = expiries(ctx, diagnosis->facts, diagnosis->now, &list, &count);

    *ret = 0;
    if (status)
        return status;
    for (size_t i = 0; i < count; i++)
        if (!*ret || list[i].cert->not_after < *ret)
            *ret = list[i].cert->not_after;
    talloc_free(list);
    return STS_OK;
}

static bool is_listed(const struct store_certificate *list, size_t count,
                      const struct shown_certificate *shown)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(list[i].digest, shown->cert->sha256) && !strcmp(list[i].host, shown->host) &&
            !strcmp(list[i].service, shown->service))
            return true;
    return false;
}

/* Each of a host once. */
static enum sts_status fill_certificates(struct stored_check *stored, const struct facts *facts)
{
    struct shown_certificate *shown;
    struct store_certificate *list;
    size_t count, kept = 0;
    enum sts_status status = shown_certificates(stored, facts, &shown, &count);

    if (status)
        return status;
    list = talloc_array(stored, struct store_certificate, (unsigned)count + 1);
    for (size_t i = 0; list && i < count && kept < CERTIFICATES_MAX; i++) {
        struct store_certificate *one = &list[kept];

        if (!shown[i].cert->sha256 || is_listed(list, kept, &shown[i]))
            continue;
        *one = (struct store_certificate){.service = shown[i].service,
                                          .host = own(stored, shown[i].host),
                                          .digest = own(stored, shown[i].cert->sha256),
                                          .ends = shown[i].cert->not_after};
        if (!one->host || !one->digest)
            return STS_E_NOMEM;
        kept++;
    }
    stored->check.certificates = list;
    stored->check.certificate_count = kept;
    talloc_free(shown);
    return list ? STS_OK : STS_E_NOMEM;
}

static enum sts_status fill_check(struct stored_check *stored, const struct diagnosis *diagnosis)
{
    size_t count = diagnosis->finding_count;
    struct store_code *codes = talloc_zero_array(stored, struct store_code, (unsigned)count + 1);
    char *facts;
    enum sts_status status = codes ? facts_write(stored, diagnosis->facts, &facts) : STS_E_NOMEM;

    if (status)
        return status;
    for (size_t i = 0; i < count; i++) {
        const struct finding *finding = &diagnosis->findings[i];

        codes[i] = (struct store_code){
            finding_info(finding->code)->name, severity_name(finding->severity),
            own(stored, finding->subject), cause_key(stored, diagnosis, finding)};
        if ((finding->subject && !codes[i].subject) || !codes[i].cause)
            return STS_E_NOMEM;
    }
    stored->check = (struct store_check){.domain = own(stored, diagnosis->facts->domain),
                                         .observed_at = diagnosis->facts->observed_at,
                                         .verdict = verdict_name(diagnosis->verdict),
                                         .posture = posture_name(diagnosis->posture),
                                         .delivery = delivery_name(diagnosis->delivery),
                                         .facts = bytes_of(facts),
                                         .codes = codes,
                                         .code_count = count};
    stored->left_out = diagnosis->facts->observer.left_out_count;
    if (!stored->check.domain)
        return STS_E_NOMEM;
    /* A look that left out handshakes did not see all of a host: the rest would be new later. */
    status = stored->left_out ? STS_OK : fill_certificates(stored, diagnosis->facts);
    if (!status)
        status = earliest_end(stored, diagnosis, &stored->check.cert_ends);
    return status ? status
                  : cause_parts(stored, diagnosis, &stored->check.parts, &stored->check.part_count);
}

static enum sts_status fill_policy(struct stored_check *stored, const struct live_policy *live)
{
    const char **mx;

    if (!live || !live->id)
        return STS_OK;
    mx = talloc_zero_array(stored, const char *, (unsigned)live->mx_count + 1);
    for (size_t i = 0; mx && i < live->mx_count; i++) {
        mx[i] = own(stored, live->mx[i]);
        if (!mx[i])
            return STS_E_NOMEM;
    }
    stored->policy = (struct store_policy){.domain = stored->check.domain,
                                           .id = own(stored, live->id),
                                           .mode = sts_mode_name(live->mode),
                                           .max_age = live->max_age,
                                           .mx = mx,
                                           .mx_count = live->mx_count};
    return mx && stored->policy.id ? STS_OK : STS_E_NOMEM;
}

enum sts_status stored_check_new(TALLOC_CTX *ctx, const struct diagnosis *diagnosis,
                                 struct stored_check **ret)
{
    struct stored_check *stored;
    enum sts_status status;

    *ret = NULL;
    if (!stored_check_is_one(diagnosis))
        return STS_OK;
    stored = talloc_zero(ctx, struct stored_check);
    status = stored ? fill_check(stored, diagnosis) : STS_E_NOMEM;
    if (!status)
        status = fill_policy(stored, diagnosis->policy);
    if (!status)
        status = check_shown_of(stored, diagnosis, &stored->shown);
    if (status)
        TALLOC_FREE(stored);
    *ret = stored;
    return status;
}

/* ---- written --------------------------------------------------------------------------------- */

static enum sts_status write_all(struct store *store, void *arg)
{
    struct stored_check *stored = arg;
    struct store_shown before;
    enum sts_status status = store_shown(store, stored->check.domain, &before);

    if (!status)
        status = store_number_check(store, &stored->check, &stored->seq);
    if (!status && stored->policy.id)
        status = store_policy_seen(store, &stored->policy, stored->check.observed_at);
    if (status)
        return status;
    return change_log_write(store, &stored->check, stored->seq, &stored->shown, &before);
}

enum sts_status stored_check_write(struct store *store, const struct stored_check *check,
                                   int64_t *ret_seq)
{
    struct stored_check copy = *check;
    enum sts_status status = store_batch(store, write_all, &copy);

    if (!status)
        *ret_seq = copy.seq;
    return status;
}

struct numbers {
    int64_t *list;
    size_t count;
    bool no_memory;
};

static bool note_number(void *arg, const struct store_check *check)
{
    struct numbers *numbers = arg;
    int64_t *place = array_grow(NULL, &numbers->list, &numbers->count, sizeof(*place));

    if (place)
        *place = check->seq;
    numbers->no_memory |= !place;
    return place;
}

/* Did it leave out as much?  One that cannot be read is none of ours. */
static enum sts_status is_alike(struct store *store, int64_t seq, size_t left_out, bool *ret)
{
    TALLOC_CTX *unit = talloc_new(NULL);
    struct store_check *check = NULL;
    struct facts *facts = NULL;
    enum sts_status status = unit ? store_check_numbered(store, unit, seq, &check) : STS_E_NOMEM;
    char *why;

    if (!status && check)
        status = facts_read(unit, check->facts.data, check->facts.length, &facts, &why);
    *ret = !status && facts && facts->observer.left_out_count == left_out;
    talloc_free(unit);
    return status == STS_E_INVALID ? STS_OK : status;
}

enum sts_status stored_check_write_once(struct store *store, const struct stored_check *check,
                                        int64_t since)
{
    struct numbers numbers = {.list = NULL};
    bool alike = false;
    enum sts_status status =
        store_history(store, check->check.domain, since, note_number, &numbers);
    int64_t seq;

    if (numbers.no_memory)
        status = STS_E_NOMEM;
    for (size_t i = numbers.count; !status && !alike && i > 0; i--)
        status = is_alike(store, numbers.list[i - 1], check->left_out, &alike);
    talloc_free(numbers.list);
    return status || alike ? status : stored_check_write(store, check, &seq);
}

enum sts_status stored_check_put(struct store *store, const struct diagnosis *diagnosis)
{
    struct stored_check *check = NULL;
    enum sts_status status = stored_check_new(NULL, diagnosis, &check);
    int64_t seq;

    if (!status && check)
        status = stored_check_write(store, check, &seq);
    talloc_free(check);
    return status;
}
