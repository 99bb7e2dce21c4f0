/* SPDX-License-Identifier: MIT */
/* log_words.c - hosts, addresses and reasons, as Postfix writes them. */
#include <string.h>

#include <mtasts/names.h>

#include "collect/log_sessions_work.h"

struct bytes log_behind(struct bytes text, const char *mark)
{
    long at = bytes_find_nocase(text, mark);

    return at < 0 ? (struct bytes){NULL, 0} : bytes_from(text, (size_t)at + strlen(mark));
}

bool log_read_peer(struct bytes text, struct log_peer *ret)
{
    long open = bytes_find_char(text, '['), close = bytes_find_char(text, ']');
    char raw[STS_NAME_SIZE];

    if (!text.data || open <= 0 || close <= open || (size_t)open >= sizeof(raw))
        return false;
    memcpy(raw, text.data, (size_t)open);
    raw[open] = '\0';
    if (strlen(raw) != (size_t)open || sts_name_from_user(raw, ret->host) != STS_OK)
        return false;
    return hname_address((struct bytes){text.data + open + 1, (size_t)(close - open - 1)},
                         ret->address);
}

bool log_same_peer(const struct log_peer *a, const struct log_peer *b)
{
    return !strcmp(a->host, b->host) && !strcmp(a->address, b->address);
}

void log_copy_reason(struct bytes text, char reason[LIMIT_EVENT_REASON + 1])
{
    struct bytes number = log_behind(text, "num=");
    long colon = bytes_find_char(number, ':');
    size_t length;

    if (number.data && colon >= 0)
        text = bytes_from(number, (size_t)colon + 1);
    if (bytes_begin(text, "untrusted issuer"))
        text.length = strlen("untrusted issuer");
    text = bytes_trim(text);
    length = text.length < LIMIT_EVENT_REASON ? text.length : LIMIT_EVENT_REASON;
    memcpy(reason, text.data, length);
    for (size_t i = 0; i < length; i++)
        if (reason[i] <= ' ' || reason[i] == 127)
            reason[i] = '_';
    reason[length] = '\0';
}
