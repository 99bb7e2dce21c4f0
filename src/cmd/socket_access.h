/* SPDX-License-Identifier: MIT */
/* socket_access.h - whose a unix socket is and who may connect to it: --socket-user, --socket-group
 * and --socket-mode. */
#ifndef CMD_SOCKET_ACCESS_H
#define CMD_SOCKET_ACCESS_H

#include "cmd/options.h"
#include "event/listener.h"

/* Sets what the options say of the socket at `path`; where they say nothing, everybody may connect
 * who reaches it.  0, or an exit status after a line on standard error. */
int socket_access_set(const struct options *options, const char *path);
/* Everybody may connect to the socket at `where`, unix:PATH, who reaches it; and what was wrong
 * when it was opened.  option: "--lmtp".  An exit status, as above. */
int socket_access_open(const char *option, const char *where);
int socket_say_trouble(const char *option, const char *where, enum listener_trouble trouble);

#endif
