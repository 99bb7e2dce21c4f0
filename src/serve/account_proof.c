/* SPDX-License-Identifier: MIT */
/* account_proof.c - asks the DNS at once, and says what it found. */
#include "serve/account_proof.h"

#include "accounts/change.h"
#include "accounts/prover.h"
#include "app/domain_watch.h"
#include "base/i18n.h"
#include "base/pasted.h"
#include "serve/access.h"
#include "serve/account_pages.h"
#include "serve/account_parts.h"
#include "serve/check_service.h"
#include "serve/exchange.h"
#include "serve/service.h"

struct looking {
    struct exchange *exchange;
    int64_t group;
};

static void on_found(void *arg, enum proof_found found)
{
    const struct looking *looking = arg;
    struct exchange *exchange = looking->exchange;
    enum i18n_language before = account_pages_speak(exchange);
    bool seen = found != PROOF_RIGHT && found < PROOF_NO_CLAIM;
    char *path =
        talloc_asprintf(exchange, "/admin/groups/%lld%s%s", (long long)looking->group,
                        seen ? "?error=proof-" : "?done=",
                        seen ? proof_found_name(found) : account_action_name(ACCOUNT_DOMAIN_PROVE));

    if (found == PROOF_RIGHT)
        domain_watch_wake(exchange_service(exchange)->watch);
    if (!path)
        account_pages_no_room(exchange);
    else if (found == PROOF_FAILED)
        account_pages_no_store(exchange);
    else if (found == PROOF_NO_CLAIM)
        access_not_there(exchange);
    else
        exchange_redirect(exchange, path);
    i18n_use(before);
}

void account_proof_look(struct exchange *exchange, int64_t group)
{
    const char *typed = exchange_form(exchange, "domain");
    struct looking *looking = talloc_zero(exchange, struct looking);
    struct prover_question question = {.group = group, .done = on_found, .arg = looking};
    struct prover_look *look;
    char name[STS_NAME_SIZE];
    enum pasted_form form;

    if (!typed || pasted_domain(typed, name, &form)) {
        exchange_problem(exchange, 422, "name", _("This name cannot be used."));
        return;
    }
    question.domain = name;
    if (!check_service_take(exchange, group))
        return;
    if (looking) {
        *looking = (struct looking){exchange, group};
        if (!prover_look_start(exchange, exchange_service(exchange)->accounts->prover, &question,
                               &look))
            return;
    }
    account_pages_no_room(exchange);
}
