/* SPDX-License-Identifier: MIT */
/* port_test.h - does a port answer at all? */
#ifndef NET_PORT_TEST_H
#define NET_PORT_TEST_H

#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "facts/facts.h"

struct loop;
struct port_test;

typedef void (*port_test_fn)(void *arg, enum net_outcome outcome);

struct port_test_request {
    const char *address;
    int64_t port;
    int64_t deadline;
    port_test_fn done;
    void *arg;
};
/* Connect, and close at once. */
STS_MUST_USE enum sts_status port_test(TALLOC_CTX *ctx, struct loop *loop,
                                       const struct port_test_request *request,
                                       struct port_test **ret);

#endif
