/* SPDX-License-Identifier: MIT */
/* fuzz_domain_import.c - a list of domains as somebody uploads it: what comes of it is read again
 * as itself. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain_import.h"
#include "app/domain_tag.h"
#include "base/hname.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static char *write_again(const struct domain_import *import)
{
    char *text = talloc_strdup(NULL, "domain,tags\n");

    for (size_t i = 0; i < import->domain_count; i++)
        text = talloc_asprintf_append_buffer(text, "@%s,\"%s\"\n", import->domains[i].name,
                                             import->domains[i].tags);
    return text;
}

static void compare(const struct domain_import *import, const struct domain_import *again)
{
    demand(again->domain_count == import->domain_count && !again->refused_count);
    for (size_t i = 0; i < import->domain_count; i++) {
        demand(hname_valid(bytes_of(import->domains[i].name)));
        demand(!strcmp(import->domains[i].name, again->domains[i].name));
        demand(!strcmp(import->domains[i].tags, again->domains[i].tags));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct domain_import *import, *again;
    char *text;

    if (domain_import_read(NULL, (struct bytes){(const char *)data, size}, &import) != STS_OK)
        return 0;
    text = write_again(import);
    demand(domain_import_read(NULL, bytes_of(text), &again) == STS_OK);
    compare(import, again);
    for (size_t i = 1; i < import->refused_count; i++)
        demand(import->refused[i].line >= import->refused[i - 1].line);
    talloc_free(text);
    talloc_free(again);
    talloc_free(import);
    return 0;
}
