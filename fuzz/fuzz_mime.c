/* SPDX-License-Identifier: MIT */
/* fuzz_mime.c - mails and mailboxes. */
#include "intake_any.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char head[] = "From x\nSubject: Report Domain: d.example\n";
    char *headed = malloc(sizeof(head) + size);

    if (!headed)
        return 0;
    memcpy(headed, head, sizeof(head) - 1);
    if (size)
        memcpy(headed + sizeof(head) - 1, data, size);
    fuzz_intake((struct bytes){headed, sizeof(head) - 1 + size});
    fuzz_intake((struct bytes){strchr(headed, '\n') + 1, sizeof(head) - 8 + size});
    free(headed);
    return 0;
}
