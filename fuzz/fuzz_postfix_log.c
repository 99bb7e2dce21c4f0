/* SPDX-License-Identifier: MIT */
/* fuzz_postfix_log.c - any log: what a line says stays inside the line, and days add up. */
#include <stdint.h>
#include <string.h>

#include "collect/audit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct audit *audit = audit_new(NULL);
    const char *at = (const char *)data, *end = at + size;
    const struct audit_day *days;
    int64_t reported = 0, seen = 0;
    size_t count;

    while (audit && at < end) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        struct bytes line = {at, (size_t)((next ? next : end) - at)};
        struct postfix_log_line read = postfix_log_read(line, INT64_C(1796000000));

        if (read.domain.length && (read.domain.data < line.data ||
                                   read.domain.data + read.domain.length > line.data + line.length))
            __builtin_trap();
        if (audit_line(audit, line, INT64_C(1796000000)) == STS_OK)
            seen += read.kind == POSTFIX_LOG_REPORTED;
        at = next ? next + 1 : end;
    }
    days = audit ? audit_days(audit, &count) : NULL;
    for (size_t i = 0; days && i < count; i++)
        reported += days[i].reported;
    if (reported < seen)
        __builtin_trap();
    talloc_free(audit);
    return 0;
}
