/* SPDX-License-Identifier: MIT */
/* ingest_socket.c - a socket for mail servers of this machine. */
#include "cmd/ingest_socket.h"

#include <string.h>

#include "cmd/socket_access.h"

static int prepared = -1;

int ingest_socket_prepare(const struct options *options)
{
    const char *where = options->lmtp;
    enum listener_trouble trouble;

    if (!where)
        return 0;
    /* LMTP has no authentication, so it is for this machine. */
    if (strncmp(where, LISTENER_UNIX, strlen(LISTENER_UNIX)) != 0 || !listener_is_address(where))
        return socket_say_trouble("--lmtp", where, LISTENER_NO_ADDRESS);
    trouble = listener_open(where, &prepared);
    if (trouble != LISTENER_OK)
        return socket_say_trouble("--lmtp", where, trouble);
    return socket_access_open("--lmtp", where);
}

int ingest_socket_taken(void)
{
    int fd = prepared;

    prepared = -1;
    return fd;
}
