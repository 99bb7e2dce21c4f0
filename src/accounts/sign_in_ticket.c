/* SPDX-License-Identifier: MIT */
/* sign_in_ticket.c - the oldest goes where there are too many: whoever knows no password makes
 * none. */
#include "accounts/sign_in_ticket.h"

#include <string.h>

#include "accounts/crypto.h"
#include "accounts/limits.h"
#include "accounts/token.h"
#include "base/clock.h"

void sign_in_ticket_drop(struct accounts *accounts, struct sign_in_ticket *ticket)
{
    TAILQ_REMOVE(&accounts->tickets, ticket, link);
    accounts->ticket_count--;
    talloc_free(ticket);
}

struct sign_in_ticket *sign_in_ticket_find(struct accounts *accounts, const char *secret)
{
    struct sign_in_ticket *ticket, *found = NULL;

    while ((ticket = TAILQ_FIRST(&accounts->tickets)) && ticket->until <= clock_now())
        sign_in_ticket_drop(accounts, ticket);
    TAILQ_FOREACH(ticket, &accounts->tickets, link)
    if (crypto_equal(bytes_of(ticket->secret), bytes_of(secret)))
        found = ticket;
    return found;
}

const char *sign_in_ticket_add(struct accounts *accounts, const struct sign_in_ticket *like)
{
    struct sign_in_ticket *ticket = talloc_zero(accounts, struct sign_in_ticket);

    if (!ticket)
        return NULL;
    if (accounts->ticket_count >= TICKETS_MAX)
        sign_in_ticket_drop(accounts, TAILQ_FIRST(&accounts->tickets));
    ticket->user = like->user;
    ticket->until = clock_now() + TICKET_S;
    ticket->secret = once_secret_new(ticket);
    ticket->name = talloc_strdup(ticket, like->name);
    ticket->fits = talloc_strdup(ticket, like->fits);
    ticket->password_hash = talloc_strdup(ticket, like->password_hash);
    if (!ticket->secret || !ticket->name || !ticket->fits) {
        talloc_free(ticket);
        return NULL;
    }
    TAILQ_INSERT_TAIL(&accounts->tickets, ticket, link);
    accounts->ticket_count++;
    return ticket->secret;
}
