/* SPDX-License-Identifier: MIT */
/* report_beside.h - the domains of reports checked beside them (report --check, --from). */
#ifndef CMD_REPORT_BESIDE_H
#define CMD_REPORT_BESIDE_H

#include <stdbool.h>

#include <talloc.h>

#include "app/report_checks.h"
#include "cmd/options.h"
#include "reports/reports.h"

struct report_beside {
    const struct options *options;
    TALLOC_CTX *ctx; /* owns the checks */
    struct report_checks checks;
    bool blindness_said;
};

/* Of each domain one, as far as the options ask for it.  An exit status. */
int report_beside_run(struct report_beside *beside, const struct tally *tally);

#endif
