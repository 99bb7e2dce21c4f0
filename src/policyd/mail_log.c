/* SPDX-License-Identifier: MIT */
/* mail_log.c - "... postfix/smtp[123]: 4F2A: to=<anna@example.com>, relay=mx.example.com[...]:25,
 * ..."
 *
 * A recipient is what a stranger may have chosen: it ends at the ">" in front of a comma, but not
 * between quotation marks, and its domain begins behind the last "@". */
#include "policyd/mail_log.h"

#include <stdbool.h>

#include "policyd/policy_key.h"

#define TO    "to=<"
#define RELAY ">, "

/* Where the text behind the first `mark` begins; -1: it is not in it. */
static long behind(struct bytes text, const char *mark)
{
    long at = bytes_find_nocase(text, mark);

    return at < 0 ? at : at + (long)bytes_of(mark).length;
}

/* "a@b@example.com": "example.com". */
static struct bytes behind_last_at(struct bytes address)
{
    size_t at = address.length;

    while (at && address.data[at - 1] != '@')
        at--;
    return at ? bytes_from(address, at) : (struct bytes){"", 0};
}

/* Does it end inside of a quoted local part? */
static bool is_cut(struct bytes address)
{
    bool quoted = false;

    for (size_t i = 0; i < address.length; i++)
        quoted ^= address.data[i] == '"';
    return quoted;
}

bool mail_log_domain(struct bytes line, char domain[STS_NAME_SIZE])
{
    long program = behind(line, "/smtp["), at, end;
    struct bytes address;

    if (program < 0)
        return false;
    address = bytes_from(line, (size_t)program);
    at = behind(address, " " TO);
    if (at < 0)
        return false;
    address = bytes_from(address, (size_t)at);
    end = bytes_find_nocase(address, RELAY);
    if (end < 0)
        return false;
    address.length = (size_t)end;
    return !is_cut(address) &&
           policy_key_read(behind_last_at(address), domain) == POLICY_KEY_DOMAIN;
}
