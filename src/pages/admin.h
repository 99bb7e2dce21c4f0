/* SPDX-License-Identifier: MIT */
/* admin.h - the pages about groups, users and what they did. */
#ifndef PAGES_ADMIN_H
#define PAGES_ADMIN_H

#include <stddef.h>
#include <stdint.h>

#include "pages/frame.h"

struct admin_group_row {
    int64_t id;
    const char *name;
    int64_t members, domains;
};

struct admin_user_row {
    int64_t id;
    const char *name;
    bool administrator, disabled, second_factor;
    int64_t signed_in; /* 0: never */
};

struct admin_page {
    struct frame frame;
    struct page_said said;
    bool all; /* an administrator: users, and groups to be created */
    const struct admin_group_row *groups;
    size_t group_count;
    const struct admin_user_row *users;
    size_t user_count;
};
void page_admin(struct html *out, const struct admin_page *page);

struct admin_member_row {
    int64_t user;
    const char *name;
    const char *role; /* translated */
};

struct admin_domain_row {
    const char *domain;
    const char *proof; /* the TXT record that proves it; NULL: no need any more */
    int64_t proven;    /* 0: it is a claim, of which: */
    int64_t looked;    /* when the DNS was last asked for the proof; 0: not yet */
    const char *found; /* what it said, translated */
};

struct admin_group_page {
    struct frame frame;
    struct page_said said;
    bool changes; /* may the user change it? */
    bool all;     /* an administrator of the service */
    int64_t id;
    const char *name;
    const struct admin_member_row *members;
    size_t member_count;
    const struct admin_domain_row *domains;
    size_t domain_count;
    const char *next; /* the last domain of this page, where there are more; NULL */
};
void page_admin_group(struct html *out, const struct admin_group_page *page);

struct admin_audit_row {
    int64_t at;
    const char *who, *address, *action, *object; /* action: translated */
};

struct admin_audit_page {
    struct frame frame;
    const struct admin_audit_row *entries;
    size_t entry_count;
    int64_t next; /* the entry that older ones are before; 0: there are none */
};
void page_admin_audit(struct html *out, const struct admin_audit_page *page);

#endif
