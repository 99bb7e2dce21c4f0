/* SPDX-License-Identifier: MIT */
/* policy_key.c - next hops of Postfix and Sendmail. */
#include "policyd/policy_key.h"

#include <string.h>

#include "base/ascii.h"
#include "base/hname.h"
#include "base/scanner.h"

/* U-labels of a name take up to four bytes a character; what is longer is none. */
#define KEY_MAX ((size_t)4 * STS_NAME_SIZE)

static bool in_service(unsigned char c)
{
    return ascii_is_alnum(c) || c == '-';
}

/* "dom:25", "dom:submission": the domain is what stands before; "" in front of it is no name. */
static struct bytes without_port(struct bytes key)
{
    long colon = bytes_find_char(key, ':');
    struct scanner port;

    if (colon < 0)
        return key;
    port = scanner_begin(bytes_from(key, (size_t)colon + 1));
    if (!scanner_while(&port, in_service).length || !scanner_at_end(&port))
        return key;
    return (struct bytes){key.data, (size_t)colon};
}

enum policy_key_kind policy_key_read(struct bytes key, char domain[STS_NAME_SIZE])
{
    char text[KEY_MAX + 1];

    if (bytes_begin(key, "["))
        return POLICY_KEY_HOST;
    if (bytes_begin(key, "."))
        return POLICY_KEY_PARENT;
    if (hname_is_address(key))
        return POLICY_KEY_ADDRESS;
    key = without_port(key);
    if (hname_is_address(key))
        return POLICY_KEY_ADDRESS;
    if (!key.length || key.length > KEY_MAX || bytes_find_char(key, '\0') >= 0)
        return POLICY_KEY_UNUSABLE;
    memcpy(text, key.data, key.length);
    text[key.length] = '\0';
    return sts_name_from_user(text, domain) == STS_OK ? POLICY_KEY_DOMAIN : POLICY_KEY_UNUSABLE;
}

const char *policy_key_kind_name(enum policy_key_kind kind)
{
    static const char *const names[] = {[POLICY_KEY_DOMAIN] = "domain",
                                        [POLICY_KEY_PARENT] = "parent",
                                        [POLICY_KEY_HOST] = "host",
                                        [POLICY_KEY_ADDRESS] = "address",
                                        [POLICY_KEY_UNUSABLE] = "unusable"};

    return names[kind];
}
