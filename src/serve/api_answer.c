/* SPDX-License-Identifier: MIT */
/* api_answer.c - JSON as the answer. */
#include "serve/api_answer.h"

#include "accounts/account.h"
#include "serve/account_pages.h"
#include "serve/exchange.h"

int64_t api_group(const struct exchange *exchange)
{
    const struct account *account = exchange_account(exchange);

    return account->role_count ? account->roles[0].group : 0;
}

void api_answer(struct exchange *exchange, unsigned status, const struct json_writer *json)
{
    if (json->no_memory)
        account_pages_no_room(exchange);
    else
        exchange_answer(exchange, status, "application/json",
                        (struct bytes){json->text, json->length});
}

void api_answer_done(struct exchange *exchange)
{
    exchange_answer(exchange, 204, NULL, (struct bytes){"", 0});
}
