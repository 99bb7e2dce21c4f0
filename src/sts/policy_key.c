/* SPDX-License-Identifier: MIT */
/* policy_key.c - the keys of a policy, recognised also where they are not written as they must. */
#include "sts/policy_key.h"

#include <string.h>

#include "base/ascii.h"
#include "base/hidden.h"
#include "base/near.h"
#include "base/text.h"

/* `bare`: letters and digits alone; `far`: how far a misspelling may lie. */
static const struct {
    const char *name, *bare;
    size_t far;
} keys[] = {
    [KEY_VERSION] = {"version", "version", 2},
    [KEY_MODE] = {"mode", "mode", 1},
    [KEY_MAX_AGE] = {"max_age", "maxage", 2},
    [KEY_MX] = {"mx", "mx", 1},
};

/* Other words that were found in place of a key, bare. */
static const struct {
    const char *word;
    enum policy_key key;
} words[] = {
    {"v", KEY_VERSION},
    {"ver", KEY_VERSION},
    {"stsversion", KEY_VERSION},
    {"policyversion", KEY_VERSION},
    {"policymode", KEY_MODE},
    {"stsmode", KEY_MODE},
    {"mtastsmode", KEY_MODE},
    {"modus", KEY_MODE},
    {"age", KEY_MAX_AGE},
    {"ttl", KEY_MAX_AGE},
    {"maxageseconds", KEY_MAX_AGE},
    {"policymaxage", KEY_MAX_AGE},
    {"cachemaxage", KEY_MAX_AGE},
    {"mxhost", KEY_MX},
    {"mxhosts", KEY_MX},
    {"mxrecord", KEY_MX},
    {"mxrecords", KEY_MX},
    {"mxpattern", KEY_MX},
    {"mxpatterns", KEY_MX},
    {"mxserver", KEY_MX},
    {"mxservers", KEY_MX},
    {"mailserver", KEY_MX},
    {"mailhost", KEY_MX},
    {"host", KEY_MX},
    {"hosts", KEY_MX},
};

const char *policy_key_name(enum policy_key key)
{
    return keys[key].name;
}

enum policy_key policy_key_find(struct bytes key)
{
    enum policy_key i = KEY_VERSION;

    while (i < KEY_UNKNOWN && !bytes_equal_nocase(key, keys[i].name))
        i++;
    return i;
}

/* Small letters and digits alone; what is no such character and hides nothing spoils it. */
static bool bare_of(struct bytes key, char bare[NEAR_LENGTH + 1])
{
    size_t count = 0;

    for (size_t at = 0; at < key.length; at += text_character(key.data + at, key.length - at)) {
        unsigned char c = (unsigned char)key.data[at];

        if (c >= 0x80 ? !hidden_at(bytes_from(key, at)) : !c)
            return false;
        if (!ascii_is_alnum(c))
            continue;
        if (count == NEAR_LENGTH)
            return false;
        bare[count++] = ascii_lower((char)c);
    }
    bare[count] = '\0';
    return count > 0;
}

/* "mx1", "mx10" */
static bool is_numbered_mx(const char *bare)
{
    return !strncmp(bare, "mx", 2) && strspn(bare + 2, "0123456789") == strlen(bare) - 2;
}

enum policy_key policy_key_meant(struct bytes key)
{
    char bare[NEAR_LENGTH + 1];

    if (policy_key_find(key) != KEY_UNKNOWN)
        return policy_key_find(key);
    if (!bare_of(key, bare))
        return KEY_UNKNOWN;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (!strcmp(bare, words[i].word))
            return words[i].key;
    if (is_numbered_mx(bare))
        return KEY_MX;
    for (enum policy_key i = KEY_VERSION; i < KEY_UNKNOWN; i++)
        if (strlen(bare) > 1 && near_distance(bare, keys[i].bare) <= keys[i].far)
            return i;
    return KEY_UNKNOWN;
}

enum policy_key policy_key_begins(struct bytes text)
{
    for (enum policy_key i = KEY_VERSION; i < KEY_UNKNOWN; i++) {
        struct bytes rest = text;

        if (!bytes_begin_nocase(rest, keys[i].name))
            continue;
        rest = bytes_from(rest, strlen(keys[i].name));
        while (rest.length && rest.data[0] && strchr(" \t\"'", rest.data[0]))
            rest = bytes_from(rest, 1);
        if (rest.length && (rest.data[0] == ':' || rest.data[0] == '='))
            return i;
    }
    return KEY_UNKNOWN;
}
