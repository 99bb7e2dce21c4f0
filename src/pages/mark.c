/* SPDX-License-Identifier: MIT */
/* mark.c - classes and words of severities and verdicts. */
#include "pages/mark.h"

#include "base/i18n.h"
#include "render/severity_text.h"

struct mark_page mark_of_severity(enum severity severity)
{
    static const char *const kinds[] = {
        [SEVERITY_NONE] = "good",       [SEVERITY_INFO] = "good", [SEVERITY_LOW] = "warn",
        [SEVERITY_MEDIUM] = "warn",     [SEVERITY_HIGH] = "bad",  [SEVERITY_CRITICAL] = "bad",
        [SEVERITY_UNKNOWN] = "unknown",
    };

    return (struct mark_page){kinds[severity],
                              severity == SEVERITY_NONE ? _("OK") : text_severity(severity)};
}

struct mark_page mark_of_verdict(enum verdict verdict)
{
    static const char *const kinds[] = {
        [VERDICT_OK] = "good",
        [VERDICT_WARNING] = "warn",
        [VERDICT_UNKNOWN] = "unknown",
        [VERDICT_CRITICAL] = "bad",
    };

    return (struct mark_page){kinds[verdict], text_verdict_word(verdict)};
}

struct mark_page mark_of_waiting(void)
{
    return (struct mark_page){"wait", _("running")};
}
