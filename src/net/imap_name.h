/* SPDX-License-Identifier: MIT */
/* imap_name.h - names of folders as IMAP writes them (RFC 3501 section 5.1.3).
 *
 * A person writes UTF-8 with "/" between a folder and the one inside it.  On the wire it is UTF-7
 * with changes, the server's own separator, and on some servers everything is below a prefix such
 * as "INBOX.". */
#ifndef NET_IMAP_NAME_H
#define NET_IMAP_NAME_H

#include <talloc.h>

/* The server's; prefix is "" where it has none, separator '\0' where its folders have none inside.
 */
struct imap_namespace {
    const char *prefix;
    char separator;
};

/* NULL: the name is empty, too long, no UTF-8 or holds control characters; or no memory.  "inbox"
 * in any case is INBOX; a name that begins with the prefix does not get it twice. */
char *imap_name_encode(TALLOC_CTX *ctx, const char *name, const struct imap_namespace *space);

#endif
