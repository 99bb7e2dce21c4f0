/* SPDX-License-Identifier: MIT */
/* report_key.c - what makes two reports the same, and what makes one a revision of the other.
 *
 * Two FNV-1a sums of 64 bits.  They need not withstand an attacker: whoever forges a collision
 * replaces a report he has written himself. */
#include "sts/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sum {
    uint64_t a, b;
};

static const struct sum sum_begin = {0xcbf29ce484222325u, 0x9ae16a3b2f90404fu};

static void add_bytes(struct sum *sum, const void *data, size_t length)
{
    const unsigned char *byte = data;

    for (size_t i = 0; i < length; i++) {
        sum->a = (sum->a ^ byte[i]) * 0x100000001b3u;
        sum->b = (sum->b ^ byte[i] ^ sum->a >> 57) * 0x9e3779b97f4a7c15u;
    }
}

/* NULL differs from "". */
static void add_text(struct sum *sum, const char *text)
{
    add_bytes(sum, text ? text : "\1", text ? strlen(text) + 1 : 2);
}

static void add_number(struct sum *sum, int64_t number)
{
    add_bytes(sum, &number, sizeof(number));
}

static void finish(const struct sum *sum, char text[STS_REPORT_FINGERPRINT_SIZE])
{
    snprintf(text, STS_REPORT_FINGERPRINT_SIZE, "%016" PRIx64 "%016" PRIx64, sum->a, sum->b);
}

/* ---- content --------------------------------------------------------------------------------- */

static void add_detail(struct sum *sum, const struct sts_report_detail *detail)
{
    add_text(sum, detail->result_type);
    add_text(sum, detail->sending_ip);
    add_text(sum, detail->mx);
    add_text(sum, detail->helo);
    add_text(sum, detail->receiving_ip);
    add_text(sum, detail->reason);
    add_text(sum, detail->info);
    add_number(sum, detail->sessions);
}

static void add_policy(struct sum *sum, const struct sts_report_policy *policy)
{
    add_text(sum, policy->type);
    add_text(sum, policy->domain);
    add_number(sum, policy->successful);
    add_number(sum, policy->failed);
    for (size_t i = 0; i < policy->string_count; i++)
        add_text(sum, policy->strings[i]);
    for (size_t i = 0; i < policy->mx_count; i++)
        add_text(sum, policy->mx[i]);
    for (size_t i = 0; i < policy->detail_count; i++)
        add_detail(sum, &policy->details[i]);
}

/* The range as the sender wrote it: the same report may come again under a file name that tells
 * less, or more. */
static void add_head(struct sum *sum, const struct sts_report *report)
{
    bool begins = report->begin_known && !report->begin_inferred;
    bool ends = report->end_known && !report->end_inferred;

    add_text(sum, report->sender);
    add_text(sum, report->id);
    add_number(sum, begins ? report->begin : INT64_MIN);
    add_number(sum, ends ? report->end : INT64_MIN);
}

void sts_report_fingerprint(const struct sts_report *report,
                            char fingerprint[STS_REPORT_FINGERPRINT_SIZE])
{
    struct sum sum = sum_begin;

    add_head(&sum, report);
    add_text(&sum, report->contact);
    for (size_t i = 0; i < report->policy_count; i++)
        add_policy(&sum, &report->policies[i]);
    finish(&sum, fingerprint);
}

/* ---- key ------------------------------------------------------------------------------------- */

static int by_name(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;

    return strcmp(*a, *b);
}

void report_sort_domains(struct sts_report *report)
{
    if (!report->domains)
        report->domains = talloc_array(report, const char *, report->policy_count + 1);
    if (!report->domains) {
        report->no_memory = true;
        return;
    }
    report->domain_count = 0;
    for (size_t i = 0; i < report->policy_count; i++)
        if (report->policies[i].domain)
            report->domains[report->domain_count++] = report->policies[i].domain;
    if (report->domain_count)
        qsort(report->domains, report->domain_count, sizeof(*report->domains), by_name);
}

/* The set of the domains: neither order nor number matters. */
static void add_domains(struct sum *sum, const struct sts_report *report)
{
    const char *const *names = report->domains;

    for (size_t i = 0; i < report->domain_count; i++)
        if (!i || strcmp(names[i], names[i - 1]) != 0)
            add_text(sum, names[i]);
}

void sts_report_key(const struct sts_report *report, char key[STS_REPORT_FINGERPRINT_SIZE])
{
    struct sum sum = sum_begin;

    if (!report->id) { /* nothing tells two of a day apart but what they say */
        sts_report_fingerprint(report, key);
        return;
    }
    add_head(&sum, report);
    add_domains(&sum, report);
    finish(&sum, key);
}
