/* SPDX-License-Identifier: MIT */
/* refusal.c - a word and a sentence for each status that we refuse with. */
#include "serve/refusal.h"

#include <stddef.h>

#include "base/i18n.h"
#include "serve/exchange.h"

static const struct {
    unsigned status;
    const char *code, *detail;
} refusals[] = {
    {400, "bad-request", N_("The request is malformed.")},
    {403, "foreign-form",
     N_("This form was sent from another site, so it was not accepted. Open the page here and "
        "send it again.")},
    {404, "not-found", N_("There is nothing at this address.")},
    {405, "method-not-allowed", N_("This address does not support this method.")},
    {408, "too-slow", N_("The request took too long to arrive.")},
    {413, "too-large", N_("The request is too large.")},
    {414, "address-too-long", N_("The address is too long.")},
    {415, "wrong-type", N_("This address does not accept content of this type.")},
    {417, "expectation", N_("The Expect field of the request is not supported.")},
    {421, "unknown-host",
     N_("This service does not know the name by which it was addressed; its --base-url specifies "
        "it.")},
    {431, "head-too-large", N_("The header fields of the request are too large.")},
    {500, "no-answer", N_("The service could not answer this request.")},
    {501, "not-implemented", N_("The request uses a feature that this service does not support.")},
    {505, "wrong-version", N_("This service speaks HTTP/1.1.")},
    {503, "no-room", N_("The service is too busy for this request. Try again later.")},
};

void refusal_answer(struct exchange *exchange, unsigned status)
{
    size_t i = 0, last = sizeof(refusals) / sizeof(refusals[0]) - 1;

    while (i < last && refusals[i].status != status)
        i++;
    if (status == 503)
        exchange_field(exchange, "Retry-After", "10");
    exchange_problem(exchange, status, refusals[i].code, _(refusals[i].detail));
}
