/* SPDX-License-Identifier: MIT */
/* fuzz_chain.c - certificates as a peer sends them: DER, one behind the other, the leaf first. What
 * cannot be read is turned away; of the rest every date, name and way to a root is told. */
#include <stdint.h>
#include <stdlib.h>

#include "net/tls.h"

#define CHAIN_MAX 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The length of the DER value that begins here, head and all; what is left where it is not clear.
 */
static size_t value_length(const uint8_t *data, size_t left)
{
    size_t head = 2, length;

    if (left < 2)
        return left;
    length = data[1];
    if (length & 0x80) {
        size_t digits = length & 0x7f;

        if (digits > 3 || left < 2 + digits)
            return left;
        for (length = 0; digits; digits--)
            length = length << 8 | data[head++];
    }
    return length < left - head ? head + length : left;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tls_trust *trust;
    TALLOC_CTX *ctx = talloc_new(NULL);
    struct tls_session *session = talloc_zero(ctx, struct tls_session);
    struct bytes chain[CHAIN_MAX];
    size_t count = 0;
    char *why;

    if (!trust && tls_trust_new(NULL, NULL, &trust, &why) != STS_OK)
        abort();
    for (size_t at = 0, length; at < size && count < CHAIN_MAX; at += length) {
        length = value_length(data + at, size - at);
        chain[count++] = (struct bytes){(const char *)data + at, length};
    }
    if (tls_chain_facts(ctx, trust, chain, count, "mx.d.example", session) == STS_OK &&
        (int64_t)session->chain_count > session->chain_total)
        abort();
    talloc_free(ctx);
    return 0;
}
