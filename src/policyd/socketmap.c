/* SPDX-License-Identifier: MIT */
/* socketmap.c - requests and replies. */
#include "policyd/socketmap.h"

#include <string.h>

#include "base/text.h"
#include "policyd/limits.h"
#include "policyd/netstring.h"

/* ---- requests -------------------------------------------------------------------------------- */

enum socketmap_event socketmap_next(struct bytes *input, struct socketmap_request *ret)
{
    struct bytes text = {"", 0};
    long blank;

    switch (netstring_take(input, LIMIT_SOCKETMAP_REQUEST, &text)) {
    case NETSTRING_MORE:
        return SOCKETMAP_MORE;
    case NETSTRING_BROKEN:
        return SOCKETMAP_BROKEN;
    case NETSTRING_WHOLE:
        break;
    }
    blank = bytes_find_char(text, ' ');
    if (blank < 0)
        return SOCKETMAP_STRANGE;
    ret->map = (struct bytes){text.data, (size_t)blank};
    ret->key = bytes_from(text, (size_t)blank + 1);
    return SOCKETMAP_REQUEST;
}

size_t socketmap_room(void)
{
    return netstring_room(LIMIT_SOCKETMAP_REQUEST);
}

/* ---- replies --------------------------------------------------------------------------------- */

static const char *const words[] = {[SOCKETMAP_OK] = "OK",
                                    [SOCKETMAP_NOT_FOUND] = "NOTFOUND",
                                    [SOCKETMAP_TEMP] = "TEMP",
                                    [SOCKETMAP_TIMEOUT] = "TIMEOUT",
                                    [SOCKETMAP_PERM] = "PERM"};

/* "OK" with nothing behind it is "not found" to some versions of Postfix and an error to others. */
static char *ok_reply(TALLOC_CTX *ctx, const char *value)
{
    size_t length = strlen(value);

    if (!length || strlen("OK ") + length > LIMIT_SOCKETMAP_REPLY)
        return NULL;
    return talloc_asprintf(ctx, "OK %s", value);
}

char *socketmap_reply(TALLOC_CTX *ctx, enum socketmap_status status, const char *text)
{
    char *reason, *reply;

    if (status == SOCKETMAP_OK)
        return ok_reply(ctx, text);
    if (status == SOCKETMAP_NOT_FOUND)
        return talloc_strdup(ctx, SOCKETMAP_NOTHING);
    reason = text_printable(ctx, text, strlen(text), LIMIT_SOCKETMAP_REASON);
    reply = reason ? talloc_asprintf(ctx, "%s %s", words[status], reason) : NULL;
    talloc_free(reason);
    return reply;
}

static bool make_room(struct socketmap_output *output, size_t more)
{
    size_t room = output->room ? output->room : 256;
    char *grown;

    while (room - output->length < more)
        room *= 2;
    if (room == output->room)
        return true;
    grown = talloc_realloc_size(output->ctx, output->bytes, room);
    if (!grown)
        return false;
    output->bytes = grown;
    output->room = room;
    return true;
}

static void append(struct socketmap_output *output, const char *data, size_t length)
{
    memcpy(output->bytes + output->length, data, length);
    output->length += length;
}

bool socketmap_put(struct socketmap_output *output, struct bytes payload)
{
    char head[NETSTRING_HEAD_SIZE];
    size_t length = netstring_head(payload.length, head);

    if (!make_room(output, length + payload.length + 1))
        return false;
    append(output, head, length);
    append(output, payload.data, payload.length);
    append(output, ",", 1);
    return true;
}

void socketmap_sent(struct socketmap_output *output, size_t length)
{
    output->length -= length;
    if (output->length) {
        memmove(output->bytes, output->bytes + length, output->length);
        return;
    }
    TALLOC_FREE(output->bytes); /* a connection that is idle costs no more than its struct */
    output->room = 0;
}
