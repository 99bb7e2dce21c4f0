/* SPDX-License-Identifier: MIT */
/* unpack.h - gzip and archives, bounded. */
#ifndef INTAKE_UNPACK_H
#define INTAKE_UNPACK_H

#include <sys/types.h>

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

/* What xz, zstd or bzip2 packed: one file by itself, or a tar. */
bool is_packed_alone(struct bytes bytes);
/* A zip, a tar, or one of these? */
bool is_archive(struct bytes bytes);
/* Each file of it goes to `take`, which borrows it and may charge *left too. */
typedef void archive_take(void *arg, const char *name, enum unpack_outcome outcome,
                          struct bytes bytes);
enum unpack_outcome archive_unpack(TALLOC_CTX *ctx, struct bytes packed, size_t *left,
                                   archive_take *take, void *arg);

/* What went wrong with a struct archive, which is told apart by words only. */
struct archive;
enum unpack_outcome unpack_fault(struct archive *archive);

/* ---- a stream (unpack_stream.c) -------------------------------------------------------------- */

/* gzip, bzip2, xz or zstd, by its first bytes? */
bool is_packed_stream(struct bytes bytes);
/* Where packed bytes come from, and where what comes out goes. */
struct unpack_way {
    struct bytes (*next)(void *arg); /* none: that was all; the first tells what packed them */
    bool (*put)(void *arg, struct bytes bytes); /* false: that is too much, UNPACK_TOO_MANY */
    void *arg;
};
enum unpack_outcome unpack_stream(const struct unpack_way *way);

/* ---- a file as a stream, by a process of its own (unpacker.c) -------------------------------- */

struct unpacker;
/* The process (spawner.h). */
__attribute__((noreturn)) void unpacker_run(const int *fds, uint64_t size, pid_t parent);
/* begin: the first packed bytes, borrowed; file: a descriptor with those behind, -1: there are
 * none.  NULL: no memory, or no process could be begun.  Freeing it ends the process. */
struct unpacker *unpacker_new(TALLOC_CTX *ctx, struct bytes begin, int file);
/* How many bytes came out; 0: no more do, and unpacker_outcome() tells why. */
size_t unpacker_read(struct unpacker *unpacker, void *data, size_t size);
enum unpack_outcome unpacker_outcome(const struct unpacker *unpacker);
/* Packed bytes that went in so far. */
uint64_t unpacker_taken(const struct unpacker *unpacker);

#endif
