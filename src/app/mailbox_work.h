/* SPDX-License-Identifier: MIT */
/* mailbox_work.h - a mailbox's insides, shared by mailbox.c (sessions, passes, waiting),
 * mailbox_folder.c (a folder, window by window), mailbox_set.c (messages, set by set) and
 * mailbox_pass.c (how a pass went).  Private to app/. */
#ifndef APP_MAILBOX_WORK_H
#define APP_MAILBOX_WORK_H

#include "app/mailbox.h"
#include "app/receiver.h"

struct loop_timer;

#define MAILBOX_SET_MAILS 50
#define MAILBOX_SET_BYTES (4u << 20) /* a larger message comes alone */
#define MAILBOX_ROWS_MAX  65536      /* messages of which the size was asked at once */
#define MAILBOX_PASS_MAX  2000       /* messages read in a pass, about */
#define MAILBOX_WINDOW    1000       /* UIDs asked for at first: few or many of them may be there */
#define MAILBOX_BYTE_MS   16         /* so many bytes in a millisecond are slow enough */
#define MAILBOX_REPLY_MS  120000     /* a large folder takes its time */

struct mailbox_row {
    uint32_t uid;
    int64_t size;
};

/* A message of a set. */
struct mailbox_slot {
    uint32_t uid;
    bool too_large;
    struct bytes bytes; /* on the set */
};

typedef void (*mailbox_step)(struct mailbox *mailbox);

struct mailbox {
    struct mailbox_request request;
    struct imap *imap; /* NULL: no session */
    mailbox_step step; /* what follows the answer */
    struct mailbox_pass pass;
    char *detail, *subject; /* of the pass */
    size_t folder;          /* which one */
    bool signed_in;         /* in this pass */
    struct loop_timer *timer;
    struct jobs_handle *job; /* reads the secret */
    int64_t back_off_ms;
    /* the folder: */
    struct store_folder_place place, stored;
    uint32_t first, last, window; /* UIDs asked for */
    uint32_t next;                /* UIDs from here on do not exist yet */
    struct mailbox_row *rows;
    size_t row_count, row;
    /* the set that is under way: */
    struct receiver_set *set;
    struct mailbox_slot slots[MAILBOX_SET_MAILS];
    size_t slot_count;
    char *body; /* so far, on the set */
    size_t body_length, body_room;
    uint32_t good[MAILBOX_SET_MAILS], bad[MAILBOX_SET_MAILS];
    size_t good_count, bad_count;
    bool complete; /* the last pass went well */
    bool writing;  /* the store has yet to say how it went */
    bool sizes;    /* what FETCH tells are sizes */
    bool overflow; /* more rows than are kept */
    bool body_dropped;
};

/* Why a pass fails: msgids. */
void mailbox_fail(struct mailbox *mailbox, const char *fault, const char *subject,
                  const char *detail);
/* The store said why, or memory ran out (fault NULL). */
void mailbox_fail_store(struct mailbox *mailbox, const struct store_fault *fault);
/* A command was given: `step` follows its answer. */
void mailbox_go(struct mailbox *mailbox, enum sts_status given, int64_t wait_ms, mailbox_step step);
struct imap_engine *mailbox_engine(const struct mailbox *mailbox);
/* All folders were read, or the pass is at its limit. */
void mailbox_pass_over(struct mailbox *mailbox);

/* ---- mailbox_pass.c -------------------------------------------------------------------------- */

typedef void (*mailbox_written)(void *arg, void *data, enum sts_status status,
                                const struct store_fault *fault);
/* How the pass went, for each folder it came to, is on its way into the store; false: it is not. */
bool mailbox_pass_put(struct mailbox *mailbox, mailbox_written done);

/* ---- mailbox_folder.c ------------------------------------------------------------------------ */

void mailbox_folder_begin(struct mailbox *mailbox);
const char *mailbox_folder_name(const struct mailbox *mailbox);
/* Its messages up to that one are dealt with. */
void mailbox_set_over(struct mailbox *mailbox, uint32_t last);
/* All its rows are dealt with. */
void mailbox_window_over(struct mailbox *mailbox);

/* ---- mailbox_set.c --------------------------------------------------------------------------- */

void mailbox_next_set(struct mailbox *mailbox);
void mailbox_on_body(void *arg, const char *data, size_t length);
void mailbox_on_mail(void *arg, const struct imap_mail *mail);

#endif
