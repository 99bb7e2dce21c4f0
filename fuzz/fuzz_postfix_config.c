/* SPDX-License-Identifier: MIT */
/* fuzz_postfix_config.c - whatever a program called postconf prints: the map name that is
 * recommended is one of ours, and the notes do not contradict each other. */
#include <stdint.h>

#include "policyd/postfix_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct postfix_place places[] = {{NULL, 8461}, {"/var/spool/postfix/policyd", 0}};
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct postfix_config config;
    const struct postfix_check check = {&config, places, 2, false};
    unsigned notes;
    bool known;

    if (postfix_config_read(ctx, (struct bytes){(const char *)data, size}, &config)) {
        (void)reply_profile_of(bytes_of(postfix_config_map(&config)), &known);
        notes = postfix_config_notes(&check);
        if (!known || ((notes >> POSTFIX_NOTE_ATTRIBUTES) & (notes >> POSTFIX_NOTE_PLAIN) & 1) ||
            ((notes >> POSTFIX_NOTE_NOT_ASKED) & (notes >> POSTFIX_NOTE_NO_DNSSEC) & 1))
            __builtin_trap();
    }
    talloc_free(ctx);
    return 0;
}
