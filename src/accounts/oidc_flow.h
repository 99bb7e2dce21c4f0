/* SPDX-License-Identifier: MIT */
/* oidc_flow.h - a sign-in by OpenID Connect from the first click to a session: the provider's
 * configuration, the browser sent there, the code taken back, the token fetched and checked.
 *
 * What is under way is kept in memory, by the state that the browser brings back. */
#ifndef ACCOUNTS_OIDC_FLOW_H
#define ACCOUNTS_OIDC_FLOW_H

#include "accounts/external.h"

struct oidc_flow;
struct web_client;

struct oidc_settings {
    const char *issuer;
    const char *client_id, *client_secret; /* secret NULL: a public client */
    const char *groups_claim;              /* NULL: none */
    const struct role_map *map;            /* as in struct external_request */
    const char *redirect_url;              /* of this service; borrowed, as the rest */
};

STS_MUST_USE enum sts_status oidc_flow_new(TALLOC_CTX *ctx, struct accounts *accounts,
                                           struct web_client *web,
                                           const struct oidc_settings *settings,
                                           struct oidc_flow **ret);

struct oidc_step {
    /* url: where the browser is sent, and state: what it is to keep as a cookie; both NULL: the
     * provider cannot be reached, and fault says why.  To go on, and back. */
    void (*begun)(void *arg, const char *url, const char *state, const char *fault);
    /* fault: for the log; NULL unless the outcome is FAILED. */
    void (*ended)(void *arg, const struct sign_in_result *result, const char *next,
                  const char *fault);
    void *arg;
};

struct oidc_run;
/* next: the path to go to afterwards.  Freeing the handle cancels. */
STS_MUST_USE enum sts_status oidc_begin_start(TALLOC_CTX *ctx, struct oidc_flow *flow,
                                              const char *next, const struct oidc_step *step,
                                              struct oidc_run **ret);

struct oidc_answer {
    const char *state, *kept; /* of the query, and of the cookie */
    const char *code;         /* NULL: the provider refused */
    const char *address, *agent;
};
STS_MUST_USE enum sts_status oidc_end_start(TALLOC_CTX *ctx, struct oidc_flow *flow,
                                            const struct oidc_answer *answer,
                                            const struct oidc_step *step, struct oidc_run **ret);

#endif
