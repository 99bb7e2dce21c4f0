/* SPDX-License-Identifier: MIT */
/* alerts.h - what groups are told of their domains: by which rules, over which channels, what there
 * was to tell, and what became of each message.
 *
 * An alert has one cause and all the domains that it has hit.  It is open until the last of them
 * has recovered; what only happens (a policy changed) is over at once.  A delivery is one message
 * to one channel, with an id that is the same in each attempt; it is written with what it tells of,
 * so that it is sent whoever is killed.
 *
 * As in store.h: a write is durable when its verb, or the commit of its batch, returned STS_OK;
 * what a callback is given lives until it returns.  What names a group touches nothing of
 * another's. */
#ifndef STORE_ALERTS_H
#define STORE_ALERTS_H

#include "store/store.h"

/* ---- channels -------------------------------------------------------------------------------- */

struct store_channel {
    int64_t id, group;
    const char *kind;     /* "mail", "webhook", "command" */
    const char *target;   /* an address, a URL; of a command "" */
    const char *language; /* "en", "de" */
    const char *secret;   /* of a webhook; NULL */
    const char *pace;     /* "at-once", "daily", "weekly" */
    int64_t hour;         /* of a digest, UTC */
    int64_t next_digest;  /* 0: none */
    int64_t created;
    int64_t paused;         /* since when nothing is sent; 0: it is in use */
    const char *paused_why; /* NULL */
    int64_t confirmed;      /* since when something may be sent there; 0: its owner was asked */
};

STS_MUST_USE enum sts_status store_add_channel(struct store *store,
                                               const struct store_channel *channel,
                                               int64_t *ret_id);
typedef bool (*store_channel_fn)(void *arg, const struct store_channel *channel);
/* Of a group, or the one of that number; group 0: whosever it is. */
STS_MUST_USE enum sts_status store_channels(struct store *store, int64_t group, int64_t channel,
                                            store_channel_fn fn, void *arg);
/* Whose digest is due; those that are paused are left out. */
STS_MUST_USE enum sts_status store_due_digests(struct store *store, int64_t now, size_t limit,
                                               store_channel_fn fn, void *arg);
/* *ret_done: false where its digest is not due at `due` any more. */
STS_MUST_USE enum sts_status store_move_digest(struct store *store, int64_t channel, int64_t due,
                                               int64_t next, bool *ret_done);
STS_MUST_USE enum sts_status store_pause_channel(struct store *store, int64_t channel, int64_t at,
                                                 const char *why, bool *ret_done);
STS_MUST_USE enum sts_status store_resume_channel(struct store *store, int64_t channel,
                                                  int64_t group, bool *ret_done);
/* With what waits to be sent there. */
STS_MUST_USE enum sts_status store_drop_channel(struct store *store, int64_t channel, int64_t group,
                                                bool *ret_done);

/* The owner of an address is asked by a mail with a word, of which the store knows the hash.  A new
 * one takes the place of the one before; *ret_done: false where there is nothing to confirm. */
STS_MUST_USE enum sts_status store_ask_channel(struct store *store, int64_t channel,
                                               struct bytes hash, int64_t until, bool *ret_done);
/* The channel whose word that is, while it holds. */
STS_MUST_USE enum sts_status store_asked_channel(struct store *store, struct bytes hash,
                                                 int64_t now, store_channel_fn fn, void *arg);
/* digest: the next one, or 0. */
STS_MUST_USE enum sts_status store_confirm_channel(struct store *store, int64_t channel, int64_t at,
                                                   int64_t digest, bool *ret_done);
/* Requests, however they ended, and what became of their channel. */
STS_MUST_USE enum sts_status store_add_asked(struct store *store, int64_t group,
                                             const char *address, int64_t at);
/* Later than `since`: of the group (0, with an address only: of all), at the address; address NULL:
 * of the group at all. */
STS_MUST_USE enum sts_status store_count_asked(struct store *store, int64_t group,
                                               const char *address, int64_t since, int64_t *ret);
