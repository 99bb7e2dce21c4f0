/* SPDX-License-Identifier: MIT */
/* expand.h - templates with named places, filled in for the place they go to.
 *
 * "{host}" is a place; a brace that begins none stands for itself.  Values are strangers' text:
 * they leave here printable, and in a command as one quoted word wherever the place stands.
 * "{!host}" is nothing, and spoils the template where `host` is known.  "{days|day|days}" is the
 * value and a blank and the word that agrees with it: the first for 1 and for a single name, the
 * second for other numbers and for a list.  A time in RFC 3339 is shown as people write it.
 *
 * A sentence may have lines to copy below it: "\n$ COMMAND", whose values are quoted for a shell,
 * and "\n| TEXT", a line of a zone, a policy or a configuration, whose values may be several lines.
 * They leave here as EXPAND_LINE and the line, and no renderer wraps them. */
#ifndef RENDER_EXPAND_H
#define RENDER_EXPAND_H

#include <stddef.h>

#include <talloc.h>

#include "rules/rules.h"

#define EXPAND_LINE      "\n\t" /* before a line to copy */
#define EXPAND_VALUE_MAX 2000   /* bytes of one value that are shown */

struct expand_params {
    const struct param *params;
    size_t count;
    /* What stands for a place without a parameter is its name in capitals, as in `explain`.  A
     * parameter without a value has no place there: what needs it is left out. */
    bool name_missing;
};

/* A sentence, translated already.  NULL: a place has no parameter, or no memory. */
char *expand_text(TALLOC_CTX *ctx, const char *template, struct expand_params params);

/* A command line for a POSIX shell.  NULL as above. */
char *expand_command(TALLOC_CTX *ctx, const char *template, struct expand_params params);

#endif
