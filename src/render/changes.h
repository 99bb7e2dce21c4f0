/* SPDX-License-Identifier: MIT */
/* changes.h - what changed about domains, for programs (schema/api/change-list.json). */
#ifndef RENDER_CHANGES_H
#define RENDER_CHANGES_H

#include "history/change_list.h"

/* next: the cursor of the next page; NULL: this is the last one.  Owned by ctx; NULL: no memory. */
char *json_changes(TALLOC_CTX *ctx, const struct change_list *list, const char *next);

#endif
