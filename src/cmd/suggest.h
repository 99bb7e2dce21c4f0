/* SPDX-License-Identifier: MIT */
/* suggest.h - "did you mean": the names near to one that is unknown.
 *
 * A name is offered only if it is near (base/near.h): a far-fetched one helps nobody.  Names and
 * what was typed are borrowed. */
#ifndef CMD_SUGGEST_H
#define CMD_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

#define SUGGEST_MAX 3

struct suggestion {
    const char *given;
    size_t distance; /* of the names below */
    const char *names[SUGGEST_MAX];
    size_t count;
};

struct suggestion suggest_begin(const char *given);
void suggest_offer(struct suggestion *suggestion, const char *name);
/* As near as can be: what was typed is a part of it. */
void suggest_offer_part(struct suggestion *suggestion, const char *name);
/* The words of a list such as "|en|de|". */
void suggest_offer_words(struct suggestion *suggestion, const char *words);

/* One line on standard error: what is wrong, then what was perhaps meant, each name behind
 * `prefix`; where nothing is near, `otherwise` (NULL: nothing).  EXIT_USAGE. */
int suggest_usage(const struct suggestion *suggestion, const char *prefix, const char *wrong,
                  const char *otherwise);

#endif
