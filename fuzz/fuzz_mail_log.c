/* SPDX-License-Identifier: MIT */
/* fuzz_mail_log.c - any line of a log: what is taken for a domain is one, in its final form. */
#include <stdint.h>
#include <string.h>

#include "base/hname.h"
#include "policyd/mail_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char domain[STS_NAME_SIZE];

    if (mail_log_domain((struct bytes){(const char *)data, size}, domain) &&
        (!hname_valid(bytes_of(domain)) || strlen(domain) >= STS_NAME_SIZE))
        __builtin_trap();
    return 0;
}
