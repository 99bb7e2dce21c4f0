/* SPDX-License-Identifier: MIT */
/* signature_key.c - levels, key records, and which domains belong together. */
#include "dkim/signature.h"

#include <string.h>
#include <strings.h>

#include "base/scanner.h"

const char *signature_level_name(enum signature_level level)
{
    static const char *const names[] = {
#define X(symbol, name, text) [SIGNATURE_##symbol] = (name),
        SIGNATURE_LEVELS(X)
#undef X
    };

    return names[level];
}

const char *signature_level_text(enum signature_level level)
{
    static const char *const texts[] = {
#define X(symbol, name, text) [SIGNATURE_##symbol] = (text),
        SIGNATURE_LEVELS(X)
#undef X
    };

    return texts[level];
}

enum signature_level signature_level_named(const char *name)
{
    enum signature_level level = SIGNATURE_ALIGNED;

    while (level < SIGNATURE_LEVEL_COUNT && strcmp(signature_level_name(level), name) != 0)
        level++;
    return level;
}

bool signature_level_is_better(const char *name, const char *than)
{
    return signature_level_named(name) < signature_level_named(than);
}

/* Is `below` the same name as `above`, or under it? */
static bool is_below(const char *below, const char *above)
{
    size_t long_one = strlen(below), short_one = strlen(above);

    if (long_one < short_one || strcasecmp(below + long_one - short_one, above) != 0)
        return false;
    return long_one == short_one || (below[long_one - short_one - 1] == '.' && strchr(above, '.'));
}

bool signature_related(const char *a, const char *b)
{
    return *a && *b && (is_below(a, b) || is_below(b, a));
}

/* "tlsrpt:email" */
static bool lists_service(struct bytes value)
{
    static const char *const services[] = {"*", "email", "tlsrpt"};
    struct scanner scanner = scanner_begin(value);

    while (!scanner_at_end(&scanner)) {
        struct bytes service = bytes_trim(scanner_until(&scanner, ':'));

        scanner_try(&scanner, ':');
        for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
            if (bytes_equal_nocase(service, services[i]))
                return true;
    }
    return false;
}

bool signature_key_serves(TALLOC_CTX *ctx, struct bytes record, char **ret)
{
    struct scanner scanner = scanner_begin(record);
    char *rest = talloc_strdup(ctx, "");
    bool serves = true;

    while (rest && !scanner_at_end(&scanner)) {
        struct bytes tag = bytes_trim(scanner_until(&scanner, ';'));
        long equals = bytes_find_char(tag, '=');

        scanner_try(&scanner, ';');
        if (equals > 0 && bytes_equal(bytes_trim((struct bytes){tag.data, (size_t)equals}), "s"))
            serves = lists_service(bytes_from(tag, (size_t)equals + 1));
        else if (tag.length)
            rest = talloc_asprintf_append(rest, "%.*s;", (int)tag.length, tag.data);
    }
    *ret = rest;
    return rest && serves;
}

enum signature_level signature_level_of(const struct signature *signature, const char *contact)
{
    if (signature->level == SIGNATURE_ALIGNED && contact &&
        !signature_related(signature->domain, contact))
        return SIGNATURE_OTHER_DOMAIN;
    return signature->level;
}
