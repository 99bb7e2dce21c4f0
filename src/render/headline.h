/* SPDX-License-Identifier: MIT */
/* headline.h - what becomes of mail, in one sentence or two. */
#ifndef RENDER_HEADLINE_H
#define RENDER_HEADLINE_H

#include "rules/rules.h"

/* Translated; static. */
const char *headline(const struct diagnosis *diagnosis);

#endif
