/* SPDX-License-Identifier: MIT */
/* posture_text.c - what a sender without a cached policy finds, in a word. */
#include "render/posture_text.h"

#include "base/i18n.h"

const char *posture_msgid(enum posture posture)
{
    static const char *const texts[POSTURE_COUNT] = {
        [POSTURE_ABSENT] = N_("not published"), [POSTURE_BROKEN] = N_("not usable"),
        [POSTURE_NONE] = N_("switched off"),    [POSTURE_TESTING] = N_("testing"),
        [POSTURE_ENFORCE] = N_("enforce"),      [POSTURE_NONEXISTENT] = N_("domain does not exist"),
    };

    return texts[posture];
}