STS_MUST_USE enum sts_status store_prune_asked(struct store *store, int64_t before);

/* ---- rules ----------------------------------------------------------------------------------- */

#define STORE_RULE_CHANNELS 32

struct store_alert_rule {
    int64_t id, group;
    const char *kinds;    /* with blanks between them */
    const char *severity; /* nothing that is less */
    const char *domains;  /* names, ".suffixes" or "#tags", with blanks between them; NULL: all */
    int64_t certificate_days;        /* so many before a certificate expires */
    int64_t silent_days;             /* so many without a report */
    int64_t quiet_from, quiet_until; /* hours of the day, UTC; equal: never */
    int64_t remind_hours;            /* 0: never */
    int64_t created;
    int64_t channels[STORE_RULE_CHANNELS];
    size_t channel_count;
};

/* Channels of other groups are left out. */
STS_MUST_USE enum sts_status store_add_rule(struct store *store,
                                            const struct store_alert_rule *rule, int64_t *ret_id);
typedef bool (*store_rule_fn)(void *arg, const struct store_alert_rule *rule);
STS_MUST_USE enum sts_status store_rules(struct store *store, int64_t group, store_rule_fn fn,
                                         void *arg);
STS_MUST_USE enum sts_status store_drop_rule(struct store *store, int64_t rule, int64_t group,
                                             bool *ret_done);

/* ---- alerts ---------------------------------------------------------------------------------- */

struct store_alert {
    int64_t id, group;
    const char *group_name;
    const char *kind, *cause; /* one word each */
    const char *subject;      /* the host or the sender; "" */
    const char *severity;
    const char *thread; /* what its messages refer to */
    int64_t begun, ended;
    int64_t acknowledged; /* 0: not yet; so are the others */
    const char *acknowledged_by;
    int64_t muted_until;
    const char *muted_by;
    int64_t domains, open_domains; /* how many */
};

/* What there is to tell of one domain. */
struct store_raise {
    int64_t group;
    const char *kind, *cause, *subject, *severity;
    const char *domain;
    const char *detail; /* JSON, or NULL */
    const char *thread; /* of an alert that is new */
    int64_t at;         /* since when it is so; an alert begins with the earliest */
    bool over;          /* it only happened */
};

struct store_raised {
    int64_t alert;
    bool made; /* new; else the domain has joined one that was there */
};

/* One that is open for the same cause takes the domain in; of what only happened, one that nobody
 * was told of yet and that began at `join_since` or later. */
STS_MUST_USE enum sts_status store_raise_alert(struct store *store, const struct store_raise *raise,
                                               int64_t join_since, struct store_raised *ret);
/* The domain has recovered.  *ret_ended: it was the last one. */
STS_MUST_USE enum sts_status store_clear_alert(struct store *store, int64_t alert,
                                               const char *domain, int64_t at, bool *ret_ended);
/* An alert without domains, which somebody ends. */
STS_MUST_USE enum sts_status store_end_alert(struct store *store, int64_t alert, int64_t at,
                                             bool *ret_ended);
/* The one that is open for that cause; 0: none. */
STS_MUST_USE enum sts_status store_open_alert(struct store *store, const struct store_raise *like,
                                              int64_t *ret);
/* Those open on domains that are their group's no longer. */
STS_MUST_USE enum sts_status store_end_stray_alerts(struct store *store, int64_t at);

typedef bool (*store_alert_fn)(void *arg, const struct store_alert *alert);
/* Open ones that have hit the domain, of whatever group: id, group, kind, cause and subject. */
STS_MUST_USE enum sts_status store_alerts_of_domain(struct store *store, const char *domain,
                                                    store_alert_fn fn, void *arg);
STS_MUST_USE enum sts_status store_alert_numbered(struct store *store, int64_t alert,
                                                  store_alert_fn fn, void *arg);
