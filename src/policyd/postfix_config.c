/* SPDX-License-Identifier: MIT */
/* postfix_config.c - lines of postconf, and a row for each accident. */
#include "policyd/postfix_config.h"

#include <stdio.h>
#include <string.h>

#include "base/scanner.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

const char *postfix_setting_name(enum postfix_setting setting)
{
    static const char *const names[POSTFIX_SETTINGS] = {
        [POSTFIX_VERSION_SETTING] = "mail_version",
        [POSTFIX_POLICY_MAPS] = "smtp_tls_policy_maps",
        [POSTFIX_LEVEL] = "smtp_tls_security_level",
        [POSTFIX_DNS] = "smtp_dns_support_level",
        [POSTFIX_REUSE] = "smtp_tls_connection_reuse",
        [POSTFIX_INSECURE_MX] = "smtp_tls_dane_insecure_mx_policy",
        [POSTFIX_MX_PATTERNS] = "smtp_tls_enforce_sts_mx_patterns",
        [POSTFIX_CA_FILE] = "smtp_tls_CAfile",
        [POSTFIX_CA_PATH] = "smtp_tls_CApath",
        [POSTFIX_DEFAULT_CA] = "tls_append_default_CA",
        [POSTFIX_QUEUE] = "queue_directory",
        [POSTFIX_DAEMONS] = "daemon_directory",
        [POSTFIX_SENDMAIL] = "sendmail_path",
        [POSTFIX_OWNER] = "mail_owner"};

    return names[setting];
}

/* ---- the output of postconf ------------------------------------------------------------------ */

