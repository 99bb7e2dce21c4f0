/* SPDX-License-Identifier: MIT */
/* message.h - one message of the outbox: what it tells, out of the store, and how it reads. */
#ifndef ALERTS_MESSAGE_H
#define ALERTS_MESSAGE_H

#include "alerts/alert_copy.h"
#include "alerts/confirm.h"
#include "base/i18n.h"

struct message {
    struct store_delivery delivery;
    struct store_channel channel;
    int64_t now;
    struct confirm_question question; /* of one that asks whether it may be sent there */
    /* of one alert: one; of a digest those that began or ended since, and those that are open */
    struct alert_copies alerts, open;
};

#define MESSAGE_KINDS 3

struct messages {
    int64_t now;
    size_t room[MESSAGE_KINDS]; /* for so many, by enum message_kind */
    struct message **list;      /* each hangs on its own */
    size_t count;
    int64_t next_due; /* of those that are not in the list; INT64_MAX: none */
};
enum message_kind { MESSAGE_WEBHOOK, MESSAGE_MAIL, MESSAGE_COMMAND };
/* Those that are due are ours to send for a while.  For store/writer.h: data is a struct messages,
 * which all hangs on. */
STS_MUST_USE enum sts_status messages_claim(struct store *store, void *data);

/* What a message needs of the service. */
struct message_site {
    const char *base; /* "https://host/path/"; "": links are left out */
    const char *from; /* the address of mails */
};

/* In the language of the channel, whatever that of the thread.  Owned by ctx; NULL: no memory. */
char *message_subject(TALLOC_CTX *ctx, const struct message *message);
char *message_text(TALLOC_CTX *ctx, const struct message *message, const struct message_site *site);
char *message_html(TALLOC_CTX *ctx, const struct message *message, const struct message_site *site);
/* The body of a webhook, and what a command gets. */
char *message_json(TALLOC_CTX *ctx, const struct message *message, const struct message_site *site);

/* What the texts and the JSON share.  The language of the channel becomes the thread's; returns
 * what it was. */
enum i18n_language message_speak(const struct message *message);
bool message_is_digest(const struct message *message);

/* confirm_text.c: of one that asks, in the language of the thread. */
char *confirm_subject(TALLOC_CTX *ctx);
char *confirm_text(TALLOC_CTX *ctx, const struct message *message, const struct message_site *site);
char *confirm_html(TALLOC_CTX *ctx, const struct message *message, const struct message_site *site);

#endif
