/* SPDX-License-Identifier: MIT */
/* unpack.h - gzip and archives, bounded. */
#ifndef INTAKE_UNPACK_H
#define INTAKE_UNPACK_H

#include <talloc.h>

#include "intake/intake.h"

enum unpack_outcome {
    UNPACK_OK,
    UNPACK_DAMAGED,
    UNPACK_TRUNCATED,
    UNPACK_TOO_LARGE, /* more than the ceiling */
    UNPACK_TOO_MANY,  /* members or entries */
    UNPACK_ENCRYPTED,
    UNPACK_NO_MEMORY,
};
/* A msgid.  Never NULL. */
const char *unpack_text(enum unpack_outcome outcome);

/* In the parser a sign of life, where a while has passed since the last. */
void unpack_alive(void);

/* *left is what may still be unpacked.  All that comes out is taken from it, whatever the outcome,
 * and a charge for each stream and entry. */
void unpack_charge(size_t *left, size_t bytes);

/* All members of a gzip stream, at most STS_REPORT_MAX bytes together.  On UNPACK_OK *ret is owned
 * by ctx. */
enum unpack_outcome gzip_unpack(TALLOC_CTX *ctx, struct bytes packed, size_t *left,
                                unsigned *deviations, struct bytes *ret);

/* A zip, a tar, or what xz, zstd or bzip2 packed? */
bool is_archive(struct bytes bytes);
/* Each file of it goes to `take`, which borrows it and may charge *left too. */
typedef void archive_take(void *arg, const char *name, enum unpack_outcome outcome,
                          struct bytes bytes);
enum unpack_outcome archive_unpack(TALLOC_CTX *ctx, struct bytes packed, size_t *left,
                                   archive_take *take, void *arg);

#endif
