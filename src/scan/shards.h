/* SPDX-License-Identifier: MIT */
/* shards.h - a list cut into shards, so that what is likely to share servers lies together.
 *
 * What can be known of that without a look-up are the names: they are ordered by their labels from
 * the right, so that the names below a domain are neighbours, and so are those of a country. */
#ifndef SCAN_SHARDS_H
#define SCAN_SHARDS_H

#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

struct listed {
    const char *name;  /* the domain */
    const char *given; /* as it stands in the list, and is to be shown */
    size_t place;      /* in the list */
};

/* Orders them, and leaves of each domain the first of the list.  Returns how many are left. */
size_t shards_order(struct listed *names, size_t count);
/* The text of one: those from `from` on, `size` at most, each with a line end.  NULL: no memory. */
char *shards_text(TALLOC_CTX *ctx, const struct listed *names, size_t count, size_t from,
                  size_t size);

#endif
