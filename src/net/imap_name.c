/* SPDX-License-Identifier: MIT */
/* imap_name.c - UTF-8 to the UTF-7 of IMAP. */
#include "net/imap_name.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/text.h"
#include "net/limits.h"

/* What cannot stand as it is: UTF-16, big end first. */
struct run {
    char bytes[4 * LIMIT_IMAP_NAME];
    size_t length;
};

static void add_unit(struct run *run, unsigned unit)
{
    run->bytes[run->length++] = (char)(unsigned char)(unit >> 8);
    run->bytes[run->length++] = (char)(unsigned char)(unit & 0xff);
}

static void add_character(struct run *run, uint32_t character)
{
    if (character < 0x10000) {
        add_unit(run, character);
        return;
    }
    add_unit(run, 0xd800 + ((character - 0x10000) >> 10));
    add_unit(run, 0xdc00 + ((character - 0x10000) & 0x3ff));
}

/* Of well-formed UTF-8. */
static uint32_t next_character(const char **at)
{
    const unsigned char *text = (const unsigned char *)*at;
    size_t length = text_character(*at, strlen(*at));
    uint32_t character = length == 1 ? text[0] : text[0] & (0x7fu >> length);

    for (size_t i = 1; i < length; i++)
        character = character << 6 | (text[i] & 0x3fu);
    *at += length;
    return character;
}

/* "&", base64 with "," for "/" and without "=", "-". */
static char *end_run(char *out, struct run *run)
{
    char *coded;

    if (!out || !run->length)
        return out;
    coded = base64_encode(out, run->bytes, run->length);
    run->length = 0;
    if (!coded)
        return NULL;
    coded[strcspn(coded, "=")] = '\0';
    for (char *slash = coded; (slash = strchr(slash, '/'));)
        *slash = ',';
    return talloc_asprintf_append(out, "&%s-", coded);
}

static char *put_plain(char *out, uint32_t character, char separator)
{
    char plain = (char)character;

    if (!out)
        return NULL;
    if (plain == '/' && separator)
        plain = separator;
    return talloc_asprintf_append(out, plain == '&' ? "&-" : "%c", plain);
}

static bool is_name(const char *name)
{
    size_t length = strlen(name);

    if (!length || length > LIMIT_IMAP_NAME || !text_is_utf8(name, length))
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] < ' ' || name[i] == 0x7f)
            return false;
    return true;
}

static char *encode(TALLOC_CTX *ctx, const char *name, char separator)
{
    char *out = talloc_strdup(ctx, "");
    struct run run;

    run.length = 0;
    while (out && *name) {
        uint32_t character = next_character(&name);

        if (character > 0x7e) {
            add_character(&run, character);
        } else {
            out = end_run(out, &run);
            out = put_plain(out, character, separator);
        }
    }
    return end_run(out, &run);
}

/* Servers with a prefix want it before each name but INBOX. */
static char *with_prefix(TALLOC_CTX *ctx, char *name, const char *prefix)
{
    if (!name || !*prefix || strncasecmp(name, prefix, strlen(prefix)) == 0)
        return name;
    return talloc_asprintf(ctx, "%s%s", prefix, name);
}

char *imap_name_encode(TALLOC_CTX *ctx, const char *name, const struct imap_namespace *space)
{
    TALLOC_CTX *work;
    char *made = NULL;

    if (!is_name(name))
        return NULL;
    if (strcasecmp(name, "INBOX") == 0)
        return talloc_strdup(ctx, "INBOX");
    work = talloc_new(ctx); /* has what is left where a name cannot be encoded */
    if (work)
        made = talloc_steal(ctx,
                            with_prefix(work, encode(work, name, space->separator), space->prefix));
    talloc_free(work);
    return made;
}
