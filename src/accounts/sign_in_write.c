/* SPDX-License-Identifier: MIT */
/* sign_in_write.c - one batch, so that a code counts once. */
#include "accounts/sign_in_write.h"

#include <string.h>

#include "accounts/totp.h"
#include "store/accounts.h"

static enum sts_status claim(struct store *store, struct sign_in_data *data)
{
    static const enum sign_in outcomes[] = {[STORE_CLAIMED] = SIGN_IN_DONE,
                                            [STORE_CLAIMED_BEFORE] = SIGN_IN_CLAIMED,
                                            [STORE_CLAIM_NAME_TAKEN] = SIGN_IN_TAKEN};
    const struct store_user user = {
        .name = data->session.name, .password = data->password_hash, .created = data->session.now};
    enum store_claimed claimed;
    enum sts_status status = store_claim(store, &user, &claimed, &data->session.user);

    if (status)
        return status;
    data->outcome = outcomes[claimed];
    return claimed == STORE_CLAIMED ? session_note(store, &data->session, ACCOUNT_CLAIM) : STS_OK;
}

static enum sts_status use_recovery(struct store *store, struct sign_in_data *data)
{
    uint8_t hash[CRYPTO_SHA256_SIZE];
    bool done = false;
    enum sts_status status = recovery_code_hash(data->code, hash);

    if (status == STS_E_INVALID)
        return STS_OK;
    if (!status)
        status = store_use_recovery(store, data->session.user, hash, &done);
    if (!status && done)
        status = session_note(store, &data->session, ACCOUNT_RECOVERY_CODE);
    data->outcome = done ? SIGN_IN_DONE : SIGN_IN_WRONG;
    return status;
}

/* Of the app, or a recovery code. */
static enum sts_status check_code(struct store *store, struct sign_in_data *data)
{
    TALLOC_CTX *work = talloc_new(data);
    struct bytes secret;
    int64_t last, step;
    bool fresh = false;
    enum sts_status status =
        work ? store_factor(store, work, data->session.user, &secret, &last) : STS_E_NOMEM;

    data->outcome = SIGN_IN_WRONG;
    if (!status && totp_check(secret, data->code, data->session.now, last, &step)) {
        status = store_use_step(store, data->session.user, step, &fresh);
        data->outcome = fresh ? SIGN_IN_DONE : SIGN_IN_WRONG;
    } else if (!status) {
        status = use_recovery(store, data);
    }
    talloc_free(work);
    return status;
}

static enum sts_status add_session(struct store *store, struct sign_in_data *data)
{
    enum sts_status status = STS_OK;

    if (data->kind != BY_CLAIM && data->password_hash)
        status = store_set_password(store, data->session.user, data->password_hash);
    return status ? status : session_write(store, &data->session);
}

/* Since the password was given it may have been changed, or the account disabled or deleted. */
static enum sts_status still_fits(struct store *store, struct sign_in_data *data)
{
    struct store_user *user = NULL;
    enum sts_status status = store_user_numbered(store, data, data->session.user, &user);

    if (!user || user->disabled || !user->password || strcmp(user->password, data->fits) != 0)
        data->outcome = SIGN_IN_EXPIRED;
    talloc_free(user);
    return status;
}

enum sts_status sign_in_write(struct store *store, void *arg)
{
    struct sign_in_data *data = arg;
    enum sts_status status = STS_OK;

    data->outcome = SIGN_IN_DONE;
    if (data->kind == BY_CLAIM)
        status = claim(store, data);
    else
        status = still_fits(store, data);
    if (!status && data->outcome == SIGN_IN_DONE && data->kind == BY_CODE)
        status = check_code(store, data);
    if (status)
        return status;
    if (data->outcome == SIGN_IN_DONE)
        return add_session(store, data);
    return data->outcome == SIGN_IN_WRONG
               ? session_note(store, &data->session, ACCOUNT_SIGN_IN_FAILED)
               : STS_OK;
}

enum sts_status sign_in_write_failure(struct store *store, void *arg)
{
    const struct sign_in_data *data = arg;

    return session_note(store, &data->session, ACCOUNT_SIGN_IN_FAILED);
}
