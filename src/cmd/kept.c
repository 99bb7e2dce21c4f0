/* SPDX-License-Identifier: MIT */
/* kept.c - reports out of the store. */
#include "cmd/kept.h"

#include <string.h>

#include "base/i18n.h"
#include "intake/parser.h"
#include "dkim/signature.h"

struct reader {
    const struct intake_sink *sink;
    struct intake_result *result;
    bool aligned;
};

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
    struct reader *reader = arg;
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

enum sts_status kept_reports(struct store *store, const struct wanted *wanted, bool aligned,
                             const struct intake_sink *sink, struct intake_result *result)
{
    struct reader reader = {sink, result, aligned};
    enum sts_status status =
        store_reports(store, *wanted->domain ? wanted->domain : NULL, wanted->since, take, &reader);

    parser_drain(sink->parser);
    return status;
}
