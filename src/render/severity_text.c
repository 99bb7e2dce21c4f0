/* SPDX-License-Identifier: MIT */
/* severity_text.c - severities and verdicts in words. */
#include "render/severity_text.h"

#include "base/i18n.h"

const char *text_severity(enum severity severity)
{
    static const char *const words[] = {
        [SEVERITY_NONE] = N_("none"),
        [SEVERITY_INFO] = N_("info"),
        [SEVERITY_LOW] = N_("low"),
        [SEVERITY_MEDIUM] = N_("medium"),
        [SEVERITY_UNKNOWN] = N_("not judged"),
        [SEVERITY_HIGH] = N_("high"),
        [SEVERITY_CRITICAL] = N_("critical"),
    };

    return _(words[severity]);
}

const char *text_verdict_word(enum verdict verdict)
{
    static const char *const words[] = {
        [VERDICT_OK] = N_("OK"),
        [VERDICT_WARNING] = N_("WARNING"),
        [VERDICT_UNKNOWN] = N_("NOT JUDGED"),
        [VERDICT_CRITICAL] = N_("CRITICAL"),
    };

    return _(words[verdict]);
}

/* ---- in each mode, in as few words as say it ------------------------------------------------- */

enum { ENFORCE = 1, TESTING = 2 };

/* For the modes that share a severity, as bits of enforce, testing and otherwise. */
static char *severity_in(TALLOC_CTX *ctx, const char *word, unsigned modes)
{
    switch (modes) {
    case ENFORCE:
        return talloc_asprintf(ctx, _("%s in enforce"), word);
    case TESTING:
        return talloc_asprintf(ctx, _("%s in testing"), word);
    case ENFORCE | TESTING:
        return talloc_asprintf(ctx, _("%s in enforce and testing"), word);
    default: /* what is left, enforce having been said */
        return talloc_asprintf(ctx, _("%s otherwise"), word);
    }
}

/* Which modes, as bits, have the severity of that one? */
static unsigned modes_like(const enum severity severities[3], size_t mode)
{
    unsigned bits = 0;

    for (size_t i = 0; i < 3; i++)
        if (severities[i] == severities[mode])
            bits |= 1U << i;
    return bits;
}

/* The only severity there is; NONE: there are several. */
static enum severity only_one(const enum severity severities[3])
{
    enum severity only = SEVERITY_NONE;

    for (size_t i = 0; i < 3; i++) {
        if (severities[i] == SEVERITY_NONE || severities[i] == only)
            continue;
        if (only != SEVERITY_NONE)
            return SEVERITY_NONE;
        only = severities[i];
    }
    return only;
}

char *text_severities(TALLOC_CTX *ctx, enum severity enforce, enum severity testing,
                      enum severity otherwise)
{
    const enum severity severities[] = {enforce, testing, otherwise};
    enum severity only = only_one(severities);
    char *text = talloc_strdup(ctx, only == SEVERITY_NONE ? "" : text_severity(only));
    unsigned said = 0;

    for (size_t i = 0; text && i < 3 && only == SEVERITY_NONE; i++) {
        unsigned modes = modes_like(severities, i);

        if (severities[i] != SEVERITY_NONE && !(said & modes))
            text = talloc_asprintf_append(text, "%s%s", *text ? ", " : "",
                                          severity_in(ctx, text_severity(severities[i]), modes));
        said |= modes;
    }
    return text;
}
