/* SPDX-License-Identifier: MIT */
/* wire.h - values as bytes on their way between two processes of one program; private to intake/.
 *
 * Numbers as they lie in memory, texts with their length and a NUL behind them.  Who reads trusts
 * nothing: each length, number and name is checked, and what is wrong once stays wrong. */
#ifndef INTAKE_WIRE_H
#define INTAKE_WIRE_H

#include "intake/intake.h"

/* ---- writing --------------------------------------------------------------------------------- */

struct wire_out {
    char *data; /* of malloc() */
    size_t length, room;
    bool no_memory; /* remembered, and nothing is written any more */
};

void wire_put(struct wire_out *out, const void *data, size_t length);
void wire_put_number(struct wire_out *out, int64_t number);
void wire_put_text(struct wire_out *out, const char *text); /* may be NULL */
void wire_put_bytes(struct wire_out *out, struct bytes bytes);
void wire_put_report(struct wire_out *out, const struct sts_report *report);

/* ---- reading --------------------------------------------------------------------------------- */

struct wire_in {
    const char *at, *end;
    bool wrong;
};

int64_t wire_number(struct wire_in *in, int64_t least, int64_t most);
/* Borrowed from what is read; without a NUL, or NULL. */
const char *wire_text(struct wire_in *in);
struct bytes wire_bytes(struct wire_in *in);
/* It borrows its texts from what is read, which has to live as long; owned by ctx.  NULL: `wrong`,
 * or no memory. */
struct sts_report *wire_report(TALLOC_CTX *ctx, struct wire_in *in);

#endif
