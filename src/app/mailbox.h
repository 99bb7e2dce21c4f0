/* SPDX-License-Identifier: MIT */
/* mailbox.h - the reports in the folders of an IMAP account.
 *
 * A pass reads what has come since the last one: sizes first, then bodies some at a time, without
 * marking anything as read.  Only when their reports are durable in the store are messages moved,
 * if they are to be, and only then is it remembered how far the folder was read.  So whoever kills
 * this at any moment costs a repetition: the store keeps each report once.  Messages that are no
 * reports are left alone. */
#ifndef APP_MAILBOX_H
#define APP_MAILBOX_H

#include "net/imap.h"
#include "store/mailboxes.h"
#include "store/ways.h"

struct jobs;
struct mailbox;
struct receiver;
struct store_writer;

struct mailbox_account {
    const char *name;
    const char *host;
    int64_t port;
    enum imap_tls tls;
    const char *user;
    const char *password_file, *token_file; /* one of them; its first line, read for each session */
    const char *const *folders;
    size_t folder_count;
    const char *move_to;    /* NULL: messages stay where they are */
    const char *quarantine; /* of those whose report cannot be read; NULL: they stay */
};

/* What a pass did, or that it failed. */
struct mailbox_pass {
    struct store_way_counts counts;
    size_t faults;       /* of the parser: steps that were passed over */
    bool more;           /* it ended at its limit; the next one goes on at once */
    const char *fault;   /* a msgid; NULL: it went well */
    const char *subject; /* the folder or file it is about; NULL */
    const char *detail;  /* what a server or the system said; NULL */
    int64_t again_ms;    /* until the next try; 0: none */
};

/* A message of which something was rejected, or that is too large to be read (`why`). */
struct mailbox_rejected {
    const char *source;
    const char *why, *detail;
};

/* All is borrowed until the mailbox is freed. */
struct mailbox_request {
    const struct mailbox_account *account;
    struct loop *loop;
    struct jobs *jobs; /* where files are read */
    struct dns *dns;
    struct tls_trust *trust;
    struct receiver *receiver;
    struct store_writer *writer;
    bool follow; /* wait for messages, or for the next time; else done() is called at the end */
    /* In the loop; none may free the mailbox but `done`. */
    void (*passed)(void *arg, const struct mailbox_pass *pass);
    void (*rejected)(void *arg, const struct mailbox_rejected *rejected);
    void (*changed)(void *arg, const char *folder); /* its UIDVALIDITY: it is read anew */
    void (*done)(void *arg, bool complete);
    void *arg;
};

/* Freeing it hangs up: what it has given to the store is stored, and the rest is read again.  The
 * receiver and the writer outlive it. */
STS_MUST_USE enum sts_status mailbox_start(TALLOC_CTX *ctx, const struct mailbox_request *request,
                                           struct mailbox **ret);

#endif
