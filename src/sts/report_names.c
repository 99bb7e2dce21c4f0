/* SPDX-License-Identifier: MIT */
/* report_names.c - the stable names of deviations, faults and result types. */
#include "mtasts/report.h"

#include <string.h>

const char *sts_deviation_name(enum sts_deviation code)
{
    static const char *const names[] = {
#define X(symbol, name) [STS_DEVIATION_##symbol] = (name),
        STS_DEVIATIONS(X)
#undef X
    };

    return (unsigned)code < STS_DEVIATION_COUNT ? names[code] : "unknown";
}

const char *sts_report_fault_name(enum sts_report_fault fault)
{
    static const char *const names[] = {
#define X(symbol, name, text) [STS_REPORT_FAULT_##symbol] = (name),
        STS_REPORT_FAULTS(X)
#undef X
    };

    return (unsigned)fault < STS_REPORT_FAULT_COUNT ? names[fault] : "unknown";
}

const char *sts_report_fault_text(enum sts_report_fault fault)
{
    static const char *const texts[] = {
#define X(symbol, name, text) [STS_REPORT_FAULT_##symbol] = (text),
        STS_REPORT_FAULTS(X)
#undef X
    };

    return (unsigned)fault < STS_REPORT_FAULT_COUNT ? texts[fault] : "unknown";
}

bool sts_result_type_known(const char *result_type)
{
    static const char *const known[] = {
        "starttls-not-supported", "certificate-host-mismatch",
        "certificate-expired",    "certificate-not-trusted",
        "validation-failure",     "tlsa-invalid",
        "dnssec-invalid",         "dane-required",
        "sts-policy-fetch-error", "sts-policy-invalid",
        "sts-webpki-invalid",
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(result_type, known[i]) == 0)
            return true;
    return false;
}
