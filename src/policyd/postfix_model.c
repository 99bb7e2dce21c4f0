/* SPDX-License-Identifier: MIT */
/* postfix_model.c - dict_sockmap.c and smtp_tls_policy.c of Postfix, as far as we make use of them.
 *
 * A policy is a level and attributes, divided by blanks and commas.  From 3.10 on braces keep a
 * text with blanks together: "{ policy_string = mode: enforce }". */
#include "policyd/postfix_model.h"

#include "base/ascii.h"
#include "base/hname.h"
#include "base/scanner.h"
#include "base/text.h"
#include "policyd/limits.h"

struct reader {
    enum postfix_version version;
    struct postfix_reading reading;
};

static void refuse(struct reader *reader, const char *why)
{
    if (reader->reading.outcome == POSTFIX_REFUSES)
        return;
    reader->reading.outcome = POSTFIX_REFUSES;
    reader->reading.why = why;
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool is_one_of(struct bytes value, const char *const *words)
{
    for (; *words; words++)
        if (bytes_equal(value, *words))
            return true;
    return false;
}

/* "hostname", "name" or ".name". */
static bool is_match(struct bytes name)
{
    static const char *const words[] = {"hostname", "nexthop", "dot-nexthop", NULL};

    if (bytes_begin(name, "."))
        name = bytes_from(name, 1);
    return is_one_of(name, words) || hname_valid(name);
}

static void take_match(struct reader *reader, struct bytes value)
{
    struct scanner scanner = scanner_begin(value);

    if (reader->reading.level < POSTFIX_VERIFY)
        refuse(reader, "match at a level that verifies no certificate");
    do {
        if (!is_match(scanner_until(&scanner, ':')))
            refuse(reader, "a match that is no host name");
        reader->reading.matches++;
    } while (scanner_try(&scanner, ':'));
}

static void take_once(struct reader *reader, bool *seen, bool right, const char *why)
{
    if (*seen || !right)
        refuse(reader, why);
    *seen = true;
}

static void take_servername(struct reader *reader, struct bytes value)
{
    take_once(reader, &reader->reading.servername, hname_valid(value),
              "a servername that is no host name, or two");
}

static void take_type(struct reader *reader, struct bytes value)
{
    static const char *const types[] = {"sts", "no-policy-found", NULL};

    take_once(reader, &reader->reading.typed, is_one_of(value, types),
              "an unknown policy_type, or two");
    reader->reading.sts = bytes_equal(value, "sts");
}

static void take_domain(struct reader *reader, struct bytes value)
{
    take_once(reader, &reader->reading.domain, hname_valid(value),
              "a policy_domain that is no host name, or two");
}

static void take_string(struct reader *reader, struct bytes value)
{
    (void)value;
    reader->reading.policy_strings++;
}

/* Postfix takes ".name" too, but then no MX host matches it. */
static void take_mx_pattern(struct reader *reader, struct bytes value)
{
    if (!hname_valid(bytes_begin(value, "*.") ? bytes_from(value, 2) : value))
        refuse(reader, "an mx_host_pattern that is none");
    reader->reading.mx_patterns++;
}

static void take_failure(struct reader *reader, struct bytes value)
{
    static const char *const types[] = {"sts-policy-fetch-error", "sts-policy-invalid",
                                        "sts-webpki-invalid", "validation-failure", NULL};

    if (!is_one_of(value, types))
        refuse(reader, "an unknown policy_failure");
    if (reader->reading.level >= POSTFIX_VERIFY)
        refuse(reader, "policy_failure, which fails each certificate at this level");
}

static void take_ttl(struct reader *reader, struct bytes value)
{
    struct scanner scanner = scanner_begin(value);

    (void)scanner_number(&scanner, 1, 9);
    if (!scanner_finished(&scanner))
        refuse(reader, "a policy_ttl that is no number");
}

/* ---- attributes ------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    enum postfix_version since;
    void (*take)(struct reader *reader, struct bytes value);
} attributes[] = {
    {"match", POSTFIX_3_4, take_match},
    {"servername", POSTFIX_3_4, take_servername},
    {"policy_type", POSTFIX_3_10, take_type},
    {"policy_domain", POSTFIX_3_10, take_domain},
    {"policy_string", POSTFIX_3_10, take_string},
    {"mx_host_pattern", POSTFIX_3_10, take_mx_pattern},
    {"policy_failure", POSTFIX_3_10, take_failure},
    {"policy_ttl", POSTFIX_3_10, take_ttl},
};

static void take_attribute(struct reader *reader, struct bytes text)
{
    long equals = bytes_find_char(text, '=');
    struct bytes name, value;

    if (equals <= 0) {
        refuse(reader, "no name=value");
        return;
    }
    name = bytes_trim((struct bytes){text.data, (size_t)equals});
    value = bytes_trim(bytes_from(text, (size_t)equals + 1));
    if (!value.length)
        refuse(reader, "an attribute without a value");
    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
        if (!bytes_equal_nocase(name, attributes[i].name))
            continue;
        if (reader->version >= attributes[i].since)
            attributes[i].take(reader, value);
        else
            refuse(reader, "an attribute that this version does not know");
        return;
    }
    refuse(reader, "an unknown attribute");
}

/* ---- words ----------------------------------------------------------------------------------- */

static bool is_separator(unsigned char c)
{
    return ascii_is_space(c) || c == ',';
}

/* Up to the next separator outside of braces; empty at the end. */
static struct bytes next_word(struct reader *reader, struct scanner *scanner)
{
    size_t begin, depth = 0;
    int c;

    (void)scanner_while(scanner, is_separator);
    begin = scanner->at;
    for (; (c = scanner_peek(scanner)) >= 0; scanner->at++) {
        if (!depth && is_separator((unsigned char)c))
            break;
        if (c == '{' && reader->version >= POSTFIX_3_10)
            depth++;
        else if (c == '}' && depth)
            depth--;
    }
    if (depth)
        refuse(reader, "a brace that is not closed");
    return (struct bytes){scanner->text.data + begin, scanner->at - begin};
}

/* What stands in braces, without them. */
static struct bytes unbraced(struct reader *reader, struct bytes word)
{
    if (reader->version < POSTFIX_3_10 || !bytes_begin(word, "{"))
        return word;
    if (word.length < 2 || word.data[word.length - 1] != '}')
        refuse(reader, "text behind a closing brace");
    return bytes_trim((struct bytes){word.data + 1, word.length < 2 ? 0 : word.length - 2});
}

static void take_level(struct reader *reader, struct bytes word)
{
    static const char *const names[] = {
        [POSTFIX_MAY] = "may",       [POSTFIX_ENCRYPT] = "encrypt",
        [POSTFIX_DANE] = "dane",     [POSTFIX_DANE_ONLY] = "dane-only",
        [POSTFIX_VERIFY] = "verify", [POSTFIX_SECURE] = "secure"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (bytes_equal_nocase(word, names[i])) {
            reader->reading.level = (enum postfix_level)i;
            return;
        }
    }
    refuse(reader, "no security level");
}

/* What is needed besides, when all was read. */
static void judge_whole(struct reader *reader)
{
    const struct postfix_reading *seen = &reader->reading;

    if (seen->level == POSTFIX_SECURE && !seen->matches)
        refuse(reader, "secure without a match, which is for the next hop's name alone");
    if (!seen->typed && (seen->domain || seen->policy_strings || seen->mx_patterns))
        refuse(reader, "attributes of a policy without its policy_type");
}

static void take_policy(struct reader *reader, struct bytes text)
{
    struct scanner scanner = scanner_begin(text);
    struct bytes word = next_word(reader, &scanner);

    take_level(reader, word);
    while (reader->reading.outcome != POSTFIX_REFUSES) {
        word = next_word(reader, &scanner);
        if (!word.length)
            break;
        take_attribute(reader, unbraced(reader, word));
    }
    judge_whole(reader);
}

/* ---- the reply ------------------------------------------------------------------------------- */

static bool is_clean(struct bytes text)
{
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];

        if ((c < ' ' && !ascii_is_space(c)) || c == 0x7f)
            return false;
    }
    return text_is_utf8(text.data, text.length);
}

