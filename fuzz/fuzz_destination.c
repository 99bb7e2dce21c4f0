/* SPDX-License-Identifier: MIT */
/* fuzz_destination.c - any text as a TLSRPT record: no address in it becomes another field, another
 * recipient or an option, and no URL another request. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/mail.h"
#include "submit/destination.h"
#include "submit/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void look_at(const struct destination *one)
{
    demand(one->uri && one->host);
    if (one->kind == DESTINATION_MAIL) {
        demand(mail_is_address(one->address));
        demand(!strcmp(one->host, strrchr(one->address, '@') + 1));
    }
    if (one->kind != DESTINATION_POST)
        return;
    demand(!strncmp(one->url, "https://", 8) &&
           !strncmp(one->url + 8, one->host, strlen(one->host)));
    for (const char *c = one->url; *c; c++)
        demand(*c > ' ' && *c < 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TALLOC_CTX *ctx = talloc_new(NULL);
    const char *record = talloc_strndup(ctx, (const char *)data, size);
    struct destination *list;
    size_t count;

    demand(destinations_of(ctx, record, &list, &count) == STS_OK);
    demand(count <= LIMIT_DESTINATIONS);
    for (size_t i = 0; i < count; i++)
        look_at(&list[i]);
    talloc_free(ctx);
    return 0;
}
