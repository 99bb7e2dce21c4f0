/* SPDX-License-Identifier: MIT */
/* fuzz_wire.c - what a parser that has been taken over may send for a report: refused, or a report
 * that can be used, and that is written as it was read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "intake/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void use(const struct sts_report *report)
{
    char text[STS_REPORT_FINGERPRINT_SIZE];
    int64_t successful, failed;
    size_t count;

    sts_report_key(report, text);
    sts_report_fingerprint(report, text);
    sts_report_sessions(report, "d.example", &successful, &failed);
    demand(successful >= 0 && failed >= 0);
    (void)sts_report_notes(report, &count, NULL);
    demand(count <= STS_REPORT_NOTES_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* its own block, so that reading behind the end is seen */
    char *copy = talloc_memdup(NULL, data, size);
    struct wire_in in = {copy, copy + size, false};
    struct sts_report *report = wire_report(NULL, &in);
    struct wire_out out = {0};

    demand(report || in.wrong);
    if (report) {
        use(report);
        wire_put_report(&out, report);
        demand(out.length == (size_t)(in.at - copy) && memcmp(out.data, copy, out.length) == 0);
    }
    free(out.data);
    talloc_free(report);
    talloc_free(copy);
    return 0;
}
