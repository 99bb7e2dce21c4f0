/* SPDX-License-Identifier: MIT */
/* tls_server.h - TLS as a server: a certificate with its key out of files, and connections. */
#ifndef NET_TLS_SERVER_H
#define NET_TLS_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <talloc.h>

#include <mtasts/status.h>

struct tls_server;
struct tls_stream;

/* PEM: the certificate with those between it and a root behind it; its key, without a passphrase.
 * On STS_E_IO *ret_why, owned by ctx, is one line. */
STS_MUST_USE enum sts_status tls_server_new(TALLOC_CTX *ctx, const char *certificate,
                                            const char *key, struct tls_server **ret,
                                            char **ret_why);
/* The same files anew, for connections that come from now on.  On an error what was goes on. */
STS_MUST_USE enum sts_status tls_server_reload(TALLOC_CTX *ctx, struct tls_server *server,
                                               char **ret_why);
/* Has a file been changed or replaced since they were last read, or tried? */
bool tls_server_is_stale(const struct tls_server *server);
/* When the certificate expires; 0: nobody knows. */
int64_t tls_server_expires(const struct tls_server *server);

/* ---- one connection -------------------------------------------------------------------------- */

/* On a non-blocking socket, which is not closed by it. */
STS_MUST_USE enum sts_status tls_stream_new(TALLOC_CTX *ctx, struct tls_server *server, int fd,
                                            struct tls_stream **ret);
/* As recv() and send(), and shake hands first.  -1: errno is EAGAIN, or ECONNRESET for good. A
 * buffer of 16 KiB takes all that has been decrypted. */
ssize_t tls_stream_read(struct tls_stream *stream, void *data, size_t size);
ssize_t tls_stream_write(struct tls_stream *stream, const void *data, size_t size);
/* The last read or write waits until the socket can be written. */
bool tls_stream_wants_write(const struct tls_stream *stream);
/* Is the handshake over? */
bool tls_stream_is_open(const struct tls_stream *stream);
/* Says that no more is sent, as far as that goes without waiting. */
void tls_stream_end(struct tls_stream *stream);

#endif
