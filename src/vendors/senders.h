/* SPDX-License-Identifier: MIT */
/* senders.h - how known sending implementations read a policy and match MX hosts.
 *
 * Each is one row of habits (sender_rows.c) with the version looked at; sender_read.c is one small
 * model of reading that takes the habits as its parameters; sender_match.c one of matching.  Adding
 * an implementation is adding a row.  The models answer one question, what becomes of this text;
 * they are not parsers for use. */
#ifndef VENDORS_SENDERS_H
#define VENDORS_SENDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mtasts/policy.h>

#include "base/msgid.h"

/* ---- habits ---------------------------------------------------------------------------------- */

/* What stands beside a key: " mode:", "mode :". */
enum key_blanks { KEY_BLANKS_REJECT, KEY_BLANKS_TRIM, KEY_BLANKS_PART_OF_KEY };
/* version, mode or max_age once more. */
enum repeats { REPEATS_FIRST, REPEATS_LAST, REPEATS_REJECT };
/* Which policies need an mx line? */
enum mx_needed { MX_NEEDED_UNLESS_NONE, MX_NEEDED_ALWAYS, MX_NEEDED_NEVER };
/* What is a number of seconds? */
enum number_form {
    NUMBER_DIGITS_10, /* 1 to 10 digits */
    NUMBER_DIGITS,    /* digits */
    NUMBER_PLUS,      /* ... with a plus before them */
    NUMBER_SIGN,      /* ... with a plus or minus */
    NUMBER_PYTHON,    /* int() of Python: +5, 1_000 */
    NUMBER_SCRIPT,    /* Number() of JavaScript: 1e3, 0x10, 12.5, nothing at all */
    NUMBER_ANY,       /* what is none counts as a default */
};
enum mx_values {
    MX_VALUES_ANY,
    MX_VALUES_SKIP_EMPTY, /* an empty one is passed over */
    MX_VALUES_LOOSE,      /* addresses and underscores too */
    MX_VALUES_STRICT,
};
/* Which names are turned into A-labels before they are compared? */
enum labels { LABELS_AS_THEY_ARE, LABELS_OF_HOST, LABELS_OF_BOTH };
enum over_year { OVER_YEAR_ACCEPT, OVER_YEAR_REJECT, OVER_YEAR_CAP };

struct sender {
    const char *name;
    const char *version; /* that was looked at */
    size_t reads;        /* bytes of the body, the rest is cut off; 0: all */
    enum key_blanks key_blanks;
    enum repeats repeats;
    enum mx_needed mx_needed;
    enum mx_values mx_values;
    enum number_form number;
    enum over_year over_year;
    int64_t most_seconds; /* a larger max_age spoils the whole; 0: none does */
    /* Outside of these a max_age counts as a day; 0 and 0: inside of any. */
    int64_t usual_from, usual_to;
    enum labels labels;
    bool ascii_only;      /* a byte above 127 spoils the whole, where Content-Type has no charset */
    bool utf8_only;       /* so does what is no UTF-8 */
    bool unicode_blanks;  /* no-break spaces and their like around a value are blanks */
    bool skips_bom;       /* a byte order mark is passed over */
    bool cr_ends_lines;   /* CR alone ends a line */
    bool no_blank_lines;  /* an empty line spoils the whole */
    bool no_space_lines;  /* so does a line of blanks */
    bool no_bare_lines;   /* so does one without a colon; else it is passed over */
    bool bare_lines_join; /* ... and becomes part of the next key, which nobody knows then */
    bool one_colon;       /* so does a second colon in a line */
    bool strict_extensions; /* unknown fields must follow the grammar */
    bool any_key_case, any_mode_case, any_version_case;
    bool every_valid; /* each version, mode and max_age must be valid, whichever counts */
    bool version_optional, mode_optional, max_age_optional;
    bool no_zero;     /* max_age: 0 */
    bool loose_match; /* names are compared as text, whatever they are */
    bool any_depth;   /* a wildcard stands for any number of labels */
    bool empty_label; /* ... or for an empty one */
    bool dot_pattern; /* ".example.com" is a wildcard for any depth */
    bool keeps_dot;   /* the final dot of a host name counts */
    bool cuts_pattern_dot;
    bool plain_only; /* media types other than text/plain are refused */
};

extern const struct sender senders[];
extern const size_t sender_count;

/* ---- readings -------------------------------------------------------------------------------- */

/* Why a sender reads other than the standard does. */
enum sender_cause {
    CAUSE_NONE,
    CAUSE_NOT_ASCII,
    CAUSE_NOT_UTF8,
    CAUSE_BLANK_LINE,
    CAUSE_BARE_LINE,
    CAUSE_KEY_BLANKS,
    CAUSE_SECOND_COLON,
    CAUSE_EXTENSION,
    CAUSE_REPEATED,
    CAUSE_REPEATED_LAST,
    CAUSE_VERSION,
    CAUSE_MODE,
    CAUSE_MAX_AGE,
    CAUSE_MAX_AGE_ZERO,
    CAUSE_OVER_YEAR,
    CAUSE_UNUSUAL_AGE,
    CAUSE_MX_MISSING,
    CAUSE_MX_VALUE,
    CAUSE_CUT,
    CAUSE_COUNT
};

struct reading {
    enum sts_mode mode; /* INVALID: rejected */
    int64_t max_age;    /* as the sender understands it; -1 where rejected */
    enum sender_cause cause;
    unsigned line; /* of the cause; 0: the whole */
};

struct reading sender_read(const struct sender *sender, const char *text, size_t length);
/* Does the pattern stand for the host in the eyes of the sender? */
bool sender_matches(const struct sender *sender, const char *pattern, const char *host);
/* "enforce", "testing", "none", "rejects" */
const char *reading_name(enum sts_mode mode);
/* A phrase, msgid: "a colon in the value of an additional field".  NULL: none. */
const char *sender_cause_text(enum sender_cause cause);

#endif