struct postfix_reading postfix_read(enum postfix_version version, struct bytes payload)
{
    struct reader reader = {.version = version};
    long blank = bytes_find_char(payload, ' ');
    struct bytes word = {payload.data, blank < 0 ? payload.length : (size_t)blank};
    struct bytes rest = blank < 0 ? bytes_of("") : bytes_from(payload, (size_t)blank + 1);

    if (payload.length > LIMIT_SOCKETMAP_REPLY)
        refuse(&reader, "longer than Postfix reads");
    else if (!is_clean(payload))
        refuse(&reader, "a control character, or no UTF-8");
    else if (bytes_equal(word, "OK"))
        take_policy(&reader, rest);
    else if (bytes_equal(word, "NOTFOUND"))
        reader.reading.outcome = POSTFIX_NOT_FOUND;
    else if (bytes_equal(word, "TEMP") || bytes_equal(word, "TIMEOUT") || bytes_equal(word, "PERM"))
        reader.reading.outcome = POSTFIX_DEFERS;
    else
        refuse(&reader, "an unknown word");
    return reader.reading;
}

const char *postfix_version_name(enum postfix_version version)
{
    static const char *const names[] = {[POSTFIX_3_4] = "3.4", [POSTFIX_3_10] = "3.10"};

    return names[version];
}
