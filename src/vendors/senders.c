/* SPDX-License-Identifier: MIT */
/* senders.c - why a sender reads a policy as it does, in words. */
#include "vendors/senders.h"

const char *sender_cause_text(enum sender_cause cause)
{
    static const char *const texts[CAUSE_COUNT] = {
        [CAUSE_NOT_ASCII] = N_("a non-ASCII character"),
        [CAUSE_NOT_UTF8] = N_("bytes that are not UTF-8"),
        [CAUSE_BLANK_LINE] = N_("a blank line"),
        [CAUSE_BARE_LINE] = N_("a line without a colon"),
        [CAUSE_KEY_BLANKS] = N_("spaces next to a key"),
        [CAUSE_SECOND_COLON] = N_("a second colon in a line"),
        [CAUSE_EXTENSION] = N_("a malformed additional field"),
        [CAUSE_REPEATED] = N_("a repeated field"),
        [CAUSE_REPEATED_LAST] = N_("a repeated field, the last of which counts"),
        [CAUSE_VERSION] = N_("the version"),
        [CAUSE_MODE] = N_("the mode"),
        [CAUSE_MAX_AGE] = N_("the max_age"),
        [CAUSE_MAX_AGE_ZERO] = N_("a max_age of 0"),
        [CAUSE_OVER_YEAR] = N_("a max_age longer than a year"),
        [CAUSE_UNUSUAL_AGE] = N_("a max_age that it treats as one day"),
        [CAUSE_MX_MISSING] = N_("no mx line"),
        [CAUSE_MX_VALUE] = N_("the value of an mx line"),
        [CAUSE_CUT] = N_("it reads only the first 10 KB"),
    };

    return texts[cause];
}

const char *reading_name(enum sts_mode mode)
{
    return mode == STS_MODE_INVALID ? "rejects" : sts_mode_name(mode);
}
