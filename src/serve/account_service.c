/* SPDX-License-Identifier: MIT */
/* account_service.c - the accounts are made before the first request, and asked before each. */
#include "serve/account_service.h"

#include <errno.h>
#include <string.h>

#include "accounts/accounts.h"
#include "accounts/first_start.h"
#include "accounts/prover.h"
#include "base/i18n.h"
#include "serve/account_external.h"
#include "serve/account_parts.h"
#include "serve/account_session.h"
#include "serve/service.h"

/* Beside the store; of a database, where a file would be. */
static char *first_start_path(TALLOC_CTX *ctx, const char *where)
{
    char *file = store_file(ctx, where, STORE_WRITE);

    if (!file)
        file = store_file(ctx, NULL, STORE_WRITE);
    return file ? talloc_asprintf(ctx, "%s.first-start", file) : NULL;
}

/* Before the loop runs, so it may wait. */
static enum sts_status count_administrators(struct service *service, int64_t *ret)
{
    struct store *store = NULL;
    struct store_fault *fault = NULL;
    enum sts_status status = store_open(service, service->store, STORE_WRITE, &store, &fault);

    if (!status)
        status = store_count_administrators(store, ret);
    talloc_free(fault);
    talloc_free(store);
    return status;
}

static void on_fault(void *arg, const struct store_fault *fault)
{
    service_say_store(arg, fault);
}

static enum sts_status start_accounts(struct service *service, struct account_service *accounts)
{
    struct accounts_setup setup = {.loop = service->loop,
                                   .writer = service->writer,
                                   .readers = service->readers,
                                   .fault = on_fault,
                                   .arg = service};
    int64_t administrators = 0;
    enum sts_status status = count_administrators(service, &administrators);

    if (status)
        return status;
    if (administrators == 0)
        setup.first_start = accounts->first_start;
    status = accounts_new(accounts, &setup, &accounts->accounts);
    if (status != STS_E_IO)
        return status;
    /* The file cannot be made: then there is --create-admin. */
    setup.first_start = NULL;
    return accounts_new(accounts, &setup, &accounts->accounts);
}

enum sts_status account_service_start(struct service *service)
{
    struct account_service *accounts = talloc_zero(service, struct account_service);
    enum sts_status status = STS_E_NOMEM;
    char *why = NULL;

    if (!accounts)
        return STS_E_NOMEM;
    accounts->first_start = first_start_path(accounts, service->store);
    if (accounts->first_start)
        status = start_accounts(service, accounts);
    if (status) {
        talloc_free(accounts);
        return status;
    }
    status = prover_new(accounts, accounts->accounts, service->net, &accounts->prover, &why);
    service->why = talloc_steal(service, why);
    if (!status)
        status = account_external_start(service, accounts);
    if (status) {
        talloc_free(accounts);
        return status;
    }
    service->accounts = accounts;
    service->find_account = account_session_find;
    service->form_is_genuine = account_session_form_is_genuine;
    return STS_OK;
}

const char *account_service_first_start(const struct service *service)
{
    return service->accounts ? accounts_first_start(service->accounts->accounts) : NULL;
}
