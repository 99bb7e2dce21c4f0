/* SPDX-License-Identifier: MIT */
/* notify.h - handing changes to a command of the person, through a process of its own.
 *
 * The command runs through /bin/sh -c, once for each text, several at a time.  It gets the text on
 * standard input and the domain as MTASTS_DOMAIN; what it writes goes to standard error.  It has
 * taken the text when it ends with status 0 within its time; else its process group is killed and
 * the text counts as not delivered. */
#ifndef CMD_NOTIFY_H
#define CMD_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

/* Begins the process that runs the command: it is begun before we give up what the command may
 * need, knows the command already, and takes nothing from us but domains and texts.  It ends with
 * us.  False: no process can be begun. */
bool notify_prepare(const char *command);

struct notify_order {
    const char *domain;
    const char *text;
    void *arg; /* the caller's */
};

struct notify {
    int64_t timeout_ms; /* for one run */
    size_t jobs;        /* at a time */
    /* Called once for each order, in the order of their ends.  why: a sentence, translated; NULL
     * where it was delivered. */
    void (*done)(void *arg, const struct notify_order *order, const char *why);
    void *arg;
    /* True: end those that run and begin no more. */
    bool (*stop)(void);
};

/* Runs them all, after notify_prepare(); back when the last has ended.  False: no memory. */
bool notify_run(TALLOC_CTX *ctx, const struct notify *notify, const struct notify_order *orders,
                size_t count);

/* ---- the process (notify_run.c) -------------------------------------------------------------- */

/* The same, in this process. */
bool notify_run_here(TALLOC_CTX *ctx, const char *command, const struct notify *notify,
                     const struct notify_order *orders, size_t count);

#endif
