/* SPDX-License-Identifier: MIT */
/* net.h - what all probes of a thread share. */
#ifndef NET_NET_H
#define NET_NET_H

#include "net/probe.h"

struct net {
    struct net_loop *loop;
    struct dns *dns;
    struct tls_trust *trust;
    struct https *https;
    struct slots *slots;
    struct observer observer; /* how it looks, for every domain's facts */
};

#endif
