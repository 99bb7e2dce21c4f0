/* SPDX-License-Identifier: MIT */
/* report_names.c - the stable names of deviations, faults and result types. */
#include "mtasts/report.h"

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
