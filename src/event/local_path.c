/* SPDX-License-Identifier: MIT */
/* local_path.c - a path read, and cleared of who was killed. */
#include "event/local_path.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum listener_trouble local_path_trouble(int error)
{
    switch (error) {
    case EADDRINUSE:
        return LISTENER_IN_USE;
    case EACCES:
    case EPERM:
    case EROFS:
        return LISTENER_DENIED;
    case EADDRNOTAVAIL:
        return LISTENER_NOT_OURS;
    case EAFNOSUPPORT:
        return LISTENER_NO_SOCKET;
    case ENOENT:
    case ENOTDIR:
        return LISTENER_NO_PLACE;
    default:
        return LISTENER_FAILED;
    }
}

bool local_path_read(const char *where, struct sockaddr_un *ret)
{
    const char *path = where + strlen(LISTENER_UNIX);

    *ret = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strncmp(where, LISTENER_UNIX, strlen(LISTENER_UNIX)) != 0 || !*path ||
        strlen(path) >= sizeof(ret->sun_path))
        return false;
    memcpy(ret->sun_path, path, strlen(path) + 1);
    return true;
}

/* Who was killed leaves the path; a connection tells whether somebody is there. */
static bool is_abandoned(const struct sockaddr_un *place, int type)
{
    int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool refused = fd >= 0 && connect(fd, (const struct sockaddr *)place, sizeof(*place)) != 0 &&
                   errno == ECONNREFUSED;

    if (fd >= 0)
        close(fd);
    return refused;
}

enum listener_trouble local_path_clear(const struct sockaddr_un *place, int type)
{
    struct stat status;

    if (lstat(place->sun_path, &status) != 0)
        return errno == ENOENT ? LISTENER_OK : local_path_trouble(errno);
    if (!S_ISSOCK(status.st_mode))
        return LISTENER_NO_PLACE;
    if (!is_abandoned(place, type))
        return LISTENER_IN_USE;
    return unlink(place->sun_path) == 0 ? LISTENER_OK : local_path_trouble(errno);
}
