/* SPDX-License-Identifier: MIT */
/* stored_reports.c - reports on their way into the store, and out of it again. */
#include "history/stored_reports.h"

#include <string.h>

#include "base/i18n.h"
#include "dkim/signature.h"
#include "history/report_parts.h"
#include "intake/parser.h"

/* ---- what deviates in the wrapping, by names ------------------------------------------------- */

/* "zip forwarded"; NULL: nothing deviates. */
static const char *wrapping_of(TALLOC_CTX *ctx, unsigned deviations)
{
    char *names = NULL;

    for (int i = 0; i < INTAKE_DEVIATION_COUNT; i++)
        if (deviations & 1u << i)
            names = names ? talloc_asprintf_append(names, " %s",
                                                   intake_deviation_name((enum intake_deviation)i))
                          : talloc_strdup(ctx, intake_deviation_name((enum intake_deviation)i));
    return names;
}

static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);

    while (words && *words) {
        size_t next = strcspn(words, " ");

        if (next == length && memcmp(words, word, length) == 0)
            return true;
        words += next + (words[next] == ' ');
    }
    return false;
}

static unsigned deviations_of(const char *wrapping)
{
    unsigned deviations = 0;

    for (int i = 0; i < INTAKE_DEVIATION_COUNT; i++)
        if (has_word(wrapping, intake_deviation_name((enum intake_deviation)i)))
            deviations |= 1u << i;
    return deviations;
}

/* ---- in ----------------------------------------------------------------------------------------
 */

static struct store_origin origin_of(TALLOC_CTX *ctx, const struct intake_source *source)
{
    const struct sts_report_origin *origin = source->origin;

    return (struct store_origin){source->part,
                                 wrapping_of(ctx, source->deviations),
                                 origin->file_name,
                                 origin->header_domain,
                                 origin->header_submitter,
                                 origin->subject};
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* ---- what somebody may count -------------------------------------------------------------------
 */

/* The domains that its policies are for, where one of them names another. */
static enum sts_status name_recipients(TALLOC_CTX *ctx, const struct sts_report *report,
                                       struct store_report *stored)
{
    size_t count;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);
    const char **names = talloc_array(ctx, const char *, (unsigned)count + 1);
    bool others = false;

    if (!names)
        return STS_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        names[i] = or_empty(policies[i].recipient);
        others |= strcmp(names[i], or_empty(policies[i].domain)) != 0;
    }
    stored->recipients = names;
    stored->recipient_count = others ? count : 0;
    return STS_OK;
}

/* Takes the domain from what they may not count. */
static void withhold(struct store_report_parts *parts, const char *name)
{
    for (size_t i = 0; i < parts->failure_count; i++)
        if (parts->failures[i].domain && strcmp(parts->failures[i].domain, name) == 0)
            parts->failures[i].domain = NULL;
    for (size_t i = 0; i < parts->policy_count; i++)
        if (parts->policies[i].domain && strcmp(parts->policies[i].domain, name) == 0)
            parts->policies[i].domain = NULL;
}

static enum sts_status withhold_unseen(struct store *store, const struct store_sight *sight,
                                       struct store_report_parts *parts, bool *ret_any)
{
    enum sts_status status = STS_OK;

    for (size_t i = 0; status == STS_OK && i < parts->policy_count; i++) {
        const char *name = parts->policies[i].domain;
        bool seen = true;

        if (name)
            status = store_sees_domain(store, sight, name, &seen);
        if (status == STS_OK && !seen)
            withhold(parts, name);
        *ret_any |= !seen;
    }
    return status;
}

/* Copies and revisions are told apart by key and fingerprint, whose digits are as many as a hash
 * has bytes.  No mail was sent after it came: what date it bears is up to whoever wrote it. */
