/* SPDX-License-Identifier: MIT */
/* rua_host.c - the host in a URI of a TLSRPT record. */
#include "probe/rua_host.h"

#include <string.h>

#include <mtasts/match.h>

const char *rua_host(TALLOC_CTX *ctx, const char *uri, bool mail)
{
    const char *start = mail ? memchr(uri, '@', strcspn(uri, "?")) : strstr(uri, "://");
    char name[STS_NAME_SIZE], *text;

    if (!start)
        return NULL;
    start += mail ? 1 : 3;
    text = talloc_strndup(ctx, start, strcspn(start, mail ? "?," : "/:?#"));
    if (!text || sts_name_from_user(text, name) != STS_OK)
        return NULL;
    return talloc_strdup(ctx, name);
}
