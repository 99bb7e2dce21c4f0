/* SPDX-License-Identifier: MIT */
/* hash.h - SHA-256 over a list of parts, so that no two lists of parts give the same bytes. */
#ifndef STORE_HASH_H
#define STORE_HASH_H

#include <mtasts/status.h>

#include "store/store.h"

struct hash;

/* Owned by ctx; NULL: no memory. */
struct hash *hash_new(TALLOC_CTX *ctx);
/* Each part is preceded by its length. */
void hash_part(struct hash *hash, struct bytes part);
void hash_text(struct hash *hash, const char *text);
void hash_number(struct hash *hash, int64_t number);
/* STS_E_NOMEM where any step failed. */
STS_MUST_USE enum sts_status hash_end(struct hash *hash, uint8_t digest[STORE_HASH_SIZE]);

#endif
