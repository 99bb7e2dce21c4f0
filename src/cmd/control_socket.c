/* SPDX-License-Identifier: MIT */
/* control_socket.c - a path, and a socket there that only its owner reaches. */
#include "cmd/control_socket.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/console.h"
#include "event/listener.h"

#define NAME      "policyd"
#define INSTALLED "/run/mtasts/" NAME /* RuntimeDirectory= of the unit */

static char path[PATH_MAX];
static int own_fd = -1;

/* False: there is none, or it is too long. */
static bool choose_path(const struct options *options)
{
    const char *folder = getenv("RUNTIME_DIRECTORY");
    int length = 0;

    if (options->control)
        length = snprintf(path, sizeof(path), "%s", options->control);
    else if (folder && *folder == '/' && !strchr(folder, ':'))
        length = snprintf(path, sizeof(path), "%s/" NAME, folder);
    return length > 0 && (size_t)length < sizeof(path);
}

int control_socket_prepare(const struct options *options)
{
    char where[sizeof(LISTENER_UNIX) + PATH_MAX];
    enum listener_trouble trouble;
    mode_t before;
    int error;

    if (!choose_path(options)) {
        path[0] = '\0';
        return 0;
    }
    snprintf(where, sizeof(where), LISTENER_UNIX "%s", path);
    before = umask(S_IXUSR | S_IRWXG | S_IRWXO);
    trouble = listener_open(where, &own_fd);
    error = errno;
    umask(before);
    if (trouble == LISTENER_OK)
        return 0;
    own_fd = -1;
    if (trouble == LISTENER_IN_USE)
        error = EADDRINUSE;
    else if (trouble == LISTENER_NO_PLACE)
        error = ENOENT;
    else if (trouble == LISTENER_DENIED)
        error = EACCES;
    return console_internal(_("--control %s: %s"), path, _(strerror(error)));
}

const char *control_socket_path(void)
{
    return *path ? path : NULL;
}

int control_socket_taken(void)
{
    int fd = own_fd;

    own_fd = -1;
    return fd;
}

void control_socket_clear(void)
{
    if (*path)
        (void)unlink(path);
}

const char *control_socket_of(const struct options *options)
{
    return options->control ? options->control : INSTALLED;
}
