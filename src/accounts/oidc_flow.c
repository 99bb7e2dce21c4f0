/* SPDX-License-Identifier: MIT */
/* oidc_flow.c - begin: the configuration, then off to the provider.  End: the token by the code,
 * the keys, the check, the session.
 *
 * The configuration and the keys are fetched for each sign-in: there are few, and a provider that
 * changes its keys is no matter then. */
#include "accounts/oidc_flow.h"

#include <sys/queue.h>

#include "accounts/crypto.h"
#include "accounts/id_token.h"
#include "accounts/limits.h"
#include "accounts/oidc.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "event/loop.h"
#include "net/web_client.h"

#define SCOPES "openid profile"

/* A browser is at the provider. */
struct oidc_pending {
    struct oidc_sign_in *sign_in;
    char *next;
    int64_t until;
    TAILQ_ENTRY(oidc_pending) link;
};

struct oidc_flow {
    struct accounts *accounts;
    struct web_client *web;
    struct oidc_settings settings;
    struct oidc_client client;
    TAILQ_HEAD(, oidc_pending) pending; /* the oldest first */
    size_t count;
};

struct oidc_run {
    struct oidc_flow *flow;
    struct oidc_step step;
    struct oidc_provider *provider;
    struct oidc_pending *pending; /* taken out of the flow, or to be put in */
    char *code, *address, *agent;
    struct bytes token;
    struct jobs_handle *request;
    void (*with_provider)(struct oidc_run *run);
};

/* ---- what is under way ----------------------------------------------------------------------- */

static void take_out(struct oidc_flow *flow, struct oidc_pending *pending)
{
    TAILQ_REMOVE(&flow->pending, pending, link);
    flow->count--;
}

static void put_in(struct oidc_flow *flow, struct oidc_pending *pending)
{
    struct oidc_pending *oldest = TAILQ_FIRST(&flow->pending);

    if (flow->count >= TICKETS_MAX) {
        take_out(flow, oldest);
        talloc_free(oldest);
    }
    pending->until = clock_now() + OIDC_TICKET_S;
    TAILQ_INSERT_TAIL(&flow->pending, talloc_steal(flow, pending), link);
    flow->count++;
}

/* It counts once, whatever comes of it, and only in the browser that it began in. */
static struct oidc_pending *find(struct oidc_flow *flow, const struct oidc_answer *answer)
{
    struct oidc_pending *pending, *found = NULL;

    while ((pending = TAILQ_FIRST(&flow->pending)) && pending->until <= clock_now()) {
        take_out(flow, pending);
        talloc_free(pending);
    }
    if (!answer->state || !answer->kept ||
        !crypto_equal(bytes_of(answer->state), bytes_of(answer->kept)))
        return NULL;
    TAILQ_FOREACH(pending, &flow->pending, link)
    if (crypto_equal(bytes_of(pending->sign_in->state), bytes_of(answer->state)))
        found = pending;
    if (found)
        take_out(flow, found);
    return found;
}

/* ---- both ways ------------------------------------------------------------------------------- */

static void fail(struct oidc_run *run, const char *fault)
{
    if (run->step.begun)
        run->step.begun(run->step.arg, NULL, NULL, fault);
    else
        run->step.ended(run->step.arg, &(struct sign_in_result){.outcome = SIGN_IN_FAILED}, "",
                        fault);
}

static const char *fault_of(const struct web_answer *answer)
{
    if (answer->fault)
        return answer->fault;
    return answer->code == 200 ? NULL : N_("the provider answered with an error");
}

static void ask(struct oidc_run *run, struct web_request request)
{
    request.arg = run;
    if (web_request_start(run, run->flow->web, &request, &run->request))
        fail(run, N_("out of memory"));
}

static void on_configuration(void *arg, const struct web_answer *answer)
{
    struct oidc_run *run = arg;

    if (!fault_of(answer))
        run->provider = oidc_provider_read(run, answer->body, run->flow->settings.issuer);
    if (run->provider)
        run->with_provider(run);
    else
        fail(run, fault_of(answer) ? fault_of(answer)
                                   : N_("the provider's configuration is not that of the issuer"));
}

static struct oidc_run *run_new(TALLOC_CTX *ctx, struct oidc_flow *flow,
                                const struct oidc_step *step,
                                void (*with_provider)(struct oidc_run *run))
{
    struct oidc_run *run = talloc_zero(ctx, struct oidc_run);

    if (run)
        *run = (struct oidc_run){.flow = flow, .step = *step, .with_provider = with_provider};
    return run;
}

static enum sts_status discover(struct oidc_run *run)
{
    struct web_request request = {.done = on_configuration, .arg = run};

    request.url = oidc_discovery_url(run, run->flow->settings.issuer);
    return request.url ? web_request_start(run, run->flow->web, &request, &run->request)
                       : STS_E_NOMEM;
}

/* ---- off to the provider --------------------------------------------------------------------- */

static void send_off(struct oidc_run *run)
{
    struct oidc_sign_in *sign_in = run->pending->sign_in;
    char *url = oidc_authorize_url(run, run->provider, &run->flow->client, sign_in);

    if (!url) {
        fail(run, N_("out of memory"));
        return;
    }
    put_in(run->flow, run->pending);
    run->step.begun(run->step.arg, url, sign_in->state, NULL);
}

