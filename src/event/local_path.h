/* SPDX-License-Identifier: MIT */
/* local_path.h - unix sockets at a path, of streams or datagrams. */
#ifndef EVENT_LOCAL_PATH_H
#define EVENT_LOCAL_PATH_H

#include <stdbool.h>

struct sockaddr_un;

/* What listener_open() complains of; the rest is errno. */
enum listener_trouble {
    LISTENER_OK,
    LISTENER_NO_ADDRESS, /* not ADDRESS:PORT, [ADDRESS]:PORT or unix:PATH */
    LISTENER_NO_SOCKET,  /* of this kind: no IPv6 here */
    LISTENER_IN_USE,
    LISTENER_DENIED,
    LISTENER_NOT_OURS, /* the address is none of this machine */
    LISTENER_NO_PLACE, /* unix: no directory of that name, or a file that is no socket */
    LISTENER_FAILED
};

#define LISTENER_UNIX "unix:"

enum listener_trouble local_path_trouble(int error);
/* "unix:PATH"; false: it is none, or too long. */
bool local_path_read(const char *where, struct sockaddr_un *ret);
/* Takes an abandoned socket of this type away: only a socket, never a file. */
enum listener_trouble local_path_clear(const struct sockaddr_un *place, int type);

#endif
