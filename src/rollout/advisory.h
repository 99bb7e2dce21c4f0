/* SPDX-License-Identifier: MIT */
/* advisory.h - what people are told to do, and when: the form in which generate, plan, rollback,
 * lint --against and watch give their answer, so that render/ shows them all alike.
 *
 * An advisory has a headline, notes (what was seen, what to beware of), steps in their order, the
 * effective_by (when senders of each behaviour have seen a change) and artefacts (files to put in
 * place).  Sentences are gettext msgids with places in braces, as those of findings; commands are
 * templates too.  Every sentence may use the general places of rule.h (domain, policy_host,
 * policy_url, record_name, tlsrpt_name) besides its own.
 *
 * Nothing here fails: memory that ran out is remembered in `no_memory`. */
#ifndef ROLLOUT_ADVISORY_H
#define ROLLOUT_ADVISORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include "rules/rules.h"

#define ADVISORY_DAY ((int64_t)86400)

struct sentence {
    const char *text; /* msgid */
    struct param *params;
    size_t param_count;
};

struct note {
    const char *code; /* stable, for programs: "host-broken" */
    enum severity severity;
    struct sentence sentence;
};

struct step {
    const char *code;
    struct sentence sentence;
    int64_t from;                /* not before; 0: at once, or after the step before it */
    const char *artefact;        /* the file it puts in place; NULL */
    const char *const *commands; /* templates that show whether it worked; NULL: none */
};

/* How a sender learns of a change. */
enum behaviour {
    BEHAVIOUR_EACH_DELIVERY, /* looks at the id before each delivery */
    BEHAVIOUR_DAILY,         /* looks once a day */
    BEHAVIOUR_MAX_AGE,       /* keeps what it has until max_age is over, whatever the id says */
    BEHAVIOUR_COUNT
};
const char *behaviour_name(enum behaviour behaviour); /* "each-delivery" */

struct effective_by {
    enum behaviour behaviour;
    int64_t until; /* by then all of them act on the new state; 0: cannot be said */
};

struct artefact {
    const char *file;  /* a path below the folder of --out */
    const char *title; /* msgid: what it is for */
    const char *text;
};

/* A value for programs, beside the sentences. */
enum member_kind { MEMBER_TEXT, MEMBER_NUMBER, MEMBER_TIME, MEMBER_BOOL, MEMBER_LIST };
struct member {
    const char *name;
    enum member_kind kind;
    const char *text; /* TEXT; NULL: null */
    int64_t number;   /* NUMBER, TIME (0: null), BOOL */
    const char **list;
    size_t list_count;
};

struct advisory {
    const char *domain; /* NULL: of a text alone */
    int64_t now;
    enum severity severity; /* of the headline: its mark and the exit status */
    struct sentence headline;
    struct note *notes;
    size_t note_count;
    size_t note_limit;     /* of further notes none is taken ... */
    size_t notes_left_out; /* ... but counted */
    struct step *steps;
    size_t step_count;
    struct effective_by effective_by[BEHAVIOUR_COUNT];
    size_t effective_by_count;
    int64_t effective_from; /* the change is made then; 0: said nowhere */
    struct artefact *artefacts;
    size_t artefact_count;
    struct member *members;
    size_t member_count;
    struct param *general; /* places of all sentences */
    size_t general_count;
    bool no_memory;
    struct step spare; /* written to and never read, where memory ran out */
};

/* NULL: no memory.  facts (NULL: none) give the ports and the resolver that commands name. */
struct advisory *advisory_new(TALLOC_CTX *ctx, const char *domain, const struct facts *facts,
                              int64_t now);

/* Values: name, value, ..., NULL.  A value that is NULL is left out. */
void advisory_headline(struct advisory *a, enum severity severity, const char *text, ...)
    __attribute__((sentinel));
void advisory_note(struct advisory *a, enum severity severity, const char *code, const char *text,
                   ...) __attribute__((sentinel));
/* The same with values that are at hand; one that has the name of a general place is left out. */
void advisory_note_params(struct advisory *a, enum severity severity, const char *code,
                          const char *text, const struct param *params, size_t count);
/* Another value of each note from the one of that number on, for programs: before its others. */
void advisory_notes_value(struct advisory *a, size_t from, const char *name, const char *value);
/* Never NULL; may be changed until the next call. */
struct step *advisory_step(struct advisory *a, const char *code, int64_t from, const char *text,
                           ...) __attribute__((sentinel));
/* The text is taken over. */
void advisory_artefact(struct advisory *a, const char *file, const char *title, char *text);
void advisory_effective_by(struct advisory *a, enum behaviour behaviour, int64_t until);
void advisory_general(struct advisory *a, const char *name, const char *value);

void advisory_text(struct advisory *a, const char *name, const char *text);
void advisory_number(struct advisory *a, const char *name, int64_t number);
void advisory_time(struct advisory *a, const char *name, int64_t time);
void advisory_bool(struct advisory *a, const char *name, bool yes);
void advisory_list(struct advisory *a, const char *name, const char *const *list, size_t count);

/* A list of commands for a step, one more each time; list NULL begins it.  The template is copied.
 */
const char *const *advisory_command(struct advisory *a, const char *const *list,
                                    const char *template);

/* Values for sentences; never NULL. */
const char *advisory_format(struct advisory *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *advisory_time_text(struct advisory *a, int64_t time); /* "2026-11-23 15:00 UTC" */
const char *advisory_join(struct advisory *a, const char *const *list, size_t count); /* "a, b" */

/* The worst of headline and notes. */
enum severity advisory_worst(const struct advisory *a);

#endif
