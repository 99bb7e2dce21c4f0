/* SPDX-License-Identifier: MIT */
/* base_url.h - where the service is found from outside: "https://host:8443/a/b/". */
#ifndef SERVE_BASE_URL_H
#define SERVE_BASE_URL_H

#include <stdbool.h>

#include <talloc.h>

struct base_url {
    char
        *origin; /* "https://host:8443", in lower case; without the port that goes without saying */
    char *host;  /* "host" or "[::1]" */
    char *path;  /* begins and ends with '/' */
    bool tls;
};

/* False: it is none, has a user, a query or a fragment, or a path that would have to be escaped; or
 * no memory.  What it points to is owned by ctx. */
bool base_url_read(TALLOC_CTX *ctx, const char *text, struct base_url *ret);

#endif
