/* SPDX-License-Identifier: MIT */
/* overview.h - what pages about accounts show, read in one go. */
#ifndef ACCOUNTS_OVERVIEW_H
#define ACCOUNTS_OVERVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#include <mtasts/status.h>

#include "store/accounts.h"

#define OVERVIEW_PAGE 100 /* domains of a group, or entries of the log, on one page */

/* Each is a talloc context that owns what is read into it; the functions are for
 * accounts_work_start(). */

struct own_overview {
    int64_t user;            /* to be set */
    struct store_user *self; /* NULL: there is none any more */
    struct store_login *logins;
    size_t login_count;
    struct store_token *tokens;
    size_t token_count;
    int64_t recovery_left;
    bool no_memory;
};
STS_MUST_USE enum sts_status own_overview_read(struct store *store, void *data);

struct factor_overview {
    int64_t user; /* to be set */
    struct bytes secret;
    int64_t step; /* STORE_NO_STEP: not confirmed yet */
};
STS_MUST_USE enum sts_status factor_overview_read(struct store *store, void *data);

struct service_overview {
    struct store_group *groups;
    size_t group_count;
    struct store_user *users;
    size_t user_count;
    bool no_memory;
};
STS_MUST_USE enum sts_status service_overview_read(struct store *store, void *data);

struct group_overview {
    int64_t group;              /* to be set */
    const char *after;          /* likewise: the last domain of the page before; NULL */
    struct store_group *groups; /* one, or none */
    size_t group_count;
    struct store_member *members;
    size_t member_count;
    struct store_owned *domains; /* one more than a page where there are more */
    size_t domain_count;
    bool no_memory;
};
STS_MUST_USE enum sts_status group_overview_read(struct store *store, void *data);

struct audit_overview {
    int64_t before;              /* to be set */
    struct store_audit *entries; /* one more than a page where there are more */
    size_t entry_count;
    bool no_memory;
};
STS_MUST_USE enum sts_status audit_overview_read(struct store *store, void *data);

#endif
