/* SPDX-License-Identifier: MIT */
/* proxy.h - the proxy that a network may want for connections to other people's web servers. */
#ifndef NET_PROXY_H
#define NET_PROXY_H

#include <stdbool.h>

#include <talloc.h>

#include <mtasts/status.h>

/* As curl reads them: [SCHEME://][USER[:PASSWORD]@]HOST[:PORT][/], where SCHEME is http (the
 * default), socks5 or socks5h.  USER and PASSWORD may be percent-encoded. */
struct proxy {
    const char *url;  /* for libcurl, with scheme and port */
    const char *name; /* for people: "proxy.example:3128", never the password */
};

/* Errors: STS_E_INVALID (the text is no such URL), STS_E_NOMEM. */
STS_MUST_USE enum sts_status proxy_read(TALLOC_CTX *ctx, const char *text, struct proxy **ret);
bool proxy_is_valid(const char *text);

/* Does `list` (no_proxy: names with commas or blanks between them, "*" for all) take this host
 * out?  A name covers those below it, whether it begins with a dot or not.  list: may be NULL. */
bool proxy_is_passed_by(const char *list, const char *host);

#endif