enum sts_status oidc_begin_start(TALLOC_CTX *ctx, struct oidc_flow *flow, const char *next,
                                 const struct oidc_step *step, struct oidc_run **ret)
{
    struct oidc_run *run = run_new(ctx, flow, step, send_off);
    enum sts_status status = STS_E_NOMEM;

    if (!run)
        return STS_E_NOMEM;
    run->step.ended = NULL;
    run->pending = talloc_zero(run, struct oidc_pending);
    if (run->pending) {
        run->pending->next = talloc_strdup(run->pending, next);
        run->pending->sign_in = oidc_sign_in_new(run->pending);
        if (run->pending->next && run->pending->sign_in)
            status = discover(run);
    }
    if (status)
        talloc_free(run);
    else
        *ret = run;
    return status;
}

/* ---- and back -------------------------------------------------------------------------------- */

static void on_session(void *arg, const struct sign_in_result *result)
{
    struct oidc_run *run = arg;

    run->step.ended(run->step.arg, result, run->pending->next, NULL);
}

static void admit(struct oidc_run *run, const struct id_token *token)
{
    struct external_request request = {.identity = {.issuer = run->flow->settings.issuer,
                                                    .subject = token->subject,
                                                    .name = token->name,
                                                    .groups = token->groups,
                                                    .group_count = token->group_count},
                                       .map = run->flow->settings.map,
                                       .address = run->address,
                                       .agent = run->agent,
                                       .done = on_session,
                                       .arg = run};
    struct external_run *handle;

    if (external_sign_in_start(run, run->flow->accounts, &request, &handle))
        fail(run, N_("out of memory"));
}

static void on_keys(void *arg, const struct web_answer *answer)
{
    struct oidc_run *run = arg;
    const struct oidc_settings *settings = &run->flow->settings;
    const struct id_token_rules rules = {.issuer = settings->issuer,
                                         .client_id = settings->client_id,
                                         .nonce = run->pending->sign_in->nonce,
                                         .now = clock_now(),
                                         .name_claim = "preferred_username",
                                         .groups_claim = settings->groups_claim};
    struct id_token *token = NULL;
    struct json *keys = fault_of(answer) ? NULL : oidc_keys_read(run, answer->body);
    enum id_token_fault fault =
        keys ? id_token_check(run, run->token, keys, &rules, &token) : ID_TOKEN_SIGNATURE;

    if (fault)
        fail(run, fault_of(answer) ? fault_of(answer) : id_token_fault_text(fault));
    else
        admit(run, token);
}

static void on_token(void *arg, const struct web_answer *answer)
{
    struct oidc_run *run = arg;
    struct bytes body = {talloc_strndup(run, answer->body.data, answer->body.length),
                         answer->body.length};

    if (!fault_of(answer) && body.data)
        run->token = oidc_token_read(run, body);
    if (run->token.length > 0)
        ask(run, (struct web_request){.url = run->provider->keys_url, .done = on_keys});
    else
        fail(run, fault_of(answer) ? fault_of(answer) : N_("the provider gave no ID token"));
}

static void fetch_token(struct oidc_run *run)
{
    const struct oidc_client *client = &run->flow->client;
    char *form = oidc_token_form(run, run->provider, client, run->pending->sign_in, run->code);
    bool in_head = client->secret && !run->provider->secret_in_form;

    if (form)
        ask(run, (struct web_request){.url = run->provider->token_url,
                                      .form = form,
                                      .user = in_head ? client->id : NULL,
                                      .password = in_head ? client->secret : NULL,
                                      .done = on_token});
    else
        fail(run, N_("out of memory"));
}

/* Nothing is asked of the provider: told at the next turn. */
static void refuse(void *arg)
{
    struct oidc_run *run = arg;

    run->step.ended(run->step.arg, &(struct sign_in_result){.outcome = SIGN_IN_EXPIRED}, "", NULL);
}

static enum sts_status begin_end(struct oidc_run *run, const struct oidc_answer *answer)
{
    struct loop *loop = accounts_loop(run->flow->accounts);
    struct loop_timer *timer;

    run->pending = talloc_steal(run, find(run->flow, answer));
    if (!run->pending || !answer->code)
        return loop_timer_start(run, loop, loop_now(loop), refuse, run, &timer);
    run->code = talloc_strdup(run, answer->code);
    run->address = talloc_strdup(run, answer->address);
    run->agent = talloc_strdup(run, answer->agent ? answer->agent : "");
    return run->code && run->address && run->agent ? discover(run) : STS_E_NOMEM;
}

enum sts_status oidc_end_start(TALLOC_CTX *ctx, struct oidc_flow *flow,
                               const struct oidc_answer *answer, const struct oidc_step *step,
                               struct oidc_run **ret)
{
    struct oidc_run *run = run_new(ctx, flow, step, fetch_token);
    enum sts_status status;

    if (!run)
        return STS_E_NOMEM;
    run->step.begun = NULL;
    status = begin_end(run, answer);
    if (status)
        talloc_free(run);
    else
        *ret = run;
    return status;
}

enum sts_status oidc_flow_new(TALLOC_CTX *ctx, struct accounts *accounts, struct web_client *web,
                              const struct oidc_settings *settings, struct oidc_flow **ret)
{
    struct oidc_flow *flow = talloc_zero(ctx, struct oidc_flow);

    if (!flow)
        return STS_E_NOMEM;
    flow->accounts = accounts;
    flow->web = web;
    flow->settings = *settings;
    flow->client = (struct oidc_client){.id = settings->client_id,
                                        .secret = settings->client_secret,
                                        .redirect_url = settings->redirect_url,
                                        .scopes = SCOPES};
    TAILQ_INIT(&flow->pending);
    *ret = flow;
    return STS_OK;
}
