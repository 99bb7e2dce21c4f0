/* SPDX-License-Identifier: MIT */
/* intake_any.h - bytes through the intake, whatever comes of it. */
#ifndef FUZZ_INTAKE_ANY_H
#define FUZZ_INTAKE_ANY_H

#include <stdint.h>
#include <stdlib.h>

#include "intake/intake.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_report(void *arg, struct sts_report *report, const struct intake_source *source)
{
    sts_report_free(report);
    ++*(size_t *)arg;
}

static void fuzz_rejected(void *arg, const struct intake_source *source, const char *why,
                          const char *detail)
{
    if (!why)
        abort();
    ++*(size_t *)arg;
}

/* Nothing goes by in silence: each input is a report or turned away with a reason. */
static inline void fuzz_intake(struct bytes bytes)
{
    size_t told = 0;
    struct intake_sink sink = {fuzz_report, fuzz_rejected, &told};
    struct intake_result result = {0};

    intake_bytes(&sink, "x", bytes, &result);
    if (!told && !result.other_mails && !result.no_memory)
        abort();
}

#endif