struct store_alert_page {
    int64_t group;  /* 0: of all groups */
    bool open;      /* else those that are over */
    int64_t before; /* those with a smaller id; INT64_MAX: all */
    size_t limit;
};
/* The newest first. */
STS_MUST_USE enum sts_status store_alerts(struct store *store, const struct store_alert_page *page,
                                          store_alert_fn fn, void *arg);
/* That began or ended since a time. */
STS_MUST_USE enum sts_status store_alerts_since(struct store *store, int64_t group, int64_t since,
                                                size_t limit, store_alert_fn fn, void *arg);

struct store_alert_domain {
    const char *domain;
    int64_t begun, ended;
    const char *detail; /* NULL */
};
typedef bool (*store_alert_domain_fn)(void *arg, const struct store_alert_domain *domain);
STS_MUST_USE enum sts_status store_alert_domains(struct store *store, int64_t alert, size_t limit,
                                                 store_alert_domain_fn fn, void *arg);

/* Whoever was first; *ret_done: it is the group's, and nobody was before. */
STS_MUST_USE enum sts_status store_acknowledge_alert(struct store *store, int64_t alert,
                                                     int64_t group, int64_t at, const char *who,
                                                     bool *ret_done);
/* until 0: no longer. */
STS_MUST_USE enum sts_status store_mute_alert(struct store *store, int64_t alert, int64_t group,
                                              int64_t until, const char *who, bool *ret_done);
/* Those that ended before a time, with their messages. */
STS_MUST_USE enum sts_status store_prune_alerts(struct store *store, int64_t before);

/* ---- deliveries ------------------------------------------------------------------------------ */

struct store_delivery {
    int64_t id;
    int64_t alert; /* 0: of none: a digest, a test */
    int64_t channel;
    const char *channel_kind, *target; /* not read by store_add_delivery(), as are the rest */
    /* "begun", "joined", "cleared", "reminder", "digest", "test"; "confirm": asks its owner */
    const char *event;
    const char *message; /* its id */
    int64_t since;       /* of a digest: what has changed since then */
    int64_t next_try;    /* read */
    int64_t created;     /* read */
    const char *state;   /* "waiting", "sent", "failed", "dropped" */
    int64_t attempts, sent;
    const char *error; /* of the last attempt; NULL */
};

/* Has the channel anything of that alert, sent or not? */
STS_MUST_USE enum sts_status store_count_deliveries(struct store *store, int64_t alert,
                                                    int64_t channel, int64_t *ret);
/* One of the same event and alert that waits for its first attempt is enough, and so is one that
 * tells that it has begun; of a channel one test that waits, and one question to its owner. */
STS_MUST_USE enum sts_status store_add_delivery(struct store *store,
                                                const struct store_delivery *delivery);
/* The channel hears of the alert (0: one that it has heard of) in a digest, not by itself.  One
 * that waits is enough, and it goes `gap` seconds after the one before at the earliest; message is
 * that of the alert, next_try, created and since are those of a digest that is new. */
STS_MUST_USE enum sts_status store_cover_alert(struct store *store,
                                               const struct store_delivery *delivery,
                                               const char *digest, int64_t gap);
typedef bool (*store_delivery_fn)(void *arg, const struct store_delivery *delivery);
/* What is due at `now` and may be sent is ours until `until`: nobody else gets it meanwhile, and
 * where what became of it is not written down by then, somebody does.  Of each channel one at a
 * time, so its messages go in their order, and of each group `share` at a time; whose group has the
 * fewest on their way goes first.  Those that may well hang have `doubtful` at a time: channels to
 * which nothing has been sent yet, and those of a group while one of them is tried again. */
struct store_delivery_claim {
    const char *kind; /* of the channel */
    int64_t now, until;
    size_t share, limit, doubtful;
};
STS_MUST_USE enum sts_status store_claim_deliveries(struct store *store,
                                                    const struct store_delivery_claim *claim,
                                                    store_delivery_fn fn, void *arg);
