/* SPDX-License-Identifier: MIT */
/* session_write.c - however somebody signed in, this is what is stored. */
#include "accounts/session_write.h"

#include "accounts/limits.h"
#include "store/accounts.h"

enum sts_status session_note(struct store *store, const struct session_write *session,
                             enum account_action action)
{
    return store_add_audit(store, &(struct store_audit){.at = session->now,
                                                        .who = session->name,
                                                        .address = session->address,
                                                        .action = account_action_name(action)});
}

enum sts_status session_write(struct store *store, const struct session_write *session)
{
    const struct store_login login = {.user = session->user,
                                      .created = session->now,
                                      .address = session->address,
                                      .agent = session->agent};
    int64_t id;
    enum sts_status status =
        store_prune_logins(store, session->now - SESSION_IDLE_S, session->now - SESSION_LIFE_S);

    if (!status)
        status = store_add_login(store, session->hash, &login, &id);
    if (!status)
        status = store_signed_in(store, session->user, session->now);
    return status ? status : session_note(store, session, ACCOUNT_SIGN_IN);
}
