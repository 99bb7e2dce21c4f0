/* SPDX-License-Identifier: MIT */
/* article.h - what is to be known besides findings: the topics of `explain`.
 *
 * One row a topic, in the table of its group (article_*.c); adding one is adding a row.  Sentences
 * are msgids with the places of words_example() (render/words.h).  Every list ends with NULL. */
#ifndef KNOWLEDGE_ARTICLE_H
#define KNOWLEDGE_ARTICLE_H

#include "rules/rules.h"

struct provider;

enum article_group {
    ARTICLE_TERM,
    ARTICLE_QUESTION,
    ARTICLE_ROLLOUT,
    ARTICLE_REPORT,
};

struct article {
    const char *name;    /* "max_age" */
    const char *aliases; /* what else people call it, in English and German, with blanks between */
    enum article_group group;
    const char *title;
    const char *meaning;
    const char *const *causes;   /* what often goes wrong, the most frequent first */
    const char *const *commands; /* not translated */
    const char *const *fix;      /* what to do, in order */
    const char *const *findings; /* names of codes that belong to it */
    const char *spec;
};

extern const struct article article_terms[], article_questions[], article_rollout[],
    article_reports[];
extern const size_t article_term_count, article_question_count, article_rollout_count,
    article_report_count;

/* All of them in one row, by group.  NULL behind the end. */
const struct article *article_at(size_t i);

/* How to see what a provider does for a domain; not translated. */
const char *const *article_provider_commands(const struct provider *provider);

/* Are these two the same word?  Capitals and everything but letters and digits count for nothing:
 * max_age, Max-Age, maxage. */
bool article_word_is(const char *word, size_t length, const char *given);
/* Is it among these words, with blanks between? */
bool article_word_among(const char *words, const char *given);

/* Where known senders differ, by the name of a finding, a result type or a topic (differ.c);
 * msgids, NULL at the end.  Never NULL. */
const char *const *differ_lines(const char *name);

/* How known senders read the example of a fault of the policy, each reading once, the standard's
 * first.  Owned by ctx; 0: there is no example for that name, or no memory. */
struct differ_reading {
    enum sts_mode mode; /* INVALID: rejected */
    int64_t max_age;    /* -1 where rejected */
    char *senders;      /* "mox 0.0.17, maddy 2026-08"; NULL: the standard's own reading */
};
size_t differ_readings(TALLOC_CTX *ctx, const char *name, struct differ_reading **ret);
/* A habit that tells senders apart: a sentence (msgid) with the place {senders}, and who they are,
 * owned by ctx.  NULL: none for that name. */
const char *differ_habit(TALLOC_CTX *ctx, const char *name, char **ret_senders);
/* The line of the example that matters; NULL: it is not to be shown. */
const char *differ_example(const char *name);

#endif
