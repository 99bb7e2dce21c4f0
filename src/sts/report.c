/* SPDX-License-Identifier: MIT */
/* report.c - a TLS report (RFC 8460 section 4): its life, its getters, its notes. */
#include "sts/report.h"

#include <string.h>

#include "base/ascii.h"
#include "base/hname.h"
#include "base/text.h"
#include "mtasts/match.h"

#define BLOCK_MAX 65536u /* bytes of texts packed together */

/* ---- while it is read ------------------------------------------------------------------------ */

static char *text_room(struct sts_report *report, size_t size)
{
    char *room;

    if (size > BLOCK_MAX / 4)
        return talloc_size(report, size);
    if (size > report->block_left) {
        report->block_size = report->block_size < size ? BLOCK_MAX : report->block_size;
        report->block = talloc_size(report, report->block_size);
        report->block_left = report->block ? report->block_size : 0;
    }
    if (size > report->block_left)
        return NULL;
    room = report->block;
    report->block += size;
    report->block_left -= size;
    return room;
}

const char *report_text(struct sts_report *report, struct bytes text)
{
    bool plain = text_is_utf8(text.data, text.length) && !memchr(text.data, 0, text.length);
    char *copy = plain ? text_room(report, text.length + 1)
                       : text_printable(report, text.data, text.length, 0);

    if (copy && plain) {
        memcpy(copy, text.data, text.length);
        copy[text.length] = '\0';
    }
    if (copy)
        return copy;
    report->no_memory = true;
    return "";
}

void report_note(struct sts_report *report, enum sts_deviation code, const char *path,
                 struct bytes found)
{
    struct sts_report_note *notes;

    if (report->note_total++ >= STS_REPORT_NOTES_MAX)
        return;
    if (report->note_count % 8 == 0) {
        notes =
            talloc_realloc(report, report->notes, struct sts_report_note, report->note_count + 8);
        if (!notes) {
            report->no_memory = true;
            return;
        }
        report->notes = notes;
    }
    notes = &report->notes[report->note_count++];
    *notes = (struct sts_report_note){.code = code, .path = talloc_strdup(report, path)};
    if (found.data)
        notes->found = text_printable(report, found.data, found.length, REPORT_FOUND_MAX);
    if (!notes->path || (found.data && !notes->found)) {
        report->note_count--;
        report->no_memory = true;
    }
}

const char *report_domain(struct sts_report *report, const char *path, struct bytes text)
{
    const char *given = report_text(report, text);
    char name[STS_NAME_SIZE];
    enum sts_status status = sts_name_from_user(given, name);

    report->no_memory = report->no_memory || status == STS_E_NOMEM;
    if (status != STS_OK) {
        report_note(report, STS_DEVIATION_DOMAIN_INVALID, path, text);
        return given;
    }
    if (strcmp(name, given) == 0)
        return given;
    report_note(report, STS_DEVIATION_DOMAIN_FORM, path, text);
    return report_text(report, bytes_of(name));
}

int64_t report_sum(int64_t a, int64_t b)
{
    return a > INT64_MAX - b ? INT64_MAX : a + b;
}

/* ---- from text to report --------------------------------------------------------------------- */

/* One UTF-16 unit; surrogates become bytes that are no UTF-8, and are noted as such. */
static size_t put_utf8(char *out, unsigned unit)
{
    if (unit < 0x80) {
        out[0] = (char)unit;
        return 1;
    }
    if (unit < 0x800) {
        out[0] = (char)(0xc0 | unit >> 6);
        out[1] = (char)(0x80 | (unit & 0x3f));
        return 2;
    }
    out[0] = (char)(0xe0 | unit >> 12);
    out[1] = (char)(0x80 | (unit >> 6 & 0x3f));
    out[2] = (char)(0x80 | (unit & 0x3f));
    return 3;
}

/* UTF-16 as some Windows tools save it; the text itself where it is none. */
static struct bytes from_utf16(struct sts_report *report, struct bytes text, bool *ret_was)
{
    bool big = bytes_begin(text, "\xfe\xff") || (text.length > 1 && !text.data[0]);
    size_t length = 0;
    char *utf8;

    *ret_was = text.length > 3 && (big || bytes_begin(text, "\xff\xfe") || !text.data[1]);
    if (!*ret_was)
        return text;
    utf8 = talloc_array(report, char, text.length / 2 * 3);
    if (!utf8) {
        report->no_memory = true;
        return text;
    }
    for (size_t at = 0; at + 1 < text.length; at += 2) {
        unsigned high = (unsigned char)text.data[big ? at : at + 1];
        unsigned low = (unsigned char)text.data[big ? at + 1 : at];

        if ((high << 8 | low) != 0xfeff)
            length += put_utf8(utf8 + length, high << 8 | low);
    }
    return (struct bytes){utf8, length};
}

static void note_extent(struct sts_report *report, const struct report_extent *extent, bool utf16)
{
    const struct {
        bool is;
        enum sts_deviation code;
    } rows[] = {
        {extent->bom && !utf16, STS_DEVIATION_JSON_BOM},
        {utf16, STS_DEVIATION_JSON_UTF16},
        {extent->wrapped, STS_DEVIATION_JSON_WRAPPED},
        {extent->several, STS_DEVIATION_JSON_SEVERAL},
        {extent->trailing, STS_DEVIATION_JSON_TRAILING},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].is)
            report_note(report, rows[i].code, "", (struct bytes){0});
}

