/* SPDX-License-Identifier: MIT */
/* json_seen.h - what a check saw of certificates, addresses and time; private to render/. */
#ifndef RENDER_JSON_SEEN_H
#define RENDER_JSON_SEEN_H

#include "render/json_parts.h"

/* Each certificate that a host shows to clients that name it, with the addresses that show it. */
struct json_object *json_certificates(TALLOC_CTX *ctx, const struct facts *facts, int64_t now);
/* Each address of the policy host and the MX hosts, and what became of the connection. */
struct json_object *json_addresses(TALLOC_CTX *ctx, const struct facts *facts);
/* Milliseconds, in all and of the slowest of each kind: they run side by side. */
struct json_object *json_timings(const struct facts *facts);

#endif
