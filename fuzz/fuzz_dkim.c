/* SPDX-License-Identifier: MIT */
/* fuzz_dkim.c - a mail and the record of the key its signatures name: the record's line first.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "dkim/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The record answers for every key that is wanted. */
static void verify(struct signature_verifier *verifier, struct bytes mail, struct bytes record)
{
    struct signature_key keys[SIGNATURE_COUNT_MAX];
    struct signature_names wanted;
    struct signature signature;

    if (signature_keys_wanted(verifier, mail, &wanted) != STS_OK)
        return;
    for (size_t i = 0; i < wanted.count; i++)
        keys[i] = (struct signature_key){
            wanted.names[i], record.length ? SIGNATURE_KEY_FOUND : SIGNATURE_KEY_NONE, record};
    if (signature_verify(verifier, mail, "sender.example", keys, wanted.count, &signature) ==
        STS_OK)
        (void)signature_level_text(signature_level_of(&signature, "sender.example"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = {(const char *)data, size};
    long line = bytes_find_char(text, '\n');
    struct signature_verifier *verifier = signature_verifier_new(NULL);

    if (verifier && line >= 0)
        verify(verifier, bytes_from(text, (size_t)line + 1),
               (struct bytes){text.data, (size_t)line});
    talloc_free(verifier);
    return 0;
}
