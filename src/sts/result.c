/* SPDX-License-Identifier: MIT */
/* result.c - result types of TLS reports, and what a sending MTA saw. */
#include "mtasts/result.h"

#include <string.h>

#include "mtasts/report.h"

static const struct {
    const char *name;
    enum sts_stage stage;
} results[STS_RESULT_COUNT] = {
#define X(symbol, name, stage) [STS_RESULT_##symbol] = {(name), STS_STAGE_##stage},
    STS_RESULTS(X)
#undef X
};

static const struct {
    const char *name;
    enum sts_result result;
} outcomes[STS_OUTCOME_COUNT] = {
#define X(symbol, name, result) [STS_OUTCOME_##symbol] = {(name), STS_RESULT_##result},
    STS_OUTCOMES(X)
#undef X
};

enum sts_result sts_outcome_result(enum sts_outcome outcome)
{
    return (unsigned)outcome < STS_OUTCOME_COUNT ? outcomes[outcome].result : STS_RESULT_NONE;
}

bool sts_outcome_counts(enum sts_outcome outcome)
{
    return outcome == STS_OUTCOME_SUCCESS || sts_outcome_result(outcome) != STS_RESULT_NONE;
}

enum sts_stage sts_result_stage(enum sts_result result)
{
    return (unsigned)result < STS_RESULT_COUNT ? results[result].stage : STS_STAGE_NONE;
}

const char *sts_outcome_name(enum sts_outcome outcome)
{
    return (unsigned)outcome < STS_OUTCOME_COUNT ? outcomes[outcome].name : "unknown";
}

const char *sts_result_name(enum sts_result result)
{
    return (unsigned)result < STS_RESULT_COUNT ? results[result].name : NULL;
}

enum sts_result sts_result_of(const char *name)
{
    for (int i = STS_RESULT_NONE + 1; name && i < STS_RESULT_COUNT; i++)
        if (!strcmp(results[i].name, name))
            return (enum sts_result)i;
    return STS_RESULT_NONE;
}

bool sts_result_type_known(const char *result_type)
{
    return sts_result_of(result_type) != STS_RESULT_NONE;
}
