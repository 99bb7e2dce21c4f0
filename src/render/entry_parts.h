/* SPDX-License-Identifier: MIT */
/* entry_parts.h - what an entry of the knowledge base is put together from; private to render/.
 *
 * Lists end with NULL and are owned by ctx. */
#ifndef RENDER_ENTRY_PARTS_H
#define RENDER_ENTRY_PARTS_H

#include "render/expand.h"

struct entry;
struct provider;

char **entry_empty(TALLOC_CTX *ctx);
/* The list with one line more, or as it was where there is no line or no memory. */
char **entry_line(TALLOC_CTX *ctx, char **list, char *line);
char **entry_sentences(TALLOC_CTX *ctx, char **list, const char *const *msgids,
                       struct expand_params params);
/* Not those for options that nobody gave, and none twice. */
char **entry_commands(TALLOC_CTX *ctx, char **list, const char *const *templates,
                      struct expand_params params);
char **entry_names(TALLOC_CTX *ctx, char **list, const char *const *names);

/* Where senders differ in what has this name. */
char **entry_differs(TALLOC_CTX *ctx, const char *name);
/* A topic out of the table of providers. */
void entry_of_provider(struct entry *entry, const struct provider *provider);

#endif
