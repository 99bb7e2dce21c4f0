/* SPDX-License-Identifier: MIT */
/* topic.c - the topics of explain in one row, and how their names are recognised. */
#include "knowledge/topic.h"

#include <ctype.h>
#include <string.h>

static const struct {
    const struct topic *topics;
    const size_t *count;
} tables[] = {
    {topic_terms, &topic_term_count},
    {topic_questions, &topic_question_count},
    {topic_rollout, &topic_rollout_count},
    {topic_reports, &topic_report_count},
};
#define TABLE_COUNT (sizeof(tables) / sizeof(tables[0]))

const struct topic *topic_at(size_t i)
{
    for (size_t t = 0; t < TABLE_COUNT; t++) {
        if (i < *tables[t].count)
            return &tables[t].topics[i];
        i -= *tables[t].count;
    }
    return NULL;
}

size_t topic_count(void)
{
    size_t count = 0;

    for (size_t t = 0; t < TABLE_COUNT; t++)
        count += *tables[t].count;
    return count;
}

/* ---- names ----------------------------------------------------------------------------------- */

static const char *next_letter(const char *text, const char *end)
{
    while (text < end && !isalnum((unsigned char)*text))
        text++;
    return text;
}

bool topic_word_is(const char *word, size_t length, const char *given)
{
    const char *end = word + length, *given_end = given + strlen(given);

    for (;;) {
        word = next_letter(word, end);
        given = next_letter(given, given_end);
        if (word == end || given == given_end)
            return word == end && given == given_end;
        if (tolower((unsigned char)*word++) != tolower((unsigned char)*given++))
            return false;
    }
}

bool topic_word_among(const char *words, const char *given)
{
    for (const char *at = words; *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");

        if (topic_word_is(at, length, given))
            return true;
        at += length;
    }
    return false;
}
