/* SPDX-License-Identifier: MIT */
/* uri.h - the addresses that TLS reports go to (RFC 8460 section 3): mailto: and https:. */
#ifndef STS_URI_H
#define STS_URI_H

#include "sts/extension.h"

/* What keeps this from being a reporting address. */
struct extension_fault uri_fault(struct bytes uri);

#endif
