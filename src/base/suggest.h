/* SPDX-License-Identifier: MIT */
/* suggest.h - the names near to one that is unknown, for "did you mean".
 *
 * A name is offered only if it is near (base/near.h): a far-fetched one helps nobody.  Names and
 * what was typed are borrowed. */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

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

#endif
