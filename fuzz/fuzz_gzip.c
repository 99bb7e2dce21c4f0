/* SPDX-License-Identifier: MIT */
/* fuzz_gzip.c - gzip and zip: the input as it is, and behind the head of a gzip stream. */
#include "intake_any.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char head[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03";
    char *headed = malloc(sizeof(head) + size);

    fuzz_intake((struct bytes){(const char *)data, size});
    if (!headed)
        return 0;
    memcpy(headed, head, sizeof(head) - 1);
    if (size)
        memcpy(headed + sizeof(head) - 1, data, size);
    fuzz_intake((struct bytes){headed, sizeof(head) - 1 + size});
    free(headed);
    return 0;
}
