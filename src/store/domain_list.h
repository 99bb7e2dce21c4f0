/* SPDX-License-Identifier: MIT */
/* domain_list.h - the domains that somebody sees, by groups: listed with what is known of each,
 * filtered and sorted, page by page; and what is done with all that a filter matches.
 *
 * A page begins behind the last row of the one before it, as in pages.h. */
#ifndef STORE_DOMAIN_LIST_H
#define STORE_DOMAIN_LIST_H

#include "store/sight.h"

/* ---- which domains --------------------------------------------------------------------------- */

#define STORE_UNCHECKED "unchecked" /* as a verdict: there is no check of the domain yet */

struct store_list_filter {
    struct store_sight sight;
    /* NULL: any */
    const char *verdict, *posture, *tag;
    const char *text;  /* within the name */
    const char *cause; /* of a finding (rollups.h) */
    const char *part;  /* what it uses (rollups.h) */
    const char *name;  /* the name itself */
};

enum store_list_sort {
    STORE_BY_NAME,
    STORE_BY_HARM, /* the worst first */
    STORE_BY_POSTURE,
    STORE_BY_CERTIFICATE, /* the one that ends first */
    STORE_BY_CHANGE,      /* the last one first */
    STORE_BY_FAILURES,    /* the most first */
    STORE_SORTS
};

struct store_list_order {
    enum store_list_sort sort;
    bool reversed;
};

/* A row's place among the others. */
struct store_list_place {
    int64_t key;
    const char *name; /* NULL: before all */
};

struct store_listed_domain {
    struct store_list_place place; /* its name is the domain's; the key is 0 of one by its name */
    int64_t group;
    const char *group_name;
    int64_t added, proven; /* as in struct store_owned */
    const char *tags;      /* with blanks between */
    int64_t checked;       /* the time of the newest check; 0: there is none, and what follows is
                            * NULL or 0 */
    const char *verdict, *posture, *delivery;
    const char *code, *subject; /* of the worst finding; NULL: none */
    const char *codes;          /* "code/severity" of all findings, with blanks between; NULL */
    int64_t since, changed_at;  /* as in rollups.h */
    int64_t cert_ends;          /* 0: not known */
    int64_t failed;             /* sessions of the last seven days */
    const char *mode;           /* of the policy that was served last; NULL: none was */
    int64_t max_age;
    int64_t total; /* of all that the filter matches, where they were counted; else 0 */
};

struct store_list_request {
    struct store_list_filter filter;
    struct store_list_order order;
    struct store_list_place place; /* those behind it ... */
    bool backwards;                /* ... or those before it, the nearest first */
    size_t limit;                  /* at most STORE_LIST_PAGE_MAX */
    int64_t now;                   /* seven days back from then count */
    bool counted; /* to be counted too where that is cheaper now than by store_count_list() */
};
#define STORE_LIST_PAGE_MAX 1001

typedef bool (*store_listed_domain_fn)(void *arg, const struct store_listed_domain *domain);
STS_MUST_USE enum sts_status store_list_domains(struct store *store,
                                                const struct store_list_request *request,
                                                store_listed_domain_fn fn, void *arg);
typedef bool (*store_group_count_fn)(void *arg, int64_t group, int64_t domains);
/* How many the filter matches, group by group. */
STS_MUST_USE enum sts_status store_count_list(struct store *store,
                                              const struct store_list_filter *filter,
                                              store_group_count_fn fn, void *arg);
typedef bool (*store_tag_fn)(void *arg, const char *tag, int64_t domains);
/* The tags of what somebody sees, by name. */
STS_MUST_USE enum sts_status store_tags(struct store *store, const struct store_sight *sight,
                                        size_t limit, store_tag_fn fn, void *arg);

/* ---- with all that a filter matches ---------------------------------------------------------- */

#define STORE_TAGS_MAX 20 /* of a domain: what would have more gets no further one */

STS_MUST_USE enum sts_status store_tag_listed(struct store *store,
                                              const struct store_list_filter *filter,
                                              const char *tag);
STS_MUST_USE enum sts_status store_untag_listed(struct store *store,
                                                const struct store_list_filter *filter,
                                                const char *tag);
/* All of their tags. */
STS_MUST_USE enum sts_status store_untag_all_listed(struct store *store,
                                                    const struct store_list_filter *filter);
/* They are due to be checked at once (schedule.h), those whose group has proven that they are
 * theirs. */
STS_MUST_USE enum sts_status store_check_listed(struct store *store,
                                                const struct store_list_filter *filter);
/* They belong to nobody then, and lose their tags. */
STS_MUST_USE enum sts_status store_take_listed(struct store *store,
                                               const struct store_list_filter *filter);

/* ---- many at once ---------------------------------------------------------------------------- */

/* Two words each: a domain, and what the function says. */
struct store_pair {
    const char *domain, *word;
};

/* To a group, with what the owner of each is to publish; those that are another's stay there.
 * proven: since an administrator says so, when; 0: they are claims (accounts.h). */
STS_MUST_USE enum sts_status store_give_domains(struct store *store, int64_t group,
                                                const struct store_pair *proofs, size_t count,
                                                int64_t at, int64_t proven);
/* A tag to a domain of the group. */
STS_MUST_USE enum sts_status store_tag_domains(struct store *store, int64_t group,
                                               const struct store_pair *tags, size_t count);
/* owner: a group; 0: nobody.  claimed: by the group that asks. */
typedef bool (*store_whose_fn)(void *arg, const char *domain, int64_t owner, bool claimed);
/* Whose each is, for a group that asks.  The words are not read. */
STS_MUST_USE enum sts_status store_whose(struct store *store, int64_t group,
                                         const struct store_pair *domains, size_t count,
                                         store_whose_fn fn, void *arg);

#endif
