/* SPDX-License-Identifier: MIT */
/* overrides.c - lines of a file, strictly read. */
#include "policyd/overrides.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mtasts/match.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/hname.h"
#include "base/scanner.h"
#include "base/text.h"
#include "policyd/limits.h"
#include "policyd/socketmap.h"

#define DAY 86400

static const char *const names[OVERRIDE_ACTIONS] = {
    [OVERRIDE_NONE] = "none",           [OVERRIDE_MAY] = "may",
    [OVERRIDE_ENCRYPT] = "encrypt",     [OVERRIDE_DANE] = "dane",
    [OVERRIDE_DANE_ONLY] = "dane-only", [OVERRIDE_SECURE] = "secure",
    [OVERRIDE_NO_DANE] = "no-dane"};

const char *override_action_name(enum override_action action)
{
    return names[action];
}

/* ---- the fields of a line -------------------------------------------------------------------- */

struct override_line {
    TALLOC_CTX *ctx;
    struct scanner scanner;
    struct override *override;
};

static bool is_blank(unsigned char c)
{
    return c == ' ' || c == '\t';
}

static bool is_in_word(unsigned char c)
{
    return !is_blank(c);
}

static struct bytes take_word(struct override_line *line)
{
    (void)scanner_while(&line->scanner, is_blank);
    return scanner_while(&line->scanner, is_in_word);
}

/* A NUL-terminated copy on the stack of the caller; false: too long, or a NUL in it. */
static bool copy_word(struct bytes word, char text[STS_NAME_SIZE + 2])
{
    if (!word.length || word.length > STS_NAME_SIZE || bytes_find_char(word, '\0') >= 0)
        return false;
    memcpy(text, word.data, word.length);
    text[word.length] = '\0';
    return true;
}

static enum override_fault take_domain(struct override_line *line)
{
    char text[STS_NAME_SIZE + 2], name[STS_NAME_SIZE];
    struct bytes word = take_word(line);
    bool is_host = word.length > 2 && word.data[0] == '[' && word.data[word.length - 1] == ']';

    if (is_host)
        word = (struct bytes){word.data + 1, word.length - 2};
    if (!copy_word(word, text) || sts_name_from_user(text, name) != STS_OK)
        return OVERRIDE_BAD_DOMAIN;
    line->override->domain = talloc_asprintf(line->ctx, is_host ? "[%s]" : "%s", name);
    return line->override->domain ? OVERRIDE_OK : OVERRIDE_NO_MEMORY;
}

/* "mx.example.com", ".example.com" for all below. */
static bool is_match(struct bytes name)
{
    if (name.length && name.data[0] == '.')
        name = bytes_from(name, 1);
    return hname_valid(name);
}

/* "NAME:NAME"; the reply holds them as they are, so they are host names and nothing else. */
static enum override_fault take_names(struct override_line *line, struct bytes list)
{
    struct scanner scanner = scanner_begin(list);
    size_t count = 0;

    do {
        if (!is_match(scanner_until(&scanner, ':')) || ++count > LIMIT_OVERRIDE_NAMES)
            return OVERRIDE_BAD_NAMES;
    } while (scanner_try(&scanner, ':'));
    line->override->payload = talloc_asprintf(line->ctx, "OK secure match=%.*s servername=hostname",
                                              (int)list.length, list.data);
    return line->override->payload ? OVERRIDE_OK : OVERRIDE_NO_MEMORY;
}

static enum override_fault set_payload(struct override_line *line)
{
    const char *name = override_action_name(line->override->action);

    if (line->override->action == OVERRIDE_NO_DANE)
        return OVERRIDE_OK;
    line->override->payload = line->override->action == OVERRIDE_NONE
                                  ? talloc_strdup(line->ctx, SOCKETMAP_NOTHING)
                                  : talloc_asprintf(line->ctx, "OK %s", name);
    return line->override->payload ? OVERRIDE_OK : OVERRIDE_NO_MEMORY;
}

static enum override_fault take_action(struct override_line *line)
{
    static const char secure[] = "secure=";
    struct bytes word = take_word(line);

    if (bytes_begin(word, secure)) {
        line->override->action = OVERRIDE_SECURE;
        return take_names(line, bytes_from(word, strlen(secure)));
    }
    for (int i = 0; i < OVERRIDE_ACTIONS; i++) {
        if (!bytes_equal(word, names[i]))
            continue;
        line->override->action = (enum override_action)i;
        return i == OVERRIDE_SECURE ? OVERRIDE_BAD_NAMES : set_payload(line);
    }
    return OVERRIDE_BAD_ACTION;
}

static enum override_fault take_reason(struct override_line *line)
{
    struct bytes reason;

    (void)scanner_while(&line->scanner, is_blank);
    scanner_expect(&line->scanner, '"');
    reason = scanner_until(&line->scanner, '"');
    scanner_expect(&line->scanner, '"');
    if (line->scanner.failed || !reason.length || reason.length > LIMIT_OVERRIDE_REASON ||
        !text_is_printable(reason.data, reason.length))
        return OVERRIDE_BAD_REASON;
    line->override->reason = talloc_strndup(line->ctx, reason.data, reason.length);
    return line->override->reason ? OVERRIDE_OK : OVERRIDE_NO_MEMORY;
}

/* To the end of the day, in UTC. */
static enum override_fault take_expiry(struct override_line *line)
{
    struct bytes word = take_word(line);
    char text[CLOCK_TEXT_SIZE];

    if (bytes_equal(word, "never"))
        return OVERRIDE_OK;
    snprintf(text, sizeof(text), "%.*sT00:00:00Z", word.length == 10 ? 10 : 0, word.data);
    if (!clock_parse(text, &line->override->expires))
        return OVERRIDE_BAD_EXPIRY;
    line->override->expires += DAY;
    return OVERRIDE_OK;
}