static enum sts_status put(struct store *store, TALLOC_CTX *ctx, const struct sts_report *report,
                           const struct intake_source *source, int64_t received_at,
                           const struct store_sight *sight, enum store_added *ret_added)
{
    char key[STS_REPORT_FINGERPRINT_SIZE], print[STS_REPORT_FINGERPRINT_SIZE];
    struct store_report_parts parts;
    enum sts_status status = report_parts(ctx, report, &parts);
    struct store_report stored = {
        .submitter = or_empty(sts_report_sender(report)),
        .report_id = or_empty(sts_report_id(report)),
        .domains_hash = (const uint8_t *)key,
        .content_hash = (const uint8_t *)print,
        .raw = source->text,
        .received_at = received_at,
        .mailed_at = source->received < received_at ? source->received : received_at,
        .source = source->path,
        .trust = source->trust,
        .trust_better = signature_level_is_better,
        .origin = origin_of(ctx, source),
    };

    _Static_assert(sizeof key > STORE_HASH_SIZE, "digits fill a hash");
    if (!status)
        status = name_recipients(ctx, report, &stored);
    if (!status && sight)
        status = withhold_unseen(store, sight, &parts, &stored.partial);
    if (status)
        return status;
    stored.sender = parts.sender;
    stored.policies = parts.policies;
    stored.policy_count = parts.policy_count;
    stored.failures = parts.failures;
    stored.failure_count = parts.failure_count;
    sts_report_key(report, key);
    sts_report_fingerprint(report, print);
    if (!sts_report_range(report, &stored.begins, &stored.ends)) {
        stored.begins = STORE_RANGE_BEGINS;
        stored.ends = STORE_RANGE_ENDS;
    }
    return store_add_report(store, &stored, ret_added);
}

enum sts_status stored_report_put_seen(struct store *store, const struct sts_report *report,
                                       const struct intake_source *source, int64_t received_at,
                                       const struct store_sight *sight, enum store_added *ret_added)
{
    TALLOC_CTX *work = talloc_new(store);
    enum sts_status status =
        work ? put(store, work, report, source, received_at, sight, ret_added) : STS_E_NOMEM;

    talloc_free(work);
    return status;
}

enum sts_status stored_report_put(struct store *store, const struct sts_report *report,
                                  const struct intake_source *source, int64_t received_at,
                                  enum store_added *ret_added)
{
    return stored_report_put_seen(store, report, source, received_at, NULL, ret_added);
}

/* ---- out ---------------------------------------------------------------------------------------
 */

struct report_reader {
    const struct intake_sink *sink;
    struct intake_result *result;
    bool aligned;
};

/* NULL: it is. */
static const char *why_not_aligned(const char *trust)
{
    enum signature_level found = trust ? signature_level_named(trust) : SIGNATURE_LEVEL_COUNT;

    if (found == SIGNATURE_LEVEL_COUNT)
        return N_("DKIM was not checked when it was stored");
    return found == SIGNATURE_ALIGNED ? NULL : signature_level_text(found);
}

static bool take(void *arg, const struct store_receipt *receipt)
{
    struct report_reader *reader = arg;
    const struct store_origin *from = &receipt->origin;
    struct sts_report_origin origin = {from->header_domain, from->header_submitter, from->subject,
                                       from->file_name};
    struct intake_source source = {.path = receipt->source ? receipt->source : "",
                                   .part = from->part,
                                   .received = receipt->mailed_at,
                                   .deviations = deviations_of(from->wrapping),
                                   .text = receipt->raw,
                                   .origin = &origin,
                                   .rejections = 1,
                                   .trust = receipt->trust};
    const char *why = reader->aligned ? why_not_aligned(receipt->trust) : NULL;

    if (why) {
        source.trust = source.trust ? source.trust : "";
        reader->sink->rejected(reader->sink->arg, &source, why, NULL);
        return true;
    }
    parser_take_kept(reader->sink->parser, reader->sink, &source, reader->result);
    return !reader->result->no_memory;
}

enum sts_status stored_reports_read(struct store *store, const struct report_filter *filter,
                                    bool aligned, const struct intake_sink *sink,
                                    struct intake_result *result)
{
    struct report_reader reader = {sink, result, aligned};
    enum sts_status status =
        store_reports(store, *filter->domain ? filter->domain : NULL, filter->since, take, &reader);

    parser_drain(sink->parser);
    return status;
}
