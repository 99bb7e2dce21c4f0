/* SPDX-License-Identifier: MIT */
/* other_words.h - what else people call findings, result types and topics: the number of a status
 * that they saw (HTTP, Cloudflare, curl, SMTP), a word of an error message or a guide. */
#ifndef KNOWLEDGE_OTHER_WORDS_H
#define KNOWLEDGE_OTHER_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct other_words {
    const char *name;  /* of the finding, result type or topic */
    const char *words; /* with blanks between, in English and German; spelt as aliases of topics */
};

extern const struct other_words other_words[];
extern const size_t other_words_count;

/* Is that a word for what has this name? */
bool other_word_is_for(const char *name, const char *given);

#endif
