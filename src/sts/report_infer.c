/* SPDX-License-Identifier: MIT */
/* report_infer.c - what a sender left out and something beside the report tells: the mail's header
 * and subject, the file name, the report-id. */
#include "sts/report.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/hname.h"
#include "base/scanner.h"
#include "mtasts/match.h"

#define DAY 86400

/* sender!policy-domain!begin!end[!unique-id].json[.gz] */
struct file_name {
    struct bytes part[4];
    bool whole; /* all four, and both times are numbers */
    int64_t begin, end;
};

/* A host name with a dot in it: "hash" is none, "example.com" is. */
static bool is_domain(struct bytes text)
{
    return hname_valid(text) && bytes_find_char(text, '.') > 0;
}

static bool take_epoch(struct bytes text, int64_t *ret)
{
    struct scanner scanner = scanner_begin(text);

    *ret = scanner_number(&scanner, 1, 12);
    return !scanner.failed && (scanner_at_end(&scanner) || scanner_peek(&scanner) == '.');
}

static struct file_name split_file_name(const char *name)
{
    struct file_name file = {0};
    struct scanner scanner = scanner_begin(bytes_of(name ? name : ""));
    size_t count = 0;

    while (count < 4 && !scanner_at_end(&scanner)) {
        file.part[count++] = scanner_until(&scanner, '!');
        scanner_try(&scanner, '!');
    }
    file.whole =
        count == 4 && take_epoch(file.part[2], &file.begin) && take_epoch(file.part[3], &file.end);
    return file;
}

/* ---- the policy domain ----------------------------------------------------------------------- */

static struct bytes from_header(const struct sts_report_origin *origin)
{
    return bytes_trim(bytes_of(origin->header_domain ? origin->header_domain : ""));
}

/* "Report Domain: example.com Submitter: ..." */
static struct bytes from_subject(const struct sts_report_origin *origin)
{
    static const char word[] = "report domain:";
    struct bytes subject = bytes_of(origin->subject ? origin->subject : "");
    long at = bytes_find_nocase(subject, word);
    size_t end = 0;

    if (at < 0)
        return (struct bytes){"", 0};
    subject = bytes_trim(bytes_from(subject, (size_t)at + strlen(word)));
    while (end < subject.length && !ascii_is_space((unsigned char)subject.data[end]))
        end++;
    return (struct bytes){subject.data, end};
}

/* "2024-01-01T00:00:00Z_example.com", "133...+example.com", "20240101.example.com@sender" */
static struct bytes from_report_id(const struct sts_report *report)
{
    struct bytes id = bytes_of(report->id ? report->id : ""), tail = {"", 0};
    struct scanner scanner = scanner_begin(id);
    long at;

    for (size_t i = 0; i < id.length; i++)
        if (id.data[i] == '_' || id.data[i] == '+' || id.data[i] == '!')
            tail = bytes_from(id, i + 1);
    if (!tail.length) {
        scanner_number(&scanner, 8, 8);
        scanner_expect(&scanner, '.');
        if (!scanner.failed && bytes_find_char(id, '@') > 0)
            tail = bytes_from(id, scanner.at);
    }
    at = bytes_find_char(tail, '@');
    if (at >= 0)
        tail.length = (size_t)at;
    return tail;
}

/* The domain that the other policies name, if they name one only. */
static const char *from_others(const struct sts_report *report)
{
    const char *only = NULL;

    for (size_t i = 0; i < report->policy_count; i++) {
        const char *domain = report->policies[i].domain;

        if (domain && only && strcmp(only, domain) != 0)
            return NULL;
        if (domain)
            only = domain;
    }
    return only;
}

static const char *first_domain(const struct sts_report *report)
{
    for (size_t i = 0; i < report->policy_count; i++)
        if (report->policies[i].domain)
            return report->policies[i].domain;
    return NULL;
}

struct inferred {
    const char *domain;
    enum sts_domain_source source;
};

/* The domain that is named beside the policies; NULL: nowhere. */
static struct inferred told_domain(struct sts_report *report,
                                   const struct sts_report_origin *origin,
                                   const struct file_name *file)
{
    const struct {
        struct bytes text;
        enum sts_domain_source source;
    } places[] = {
        {from_header(origin), STS_DOMAIN_HEADER},
        {from_subject(origin), STS_DOMAIN_SUBJECT},
        {file->part[1].data ? file->part[1] : (struct bytes){"", 0}, STS_DOMAIN_FILE_NAME},
        {from_report_id(report), STS_DOMAIN_REPORT_ID},
    };
    struct inferred found = {NULL, STS_DOMAIN_NOWHERE};
    char name[STS_NAME_SIZE];

    for (size_t i = 0; !found.domain && i < sizeof(places) / sizeof(places[0]); i++) {
        enum sts_status status = is_domain(places[i].text)
                                     ? sts_name_from_user(report_text(report, places[i].text), name)
                                     : STS_E_INVALID;

        report->no_memory = report->no_memory || status == STS_E_NOMEM;
        if (status == STS_OK)
            found = (struct inferred){report_text(report, bytes_of(name)), places[i].source};
    }
    return found;
}

static struct inferred find_domain(struct sts_report *report,
                                   const struct sts_report_origin *origin,
                                   const struct file_name *file)
{
    struct inferred found = {from_others(report), STS_DOMAIN_OTHER_POLICY};

    if (!found.domain)
        found = told_domain(report, origin, file);
    if (!found.domain)
        found = (struct inferred){first_domain(report), STS_DOMAIN_OTHER_POLICY};
    return found;
}

