/* SPDX-License-Identifier: MIT */
/* account_parts.h - what the accounts of a service consist of; private to serve/. */
#ifndef SERVE_ACCOUNT_PARTS_H
#define SERVE_ACCOUNT_PARTS_H

struct accounts;

struct account_service {
    struct accounts *accounts;
    char *first_start; /* the file of its secret */
};

#endif