static enum sts_status status_of(const struct sts_report *report, enum sts_report_fault fault)
{
    if (report->no_memory)
        return STS_E_NOMEM;
    switch (fault) {
    case STS_REPORT_FAULT_NONE:
        return STS_OK;
    case STS_REPORT_FAULT_TOO_LARGE:
    case STS_REPORT_FAULT_TOO_DEEP:
    case STS_REPORT_FAULT_TOO_MANY:
        return STS_E_LIMIT;
    default:
        return STS_E_INVALID;
    }
}

static enum sts_report_fault read_text(struct sts_report *report, struct bytes text,
                                       const struct sts_report_origin *origin, size_t *ret_used)
{
    static const struct sts_report_origin nothing;
    bool utf16;
    struct bytes utf8 = from_utf16(report, text, &utf16);
    struct report_extent extent = report_extent(utf8);
    enum sts_report_fault fault = extent.fault;

    *ret_used = utf16 ? text.length : extent.used;
    if (fault == STS_REPORT_FAULT_NONE)
        fault = report_read_json(report, extent.object, extent.colons);
    if (fault != STS_REPORT_FAULT_NONE)
        return fault;
    note_extent(report, &extent, utf16);
    report_infer(report, origin ? origin : &nothing);
    report_judge(report);
    report_sort_domains(report);
    return fault;
}

enum sts_status sts_report_parse(const char *text, size_t length,
                                 const struct sts_report_origin *origin, size_t *ret_used,
                                 enum sts_report_fault *ret_fault, struct sts_report **ret)
{
    struct sts_report *report;
    enum sts_status status;

    *ret_used = 0;
    *ret_fault = STS_REPORT_FAULT_TOO_LARGE;
    if (length > STS_REPORT_MAX)
        return STS_E_LIMIT;
    *ret_fault = STS_REPORT_FAULT_NONE;
    /* Most reports fit into a block hardly larger than their text: one allocation for all of it. */
    report = talloc_pooled_object(NULL, struct sts_report, 16,
                                  length < BLOCK_MAX ? length + length / 4 + 1024 : BLOCK_MAX);
    if (!report)
        return STS_E_NOMEM;
    memset(report, 0, sizeof(*report));
    report->block_size = length < BLOCK_MAX ? length / 2 + 64 : BLOCK_MAX;
    *ret_fault = read_text(report, (struct bytes){text, length}, origin, ret_used);
    status = status_of(report, *ret_fault);
    if (status == STS_OK)
        *ret = report;
    else
        talloc_free(report);
    return status;
}

void sts_report_free(struct sts_report *report)
{
    talloc_free(report);
}

/* ---- getters --------------------------------------------------------------------------------- */

const char *sts_report_organization(const struct sts_report *report)
{
    return report->organization;
}

const char *sts_report_contact(const struct sts_report *report)
{
    return report->contact;
}

const char *sts_report_id(const struct sts_report *report)
{
    return report->id;
}

const char *sts_report_sender(const struct sts_report *report)
{
    return report->sender;
}

bool sts_report_range(const struct sts_report *report, int64_t *ret_begin, int64_t *ret_end)
{
    if (!report->begin_known || !report->end_known)
        return false;
    *ret_begin = report->begin;
    *ret_end = report->end;
    return true;
}

bool report_is_on(const struct sts_report_policy *policy, const char *domain)
{
    return policy->domain &&
           (!strcmp(policy->domain, domain) || !strcmp(policy->recipient, domain));
}

void report_keep_domain(struct sts_report *report, const char *domain)
{
    size_t kept = 0;

    for (size_t i = 0; i < report->policy_count; i++)
        if (report_is_on(&report->policies[i], domain))
            report->policies[kept++] = report->policies[i];
    report->policy_count = kept;
    report_sort_domains(report); /* there is room: there are no more than before */
}

const struct sts_report_policy *sts_report_policies(const struct sts_report *report,
                                                    size_t *ret_count)
{
    *ret_count = report->policy_count;
    return report->policies;
}

const struct sts_report_note *sts_report_notes(const struct sts_report *report, size_t *ret_count,
                                               size_t *ret_total)
{
    *ret_count = report->note_count;
    if (ret_total)
        *ret_total = report->note_total;
    return report->notes;
}

/* ---- sessions -------------------------------------------------------------------------------- */

void report_sessions_add(struct report_sessions *sessions, const char *type, int64_t successful,
                         int64_t failed)
{
    int kind = type && !strcmp(type, "sts") ? 0 : type && !strcmp(type, "tlsa") ? 1 : 2;

    sessions->successful[kind] = report_sum(sessions->successful[kind], successful);
    sessions->failed[kind] = report_sum(sessions->failed[kind], failed);
}

int64_t report_sessions_total(const int64_t sums[3])
{
    return report_sum(sums[0] > sums[1] ? sums[0] : sums[1], sums[2]);
}

static bool same_domain(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

void sts_report_sessions(const struct sts_report *report, const char *domain,
                         int64_t *ret_successful, int64_t *ret_failed)
{
    struct report_sessions sessions = {0};

    for (size_t i = 0; i < report->policy_count; i++) {
        const struct sts_report_policy *policy = &report->policies[i];

        if (same_domain(policy->recipient, domain))
            report_sessions_add(&sessions, policy->type, policy->successful, policy->failed);
    }
    *ret_successful = report_sessions_total(sessions.successful);
    *ret_failed = report_sessions_total(sessions.failed);
}
