/* SPDX-License-Identifier: MIT */
/* socket_access.c - names of users and groups, and a mode. */
#include "cmd/socket_access.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/console.h"

/* Mail servers run as users of their own; who may come is for the directory to say. */
#define EVERYONE (S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)
/* To leave an owner as it is (chown(2)). */
#define NO_USER  ((uid_t)-1)
#define NO_GROUP ((gid_t)-1)

/* Three or four octal digits. */
static bool read_mode(const char *text, mode_t *ret)
{
    size_t length = strlen(text);

    *ret = 0;
    for (const char *at = text; *at; at++) {
        if (*at < '0' || *at > '7')
            return false;
        *ret = *ret * 8 + (mode_t)(*at - '0');
    }
    return (length == 3 || length == 4) && *ret <= (S_IRWXU | S_IRWXG | S_IRWXO);
}

static int find_owner(const struct options *options, uid_t *ret_user, gid_t *ret_group)
{
    const struct passwd *user;
    const struct group *group;

    *ret_user = NO_USER;
    *ret_group = NO_GROUP;
    if (options->socket_user) {
        user = getpwnam(options->socket_user);
        if (!user)
            return console_usage(_("--socket-user %s: no such user"), options->socket_user);
        *ret_user = user->pw_uid;
    }
    if (options->socket_group) {
        group = getgrnam(options->socket_group);
        if (!group)
            return console_usage(_("--socket-group %s: no such group"), options->socket_group);
        *ret_group = group->gr_gid;
    }
    return 0;
}

int socket_access_set(const struct options *options, const char *path)
{
    mode_t mode = EVERYONE;
    uid_t user;
    gid_t group;
    int status;

    if (options->socket_mode && !read_mode(options->socket_mode, &mode))
        return console_usage(_("--socket-mode %s: expected octal permissions such as 0660"),
                             options->socket_mode);
    status = find_owner(options, &user, &group);
    if (status)
        return status;
    if ((user != NO_USER || group != NO_GROUP) && chown(path, user, group) != 0)
        return console_internal(_("--listen unix:%s: the owner could not be set: %s"), path,
                                _(strerror(errno)));
    if (chmod(path, mode) != 0)
        return console_internal(_("--listen unix:%s: %s"), path, _(strerror(errno)));
    return 0;
}

int socket_access_open(const char *option, const char *where)
{
    if (chmod(where + strlen(LISTENER_UNIX), EVERYONE) != 0)
        return console_internal("%s %s: %s", option, where, _(strerror(errno)));
    return 0;
}

int socket_say_trouble(const char *option, const char *where, enum listener_trouble trouble)
{
    switch (trouble) {
    case LISTENER_NO_ADDRESS:
    case LISTENER_NO_SOCKET:
    case LISTENER_NOT_OURS:
        return console_usage(_("%s %s: expected unix:PATH"), option, where);
    case LISTENER_IN_USE:
        return console_internal(_("%s %s: another program listens there"), option, where);
    case LISTENER_DENIED:
        return console_internal(_("%s %s: no permission to create the socket"), option, where);
    case LISTENER_NO_PLACE:
        return console_internal(
            _("%s %s: the directory does not exist, or the path is not a socket"), option, where);
    default:
        return console_internal("%s %s: %s", option, where, _(strerror(errno)));
    }
}
