/* SPDX-License-Identifier: MIT */
/* suggest.c - the names near to one that is unknown. */
#include "base/suggest.h"

#include <string.h>

#include "base/near.h"

struct suggestion suggest_begin(const char *given)
{
    return (struct suggestion){.given = given};
}

/* The nearest alone, and those as near. */
static void offer(struct suggestion *s, const char *name, size_t distance)
{
    if (s->count && distance > s->distance)
        return;
    if (s->count && distance < s->distance)
        s->count = 0;
    s->distance = distance;
    if (s->count < SUGGEST_MAX)
        s->names[s->count++] = name;
}

void suggest_offer(struct suggestion *suggestion, const char *name)
{
    if (near_enough(suggestion->given, name))
        offer(suggestion, name, near_distance(suggestion->given, name));
}

void suggest_offer_part(struct suggestion *suggestion, const char *name)
{
    offer(suggestion, name, 0);
}

void suggest_offer_words(struct suggestion *suggestion, const char *words)
{
    static char word[NEAR_LENGTH + 1]; /* the last near one; choices are few and short */

    for (const char *at = words + 1; *at; at += strcspn(at, "|") + 1) {
        char next[sizeof(word)];
        size_t length = strcspn(at, "|");

        if (length >= sizeof(next))
            continue;
        memcpy(next, at, length);
        next[length] = '\0';
        if (!near_enough(suggestion->given, next) ||
            (suggestion->count && near_distance(suggestion->given, next) >= suggestion->distance))
            continue;
        memcpy(word, next, sizeof(word));
        offer(suggestion, word, near_distance(suggestion->given, word));
    }
}
