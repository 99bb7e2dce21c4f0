/* SPDX-License-Identifier: MIT */
/* kb_entry_parts.h - what an entry of the knowledge base is put together from; private to render/.
 *
 * Lists end with NULL and are owned by ctx. */
#ifndef RENDER_KB_ENTRY_PARTS_H
#define RENDER_KB_ENTRY_PARTS_H

#include "render/expand.h"

struct api_error;
struct kb_entry;
struct provider;
struct topic;

char **kb_entry_empty(TALLOC_CTX *ctx);
/* The list with one line more, or as it was where there is no line or no memory. */
char **kb_entry_line(TALLOC_CTX *ctx, char **list, char *line);
char **kb_entry_sentences(TALLOC_CTX *ctx, char **list, const char *const *msgids,
                          struct expand_params params);
/* Not those for options that nobody gave, and none twice. */
char **kb_entry_commands(TALLOC_CTX *ctx, char **list, const char *const *templates,
                         struct expand_params params);
char **kb_entry_names(TALLOC_CTX *ctx, char **list, const char *const *names);

/* Where senders differ in what has this name. */
char **kb_entry_differs(TALLOC_CTX *ctx, const char *name, struct expand_params params);
const char *kb_entry_topic_group(const struct topic *topic);
/* A topic out of its table, out of the table of providers. */
void kb_entry_of_topic(struct kb_entry *entry, const struct topic *topic);
void kb_entry_of_error(struct kb_entry *entry, const struct api_error *error);
void kb_entry_of_provider(struct kb_entry *entry, const struct provider *provider);

#endif
