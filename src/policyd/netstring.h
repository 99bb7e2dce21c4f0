/* SPDX-License-Identifier: MIT */
/* netstring.h - netstrings: "5:hello," is "hello".  No socket and no memory of its own. */
#ifndef POLICYD_NETSTRING_H
#define POLICYD_NETSTRING_H

#include "base/bytes.h"

enum netstring_state {
    NETSTRING_MORE, /* so far it can be one */
    NETSTRING_WHOLE,
    NETSTRING_BROKEN, /* nobody knows where the next one would begin */
};

/* Takes a whole one from the front of *input; *ret, borrowed, is what it holds: at most `most`
 * bytes.  In the other states *input is left alone.  One that is too long is broken as soon as its
 * length is read, so whoever waits for more never stores more than netstring_room(most). */
enum netstring_state netstring_take(struct bytes *input, size_t most, struct bytes *ret);
/* The bytes that the longest netstring of so many takes, leading zeros included. */
size_t netstring_room(size_t most);

#define NETSTRING_HEAD_SIZE 24
/* What stands in front of so many bytes, with a NUL; returns its length.  A comma ends them. */
size_t netstring_head(size_t length, char head[NETSTRING_HEAD_SIZE]);

#endif
