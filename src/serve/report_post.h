/* SPDX-License-Identifier: MIT */
/* report_post.h - POST /tlsrpt: where senders deliver reports to a "rua=https:" (RFC 8460 section
 * 5.4).
 *
 * What the body is, its content says, whatever its type.  201: a report was new, 200: it was there
 * before; both only when it is durable.  400: it is no report, or not of a domain that is known
 * here.  Nobody is authenticated by this, so nothing but the report is believed. */
#ifndef SERVE_REPORT_POST_H
#define SERVE_REPORT_POST_H

#include "serve/route.h"

extern const struct route_table report_post_routes;

#endif
