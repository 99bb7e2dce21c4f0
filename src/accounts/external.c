/* SPDX-License-Identifier: MIT */
/* external.c - one batch: the account, its roles, a session. */
#include "accounts/external.h"

#include <string.h>

#include "accounts/account_name.h"
#include "accounts/session_write.h"
#include "accounts/token.h"
#include "base/clock.h"

#define NAMES_MAX 9 /* "ada", "ada-2" ... "ada-9" */

struct external_data {
    char *issuer, *subject, *name;
    struct role_grant *grants;
    size_t grant_count;
    bool mapped; /* roles come from the grants alone */
    struct session_write session;
    enum sign_in outcome;
};

/* ---- in the writer's thread ------------------------------------------------------------------ */

/* 0: all such names are taken. */
static enum sts_status add_user(struct store *store, struct external_data *data, int64_t *ret_id)
{
    enum sts_status status = STS_OK;

    *ret_id = 0;
    for (int i = 1; !status && !*ret_id && i <= NAMES_MAX; i++) {
        char *name = i == 1 ? talloc_strdup(data, data->name)
                            : talloc_asprintf(data, "%s-%d", data->name, i);
        const struct store_user user = {.name = name, .created = data->session.now};

        status = name ? store_add_user(store, &user, ret_id) : STS_E_NOMEM;
    }
    if (!status && *ret_id)
        status = store_add_identity(store, *ret_id, data->issuer, data->subject);
    return status;
}

struct dropping {
    const struct external_data *data;
    int64_t groups[64]; /* that they are in no longer; the rest goes with the next sign-in */
    size_t count;
};

static bool take_dropped(void *arg, const struct store_member *member)
{
    struct dropping *dropping = arg;
    const struct external_data *data = dropping->data;

    for (size_t i = 0; i < data->grant_count; i++)
        if (data->grants[i].group && strcmp(data->grants[i].group, member->group_name) == 0)
            return true;
    dropping->groups[dropping->count++] = member->group;
    return dropping->count < sizeof dropping->groups / sizeof *dropping->groups;
}

/* A group that does not exist yet is made: whoever wrote the map wants it. */
static enum sts_status give(struct store *store, const struct external_data *data, int64_t user,
                            const struct role_grant *grant)
{
    int64_t group = 0;
    enum sts_status status = store_group_named(store, grant->group, &group);

    if (!status && !group)
        status = store_add_group(store, grant->group, data->session.now, &group);
    return status ? status : store_set_role(store, user, group, grant->role);
}

static enum sts_status set_roles(struct store *store, const struct external_data *data,
                                 int64_t user)
{
    struct dropping dropping = {.data = data};
    bool administrator = false, done;
    enum sts_status status = store_groups_of(store, user, take_dropped, &dropping);

    for (size_t i = 0; !status && i < dropping.count; i++)
        status = store_set_role(store, user, dropping.groups[i], STORE_ROLE_NONE);
    for (size_t i = 0; !status && i < data->grant_count; i++) {
        administrator = administrator || !data->grants[i].group;
        if (data->grants[i].group)
            status = give(store, data, user, &data->grants[i]);
    }
    return status ? status : store_set_rights(store, user, administrator, false, &done);
}

static enum sts_status begin_session(struct store *store, struct external_data *data, int64_t id)
{
    struct store_user *user = NULL;
    enum sts_status status = store_user_numbered(store, data, id, &user);

    if (status)
        return status;
    if (!user || user->disabled) {
        data->outcome = SIGN_IN_WRONG;
        return STS_OK;
    }
    if (data->mapped)
        status = set_roles(store, data, id);
    data->session.user = id;
    data->session.name = user->name;
    return status ? status : session_write(store, &data->session);
}

static enum sts_status admit(struct store *store, void *arg)
{
    struct external_data *data = arg;
    int64_t user = 0;
    enum sts_status status;

    data->outcome = SIGN_IN_DONE;
    if (data->mapped && data->grant_count == 0) {
        data->outcome = SIGN_IN_NO_ROLE;
        return STS_OK;
    }
    status = store_user_of_identity(store, data->issuer, data->subject, &user);
    if (!status && !user)
        status = add_user(store, data, &user);
    if (!status && !user)
        data->outcome = SIGN_IN_TAKEN;
    return status || !user ? status : begin_session(store, data, user);
}

/* ---- in the loop ----------------------------------------------------------------------------- */

struct external_run {
    void (*done)(void *arg, const struct sign_in_result *result);
    void *arg;
    char *secret;
};

static void on_admitted(void *arg, void *written, enum sts_status status)
{
    const struct external_run *run = arg;
    const struct external_data *data = written;

    run->done(run->arg, &(struct sign_in_result){.outcome = status ? SIGN_IN_FAILED : data->outcome,
                                                 .secret = run->secret,
                                                 .user = status ? 0 : data->session.user});
}

static bool fill(struct external_data *data, const struct external_request *request)
{
    const struct external_identity *identity = &request->identity;

    data->mapped = request->map != NULL;
    data->issuer = talloc_strdup(data, identity->issuer);
    data->subject = talloc_strdup(data, identity->subject);
    data->name = account_name_of_user(data, identity->name);
    if (!data->name) /* one that cannot be typed: then the subject, else any */
        data->name = account_name_of_user(data, identity->subject);
    if (!data->name)
        data->name = talloc_strdup(data, "user");
    data->session.now = clock_now();
    data->session.address = talloc_strdup(data, request->address);
    data->session.agent = talloc_strdup(data, request->agent ? request->agent : "");
    if (request->map)
        data->grants = role_map_apply(data, request->map, identity->groups, identity->group_count,
                                      &data->grant_count);
    for (size_t i = 0; data->grants && i < data->grant_count; i++) /* the map is the loop's */
        if (data->grants[i].group)
            data->grants[i].group = talloc_strdup(data, data->grants[i].group);
    return data->issuer && data->subject && data->name && data->session.address &&
           data->session.agent && (data->grants || !request->map);
}

enum sts_status external_sign_in_start(TALLOC_CTX *ctx, struct accounts *accounts,
                                       const struct external_request *request,
                                       struct external_run **ret)
{
    struct external_run *run = talloc_zero(ctx, struct external_run);
    struct external_data *data = talloc_zero(NULL, struct external_data);
    struct accounts_work work = {
        .work = admit, .writes = true, .data = data, .done = on_admitted, .arg = run};
    struct accounts_handle *handle;
    enum sts_status status = STS_E_NOMEM;

    if (run && data && fill(data, request)) {
        run->done = request->done;
        run->arg = request->arg;
        run->secret = session_secret_new(run);
        if (run->secret && session_secret_hash(run->secret, data->session.hash))
            status = accounts_work_start(run, accounts, &work, &handle);
    }
    if (status) {
        talloc_free(data);
        talloc_free(run);
        return status;
    }
    *ret = run;
    return STS_OK;
}
