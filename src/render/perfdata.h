/* SPDX-License-Identifier: MIT */
/* perfdata.h - performance data as the Monitoring Plugins Development Guidelines have it:
 * 'label'=value[UOM];[warn];[crit];[min];[max], with blanks between. */
#ifndef RENDER_PERFDATA_H
#define RENDER_PERFDATA_H

#include <talloc.h>

struct perfdatum {
    const char *label;       /* any text */
    const char *value;       /* "-?[0-9.]+" */
    const char *unit;        /* "s"; NULL: none */
    const char *warn, *crit; /* ranges; NULL: none */
    const char *min, *max;   /* NULL: none */
};

/* Without blanks around it; owned by ctx; NULL: no memory. */
char *perfdata_text(TALLOC_CTX *ctx, const struct perfdatum *datum);

#endif