static void infer_domains(struct sts_report *report, const struct sts_report_origin *origin,
                          const struct file_name *file)
{
    struct inferred found = {0};
    bool looked = false;

    for (size_t i = 0; i < report->policy_count; i++) {
        struct sts_report_policy *policy = &report->policies[i];
        char path[64];

        if (policy->domain)
            continue;
        if (!looked)
            found = find_domain(report, origin, file);
        looked = true;
        snprintf(path, sizeof(path), "policies[%zu].policy.policy-domain", i);
        report_note(report,
                    found.domain ? STS_DEVIATION_DOMAIN_INFERRED : STS_DEVIATION_DOMAIN_UNKNOWN,
                    path, bytes_of(found.domain ? found.domain : ""));
        policy->domain_source = found.domain ? found.source : STS_DOMAIN_NOWHERE;
    }
    for (size_t i = 0; looked && i < report->policy_count; i++)
        if (!report->policies[i].domain)
            report->policies[i].domain = found.domain;
}

/* Does a policy of another type name it?  Then mail was sent to it. */
static bool has_other_policy(const struct sts_report *report, const char *domain)
{
    for (size_t i = 0; i < report->policy_count; i++) {
        const struct sts_report_policy *policy = &report->policies[i];

        if (policy->domain && !strcmp(policy->domain, domain) &&
            (!policy->type || strcmp(policy->type, "tlsa") != 0))
            return true;
    }
    return false;
}

/* Under a tlsa policy the domain may be that of the TLSA records, which is the MX host's. */
static void infer_recipients(struct sts_report *report, const struct sts_report_origin *origin,
                             const struct file_name *file)
{
    const char *told = NULL;
    bool looked = false;

    for (size_t i = 0; i < report->policy_count; i++) {
        struct sts_report_policy *policy = &report->policies[i];

        policy->recipient = policy->domain;
        if (!policy->domain || policy->domain_source != STS_DOMAIN_STATED || !policy->type ||
            strcmp(policy->type, "tlsa") != 0 || has_other_policy(report, policy->domain))
            continue;
        if (!looked)
            told = told_domain(report, origin, file).domain;
        looked = true;
        if (told)
            policy->recipient = told;
    }
}

/* ---- what disagrees -------------------------------------------------------------------------- */

static bool names_domain(const struct sts_report *report, struct bytes domain)
{
    for (size_t i = 0; i < report->policy_count; i++)
        if (report->policies[i].domain &&
            (hname_equal(bytes_of(report->policies[i].domain), domain) ||
             hname_equal(bytes_of(report->policies[i].recipient), domain)))
            return true;
    return false;
}

static struct bytes domain_of_contact(const char *contact)
{
    const char *at = contact ? strrchr(contact, '@') : NULL;

    return bytes_of(at ? at + 1 : "");
}

static void compare_header(struct sts_report *report, const struct sts_report_origin *origin)
{
    struct bytes domain = from_header(origin), contact = domain_of_contact(report->contact);
    struct bytes submitter =
        bytes_trim(bytes_of(origin->header_submitter ? origin->header_submitter : ""));

    if (domain.length && !names_domain(report, domain))
        report_note(report, STS_DEVIATION_HEADER_DOMAIN_DIFFERS, "TLS-Report-Domain", domain);
    if (submitter.length && contact.length && !hname_equal(submitter, contact))
        report_note(report, STS_DEVIATION_SUBMITTER_DIFFERS, "TLS-Report-Submitter", submitter);
}

static bool far(int64_t a, int64_t b)
{
    return (a > b ? a - b : b - a) >= DAY;
}

static void compare_file_name(struct sts_report *report, const char *name,
                              const struct file_name *file)
{
    if (!name || !strchr(name, '!'))
        return;
    if (!file->whole) {
        report_note(report, STS_DEVIATION_FILE_NAME_FORM, "", bytes_of(name));
        return;
    }
    if (!names_domain(report, file->part[1]))
        report_note(report, STS_DEVIATION_FILE_DOMAIN_DIFFERS, "", bytes_of(name));
    if (report->begin_known && far(report->begin, file->begin))
        report_note(report, STS_DEVIATION_FILE_RANGE_DIFFERS, "", bytes_of(name));
}

/* From the file name; else a report that only begins is that of one day. */
static void infer_range(struct sts_report *report, const struct file_name *file)
{
    bool day = report->begin_known && !report->end_known;

    if (!file->whole && day) {
        report_note(report, STS_DEVIATION_TIME_INFERRED, "date-range", (struct bytes){0});
        report->end = report->begin + DAY - 1;
        report->end_known = report->end_inferred = true;
    }
    if (!file->whole || (report->begin_known && report->end_known))
        return;
    report_note(report, STS_DEVIATION_TIME_INFERRED, "date-range", (struct bytes){0});
    report->begin_inferred = !report->begin_known;
    report->end_inferred = !report->end_known;
    if (!report->begin_known)
        report->begin = file->begin;
    if (!report->end_known)
        report->end = file->end;
    report->begin_known = report->end_known = true;
}

/* ---- the sender ------------------------------------------------------------------------------ */

static void infer_sender(struct sts_report *report, const struct sts_report_origin *origin)
{
    struct bytes contact = domain_of_contact(report->contact);

    if (contact.length)
        report->sender = report_text(report, contact);
    else if (origin->header_submitter && *origin->header_submitter)
        report->sender = report_text(report, bytes_trim(bytes_of(origin->header_submitter)));
}

void report_infer(struct sts_report *report, const struct sts_report_origin *origin)
{
    struct file_name file = split_file_name(origin->file_name);

    infer_domains(report, origin, &file);
    infer_recipients(report, origin, &file);
    infer_range(report, &file);
    infer_sender(report, origin);
    compare_header(report, origin);
    compare_file_name(report, origin->file_name, &file);
}
