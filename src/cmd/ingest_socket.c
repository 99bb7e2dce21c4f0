/* SPDX-License-Identifier: MIT */
/* ingest_socket.c - a socket for mail servers of this machine. */
#include "cmd/ingest_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "cmd/console.h"
#include "cmd/exit_status.h"
#include "event/listener.h"

#define EVERYONE (S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)

static int prepared = -1;

static int say_trouble(const char *where, enum listener_trouble trouble)
{
    switch (trouble) {
    case LISTENER_IN_USE:
        return console_internal(_("--lmtp %s: another program listens there"), where);
    case LISTENER_DENIED:
        return console_internal(_("--lmtp %s: no permission to create the socket"), where);
    case LISTENER_NO_PLACE:
        return console_internal(
            _("--lmtp %s: the directory does not exist, or the path is not a socket"), where);
    default:
        return console_internal(_("--lmtp %s: %s"), where, _(strerror(errno)));
    }
}

int ingest_socket_prepare(const struct options *options)
{
    const char *where = options->lmtp;
    enum listener_trouble trouble;

    if (!where)
        return 0;
    /* LMTP has no authentication, so it is for this machine. */
    if (strncmp(where, LISTENER_UNIX, strlen(LISTENER_UNIX)) != 0 || !listener_is_address(where))
        return console_usage(_("--lmtp %s: expected unix:PATH"), where);
    trouble = listener_open(where, &prepared);
    if (trouble != LISTENER_OK)
        return say_trouble(where, trouble);
    /* Mail servers run as users of their own; who may come is for the directory to say. */
    if (chmod(where + strlen(LISTENER_UNIX), EVERYONE) != 0)
        return console_internal(_("--lmtp %s: %s"), where, _(strerror(errno)));
    return 0;
}

int ingest_socket_taken(void)
{
    int fd = prepared;

    prepared = -1;
    return fd;
}
