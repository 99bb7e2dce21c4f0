/* SPDX-License-Identifier: MIT */
/* posture_text.h - what a sender without a cached policy finds, in a word for lists of domains. */
#ifndef RENDER_POSTURE_TEXT_H
#define RENDER_POSTURE_TEXT_H

#include "verdict/view.h"

/* A msgid; the names of modes are the same in all languages. */
const char *posture_msgid(enum posture posture);

#endif
