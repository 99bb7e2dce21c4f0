/* SPDX-License-Identifier: MIT */
/* fuzz_dns.c - any DNS message; its first byte chooses the type that was asked. */
#include <stdint.h>

#include <talloc.h>

#include "net/dns_wire.h"
#include "net/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx;
    struct dns_answer *answer;

    if (size == 0)
        return 0;
    ctx = talloc_new(NULL);
    answer = talloc_zero(ctx, struct dns_answer);
    answer->name = "a.example";
    answer->type = data[0] % (DNS_CAA + 1);
    if (dns_wire_read(answer, data + 1, size - 1) != STS_OK)
        __builtin_trap();
    if (answer->record_count > LIMIT_DNS_RECORDS || answer->cname_count > LIMIT_CNAMES)
        __builtin_trap();
    talloc_free(ctx);
    return 0;
}