static bool is_in_name(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* "name = value"; false: there is no memory. */
static bool take_line(TALLOC_CTX *ctx, struct bytes line, struct postfix_config *config)
{
    struct scanner scanner = scanner_begin(line);
    struct bytes name = scanner_while(&scanner, is_in_name);
    struct bytes value;

    if (!scanner_try_text(&scanner, " ="))
        return true;
    value = bytes_trim(bytes_from(line, scanner.at));
    for (size_t i = 0; i < POSTFIX_SETTINGS; i++) {
        if (!bytes_equal(name, postfix_setting_name((enum postfix_setting)i)))
            continue;
        config->values[i] = talloc_strndup(ctx, value.data, value.length);
        return config->values[i] != NULL;
    }
    return true;
}

/* "3.7.11", "3.12-20260821" */
static bool read_version(const char *text, struct postfix_number *ret)
{
    struct scanner scanner = scanner_begin(bytes_of(text));

    ret->major = (int)scanner_number(&scanner, 1, 4);
    scanner_expect(&scanner, '.');
    ret->minor = (int)scanner_number(&scanner, 1, 4);
    ret->patch = scanner_try(&scanner, '.') ? (int)scanner_number(&scanner, 1, 4) : 0;
    return !scanner.failed;
}

bool postfix_config_read(TALLOC_CTX *ctx, struct bytes output, struct postfix_config *ret)
{
    struct scanner scanner = scanner_begin(output);
    const char *version;

    *ret = (struct postfix_config){0};
    while (!scanner_at_end(&scanner)) {
        if (!take_line(ctx, scanner_until(&scanner, '\n'), ret))
            return false;
        (void)scanner_try(&scanner, '\n');
    }
    version = ret->values[POSTFIX_VERSION_SETTING];
    return version && read_version(version, &ret->version);
}

/* ---- what follows ---------------------------------------------------------------------------- */

bool postfix_is_at_least(const struct postfix_config *config, int major, int minor, int patch)
{
    const struct postfix_number *own = &config->version;

    if (own->major != major)
        return own->major > major;
    return own->minor != minor ? own->minor > minor : own->patch >= patch;
}

static const char *value_of(const struct postfix_config *config, enum postfix_setting setting)
{
    return config->values[setting] ? config->values[setting] : "";
}

static bool is_yes(const struct postfix_config *config, enum postfix_setting setting)
{
    return !strcmp(value_of(config, setting), "yes");
}

bool postfix_config_reuses(const struct postfix_config *config)
{
    return is_yes(config, POSTFIX_REUSE);
}

const char *postfix_config_map(const struct postfix_config *config)
{
    return postfix_is_at_least(config, 3, 10, 0) ? "QUERYwithTLSRPT" : "postfix";
}

/* ---- which of its tables are ours ------------------------------------------------------------ */

static bool is_separator(unsigned char c)
{
    return c == ',' || c == ' ' || c == '\t';
}

static bool is_in_table(unsigned char c)
{
    return !is_separator(c);
}

static bool ends_with(struct bytes text, const char *end)
{
    size_t length = strlen(end);

    return text.length >= length && bytes_equal(bytes_from(text, text.length - length), end);
}

/* A path is relative to the queue directory; ours is the same in front of its end. */
static bool is_path_of(const struct postfix_check *check, struct bytes path, const char *own)
{
    size_t queue = strlen(value_of(check->config, POSTFIX_QUEUE));

    if (path.length && path.data[0] == '/')
        return bytes_equal(path, own);
    return !strncmp(own, value_of(check->config, POSTFIX_QUEUE), queue) && own[queue] == '/' &&
           bytes_equal(path, own + queue + 1);
}

static bool is_ours(const struct postfix_check *check, struct bytes where)
{
    char port[16];

    for (size_t i = 0; i < check->place_count; i++) {
        const struct postfix_place *place = &check->places[i];

        snprintf(port, sizeof(port), ":%d", place->port);
        if (!place->path && bytes_begin(where, "inet:") && ends_with(where, port))
            return true;
        if (place->path && bytes_begin(where, "unix:") &&
            is_path_of(check, bytes_from(where, strlen("unix:")), place->path))
            return true;
    }
    return false;
}

/* "socketmap:WHERE:NAME": the name, or nothing. */
static struct bytes name_in(const struct postfix_check *check, struct bytes table)
{
    const struct bytes none = {"", 0};
    size_t at;

    if (!bytes_begin(table, "socketmap:"))
        return none;
    table = bytes_from(table, strlen("socketmap:"));
    for (at = table.length; at && table.data[at - 1] != ':'; at--)
        ;
    if (!at || !is_ours(check, (struct bytes){table.data, at - 1}))
        return none;
    return bytes_from(table, at);
}

/* The first that is ours counts: Postfix asks no further once it has an answer. */
static struct bytes own_map(const struct postfix_check *check)
{
    struct scanner scanner = scanner_begin(bytes_of(value_of(check->config, POSTFIX_POLICY_MAPS)));
    struct bytes name = {"", 0};

    while (!scanner_at_end(&scanner) && !name.length) {
        (void)scanner_while(&scanner, is_separator);
        name = name_in(check, scanner_while(&scanner, is_in_table));
    }
    return name;
}

/* ---- accidents ------------------------------------------------------------------------------- */

struct postfix_state {
    const struct postfix_check *check;
    const struct postfix_config *config;
    bool is_asked, wants_attributes, knows_attributes;
};

static bool is_old(const struct postfix_state *state)
{
    return !postfix_is_at_least(state->config, 3, 4, 0);
}

static bool is_not_asked(const struct postfix_state *state)
{
    return !state->is_asked;
}

static bool defers_attributes(const struct postfix_state *state)
{
    return state->wants_attributes && !state->knows_attributes;
}

static bool could_have_attributes(const struct postfix_state *state)
{
    return state->is_asked && !state->wants_attributes && state->knows_attributes;
}

static bool has_no_patterns(const struct postfix_state *state)
{
    return state->wants_attributes && state->knows_attributes &&
           !postfix_is_at_least(state->config, 3, 10, 5);
}

static bool has_patterns_off(const struct postfix_state *state)
{
    return state->wants_attributes && !strcmp(value_of(state->config, POSTFIX_MX_PATTERNS), "no");
}

static bool has_no_dnssec(const struct postfix_state *state)
{
    return state->is_asked && !state->check->no_dane &&
           strcmp(value_of(state->config, POSTFIX_DNS), "dnssec") != 0;
}

/* Fixed in 3.7.13, 3.8.8 and 3.9.2. */
static bool is_dane_weak(const struct postfix_state *state)
{
    static const struct postfix_number fixed[] = {{3, 7, 13}, {3, 8, 8}, {3, 9, 2}};
    const struct postfix_number *own = &state->config->version;

    if (!state->is_asked || state->check->no_dane || state->knows_attributes ||
        !strcmp(value_of(state->config, POSTFIX_LEVEL), "dane") ||
        !strcmp(value_of(state->config, POSTFIX_INSECURE_MX), "dane"))
        return false;
    for (size_t i = 0; i < COUNT(fixed); i++)
        if (own->major == fixed[i].major && own->minor == fixed[i].minor)
            return own->patch < fixed[i].patch;
    return true;
}

static bool has_no_level(const struct postfix_state *state)
{
    const char *level = value_of(state->config, POSTFIX_LEVEL);

    return !*level || !strcmp(level, "none");
}

static bool has_no_ca(const struct postfix_state *state)
{
    return !*value_of(state->config, POSTFIX_CA_FILE) &&
           !*value_of(state->config, POSTFIX_CA_PATH) && !is_yes(state->config, POSTFIX_DEFAULT_CA);
}

static bool has_no_proxy(const struct postfix_state *state)
{
    return postfix_config_reuses(state->config) && state->config->no_tlsproxy;
}

unsigned postfix_config_notes(const struct postfix_check *check)
{
    static bool (*const holds[POSTFIX_NOTES])(const struct postfix_state *state) = {
        [POSTFIX_NOTE_OLD] = is_old,
        [POSTFIX_NOTE_NOT_ASKED] = is_not_asked,
        [POSTFIX_NOTE_ATTRIBUTES] = defers_attributes,
        [POSTFIX_NOTE_PLAIN] = could_have_attributes,
        [POSTFIX_NOTE_NO_PATTERNS] = has_no_patterns,
        [POSTFIX_NOTE_PATTERNS_OFF] = has_patterns_off,
        [POSTFIX_NOTE_NO_DNSSEC] = has_no_dnssec,
        [POSTFIX_NOTE_WEAK_DANE] = is_dane_weak,
        [POSTFIX_NOTE_NO_LEVEL] = has_no_level,
        [POSTFIX_NOTE_NO_CA] = has_no_ca,
        [POSTFIX_NOTE_NO_PROXY] = has_no_proxy};
    struct bytes map = own_map(check);
    bool known;
    const struct postfix_state state = {
        .check = check,
        .config = check->config,
        .is_asked = map.length > 0,
        .wants_attributes = map.length > 0 && reply_profile_of(map, &known) == PROFILE_ATTRIBUTES,
        .knows_attributes = postfix_is_at_least(check->config, 3, 10, 0)};
    unsigned notes = 0;

    for (size_t i = 0; i < POSTFIX_NOTES; i++)
        if (holds[i](&state))
            notes |= 1u << i;
    return notes;
}