STS_MUST_USE enum sts_status store_deliveries_of(struct store *store, int64_t alert, size_t limit,
                                                 store_delivery_fn fn, void *arg);
/* When the next one can be claimed, but for what is on its way now; INT64_MAX: none waits. */
STS_MUST_USE enum sts_status store_delivery_due(struct store *store, int64_t *ret);
STS_MUST_USE enum sts_status store_delivery_sent(struct store *store, int64_t delivery, int64_t at);
/* An attempt failed. */
STS_MUST_USE enum sts_status store_delivery_again(struct store *store, int64_t delivery,
                                                  int64_t next_try, const char *error);
/* Not now, and that is no attempt. */
STS_MUST_USE enum sts_status store_delivery_later(struct store *store, int64_t delivery,
                                                  int64_t next_try);
/* state: "failed", "dropped"; error: NULL: none. */
STS_MUST_USE enum sts_status store_delivery_end(struct store *store, int64_t delivery,
                                                const char *state, const char *error);

struct store_reminder {
    int64_t alert, channel;
};
typedef bool (*store_reminder_fn)(void *arg, const struct store_reminder *reminder);
/* Channels that heard of an open alert so long ago that a rule wants them reminded. */
STS_MUST_USE enum sts_status store_due_reminders(struct store *store, int64_t now, size_t limit,
                                                 store_reminder_fn fn, void *arg);

struct store_alert_numbers {
    int64_t open;                           /* alerts */
    int64_t waiting, sent, failed, dropped; /* deliveries that are kept */
};
STS_MUST_USE enum sts_status store_alert_numbers(struct store *store,
                                                 struct store_alert_numbers *ret);

/* ---- how far the log was looked through ------------------------------------------------------ */

/* name: "checks", "reports"; 0: not at all. */
STS_MUST_USE enum sts_status store_alert_place(struct store *store, const char *name, int64_t *ret);
STS_MUST_USE enum sts_status store_put_alert_place(struct store *store, const char *name,
                                                   int64_t seq);

/* The last numbers that were given; 0: none. */
STS_MUST_USE enum sts_status store_newest_numbers(struct store *store, int64_t *ret_check,
                                                  int64_t *ret_report);

typedef bool (*store_word_fn)(void *arg, const char *word);
/* The tags of one domain. */
STS_MUST_USE enum sts_status store_tags_of(struct store *store, const char *domain,
                                           store_word_fn fn, void *arg);

struct store_behind {
    int64_t seq;
    const char *domain;
    int64_t group; /* 0: nobody's */
};
typedef bool (*store_behind_fn)(void *arg, const struct store_behind *behind);
/* Checks of a larger number. */
STS_MUST_USE enum sts_status store_checks_behind(struct store *store, int64_t seq, size_t limit,
                                                 store_behind_fn fn, void *arg);
/* Domains of reports that were added behind that number, of STORE_BEHIND_MAX numbers at most;
 * *ret_next: the last of these numbers. */
#define STORE_BEHIND_MAX 1000
STS_MUST_USE enum sts_status store_reports_behind(struct store *store, int64_t seq,
                                                  int64_t *ret_next, store_behind_fn fn, void *arg);
/* Domains of all groups by name, those behind `after`; seq is 0. */
STS_MUST_USE enum sts_status store_owned_behind(struct store *store, const char *after,
                                                size_t limit, store_behind_fn fn, void *arg);
/* A number that is another when a domain has joined a group. */
STS_MUST_USE enum sts_status store_owned_sum(struct store *store, int64_t *ret);
/* As store_owned_behind(): domains with checks that were not looked at since they joined. */
STS_MUST_USE enum sts_status store_joined_behind(struct store *store, const char *after,
                                                 size_t limit, store_behind_fn fn, void *arg);
/* Of store_alert_place(): its value is when the domain was proven that was looked at.  NULL: no
 * memory. */
char *store_joined_place(TALLOC_CTX *ctx, const char *domain, int64_t group);

#endif
