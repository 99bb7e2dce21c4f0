/* SPDX-License-Identifier: MIT */
/* resolv_conf.h - which resolvers the system uses (resolv.conf(5)). */
#ifndef NET_RESOLV_CONF_H
#define NET_RESOLV_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include <talloc.h>

#include <mtasts/status.h>

#define RESOLV_CONF "/etc/resolv.conf"

/* The addresses of the nameserver lines, in order, at most 8.  Errors: STS_E_IO (errno tells),
 * STS_E_NOMEM.  A file without one is STS_OK and *ret_count 0. */
STS_MUST_USE enum sts_status resolv_conf_read(TALLOC_CTX *ctx, const char *path, const char ***ret,
                                              size_t *ret_count);

/* Is this "ADDR" or "ADDR@PORT"?  An IPv6 address may have a zone, as link-local ones need one:
 * "fe80::1%eth0". */
bool resolver_is_valid(const char *text);

#endif
