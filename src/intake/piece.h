/* SPDX-License-Identifier: MIT */
/* piece.h - what is parsed at a time, here or in the parser; private to intake/. */
#ifndef INTAKE_PIECE_H
#define INTAKE_PIECE_H

#include <sys/types.h>

#include "intake/job.h"

enum piece_kind {
    PIECE_MAIL,  /* one of a mailbox, with its "From " line */
    PIECE_LINES, /* whole reports, one a line or so */
    PIECE_WHOLE, /* a file */
    PIECE_KEPT,  /* a text out of the store */
    PIECE_END,   /* of the file */
    PIECE_KINDS
};

struct piece {
    enum piece_kind kind;
    size_t number;  /* of the mail, from 1 */
    bool in_pieces; /* PIECE_LINES: there are others */
    int error;      /* PIECE_END: errno, EFBIG: too large; 0: none */
    int unpacking;  /* PIECE_END: enum unpack_outcome of a packed file */
    size_t credit;  /* PIECE_MAIL: what may be unpacked for its sake */
    struct bytes bytes;
};

/* In this process. */
void piece_take(struct job *job, const struct piece *piece);
/* Where the job's sink wants it. */
void piece_hand(struct job *job, const struct piece *piece);

/* ---- from one process to the other ----------------------------------------------------------- */

/* What of a job outlives a piece. */
struct parser_progress {
    size_t left, told, lines, bytes, reports, rejected, foreign; /* of the file */
    size_t mails, other_mails;                                   /* of all files */
};

struct piece_head {
    uint32_t kind;
    int32_t error;
    uint32_t first;   /* of its file: what is left of the one before is nothing */
    uint32_t mailbox; /* the file is a mail */
    uint32_t in_pieces;
    uint32_t wants;   /* of enum parser_want */
    uint32_t restore; /* `progress` holds */
    uint32_t careful; /* tell each step, and pass over so many, whose numbers come first */
    uint32_t skipped;
    uint32_t unpacking;
    uint64_t credit;
    uint64_t number;
    uint64_t about; /* bytes that follow: path, and of PIECE_KEPT the source */
    uint64_t length;
    struct parser_progress progress;
};

enum event_kind {
    EVENT_HELLO, /* what is in force */
    EVENT_ALIVE, /* it works on */
    EVENT_BEGIN, /* a step begins, with its number, */
    EVENT_DONE,  /* and has come to its end */
    EVENT_REPORT,
    EVENT_REJECTED,
    EVENT_END, /* of the piece, with the progress */
    EVENT_KINDS
};

/* A bit beside the number of a step that is passed over: it took all the memory. */
#define STEP_MEMORY ((uint64_t)1 << 63)

struct event_head {
    uint32_t kind;
    uint32_t reserved;
    uint64_t length;
};

/* Where a text is: in the piece, or behind. */
enum event_place { PLACE_NONE, PLACE_PIECE, PLACE_BEHIND };

#define EVENT_MAX ((size_t)1 << 30) /* bytes of one event */

/* The process: does not return, and ends with its parent.  memory_max: beside what it begins with;
 * 0: PARSER_MEMORY_MAX in all. */
__attribute__((noreturn)) void parser_serve(int fd, pid_t parent, uint64_t memory_max);

/* Called before each step (parser_set_trap()); NULL: none. */
extern void (*piece_trap)(struct bytes bytes);

#endif
