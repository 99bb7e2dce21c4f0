/* SPDX-License-Identifier: MIT */
/* topic.h - what is to be known besides findings: the topics of `explain`.
 *
 * One row a topic, in the table of its group (topic_*.c); adding one is adding a row.  Sentences
 * are msgids with the places of finding_text_example() (render/finding_text.h).  Every list ends
 * with NULL. */
#ifndef KNOWLEDGE_TOPIC_H
#define KNOWLEDGE_TOPIC_H

#include "rules/rules.h"

struct provider;

enum topic_group {
    TOPIC_GROUP_TERM,
    TOPIC_GROUP_QUESTION,
    TOPIC_GROUP_ROLLOUT,
    TOPIC_GROUP_REPORT,
};

/* What a topic shows besides its sentences. */
enum topic_appendix { TOPIC_APPENDIX_NONE, TOPIC_APPENDIX_RESULT_TYPES, TOPIC_APPENDIX_SAMPLE };

struct topic {
    const char *name;    /* "max_age" */
    const char *aliases; /* what else people call it, in English and German, with blanks between */
    enum topic_group group;
    enum topic_appendix appendix;
    const char *title;
    const char *meaning;
    const char *const *causes;   /* what often goes wrong, the most frequent first */
    const char *const *commands; /* not translated */
    const char *const *fix;      /* what to do, in order */
    const char *const *findings; /* names of codes that belong to it */
    const char *spec;
    const char *const *see; /* names of topics to read next */
};

extern const struct topic topic_terms[], topic_questions[], topic_rollout[], topic_reports[];
extern const size_t topic_term_count, topic_question_count, topic_rollout_count, topic_report_count;

/* All of them in one row, by group.  NULL behind the end. */
const struct topic *topic_at(size_t i);
size_t topic_count(void);

/* A sample report, line by line (sample_report.c); the lines joined are a report without a fault.
 */
struct sample_line {
    const char *text; /* not translated */
    const char *note; /* msgid; NULL: none */
};
extern const struct sample_line sample_report[];
extern const size_t sample_report_count;

/* What to read besides what a provider's own topic says, and besides a finding that no topic
 * names; end with NULL. */
const char *const *topic_provider_see(const struct provider *provider);
const char *const *topic_finding_see(enum finding_topic topic);

/* How to see what a provider does for a domain; not translated. */
const char *const *topic_provider_commands(const struct provider *provider);

/* Are these two the same word?  Capitals and everything but letters and digits count for nothing:
 * max_age, Max-Age, maxage. */
bool topic_word_is(const char *word, size_t length, const char *given);
/* Is it among these words, with blanks between? */
bool topic_word_among(const char *words, const char *given);

/* Where known senders differ, by the name of a finding, a result type or a topic
 * (sender_differences.c); msgids, NULL at the end.  Never NULL. */
const char *const *sender_differences_lines(const char *name);

/* How known senders read the example of a fault of the policy, each reading once, the standard's
 * first.  Owned by ctx; 0: there is no example for that name, or no memory. */
struct sender_differences_reading {
    enum sts_mode mode; /* INVALID: rejected */
    int64_t max_age;    /* -1 where rejected */
    char *senders;      /* "mox 0.0.17, maddy 2026-08"; NULL: the standard's own reading */
};
size_t sender_differences_readings(TALLOC_CTX *ctx, const char *name,
                                   struct sender_differences_reading **ret);
/* A habit that tells senders apart: a sentence (msgid) with the place {senders}, and who they are,
 * owned by ctx.  NULL: none for that name. */
const char *sender_differences_habit(TALLOC_CTX *ctx, const char *name, char **ret_senders);
/* The line of the example that matters; NULL: it is not to be shown. */
const char *sender_differences_example(const char *name);

#endif
