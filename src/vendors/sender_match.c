/* SPDX-License-Identifier: MIT */
/* sender_match.c - does a pattern stand for an MX host, with the habits of one sending
 * implementation? */
#include "vendors/senders.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <mtasts/match.h>

static bool is_ascii(const char *text)
{
    while (*text && (unsigned char)*text < 0x80)
        text++;
    return !*text;
}

/* The name as the sender compares it: without a final dot, in A-labels, as its habits are. */
static void as_compared(const char *name, bool cut_dot, bool to_ascii, char compared[STS_NAME_SIZE])
{
    size_t length = strlen(name);
    char ascii[STS_NAME_SIZE];

    if (cut_dot && length && name[length - 1] == '.')
        length--;
    snprintf(compared, STS_NAME_SIZE, "%.*s", (int)length, name);
    if (to_ascii && !is_ascii(compared) && sts_name_from_user(compared, ascii) == STS_OK)
        memcpy(compared, ascii, sizeof(ascii));
}

/* Does the host end with ".example.com" behind as many labels as the sender allows? */
static bool tail_matches(const struct sender *sender, const char *tail, const char *host,
                         bool any_depth)
{
    size_t length = strlen(host), end = strlen(tail);

    if (length < end || strcasecmp(host + length - end, tail) != 0)
        return false;
    if (length == end)
        return sender->empty_label;
    return any_depth || strcspn(host, ".") == length - end;
}

static bool loose_match(const struct sender *sender, const char *pattern, const char *host)
{
    if (!strncmp(pattern, "*.", 2))
        return tail_matches(sender, pattern + 1, host, sender->any_depth);
    if (*pattern == '.' && sender->dot_pattern)
        return tail_matches(sender, pattern, host, true);
    return !strcasecmp(pattern, host);
}

bool sender_matches(const struct sender *sender, const char *pattern, const char *host)
{
    char own_pattern[STS_NAME_SIZE], own_host[STS_NAME_SIZE];

    if (strlen(pattern) >= STS_NAME_SIZE || strlen(host) >= STS_NAME_SIZE)
        return false;
    as_compared(pattern, sender->cuts_pattern_dot, sender->labels == LABELS_OF_BOTH, own_pattern);
    as_compared(host, !sender->keeps_dot, sender->labels != LABELS_AS_THEY_ARE, own_host);
    return sender->loose_match ? loose_match(sender, own_pattern, own_host)
                               : sts_name_match(own_pattern, own_host);
}
