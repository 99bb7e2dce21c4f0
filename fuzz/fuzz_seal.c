/* SPDX-License-Identifier: MIT */
/* fuzz_seal.c - a mail and the record of the key its signatures name: the record's line first. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "seal/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum seal_key find_key(void *arg, const char *name, struct bytes *ret)
{
    const struct bytes *record = arg;

    (void)name;
    *ret = *record;
    return record->length ? SEAL_KEY_FOUND : SEAL_KEY_NONE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = {(const char *)data, size}, record = {0};
    long line = bytes_find_char(text, '\n');
    struct seals *seals = seals_new(NULL, find_key, &record);
    struct seal seal;

    if (seals && line >= 0) {
        record = (struct bytes){text.data, (size_t)line};
        if (seal_read(seals, bytes_from(text, (size_t)line + 1), "sender.example", &seal) == STS_OK)
            (void)seal_trust_text(seal_trust_of(&seal, "sender.example"));
    }
    talloc_free(seals);
    return 0;
}
