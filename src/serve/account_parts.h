/* SPDX-License-Identifier: MIT */
/* account_parts.h - what the accounts of a service consist of, and how one signs in elsewhere. */
#ifndef SERVE_ACCOUNT_PARTS_H
#define SERVE_ACCOUNT_PARTS_H

#include <stdbool.h>

struct accounts;
struct oidc_flow;
struct prover;
struct role_map;

struct account_service {
    struct accounts *accounts;
    char *first_start; /* the file of its secret */
    struct prover *prover;
    struct oidc_flow *oidc; /* NULL: there is no provider */
};

/* Of the options. */
struct account_settings {
    bool remote_user;           /* trusted proxies say who it is */
    const struct role_map *map; /* NULL: roles are given here */
    const char *oidc_issuer;    /* NULL: no provider */
    const char *oidc_client, *oidc_secret, *oidc_groups;
    const char *oidc_name; /* what it is called on the page */
    const char *ca_file;   /* NULL: the system's */
};

#endif
