/* SPDX-License-Identifier: MIT */
/* netstring.c - one strict reading of a length, a colon, the bytes and a comma. */
#include "policyd/netstring.h"

#include <stdio.h>

#include "base/ascii.h"
#include "policyd/limits.h"

/* The digits and their colon; *ret_begin: what stands behind it. */
static enum netstring_state read_length(struct bytes input, size_t most, size_t *ret_begin,
                                        size_t *ret_length)
{
    size_t length = 0, at = 0;

    for (; at < input.length && ascii_is_digit((unsigned char)input.data[at]); at++) {
        length = length * 10 + (size_t)(input.data[at] - '0');
        if (at == LIMIT_NETSTRING_DIGITS || length > most)
            return NETSTRING_BROKEN;
    }
    if (at == input.length)
        return NETSTRING_MORE;
    if (!at || input.data[at] != ':')
        return NETSTRING_BROKEN;
    *ret_begin = at + 1;
    *ret_length = length;
    return NETSTRING_WHOLE;
}

enum netstring_state netstring_take(struct bytes *input, size_t most, struct bytes *ret)
{
    size_t begin = 0, length = 0;
    enum netstring_state state = read_length(*input, most, &begin, &length);

    if (state != NETSTRING_WHOLE)
        return state;
    if (input->length - begin <= length)
        return NETSTRING_MORE;
    if (input->data[begin + length] != ',')
        return NETSTRING_BROKEN;
    *ret = (struct bytes){input->data + begin, length};
    *input = bytes_from(*input, begin + length + 1);
    return NETSTRING_WHOLE;
}

size_t netstring_room(size_t most)
{
    return LIMIT_NETSTRING_DIGITS + 1 + most + 1;
}

size_t netstring_head(size_t length, char head[NETSTRING_HEAD_SIZE])
{
    return (size_t)snprintf(head, NETSTRING_HEAD_SIZE, "%zu:", length);
}