static enum override_fault take_line(struct override_line *line)
{
    static enum override_fault (*const fields[])(struct override_line * line) = {
        take_domain, take_action, take_reason, take_expiry};

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        enum override_fault fault = fields[i](line);

        if (fault != OVERRIDE_OK)
            return fault;
    }
    (void)scanner_while(&line->scanner, is_blank);
    return scanner_at_end(&line->scanner) ? OVERRIDE_OK : OVERRIDE_MORE;
}

/* ---- the file -------------------------------------------------------------------------------- */

static int by_domain(const void *a, const void *b)
{
    return strcmp(((const struct override *)a)->domain, ((const struct override *)b)->domain);
}

/* The later of two lines is at fault. */
static enum override_fault sort(struct overrides *overrides, size_t *ret_line)
{
    if (overrides->count)
        qsort(overrides->list, overrides->count, sizeof(overrides->list[0]), by_domain);
    for (size_t i = 1; i < overrides->count; i++) {
        const struct override *one = &overrides->list[i - 1], *other = one + 1;

        if (by_domain(one, other) == 0) {
            *ret_line = one->line > other->line ? one->line : other->line;
            return OVERRIDE_TWICE;
        }
    }
    return OVERRIDE_OK;
}

static enum override_fault add_line(struct overrides *overrides, struct bytes text, size_t number)
{
    struct override_line line = {.ctx = overrides, .scanner = scanner_begin(text)};

    text = bytes_trim(text);
    if (!text.length || text.data[0] == '#')
        return OVERRIDE_OK;
    line.scanner = scanner_begin(text);
    if (overrides->count == LIMIT_OVERRIDES)
        return OVERRIDE_TOO_MANY;
    line.override =
        array_grow(overrides, &overrides->list, &overrides->count, sizeof(overrides->list[0]));
    if (!line.override)
        return OVERRIDE_NO_MEMORY;
    line.override->line = number;
    return take_line(&line);
}

static enum override_fault read_lines(struct overrides *overrides, struct bytes text,
                                      size_t *ret_line)
{
    struct scanner scanner = scanner_begin(text);
    enum override_fault fault = OVERRIDE_OK;

    for (*ret_line = 1; !scanner_at_end(&scanner); ++*ret_line) {
        fault = add_line(overrides, scanner_until(&scanner, '\n'), *ret_line);
        if (fault != OVERRIDE_OK)
            return fault;
        (void)scanner_try(&scanner, '\n');
    }
    return sort(overrides, ret_line);
}

enum override_fault overrides_read(TALLOC_CTX *ctx, struct bytes text, struct overrides **ret,
                                   size_t *ret_line)
{
    struct overrides *overrides = talloc_zero(ctx, struct overrides);
    enum override_fault fault =
        overrides ? read_lines(overrides, text, ret_line) : OVERRIDE_NO_MEMORY;

    if (fault == OVERRIDE_OK)
        *ret = overrides;
    else
        talloc_free(overrides);
    return fault;
}

/* ---- which one counts ------------------------------------------------------------------------ */

/* "[Host]:25": "[host]". */
static bool host_of(struct bytes key, char host[STS_NAME_SIZE + 2])
{
    char text[STS_NAME_SIZE + 2], name[STS_NAME_SIZE];
    long end = bytes_find_char(key, ']');

    if (end < 1 || !copy_word((struct bytes){key.data + 1, (size_t)end - 1}, text) ||
        sts_name_from_user(text, name) != STS_OK)
        return false;
    snprintf(host, STS_NAME_SIZE + 2, "[%s]", name);
    return true;
}

bool override_heeds_policy(const struct override *override)
{
    return !override || override->action == OVERRIDE_NO_DANE;
}

bool override_heeds_dane(const struct override *override)
{
    return !override || override->action == OVERRIDE_DANE || override->action == OVERRIDE_DANE_ONLY;
}

bool override_is_expired(const struct override *override, int64_t now)
{
    return override->expires && now >= override->expires;
}

const struct override *overrides_find(const struct overrides *overrides, struct bytes key,
                                      enum policy_key_kind kind, const char *domain, int64_t now)
{
    char host[STS_NAME_SIZE + 2];
    struct override wanted = {.domain = domain};
    const struct override *found;

    if (!overrides || !overrides->count)
        return NULL;
    if (kind == POLICY_KEY_HOST && host_of(key, host))
        wanted.domain = host;
    else if (kind != POLICY_KEY_DOMAIN)
        return NULL;
    found = bsearch(&wanted, overrides->list, overrides->count, sizeof(wanted), by_domain);
    return found && !override_is_expired(found, now) ? found : NULL;
}

bool override_is_unneeded(const struct override *override, const struct policy_known *known)
{
#define BIT(answer) (1u << POLICY_ANSWER_##answer)
    static const unsigned enough[OVERRIDE_ACTIONS] = {
        [OVERRIDE_NONE] = BIT(NONE) | BIT(TESTING),
        [OVERRIDE_MAY] = BIT(NONE) | BIT(TESTING),
        [OVERRIDE_ENCRYPT] = BIT(STS) | BIT(DANE_ONLY),
        [OVERRIDE_DANE] = BIT(DANE) | BIT(DANE_ONLY),
        [OVERRIDE_DANE_ONLY] = BIT(DANE_ONLY),
        [OVERRIDE_SECURE] = BIT(STS) | BIT(DANE_ONLY)};
#undef BIT

    if (override->action == OVERRIDE_NO_DANE)
        return known->dane == DANE_COVER_NONE;
    return enough[override->action] & 1u << policy_answer_of(known);
}
