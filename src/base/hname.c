/* SPDX-License-Identifier: MIT */
/* hname.c - what is a host name. */
#include "base/hname.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/scanner.h"

static bool label_valid(struct bytes label)
{
    if (!label.length || label.length > HNAME_LABEL)
        return false;
    for (size_t i = 0; i < label.length; i++)
        if (!ascii_is_alnum((unsigned char)label.data[i]) && label.data[i] != '-')
            return false;
    return label.data[0] != '-' && label.data[label.length - 1] != '-';
}

static bool all_digits(struct bytes label)
{
    for (size_t i = 0; i < label.length; i++)
        if (!ascii_is_digit((unsigned char)label.data[i]))
            return false;
    return true;
}

bool hname_valid(struct bytes name)
{
    struct scanner scanner = scanner_begin(name);
    struct bytes label;

    if (name.length > HNAME_MAX)
        return false;
    do {
        label = scanner_until(&scanner, '.');
        if (!label_valid(label))
            return false;
    } while (scanner_try(&scanner, '.'));
    return !all_digits(label);
}

bool hname_address(struct bytes text, char ret[HNAME_ADDRESS_SIZE])
{
    char buffer[INET6_ADDRSTRLEN];
    unsigned char address[sizeof(struct in6_addr)];
    int family;

    if (text.length > 2 && text.data[0] == '[' && text.data[text.length - 1] == ']')
        text = (struct bytes){text.data + 1, text.length - 2};
    if (bytes_begin_nocase(text, "IPv6:"))
        text = bytes_from(text, 5);
    if (!text.length || text.length >= sizeof(buffer) || bytes_find_char(text, '\0') >= 0)
        return false;
    memcpy(buffer, text.data, text.length);
    buffer[text.length] = '\0';
    family = inet_pton(AF_INET, buffer, address) == 1 ? AF_INET : AF_INET6;
    if (family == AF_INET6 && inet_pton(AF_INET6, buffer, address) != 1)
        return false;
    return inet_ntop(family, address, ret, HNAME_ADDRESS_SIZE) != NULL;
}

bool hname_is_address(struct bytes text)
{
    char form[HNAME_ADDRESS_SIZE];

    return hname_address(text, form);
}

bool hname_equal(struct bytes a, struct bytes b)
{
    if (a.length != b.length)
        return false;
    for (size_t i = 0; i < a.length; i++)
        if (ascii_lower(a.data[i]) != ascii_lower(b.data[i]))
            return false;
    return true;
}

bool hname_ends_with(const char *name, const char *end)
{
    struct bytes whole = {name, strlen(name)}, tail = {end, strlen(end)};

    return whole.length >= tail.length &&
           hname_equal(bytes_from(whole, whole.length - tail.length), tail);
}

struct bytes hname_parent(struct bytes name)
{
    long dot = bytes_find_char(name, '.');

    return bytes_from(name, dot < 0 ? name.length : (size_t)dot + 1);
}

/* ---- registered domains ---------------------------------------------------------------------- */

/* Second-level domains below which country registries register. */
static const char *const registries[] = {"ac", "co",  "com", "edu", "go",  "gob", "gov",
                                         "gv", "mil", "ne",  "net", "nom", "or",  "org"};

static bool is_registry(const char *label, size_t length)
{
    for (size_t i = 0; i < sizeof registries / sizeof registries[0]; i++)
        if (strlen(registries[i]) == length && !strncasecmp(registries[i], label, length))
            return true;
    return false;
}

/* The label before the one at `at`; `at` itself if that is the first. */
static const char *label_before(const char *name, const char *at)
{
    if (at == name)
        return at;
    for (at--; at > name && at[-1] != '.'; at--)
        ;
    return at;
}

const char *hname_registered(const char *name)
{
    const char *top = label_before(name, name + strlen(name) + 1);
    const char *second = label_before(name, top);

    if (strlen(top) == 2 && second != top && is_registry(second, (size_t)(top - second - 1)))
        return label_before(name, second);
    return second;
}
