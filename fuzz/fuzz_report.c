/* SPDX-License-Identifier: MIT */
/* fuzz_report.c - the JSON of a TLS report, and all reports behind it in the same text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mtasts/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void check_policy(const struct sts_report_policy *policy)
{
    demand(policy->successful >= 0 && policy->failed >= 0);
    demand((policy->domain != NULL) == (policy->domain_source != STS_DOMAIN_NOWHERE));
    for (size_t i = 0; i < policy->detail_count; i++)
        demand(policy->details[i].sessions >= 0);
}

static void check_report(const struct sts_report *report)
{
    char key[STS_REPORT_FINGERPRINT_SIZE], fingerprint[STS_REPORT_FINGERPRINT_SIZE];
    size_t count, total;
    const struct sts_report_policy *policies = sts_report_policies(report, &count);
    int64_t begin, end, successful, failed;

    for (size_t i = 0; i < count; i++) {
        check_policy(&policies[i]);
        sts_report_sessions(report, policies[i].recipient, &successful, &failed);
        demand(successful >= policies[i].successful && failed >= policies[i].failed);
    }
    sts_report_notes(report, &count, &total);
    demand(count <= STS_REPORT_NOTES_MAX && count <= total);
    demand(!sts_report_range(report, &begin, &end) || begin <= end);
    sts_report_key(report, key);
    sts_report_fingerprint(report, fingerprint);
    demand(strlen(key) == 32 && strlen(fingerprint) == 32);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct sts_report_origin origin = {
        "h.example", "s.example", "Report Domain: s.example",
        "s.example!f.example!1793491200!1793577599.json"};
    struct sts_report *report;
    enum sts_report_fault fault;
    size_t at = 0, used;

    while (at < size && sts_report_parse((const char *)data + at, size - at, &origin, &used, &fault,
                                         &report) == STS_OK) {
        demand(used > 0 && used <= size - at);
        check_report(report);
        sts_report_free(report);
        at += used;
    }
    return 0;
}
