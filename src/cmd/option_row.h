/* SPDX-License-Identifier: MIT */
/* option_row.h - a row of the table of options, how one is found, and the values that it takes;
 * private to cmd/. */
#ifndef CMD_OPTION_ROW_H
#define CMD_OPTION_ROW_H

#include "cmd/options.h"

enum option_kind {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_NUMBER,
    OPTION_DURATION, /* in seconds, like NUMBER; "90m", "6h", "1d" */
    OPTION_TIME,
    OPTION_CHOICE,   /* TEXT, one of `choices` */
    OPTION_LANGUAGE, /* a CHOICE, or a locale of such a language */
    OPTION_SEVERITY,
    OPTION_LIST, /* repeatable; the count stands behind the pointer */
    OPTION_RESOLVER,
    OPTION_PROXY,
    OPTION_STORE, /* TEXT; what a file says of it is kept apart, as the environment counts more */
    OPTION_RANGE, /* TEXT, a range of numbers (base/range.h) */
    OPTION_LEVEL, /* a flag that counts how often it is given: "-v -v", "-vv" */
};

struct option {
    const char *name;     /* without the hyphens */
    const char *argument; /* NULL: none */
    enum option_kind kind;
    unsigned commands;
    size_t offset;
    int64_t least, most; /* NUMBER, DURATION */
    const char *choices; /* CHOICE: "|en|de|" */
    const char *help;
    const char *former; /* a name it had, which still works; NULL */
    char letter;        /* its short form; NUL: none */
    bool in_file;       /* may be set in a configuration file */
    bool is_path;       /* there, it is relative to the directory of that file */
    const char *preset; /* of one in_file: the default, where it is one value */
};

extern const struct option options_table[];
extern const size_t options_count;

struct option_word {
    const struct option *option; /* NULL: unknown; perhaps not one of these subcommands */
    const struct option *other;  /* it may mean this one as well; NULL: it does not */
    const char *value;           /* behind '=' or the letter; NULL: none */
};

/* The option of that long name; NULL: there is none (option_find.c). */
const struct option *option_named(const char *name);
struct suggestion;
/* Offers the names of those that one of the subcommands has, or a file may set for it. */
void suggest_options(struct suggestion *near, unsigned commands, bool only_in_file);
/* Which option a word means that begins with '-' and is longer (option_find.c). */
struct option_word option_find(const char *word, unsigned commands);

/* Sets the member of the option to the value.  0, or EXIT_USAGE after one line on standard error
 * that calls the option `shown` (option_value.c). */
int option_set(TALLOC_CTX *ctx, const struct option *option, const char *shown, const char *value,
               struct options *options);
int option_add_to_list(TALLOC_CTX *ctx, const char *value, const char ***list, size_t *count);

#endif
