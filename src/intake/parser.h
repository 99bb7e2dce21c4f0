/* SPDX-License-Identifier: MIT */
/* parser.h - a process of its own that parses, so that a fault in a library harms one report only.
 *
 * It has no files and no network, and gets pieces: a mail of a mailbox, some lines of reports, or a
 * whole file.  What it finds comes back and goes to the sink as if it had been found here.  Where
 * the process dies, falls silent or runs out of memory, the piece is given to another one, which
 * says before each step of a library what it is about to do; the step that is fatal again is passed
 * over and rejected, and everything else is read, each once. */
#ifndef INTAKE_PARSER_H
#define INTAKE_PARSER_H

#include "intake/intake.h"

#define PARSER_SILENCE_MS 120000              /* without a sign of life while it has work */
#define PARSER_MEMORY_MAX ((uint64_t)4 << 30) /* bytes: the largest report takes half of it */
#define PARSER_FAULTS_MAX 1000 /* steps of one piece that are passed over; then the whole piece */

/* What a sink wants of each report besides it, since much of it is copied. */
enum parser_want { PARSER_TEXT = 1, PARSER_MESSAGE = 2 };

struct parser;

/* The process begins with the first piece.  NULL: no memory.  Freeing it ends the process. */
struct parser *parser_new(TALLOC_CTX *ctx);

/* For whoever reads what a stranger sent while others wait.  Where a limit is reached, that is
 * rejected, the result's `stop` is set, and nothing more is read.  Nothing is ever parsed outside
 * of the process then. */
struct parser_limits {
    int64_t deadline;     /* clock_monotonic_ms() */
    uint64_t memory_max;  /* bytes that the process may take, beside those it begins with */
    uint64_t answers_max; /* bytes of what was found, in all */
    /* Does nobody want it any more?  Then nothing more is read, at the latest a tenth of a second
     * later.  NULL: somebody does. */
    bool (*is_cancelled)(void);
};
struct parser *parser_new_within(TALLOC_CTX *ctx, const struct parser_limits *limits);

/* A text out of the store as source, its origin and its bytes tell; what it makes goes to the sink,
 * at the latest in parser_drain(). */
void parser_take_kept(struct parser *parser, const struct intake_sink *sink,
                      const struct intake_source *source, struct intake_result *result);
/* Until everything that was given to it has come back. */
void parser_drain(struct parser *parser);

/* From now on a process that has seen nothing yet begins those that parse and unpack (spawner.h);
 * so this comes before anything secret is read. */
void parser_begin_spawner(void);

/* What the process is confined by: is it, and by what? */
struct parser_state {
    bool apart;        /* it could be begun, and answers */
    bool files, calls; /* Landlock, seccomp are in force in it */
};
struct parser_state parser_state(struct parser *parser);

/* ---- for tests ------------------------------------------------------------------------------- */

/* Called in the process before each step, with what it is about to read. */
typedef void parser_trap(struct bytes bytes);
void parser_set_trap(parser_trap *trap, int silence_ms);
/* The process, 0: none. */
int parser_process(const struct parser *parser);

#endif
