/* SPDX-License-Identifier: MIT */
/* create_token.h - serve --create-token: a token of the API, printed once. */
#ifndef CMD_CREATE_TOKEN_H
#define CMD_CREATE_TOKEN_H

#include <talloc.h>

#include "cmd/options.h"

/* The exit status. */
int create_token(TALLOC_CTX *ctx, const struct options *options);

#endif
