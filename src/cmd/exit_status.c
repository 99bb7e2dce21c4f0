/* SPDX-License-Identifier: MIT */
/* exit_status.c - from findings to an exit status, by the convention of monitoring plugins. */
#include "cmd/exit_status.h"

static int exit_of(enum severity severity, enum severity fail_on)
{
    int status = severity_exit(severity);

    /* What could not be judged is no matter of degree. */
    if (severity == SEVERITY_UNKNOWN || fail_on == SEVERITY_NONE)
        return status;
    if (severity < fail_on)
        return 0;
    return status ? status : 1;
}

int exit_status_worse(int a, int b)
{
    static const int order[] = {EXIT_INTERNAL, EXIT_LATER, EXIT_USAGE, 2, EXIT_UNKNOWN, 1};

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        if (a == order[i] || b == order[i])
            return order[i];
    }
    return 0;
}

int exit_status_of(const struct finding *findings, size_t count, enum severity fail_on)
{
    int worst = 0;

    for (size_t i = 0; i < count; i++)
        worst = exit_status_worse(worst, exit_of(findings[i].severity, fail_on));
    return worst;
}
