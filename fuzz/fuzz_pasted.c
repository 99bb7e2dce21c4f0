/* SPDX-License-Identifier: MIT */
/* fuzz_pasted.c - any text where a domain is expected: a host name comes of it, or nothing; and it
 * leads to itself again.  So is what was meant by one of which nothing comes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <talloc.h>

#include "base/hname.h"
#include "base/pasted.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = talloc_strndup(NULL, (const char *)data, size);
    char name[STS_NAME_SIZE], again[STS_NAME_SIZE], *address;
    enum pasted_form form;

    if (pasted_domain(text, name, &form) == STS_OK) {
        demand(hname_valid(bytes_of(name)));
        address = talloc_asprintf(NULL, "@%s", name);
        demand(pasted_domain(address, again, &form) == STS_OK && strcmp(again, name) == 0);
        talloc_free(address);
    } else if (pasted_meant(text, name)) {
        demand(hname_valid(bytes_of(name)));
    }
    talloc_free(text);
    return 0;
}
