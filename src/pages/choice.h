/* SPDX-License-Identifier: MIT */
/* choice.h - one of what a <select> offers. */
#ifndef PAGES_CHOICE_H
#define PAGES_CHOICE_H

#include <stdbool.h>

struct html;

struct choice {
    const char *value, *label;
    bool chosen;
};
void page_choice(struct html *out, const struct choice *page);

#endif
